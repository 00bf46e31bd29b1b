/** What begins every sequence, and stands nowhere else in one. */
export const ESCAPE = 0x1b;
const BRACKET = 0x5b;

/** How a colour sequence ends: ECMA-48 section 8.3.117 (SGR), and section 8.3.41 (EL), which grep writes after each of its colours. */
const SGR = 0x6d;
const EL = 0x4b;

/** Bytes of a sequence; two colours with all their parts take 37. */
const LONGEST = 64;

/** Digits, the colon and the semicolon. */
const isParameter = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x3b;

/** Whether such a byte can stand in a colour sequence. */
export const isOfColour = (byte: number | undefined): boolean => isParameter(byte) || byte === ESCAPE || byte === BRACKET || byte === SGR || byte === EL;

/** The length of the colour sequence that begins at `at`; 0 where none does, `unfinished` where the bytes end before that can be told. */
function lengthAt(bytes: Buffer, at: number): number | 'unfinished' {
  if (bytes[at] !== ESCAPE) return 0;
  if (at + 1 === bytes.length) return 'unfinished';
  if (bytes[at + 1] !== BRACKET) return 0;
  for (let next = at + 2; next < at + LONGEST; next += 1) {
    if (next === bytes.length) return 'unfinished';
    const byte = bytes[next];
    if (!isParameter(byte)) return byte === SGR || byte === EL ? next + 1 - at : 0;
  }
  return 0;
}

/** The length of the colour sequence that begins at `at`; 0 where none does, also where the bytes end within it: that is text. */
export function colourFrom(bytes: Buffer, at: number): number {
  const length = lengthAt(bytes, at);
  return length === 'unfinished' ? 0 : length;
}

/** Whether the byte at `at` belongs to a colour sequence and not to the text. */
export function isInColour(bytes: Buffer, at: number): boolean {
  if (!isOfColour(bytes[at])) return false;
  for (let start = at; start >= 0 && start > at - LONGEST; start -= 1) {
    // No two sequences overlap, since an escape character only begins one.
    if (bytes[start] === ESCAPE) return start + colourFrom(bytes, start) > at;
  }
  return false;
}

/** The length of the colour sequence whose last byte is at `at`; 0 where that byte is text. */
export function colourUpTo(bytes: Buffer, at: number): number {
  const last = bytes[at];
  if (last !== SGR && last !== EL) return 0;
  let start = at - 1;
  while (start > 0 && start > at - LONGEST && isParameter(bytes[start])) start -= 1;
  const length = at - start + 2;
  return start > 0 && bytes[start] === BRACKET && bytes[start - 1] === ESCAPE && length <= LONGEST ? length : 0;
}

/** Where the bytes end that can be read by now: what follows is the beginning of a colour sequence. */
export function readableEnd(bytes: Buffer): number {
  for (let at = bytes.length - 1; at >= 0 && at > bytes.length - LONGEST; at -= 1) {
    if (bytes[at] === ESCAPE) return lengthAt(bytes, at) === 'unfinished' ? at : bytes.length;
  }
  return bytes.length;
}

/** The bytes before `end`, and no new view of them where that is all. */
export const upTo = (bytes: Buffer, end: number): Buffer => (end === bytes.length ? bytes : bytes.subarray(0, end));
