import { plainText } from './plain-text.ts';

const GAP = '  ';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** Characters that a cell may have in a table; 60 unless it is said. */
  readonly longest?: number;
}

/** Rows under titles in aligned columns, for a terminal. Every cell is made plain first. */
export function table<Row>(columns: ReadonlyArray<Column<Row>>, rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map((column) => plainText(column.cell(row), column.longest ?? 60)));
  const widths = columns.map((column, index) => cells.reduce((widest, line) => Math.max(widest, Array.from(line[index] ?? '').length), column.title.length));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => (index === texts.length - 1 ? text : text + ' '.repeat((widths[index] ?? 0) - Array.from(text).length)))
      .join(GAP)
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...cells.map(line)].map((text) => `${text}\n`).join('');
}

/** One row a line, cells separated by tabs, no titles: for pipes, `cut` and `awk`. An empty cell is `-`. */
export function tabLines<Row>(columns: ReadonlyArray<Column<Row>>, rows: readonly Row[]): string {
  return rows.map((row) => `${columns.map((column) => plainText(column.cell(row)) || '-').join('\t')}\n`).join('');
}
