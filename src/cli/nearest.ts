import { COMMANDS } from './command-table.ts';
import { GROUP_SUMMARIES } from './groups.ts';
import { TOPICS } from './topics/topics.ts';

/** Edits that turn one word into another: the distance of Levenshtein, one row at a time. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** What is counted where a part of a name is missing: its group, or the rest of it, such as of `rotate-key` for `rotate`. */
const PART = 1;

/** What speaks for a reading for each further word that it explains; less than the two edits that a word costs at least. */
const EXPLAINED = 1.5;

/** More commands than this are no answer. */
const MOST = 3;

/** No name is longer; what else is typed is no word of a command. */
const LONGEST = 40;

/** How far what was typed is from a name; both are words joined by dashes. Infinite where nobody could have meant it. */
function farness(typed: string, name: string): number {
  const edits = distance(typed, name);
  return edits <= Math.max(1, Math.min(2, name.length - 3), Math.floor(name.length / 3)) ? edits : Number.POSITIVE_INFINITY;
}

const isPart = (typed: string, name: string): boolean => typed.length > 2 && (name.startsWith(`${typed}-`) || name.endsWith(`-${typed}`));

/** How far what was typed is from a command; its name is also known without the group that it lies in. */
function farnessFrom(typed: string, path: readonly string[]): number {
  const name = path.join('-');
  // A group alone is no part of the name of each command in it.
  const whole = typed.startsWith(`${path[0] ?? ''}-`) && isPart(typed, name) ? PART : farness(typed, name);
  const own = path.slice(path.length > 1 ? 1 : 0).join('-');
  return Math.min(whole, farness(typed, own) + PART, isPart(typed, own) ? PART : Number.POSITIVE_INFINITY);
}

/** What may be meant by the first words, the first two, and so on: an argument may follow a command's name, and what is one word may have been typed as two. */
function readings(words: readonly string[]): readonly string[] {
  const end = words.findIndex((word) => word.startsWith('-') || word.length > LONGEST);
  const plain = (end === -1 ? words : words.slice(0, end)).slice(0, MOST);
  return plain.map((_, index) => plain.slice(0, index + 1).join('-'));
}

/** What can be run: commands alone. What help is on: groups and topics as well. */
function pathsFor(start: 'keywright' | 'keywright help'): ReadonlyArray<readonly string[]> {
  const commands = COMMANDS.map(({ path }) => path);
  if (start === 'keywright') return [...commands, ...TOPICS.map(({ name }) => ['help', name])];
  return [...commands, ...Object.keys(GROUP_SUMMARIES).map((group) => [group]), ...TOPICS.map(({ name }) => [name])];
}

/**
 * A hint for words that lead nowhere: what is meant, if something is near, lies below a group that was forgotten, or has these words as
 * a part of its name; else where to look. `start` are the words before those.
 */
export function nearest(words: readonly string[], start: 'keywright' | 'keywright help' = 'keywright'): string {
  const typed = readings(words);
  const ranked = pathsFor(start)
    .map((path) => ({ path, far: Math.min(...typed.map((reading, more) => farnessFrom(reading, path) - more * EXPLAINED)) }))
    .filter(({ far }) => far < Number.POSITIVE_INFINITY)
    .toSorted((a, b) => a.far - b.far);
  const best = ranked.filter(({ far }) => far === ranked[0]?.far);
  if (best.length === 0 || best.length > MOST) return 'See: keywright --help';
  return `Did you mean: ${best.map(({ path }) => `${start} ${path.join(' ')}`).join(', or: ')}`;
}
