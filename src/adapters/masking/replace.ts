import { colourFrom } from './colours.ts';
import type { Match } from './needle.ts';

const SHOWN = Buffer.from('[secret]');

/**
 * Gives a function that writes a text up to `end` with `[secret]` instead of each match, and behind that the colours which stood between
 * the match's bytes. What it gives is good until it is called again. `shortest` is the least length of a match, in bytes.
 */
export function replacing(shortest: number): (text: Buffer, matches: readonly Match[], end: number) => Buffer {
  const growth = Math.max(1, SHOWN.length / shortest);
  let place = Buffer.alloc(0);

  return (text, matches, end) => {
    // The text is put behind the room that the result may need: to move short pieces within a buffer is quicker than from one to another.
    const room = Math.ceil(text.length * growth);
    if (place.length < room + text.length) place = Buffer.allocUnsafeSlow(room + text.length);
    const base = place.length - text.length;
    place.set(text, base);
    let to = 0;
    const move = (from: number, until: number): void => {
      place.copyWithin(to, base + from, base + until);
      to += until - from;
    };

    let from = 0;
    for (const match of matches) {
      move(from, match.start);
      for (let at = 0; at < SHOWN.length; at += 1) place[to + at] = SHOWN[at] ?? 0;
      to += SHOWN.length;
      for (let at = match.coloured ? match.start : match.end; at < match.end;) {
        const colour = colourFrom(text, at);
        if (colour > 0) move(at, at + colour);
        at += Math.max(colour, 1);
      }
      from = match.end;
    }
    move(from, end);
    return place.subarray(0, to);
  };
}
