import type { ApiKey, MarkedKey } from '../model/api-key.ts';
import { jsonArrayPieces, jsonLinePieces, tablePieces } from './pieces.ts';
import { type Column, table, tabLines } from './table.ts';
import { relativeTime } from './time.ts';

type Groups = AsyncIterable<readonly MarkedKey[]>;

export interface KeyWishes {
  readonly form: 'text' | 'json' | 'json-lines';
  /** What a terminal shows where there is no key. */
  readonly none: string;
}

/** Always the same and in this order, so that a script may count on them. `time` puts a time into words. */
const columns = (time: (value: string | null) => string): ReadonlyArray<Column<ApiKey>> => [
  { title: 'ID', cell: (key) => key.id },
  { title: 'NAME', cell: (key) => key.name ?? '' },
  { title: 'PREFIX', cell: (key) => key.prefix ?? '' },
  { title: 'SCOPES', cell: (key) => key.scopes.join(',') },
  { title: 'AGENT', cell: (key) => key.agent ?? '' },
  { title: 'CREATED', cell: (key) => time(key.createdAt) },
  { title: 'EXPIRES', cell: (key) => time(key.expiresAt) },
  { title: 'LAST USED', cell: (key) => time(key.lastUsedAt) },
];

const marks: Column<MarkedKey> = { title: 'MARKS', cell: (key) => key.marks.join(', ') };

async function* lines(keys: Groups): AsyncGenerator<string> {
  const exact = columns((value) => value ?? '');
  for await (const group of keys) if (group.length > 0) yield tabLines(exact, group);
}

/** Keys as they come: a table in a terminal, tab-separated lines with exact times in a pipe, or JSON. `now` is in Unix milliseconds. */
export function keyPieces(
  keys: Groups,
  { form, none }: KeyWishes,
  { terminal, now }: { readonly terminal: boolean; readonly now: number },
): AsyncIterable<string> {
  if (form === 'json-lines') return jsonLinePieces(keys);
  if (form === 'json') return jsonArrayPieces(keys, terminal);
  return terminal ? tablePieces([...columns((value) => relativeTime(value, now)), marks], keys, none) : lines(keys);
}

/** A table that helps to decide whether keys are still needed, as lines. */
export function decisionTable(keys: readonly MarkedKey[], now: number): readonly string[] {
  const wanted = ['ID', 'NAME', 'AGENT', 'CREATED', 'EXPIRES', 'LAST USED'];
  return table(
    columns((value) => relativeTime(value, now)).filter(({ title }) => wanted.includes(title)),
    keys,
  )
    .trimEnd()
    .split('\n');
}
