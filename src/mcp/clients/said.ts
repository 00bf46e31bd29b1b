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

/** The outcome that a line tells of; undefined lines are unclear. */
export function outcomeOf(line: string | undefined, words: Words): ClientSays {
  return words.find(([pattern]) => pattern.test(line ?? ''))?.[1] ?? { kind: 'unclear' };
}

/** The line about an entry in a list, without the name: programs print lists to either stream. */
export function lineAbout(name: string, { stdout, stderr }: Said): string | undefined {
  const isPartOfName = (character: string | undefined): boolean => /[A-Za-z0-9_.-]/.test(character ?? ' ');
  for (const line of `${stdout}\n${stderr}`.split(/\r?\n/)) {
    const at = line.indexOf(name);
    // A colour sequence may end right before the name, with an m.
    const before = line.slice(0, Math.max(0, at)).replace(/\[[0-9;]*m$/, '');
    if (at >= 0 && !isPartOfName(before.at(-1)) && !isPartOfName(line[at + name.length])) return line.slice(at + name.length);
  }
  return undefined;
}
