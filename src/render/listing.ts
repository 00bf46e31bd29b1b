import { wrapped } from '../model/wrap.ts';
import { type Column, table, tabLines } from './table.ts';
import { relativeTime } from './time.ts';

/** What a listing needs to know of where it is printed. */
export interface ListedOn {
  /** Whether stdout is a terminal. */
  readonly terminal: boolean;
  /** Unix milliseconds. */
  readonly now: number;
  /** The columns of that terminal now; undefined, or absent, where nothing has to fit. */
  readonly columns?: () => number | undefined;
}

/**
 * Rows as every command prints them: a table that fits into a terminal, and lines with tabs elsewhere. A command that printed a table by
 * itself could forget how wide the terminal is.
 */
export function listing<Row>(columns: ReadonlyArray<Column<Row>>, rows: readonly Row[], on: ListedOn): string {
  return on.terminal ? table(columns, rows, on.columns?.()) : tabLines(columns, rows);
}

/** A sentence that stands above a listing, with its end of line: in as many lines as a terminal needs, in one elsewhere. */
export function sentenceAbove(sentence: string, on: ListedOn): string {
  const width = on.terminal ? on.columns?.() : undefined;
  return `${width === undefined ? sentence : wrapped(sentence, width).join('\n')}\n`;
}

/** Times as a listing has them: how far they are away in a terminal, and exact elsewhere. */
export function listedTime({ terminal, now }: ListedOn): (time: string | null) => string {
  return (time) => (terminal ? relativeTime(time, now) : (time ?? ''));
}
