/**
 * The inner loop of masking, in AssemblyScript: TypeScript with the types of the processor, which `npm run wasm` compiles to WebAssembly.
 * It puts `[secret]` where one secret stands, and leaves everything that may have to do with colours to its caller.
 *
 * All addresses are places in the one memory that it shares with the caller. `v128` are sixteen bytes that are worked on together.
 */

/** Bytes of a v128. */
const BLOCK: usize = 16;
/** Blocks that are looked through at once, as long as nothing is found. */
const STRIDE: usize = 4 * BLOCK;

/** `[secret]` as one number, its first character in the lowest byte. */
const SHOWN: u64 = (0x5d746572 << 32) | 0x6365735b;
const SHOWN_BYTES: usize = 8;

/** Of what a colour sequence is made: ECMA-48, section 5.4. */
const ESCAPE: u8 = 0x1b;
const BRACKET: u8 = 0x5b;
const FIRST_PARAMETER: u8 = 0x30;
const LAST_PARAMETER: u8 = 0x3b;
/** Bytes of a colour sequence, at most. */
const LONGEST_COLOUR: usize = 64;
const SGR: u8 = 0x6d;
const EL: u8 = 0x4b;

/** What is to be found, and the pair of bytes in it that is looked for. */
let secret: usize = 0;
let length: usize = 0;
let before: usize = 0;
let first: v128 = i8x16.splat(0);
let second: v128 = i8x16.splat(0);

/** How far the text was read, and the result was written. */
let read: usize = 0;
let written: usize = 0;

/**
 * What is looked for from now on: `bytes` bytes at `address`, at least 8. `place` is how many of them stand before the pair that is looked for.
 * Neither may the secret have an escape character, nor may the first byte of the pair be one that stands in colour sequences.
 */
export function lookFor(address: usize, bytes: usize, place: usize): void {
  secret = address;
  length = bytes;
  before = place;
  first = v128.load8_splat(address + place);
  second = v128.load8_splat(address + place + 1);
}

export function readTo(): usize {
  return read;
}

export function writtenTo(): usize {
  return written;
}

/**
 * Writes the text from `start` on to `into`, with `[secret]` in place of the secret. No secret may begin before `start`, and pairs are looked
 * for from `from` on. Ends at `end`, or at the first byte of a pair of which the caller has to say whether the secret stands around it, and
 * returns that place. The text is written up to the last secret only, behind which `readTo` is; the result ends at `writtenTo`.
 * Up to 31 bytes behind that may be overwritten.
 */
export function replace(start: usize, from: usize, end: usize, into: usize): usize {
  // Held here, since what functions share is looked up anew each time.
  const bytes = length;
  const ahead = before;
  let done = start;
  let to = into;
  let next = from;
  let at: usize = 0;
  while ((at = nextPair(next, end)) < end) {
    const begin = at - ahead;
    let verdict = Verdict.Nothing;
    if (begin + bytes <= end && isSecret(begin)) verdict = begin === done ? Verdict.Found : judgeFound(begin);
    else verdict = judgePart(begin, end);
    if (verdict === Verdict.Ask) break;
    next = at + 1;
    if (verdict === Verdict.Nothing) continue;
    copy(done, begin, to);
    to += begin - done;
    store<u64>(to, SHOWN);
    to += SHOWN_BYTES;
    done = begin + bytes;
    next = done + ahead;
  }
  read = done;
  written = to;
  return at < end ? at : end;
}

/**
 * The first place from `start` on where a text that ends at `end` ends with the beginning of the secret; `end` where there is none. 0 where
 * a colour may stand there, or be about to: that is the caller's.
 */
export function openEnd(start: usize, end: usize): usize {
  const known = end - start;
  for (let at = end - min(known, length + LONGEST_COLOUR); at < end; at += 1) if (load<u8>(at) === ESCAPE) return 0;
  for (let at = end - min(known, length - 1); at < end; at += 1) {
    let index: usize = 0;
    while (at + index < end && load<u8>(at + index) === load<u8>(secret + index)) index += 1;
    if (at + index === end) return at;
  }
  return end;
}

/** The first place from `from` on where the pair stands, or its first byte and an escape character; `end` where there is none. */
function nextPair(from: usize, end: usize): usize {
  // Held here, since what functions share is looked up anew for every block.
  const one = first;
  const other = second;
  let at = from;
  for (; at + STRIDE < end; at += STRIDE) {
    const a = i8x16.eq(v128.load(at), one);
    const b = i8x16.eq(v128.load(at + BLOCK), one);
    const c = i8x16.eq(v128.load(at + 2 * BLOCK), one);
    const d = i8x16.eq(v128.load(at + 3 * BLOCK), one);
    if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) continue;
    // One bit for each place, so that nothing has to be tried block by block.
    const found = pairs(at, a, other) | (pairs(at + BLOCK, b, other) << 16) | (pairs(at + 2 * BLOCK, c, other) << 32) | (pairs(at + 3 * BLOCK, d, other) << 48);
    if (found !== 0) return at + <usize>ctz(found);
  }
  const pair = secret + before;
  for (; at + 1 < end; at += 1) {
    const next = load<u8>(at + 1);
    if (load<u8>(at) === load<u8>(pair) && (next === load<u8>(pair + 1) || next === ESCAPE)) return at;
  }
  return end;
}

/** A bit for each place of a block where a pair begins, by whether its first byte stands there. */
function pairs(at: usize, isFirst: v128, other: v128): u64 {
  const next = v128.load(at + 1);
  const isSecond = v128.or(i8x16.eq(next, other), i8x16.eq(next, i8x16.splat(ESCAPE)));
  return <u64>i8x16.bitmask(v128.and(isFirst, isSecond));
}

const enum Verdict {
  Nothing,
  Found,
  /** Colours may stand within, or the secret's beginning may be the end of one. */
  Ask,
}

/** Of the secret that stands at `start` as it is, behind something else than another one: behind that no colour is open. */
function judgeFound(start: usize): Verdict {
  if (!isOfColour(load<u8>(secret))) return Verdict.Found;
  const previous = load<u8>(start - 1);
  return isParameter(previous) || previous === BRACKET || previous === ESCAPE ? Verdict.Ask : Verdict.Found;
}

/** Of a pair around which the secret does not stand as it is, but may stand from `start` on with colours in it. */
function judgePart(start: usize, end: usize): Verdict {
  let index = before + 1;
  while (index < length && start + index < end && load<u8>(start + index) === load<u8>(secret + index)) index += 1;
  if (index < length) return start + index < end && load<u8>(start + index) === ESCAPE ? Verdict.Ask : Verdict.Nothing;
  index = before;
  while (index > 0 && load<u8>(start + index - 1) === load<u8>(secret + index - 1)) index -= 1;
  return index > 0 && isOfColour(load<u8>(start + index - 1)) ? Verdict.Ask : Verdict.Nothing;
}

/** Whether the secret stands at `at` as it is. The last bytes are compared in one piece with some before them that were compared already. */
function isSecret(at: usize): bool {
  if (length < BLOCK) {
    const last = length - sizeof<u64>();
    return load<u64>(at) === load<u64>(secret) && load<u64>(at + last) === load<u64>(secret + last);
  }
  const from = secret;
  const last = length - BLOCK;
  let difference = differenceOf(at + last, from + last);
  for (let index: usize = 0; index < last; index += BLOCK) difference = v128.or(difference, differenceOf(at + index, from + index));
  return !v128.any_true(difference);
}

function differenceOf(one: usize, other: usize): v128 {
  return v128.xor(v128.load(one), v128.load(other));
}

/** Copies two blocks at a time: what is too much of the last ones is overwritten by what comes next. */
function copy(from: usize, end: usize, to: usize): void {
  // May be below zero, which addresses take as it is.
  const shift = to - from;
  for (let at = from; at < end; at += 2 * BLOCK) {
    const one = v128.load(at);
    const other = v128.load(at + BLOCK);
    v128.store(at + shift, one);
    v128.store(at + shift + BLOCK, other);
  }
}

function isParameter(byte: u8): bool {
  return byte >= FIRST_PARAMETER && byte <= LAST_PARAMETER;
}

function isOfColour(byte: u8): bool {
  return isParameter(byte) || byte === ESCAPE || byte === BRACKET || byte === SGR || byte === EL;
}
