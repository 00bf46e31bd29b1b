import type { ApiKey, MarkedKey } from '../model/api-key.ts';
import { NO_PAINT, type Paint } from '../model/paint.ts';
import { jsonArrayPieces, tablePieces } from './pieces.ts';
import { type Column, table, tabLines } from './table.ts';
import { relativeTime } from './time.ts';

type Groups = AsyncIterable<readonly MarkedKey[]>;

export interface KeyWishes {
  readonly form: 'text' | 'json';
  /** What a terminal shows where there is no key. */
  readonly none: string;
}

/** Always the same and in this order, so that a script may count on them. `time` puts a time into words. */
const columns = (time: (value: string | null) => string): ReadonlyArray<Column<ApiKey>> => [
  { title: 'ID', cell: (key) => key.id },
  { title: 'NAME', cell: (key) => key.name ?? '', narrow: 'cut' },
  { title: 'PREFIX', cell: (key) => key.prefix ?? '' },
  { title: 'SCOPES', cell: (key) => key.scopes.join(','), narrow: 'cut' },
  { title: 'AGENT', cell: (key) => key.agent ?? '', narrow: 'cut' },
  { title: 'CREATED', cell: (key) => time(key.createdAt) },
  { title: 'EXPIRES', cell: (key) => time(key.expiresAt) },
  { title: 'LAST USED', cell: (key) => time(key.lastUsedAt) },
];

/** What is over is marked as such, and what soon will be, or seems to be, by another colour. */
const marks = ({ bad, wary }: Paint): Column<MarkedKey> => ({
  title: 'MARKS',
  cell: (key) => key.marks.join(', '),
  paint: (text) => (text === 'MARKS' || text === '' ? text : text.includes('expired') ? bad(text) : wary(text)),
});

/** The rows of a terminal. Its colours are asked for when the first of them comes. */
async function* rows(keys: Groups, none: string, { now, columns: width, paint }: ShownOn): AsyncGenerator<string> {
  const colours = (await paint?.()) ?? NO_PAINT;
  yield* tablePieces([...columns((value) => relativeTime(value, now)), marks(colours)], keys, none, width);
}

interface ShownOn {
  readonly terminal: boolean;
  readonly now: number;
  readonly columns?: () => number | undefined;
  readonly paint?: () => Promise<Paint>;
}

async function* lines(keys: Groups): AsyncGenerator<string> {
  const exact = columns((value) => value ?? '');
  for await (const group of keys) if (group.length > 0) yield tabLines(exact, group);
}

/** Keys as they come: a table in a terminal, tab-separated lines with exact times in a pipe, or JSON. `now` is in Unix milliseconds. */
export function keyPieces(keys: Groups, { form, none }: KeyWishes, screen: ShownOn): AsyncIterable<string> {
  const { terminal } = screen;
  if (form === 'json') return jsonArrayPieces(keys, terminal);
  return terminal ? rows(keys, none, screen) : lines(keys);
}

/** Keys that are shown before somebody is asked about them; nobody reads more, and a dry run shows all. */
const SHOWN = 10;

/** What the question is about: the first ten keys in a table that helps to decide whether they are still needed, and how many there are besides. */
export function decisionLines(keys: readonly ApiKey[], count: number, now: number, width: number | undefined): readonly string[] {
  const shown = keys.slice(0, SHOWN);
  return [...decisionTable(shown, now, width), ...(count > shown.length ? [`and ${count - shown.length} more`] : [])];
}

/** A table that helps to decide whether keys are still needed, as lines. */
export function decisionTable(keys: readonly ApiKey[], now: number, width: number | undefined): readonly string[] {
  const wanted = ['ID', 'NAME', 'AGENT', 'CREATED', 'EXPIRES', 'LAST USED'];
  return table(
    columns((value) => relativeTime(value, now)).filter(({ title }) => wanted.includes(title)),
    keys,
    width,
  )
    .trimEnd()
    .split('\n');
}
