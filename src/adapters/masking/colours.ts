/** Bytes without the colour sequences among them, and the way back from a place in them to the place that it had. */
export interface Uncoloured {
  readonly text: Buffer;
  /** Where the byte at `at` of `text` lies in the coloured bytes. */
  coloured(at: number): number;
  /** The colour sequences between the bytes of `text` from `start` up to `end`, in one piece. */
  between(start: number, end: number): Buffer;
  /** Where the coloured bytes end that can be read by now: what follows is the beginning of a sequence. */
  readonly readTo: number;
}

const ESCAPE = 0x1b;
const BRACKET = 0x5b;

/** How a colour sequence ends: ECMA-48 section 8.3.117 (SGR), and section 8.3.41 (EL), which grep writes after each of its colours. */
const SGR = 0x6d;
const EL = 0x4b;

/** Bytes of a sequence; two colours with all their parts take 37. */
const LONGEST = 64;

/** Below so many bytes a loop copies faster than a call. */
const SHORT = 96;

/** The length of the colour sequence that begins at `at`; 0 where none does, `unfinished` where the bytes end before that can be told. */
function lengthAt(bytes: Buffer, at: number): number | 'unfinished' {
  if (at + 1 === bytes.length) return 'unfinished';
  if (bytes[at + 1] !== BRACKET) return 0;
  for (let next = at + 2; next < at + LONGEST; next += 1) {
    if (next === bytes.length) return 'unfinished';
    const byte = bytes[next] ?? 0;
    // Digits, the colon and the semicolon.
    if (byte < 0x30 || byte > 0x3b) return byte === SGR || byte === EL ? next + 1 - at : 0;
  }
  return 0;
}

/** Runs of text between colours: where each begins in the text, and how much further on it lay in the coloured bytes. */
interface Runs {
  readonly starts: number[];
  readonly shifts: number[];
}

/** Copies text up to the next escape character. Most runs between two colours are short. Gives where that is, or where the bytes end. */
function copyRun(bytes: Buffer, from: number, text: Buffer, length: number): number {
  const near = Math.min(from + SHORT, bytes.length);
  let at = from;
  for (let to = length; at < near; at += 1, to += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === ESCAPE) return at;
    text[to] = byte;
  }
  if (at === bytes.length) return at;
  const next = bytes.indexOf(ESCAPE, at);
  const end = next === -1 ? bytes.length : next;
  bytes.copy(text, length + at - from, at, end);
  return end;
}

/** Copies the text without its colours, and notes its runs. Gives how long it is, and where the bytes that could be read end. */
function strip(bytes: Buffer, last: boolean, text: Buffer, { starts, shifts }: Runs): { readonly length: number; readonly readTo: number } {
  let length = 0;
  let run = 0;
  for (let at = 0; at < bytes.length;) {
    const escape = copyRun(bytes, at, text, length);
    length += escape - at;
    if (escape === bytes.length) break;
    const skipped = lengthAt(bytes, escape);
    if (skipped === 'unfinished' && !last) return { length, readTo: escape };
    if (skipped === 'unfinished' || skipped === 0) {
      text[length] = ESCAPE;
      length += 1;
      at = escape + 1;
    } else {
      at = escape + skipped;
      // One sequence right after another begins no new run.
      if (starts[run] !== length) run += 1;
      starts[run] = length;
      shifts[run] = at - length;
    }
  }
  return { length, readTo: bytes.length };
}

/** A place of at least so many bytes, which may be the one of last time. */
export type Scratch = (bytes: number) => Buffer;

/**
 * Takes the colours out. With `last` nothing follows, so that a sequence that has only begun is text. The text lies in the bytes
 * themselves or in `scratch`.
 */
export function uncoloured(bytes: Buffer, last: boolean, scratch: Scratch): Uncoloured {
  if (!bytes.includes(ESCAPE)) return { text: bytes, coloured: (at) => at, between: () => bytes.subarray(0, 0), readTo: bytes.length };

  const text = scratch(bytes.length);
  const starts = [0];
  const shifts = [0];
  const { length, readTo } = strip(bytes, last, text, { starts, shifts });

  const runOf = (at: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    text: text.subarray(0, length),
    coloured: (at) => at + (shifts[runOf(at)] ?? 0),
    between: (start, end) => {
      const pieces: Buffer[] = [];
      for (let run = runOf(start) + 1; run <= runOf(end - 1); run += 1) {
        const begin = starts[run] ?? 0;
        pieces.push(bytes.subarray(begin + (shifts[run - 1] ?? 0), begin + (shifts[run] ?? 0)));
      }
      return Buffer.concat(pieces);
    },
    readTo,
  };
}
