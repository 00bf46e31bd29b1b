import { openEnd } from './open-end.ts';
import type { Match, Needle } from './needle.ts';
import { replacing } from './replace.ts';

/** What became of a text. */
export interface Passed {
  /** The text up to `end` with its secrets replaced; undefined where none stands there. Good until the next text. */
  readonly shown: Buffer | undefined;
  /** Where that ends of which more has to be known. */
  readonly end: number;
}

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

/** Works on a text in plain JavaScript, with any number of secrets of any length. With `last` nothing follows upon the text. */
export function plainPassing(needles: readonly Needle[], mostHeld: number): (text: Buffer, last: boolean) => Passed {
  const lengths = needles.map(({ bytes }) => bytes.length);
  const longest = Math.max(0, ...lengths);
  const replace = replacing(Math.min(...lengths));

  return (text, last) => {
    const openFrom = (from: number): number => (last ? text.length : openEnd(text, from, needles, longest, mostHeld));
    const nextMatch = finder(text, needles);
    const matches: Match[] = [];
    let at = 0;
    let end = openFrom(0);
    for (;;) {
      const match = nextMatch(at);
      // A secret that may have begun before a match, or with it, and be longer, decides what becomes of both.
      if (end < at) end = openFrom(at);
      if (match === undefined || end <= match.start) return { shown: matches.length === 0 ? undefined : replace(text, matches, end), end };
      matches.push(match);
      at = match.end;
    }
  };
}
