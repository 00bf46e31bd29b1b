import { colourFrom, ESCAPE, colourUpTo, isInColour } from './colours.ts';

/** Where a secret stands, from its first byte to behind its last. */
export interface Match {
  readonly start: number;
  readonly end: number;
  /** Whether colours stand between its bytes. */
  readonly coloured: boolean;
}

/** A secret to look for. */
export interface Needle {
  readonly bytes: Buffer;
  /** The first place from `from` on where it stands, with or without colours between its bytes. No secret may have begun before `from`. */
  find(text: Buffer, from: number): Match | undefined;
}

/** What programs write most, the most frequent first; digits and some others stand in colours too. Whatever is not here is rare. */
const FREQUENT = Buffer.from(' e0123456789m;[Katoinsrlhdcupfg.-ywbv:/,_k="xEIORNTASLDCGPU');

/** From a rare byte to the next one it is so far, or it is not rare here: then a loop finds it sooner than a call. */
const NEAR = 16;

/** Where in the secret the rarest of its bytes stands that `counts`; -1 where none does. */
export function rarestIn(secret: Buffer, counts: (byte: number, at: number) => boolean): number {
  let best = -1;
  let bestRank = -1;
  secret.forEach((byte, at) => {
    const place = FREQUENT.indexOf(byte);
    const rank = place === -1 ? FREQUENT.length : place;
    if (rank > bestRank && counts(byte, at)) [best, bestRank] = [at, rank];
  });
  return best;
}

function indexOfByte(text: Buffer, byte: number, from: number): number {
  const near = Math.min(from + NEAR, text.length);
  for (let at = from; at < near; at += 1) if (text[at] === byte) return at;
  return text.indexOf(byte, near);
}

/** Where the secret's bytes before `count` begin when they end before `end`; -1 where other bytes stand there. */
function beginBefore(text: Buffer, secret: Buffer, count: number, end: number, from: number): number {
  let start = end;
  for (let index = count - 1; index >= 0;) {
    if (start === from) return -1;
    const colour = colourUpTo(text, start - 1);
    if (colour > 0) start -= colour;
    else if (text[start - 1] === secret[index]) {
      index -= 1;
      start -= 1;
    } else return -1;
  }
  return start;
}

/** Where the secret's bytes from `index` on end when they begin at `start`; -1 where other bytes stand there. */
function endAfter(text: Buffer, secret: Buffer, index: number, start: number): number {
  const { length } = text;
  let end = start;
  for (let next = index; next < secret.length;) {
    if (end === length) return -1;
    const byte = text[end];
    if (byte === ESCAPE) {
      const colour = colourFrom(text, end);
      end += colour;
      if (colour > 0) continue;
    }
    if (byte !== secret[next]) return -1;
    next += 1;
    end += 1;
  }
  return end;
}

/**
 * The place of the secret of which the byte at index `before` stands at `at`, with or without colours between its bytes; undefined where
 * other bytes stand around it. No secret may have begun before `from`.
 */
export function matchAround(text: Buffer, secret: Buffer, before: number, at: number, from: number): Match | undefined {
  const start = beginBefore(text, secret, before, at, from);
  if (start === -1) return undefined;
  const end = endAfter(text, secret, before + 1, at + 1);
  return end === -1 || isInColour(text, at) ? undefined : { start, end, coloured: end - start > secret.length };
}

/**
 * Looks for the rarest byte of the secret, and then whether the others stand around it. So nearly all of the text, and nearly all of its
 * colours, are passed over at the speed of memory.
 */
export function needleOf(secret: string): Needle {
  const bytes = Buffer.from(secret);
  const before = rarestIn(bytes, () => true);
  const rarest = bytes[before] ?? 0;
  return {
    bytes,
    find: (text, from) => {
      for (let at = indexOfByte(text, rarest, from); at !== -1; at = indexOfByte(text, rarest, at + 1)) {
        const match = matchAround(text, bytes, before, at, from);
        if (match !== undefined) return match;
      }
      return undefined;
    },
  };
}
