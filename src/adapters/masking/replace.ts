import { colourFrom } from './colours.ts';
import type { Match } from './needle.ts';

const SHOWN = Buffer.from('[secret]');

export const SHOWN_BYTES = SHOWN.length;

/**
 * Writes the text from `from` up to a match into `place`, from `to` on; then `[secret]`, and behind that the colours which stood between the
 * match's bytes. Returns where it ended. The text may lie in the same place, but not where it is written to.
 */
export function putMatch(place: Buffer, to: number, text: Buffer, from: number, { start, end, coloured }: Match): number {
  let written = to;
  const put = (first: number, until: number): void => {
    text.copy(place, written, first, until);
    written += until - first;
  };
  put(from, start);
  for (let at = 0; at < SHOWN.length; at += 1) place[written + at] = SHOWN[at] ?? 0;
  written += SHOWN.length;
  for (let at = coloured ? start : end; at < end;) {
    const colour = colourFrom(text, at);
    if (colour > 0) put(at, at + colour);
    at += Math.max(colour, 1);
  }
  return written;
}

/**
 * Gives a function that writes a text up to `end` with `[secret]` instead of each match. What it gives is good until it is called again.
 * `shortest` is the least length of a match, in bytes.
 */
export function replacing(shortest: number): (text: Buffer, matches: readonly Match[], end: number) => Buffer {
  const growth = Math.max(1, SHOWN.length / shortest);
  let place = Buffer.alloc(0);

  return (text, matches, end) => {
    const room = Math.ceil(text.length * growth);
    if (place.length < room) place = Buffer.allocUnsafeSlow(room);
    let to = 0;
    let from = 0;
    for (const match of matches) {
      to = putMatch(place, to, text, from, match);
      from = match.end;
    }
    text.copy(place, to, from, end);
    return place.subarray(0, to + end - from);
  };
}
