import { plainText } from './plain-text.ts';
import { columnsOf } from './width.ts';

const GAP = '  ';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** Characters that a cell may have in a table; 60 unless it is said. */
  readonly longest?: number;
}

/**
 * A table that is made piece by piece. The titles come with the first piece, and no column gets narrower again, so that the pieces
 * stand below each other as one table unless a later one has a longer cell. Every cell is made plain first.
 */
export function growingTable<Row>(columns: ReadonlyArray<Column<Row>>): (rows: readonly Row[]) => string {
  let widths = columns.map(({ title }) => title.length);
  let begun = false;
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => (index === texts.length - 1 ? text : text + ' '.repeat((widths[index] ?? 0) - columnsOf(text))))
      .join(GAP)
      .trimEnd();
  return (rows) => {
    const cells = rows.map((row) => columns.map((column) => plainText(column.cell(row), column.longest ?? 60)));
    widths = widths.map((width, index) => cells.reduce((widest, texts) => Math.max(widest, columnsOf(texts[index] ?? '')), width));
    const titles = begun ? [] : [columns.map(({ title }) => title)];
    begun = true;
    return [...titles, ...cells].map((texts) => `${line(texts)}\n`).join('');
  };
}

/** Rows under titles in aligned columns, for a terminal. */
export function table<Row>(columns: ReadonlyArray<Column<Row>>, rows: readonly Row[]): string {
  return growingTable(columns)(rows);
}

/** One row a line, cells separated by tabs, no titles: for pipes, `cut` and `awk`. An empty cell is `-`. */
export function tabLines<Row>(columns: ReadonlyArray<Column<Row>>, rows: readonly Row[]): string {
  return rows.map((row) => `${columns.map((column) => plainText(column.cell(row)) || '-').join('\t')}\n`).join('');
}
