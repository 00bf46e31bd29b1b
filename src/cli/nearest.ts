import { COMMANDS } from './command-table.ts';

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

/** A hint for a command that does not exist: the one that is meant, if one is near or lies below a group, else where to look. */
export function nearest(words: string): string {
  const names = COMMANDS.map((command) => command.path.join(' '));
  const ranked = names
    .map((name) => ({ name, edits: Math.min(distance(words, name), name.endsWith(` ${words}`) ? 0 : Number.POSITIVE_INFINITY) }))
    .toSorted((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= Math.max(2, Math.floor(best.name.length / 3)) ? `Did you mean: keywright ${best.name}` : 'See: keywright --help';
}
