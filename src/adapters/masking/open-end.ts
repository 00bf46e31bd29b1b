import { colourFrom, colourUpTo } from './colours.ts';
import type { Needle } from './needle.ts';

/** Whether all that follows from `at` on is the beginning of `secret`, colours aside. */
function isBeginning(text: Buffer, at: number, secret: Buffer): boolean {
  let index = 0;
  for (let next = at; next < text.length;) {
    const colour = colourFrom(text, next);
    if (colour === 0 && text[next] !== secret[index]) return false;
    if (colour === 0) index += 1;
    next += Math.max(colour, 1);
  }
  return true;
}

/**
 * The first place from `from` on where the text ends with the beginning of a secret; the text's length where there is none. `longest` is
 * the length of the longest secret, and `most` how many bytes from the end are looked at.
 */
export function openEnd(text: Buffer, from: number, needles: readonly Needle[], longest: number, most: number): number {
  let open = text.length;
  let characters = 0;
  for (let at = text.length - 1; at >= from && characters < longest - 1 && text.length - at <= most;) {
    const colour = colourUpTo(text, at);
    if (colour > 0) {
      at -= colour;
      continue;
    }
    characters += 1;
    const byte = text[at];
    for (const { bytes } of needles) if (byte === bytes[0] && characters < bytes.length && isBeginning(text, at, bytes)) open = at;
    at -= 1;
  }
  return open;
}
