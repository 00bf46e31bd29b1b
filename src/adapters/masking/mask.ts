import { colourUpTo, readableEnd } from './colours.ts';
import { type Match, type Needle, needleOf } from './needle.ts';
import { replacing } from './replace.ts';

/** Takes secrets out of a stream of bytes, chunk by chunk. */
export interface Mask {
  /**
   * What of the stream can be passed on by now. A chunk in which nothing is found comes out as it is, not as a copy. What comes out is
   * good until the next call.
   */
  pass(chunk: Buffer): readonly Buffer[];
  /** What was still held back when the stream ended. */
  end(): readonly Buffer[];
}

const NOTHING = Buffer.alloc(0);

/**
 * The most that is held back. A secret with so many colours in it that it is longer is not recognised; without a limit a stream of
 * colours alone would fill the memory.
 */
const MOST_HELD = 64 * 1024;

/** Finds the next match from a place on; asked for ever later places. The first counts, and of two that begin together the longer. */
function finder(text: Buffer, needles: readonly Needle[]): (from: number) => Match | undefined {
  const next = needles.map((needle) => needle.find(text, 0));
  return (from) => {
    let found: Match | undefined;
    for (const [index, needle] of needles.entries()) {
      let match = next[index];
      if (match !== undefined && match.start < from) next[index] = match = needle.find(text, from);
      if (match === undefined) continue;
      if (found === undefined || match.start < found.start || (match.start === found.start && match.end > found.end)) found = match;
    }
    return found;
  };
}

/** The first place from `from` on where the text ends with the beginning of a secret; the text's length where there is none. */
function openEnd(text: Buffer, from: number, needles: readonly Needle[], longest: number): number {
  const places: number[] = [];
  for (let at = text.length - 1; at >= from && places.length < longest - 1 && text.length - at <= MOST_HELD;) {
    const colour = colourUpTo(text, at);
    if (colour === 0) places.push(at);
    at -= Math.max(colour, 1);
  }
  places.reverse();
  const begins = (bytes: Buffer, first: number): boolean => {
    for (let place = first; place < places.length; place += 1) if (text[places[place] ?? 0] !== bytes[place - first]) return false;
    return true;
  };
  const first = places.findIndex((_place, index) => needles.some(({ bytes }) => places.length - index < bytes.length && begins(bytes, index)));
  return places[first] ?? text.length;
}

/** What can be told of a text by now. */
interface Told {
  /** What stands there for certain, in order. */
  readonly matches: readonly Match[];
  /** Where that ends of which more has to be known. */
  readonly end: number;
}

/** With `last` nothing follows upon the text. */
function tell(text: Buffer, last: boolean, needles: readonly Needle[], longest: number): Told {
  const openFrom = (from: number): number => (last ? text.length : openEnd(text, from, needles, longest));
  const nextMatch = finder(text, needles);
  const matches: Match[] = [];
  let at = 0;
  let open = openFrom(0);
  for (;;) {
    const match = nextMatch(at);
    // A secret that may have begun before a match, or with it, and be longer, decides what becomes of both.
    if (open < at) open = openFrom(at);
    if (match === undefined || open <= match.start) return { matches, end: open };
    matches.push(match);
    at = match.end;
  }
}

/**
 * Replaces each of `secrets` by `[secret]`, also where it is cut by the end of a chunk and where colour sequences stand between its
 * characters; these follow the replacement, so that the colours after it are right. Nothing else changes, whatever the bytes are.
 * Held back is only what may be the beginning of a secret or of a colour sequence. Other forms of a secret, such as base64, are not known.
 */
export function createMask(secrets: readonly string[]): Mask {
  const needles = secrets.filter((secret) => secret !== '').map(needleOf);
  const longest = Math.max(0, ...needles.map(({ bytes }) => bytes.length));
  const replace = replacing(Math.min(...needles.map(({ bytes }) => bytes.length)));
  let held: Buffer = NOTHING;
  let joined: Buffer = NOTHING;

  /** What was held and what came, in a place that is used again. */
  const join = (chunk: Buffer): Buffer => {
    const length = held.length + chunk.length;
    if (joined.length < length) joined = Buffer.allocUnsafeSlow(length);
    joined.set(held);
    joined.set(chunk, held.length);
    return joined.subarray(0, length);
  };

  const work = (bytes: Buffer, last: boolean): readonly Buffer[] => {
    const text = last ? bytes : bytes.subarray(0, readableEnd(bytes));
    const { matches, end } = tell(text, last, needles, longest);
    held = end === bytes.length ? NOTHING : Buffer.from(bytes.subarray(end));
    if (end === 0) return [];
    return [matches.length === 0 ? bytes.subarray(0, end) : replace(text, matches, end)];
  };

  return {
    pass: (chunk) => work(held.length === 0 ? chunk : join(chunk), false),
    end: () => work(held, true),
  };
}
