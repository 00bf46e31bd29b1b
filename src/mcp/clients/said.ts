import type { ClientSays } from './client.ts';

/*
 * What clients print about their servers is meant for people and changes with their versions, so it is read for a few words only;
 * what has none of them is unclear, and no failure.
 */

/** What a program printed and ended with. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One word for one outcome; the first that fits counts. */
export type Words = ReadonlyArray<readonly [pattern: RegExp, says: ClientSays]>;

/** The outcome that a line tells of; no line is unclear. */
export function outcomeOf(line: string | undefined, words: Words): ClientSays {
  return words.find(([pattern]) => pattern.test(line ?? ''))?.[1] ?? { kind: 'unclear' };
}

/** A colour sequence, without the control character that it begins with. */
const COLOURS = /\[[0-9;]*m/g;

const isPartOfName = (character: string | undefined): boolean => /[A-Za-z0-9_.-]/.test(character ?? ' ');

/** What follows the name in the line about an entry in a list, which programs print to either stream. */
export function lineAbout(name: string, { stdout, stderr }: Said): string | undefined {
  for (const line of `${stdout}\n${stderr}`.replace(COLOURS, '').split(/\r?\n/)) {
    const at = line.indexOf(name);
    if (at >= 0 && !isPartOfName(line[at - 1]) && !isPartOfName(line[at + name.length])) return line.slice(at + name.length);
  }
  return undefined;
}
