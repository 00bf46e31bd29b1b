import { plainText } from './plain-text.ts';
import { columnsOf, cutTo } from '../model/width.ts';
import { wrapped } from '../model/wrap.ts';

const GAP = '  ';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** Characters that a cell may have in a table; 60 unless it is said. */
  readonly longest?: number;
  /** Whether its cells may be cut where the window is narrow: words that are known by their beginning, and never ids, marks or addresses. */
  readonly narrow?: 'cut';
  /** Colours a cell; what it gives is as wide on the screen as the text. */
  readonly paint?: (text: string) => string;
}

/** Cells of a row that is too long for a line: the first alone, since it is what one copies, and below it the others with their titles. */
function stacked(titles: readonly string[], [first = '', ...others]: readonly string[], width: number): string {
  const pairs = others.flatMap((text, index) => (text === '' ? [] : [`${titles[index + 1] ?? ''} ${text}`]));
  const lines: string[] = [];
  let line = '';
  for (const pair of pairs) {
    const longer = line === '' ? pair : `${line}${GAP}${pair}`;
    if (line !== '' && columnsOf(longer) > width - GAP.length) {
      lines.push(line);
      line = pair;
    } else line = longer;
  }
  // What is too long for a line by itself is a list of words, such as scopes.
  const below = [...lines, line]
    .filter((text) => text !== '')
    .flatMap((text) => wrapped(text.replaceAll(',', ', ').replaceAll(',  ', ', '), width - GAP.length));
  return [first, ...below.map((text) => `${GAP}${text}`)].map((text) => `${text}\n`).join('');
}

/** Columns of a window that a column keeps when it is cut; a narrower one says too little. */
const NARROWEST = 12;

const total = (widths: readonly number[]): number => widths.reduce((sum, each) => sum + each, GAP.length * (widths.length - 1));

/** The widths with which lines are at most `most` columns long: the widest column that may be cut gives first. Undefined where that cannot be. */
function fitted<Row>(columns: ReadonlyArray<Column<Row>>, widths: readonly number[], most: number): readonly number[] | undefined {
  const fitting = [...widths];
  for (let over = total(fitting) - most; over > 0; over -= 1) {
    const widest = columns.reduce(
      (found, { narrow, title }, index) => (narrow === 'cut' && (fitting[index] ?? 0) > Math.max(NARROWEST, title.length, fitting[found] ?? 0) ? index : found),
      -1,
    );
    if (widest === -1) return undefined;
    fitting[widest] = (fitting[widest] ?? 0) - 1;
  }
  return fitting;
}

/**
 * A table that is made piece by piece. The titles come with the first piece, and no column gets narrower again, so that the pieces
 * stand below each other as one table unless a later one has a longer cell. Every cell is made plain first. Where a line would be longer
 * than `width` tells at that moment, cells that may be cut are; where that is not enough, this row and all that follow are stacked instead.
 */
export function growingTable<Row>(columns: ReadonlyArray<Column<Row>>, width: () => number | undefined = () => undefined): (rows: readonly Row[]) => string {
  let widths = columns.map(({ title }) => title.length);
  let shown: readonly number[] = widths;
  let begun = false;
  let form: 'table' | 'stacked' = 'table';
  const head = columns.map(({ title }) => title);
  const painted = (index: number, text: string): string => columns[index]?.paint?.(text) ?? text;
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => painted(index, text) + (index === texts.length - 1 ? '' : ' '.repeat(Math.max(0, (shown[index] ?? 0) - columnsOf(text)))))
      .join(GAP)
      .trimEnd();
  return (rows) => {
    const cells = rows.map((row) => columns.map((column) => plainText(column.cell(row), column.longest ?? 60)));
    widths = widths.map((width, index) => cells.reduce((widest, texts) => Math.max(widest, columnsOf(texts[index] ?? '')), width));
    const most = width();
    const fitting = most === undefined ? widths : fitted(columns, widths, most);
    if (fitting === undefined) form = 'stacked';
    else shown = fitting;
    if (form === 'stacked' && most !== undefined) return cells.map((texts) => stacked(head, texts, most)).join('');
    const titles = begun ? [] : [head];
    begun = true;
    const cut = (texts: readonly string[]): readonly string[] =>
      texts.map((text, index) => (columns[index]?.narrow === 'cut' ? cutTo(text, shown[index] ?? 0) : text));
    return [...titles, ...cells.map(cut)].map((texts) => `${line(texts)}\n`).join('');
  };
}

/** Rows under titles in aligned columns, for a terminal; stacked where that is narrower than they are. Where nothing has to fit, `width` is undefined. */
export function table<Row>(columns: ReadonlyArray<Column<Row>>, rows: readonly Row[], width: number | undefined): string {
  return growingTable(columns, () => width)(rows);
}

/** One row a line, cells separated by tabs, no titles: for pipes, `cut` and `awk`. An empty cell is `-`. */
export function tabLines<Row>(columns: ReadonlyArray<Column<Row>>, rows: readonly Row[]): string {
  return rows.map((row) => `${columns.map((column) => plainText(column.cell(row)) || '-').join('\t')}\n`).join('');
}
