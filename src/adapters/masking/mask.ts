import { type Needle, needleOf } from './needle.ts';
import { type Scratch, type Uncoloured, uncoloured } from './colours.ts';

/** Takes secrets out of a stream of bytes, chunk by chunk. */
export interface Mask {
  /** What of the stream can be passed on by now. A chunk in which nothing is found comes out as it is, not as a copy. */
  pass(chunk: Buffer): readonly Buffer[];
  /** What was still held back when the stream ended. */
  end(): readonly Buffer[];
}

const SHOWN = Buffer.from('[secret]');

const NOTHING = Buffer.alloc(0);

/**
 * The most that is held back. A secret with so many colours in it that it is longer is not recognised; without a limit a stream of
 * colours alone would fill the memory.
 */
const MOST_HELD = 64 * 1024;

/** One place for the text of every chunk, since nothing of it is kept. */
function onePlace(): Scratch {
  let place: Buffer = NOTHING;
  return (bytes) => {
    if (place.length < bytes) place = Buffer.allocUnsafeSlow(bytes);
    return place;
  };
}

/** Where a secret stands in a text. */
interface Match {
  readonly start: number;
  readonly end: number;
}

/** Finds the next match from a place on; asked for ever later places. The first counts, and of two that begin together the longer. */
function finder(text: Buffer, secrets: readonly Needle[]): (from: number) => Match | undefined {
  const next = secrets.map((secret) => secret.indexIn(text, 0));
  return (from) => {
    let found: Match | undefined;
    secrets.forEach((secret, index) => {
      let start = next[index] ?? -1;
      if (start !== -1 && start < from) next[index] = start = secret.indexIn(text, from);
      if (start !== -1 && (found === undefined || start < found.start || (start === found.start && start + secret.bytes.length > found.end)))
        found = { start, end: start + secret.bytes.length };
    });
    return found;
  };
}

/** The first place from `from` on where the text ends with the beginning of a secret; the text's length where there is none. */
function openEnd({ text, coloured, readTo }: Uncoloured, from: number, secrets: readonly Needle[], longest: number): number {
  for (let start = Math.max(from, text.length - longest + 1); start < text.length; start += 1) {
    const first = text[start];
    const rest = text.length - start;
    const isOpen = secrets.some(({ bytes }) => bytes[0] === first && rest < bytes.length && bytes.compare(text, start, text.length, 0, rest) === 0);
    if (isOpen && readTo - coloured(start) <= MOST_HELD) return start;
  }
  return text.length;
}

/**
 * Replaces each of `secrets` by `[secret]`, also where it is cut by the end of a chunk and where colour sequences stand between its
 * characters; these follow the replacement, so that the colours after it are right. Nothing else changes, whatever the bytes are.
 * Held back is only what may be the beginning of a secret or of a colour sequence. Other forms of a secret, such as base64, are not known.
 */
export function createMask(secrets: readonly string[]): Mask {
  const needles = secrets.filter((secret) => secret !== '').map(needleOf);
  const longest = Math.max(0, ...needles.map(({ bytes }) => bytes.length));
  const scratch = onePlace();
  let held: Buffer = NOTHING;

  const work = (bytes: Buffer, last: boolean): readonly Buffer[] => {
    const plain = uncoloured(bytes, last, scratch);
    const { text } = plain;
    const nextMatch = finder(text, needles);
    const passed: Buffer[] = [];
    let from = 0;
    let at = 0;
    let open = last ? text.length : -1;
    for (;;) {
      const match = nextMatch(at);
      // A secret that may have begun before a match, or with it, and be longer, decides what becomes of both. Only the end can hold one.
      if (open < at && (match === undefined || match.start > text.length - longest)) open = openEnd(plain, at, needles, longest);
      if (match === undefined || (open >= at && open <= match.start)) break;
      passed.push(bytes.subarray(from, plain.coloured(match.start)), SHOWN, plain.between(match.start, match.end));
      from = plain.coloured(match.end - 1) + 1;
      at = match.end;
    }
    const keepFrom = open < text.length ? plain.coloured(open) : plain.readTo;
    held = keepFrom === bytes.length ? NOTHING : Buffer.from(bytes.subarray(keepFrom));
    passed.push(bytes.subarray(from, keepFrom));
    return passed.filter((piece) => piece.length > 0);
  };

  return {
    pass: (chunk) => work(held.length === 0 ? chunk : Buffer.concat([held, chunk]), false),
    end: () => work(held, true),
  };
}
