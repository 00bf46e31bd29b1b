import { describe, expect, it } from 'vitest';
import { tabLines, table } from '../../../src/render/table.ts';

const columns = [
  { title: 'ID', cell: (row: readonly string[]) => row[0] ?? '' },
  { title: 'LONG TITLE', cell: (row: readonly string[]) => row[1] ?? '' },
  { title: 'END', cell: (row: readonly string[]) => row[2] ?? '' },
];

describe('a table', () => {
  it('aligns by the columns of a terminal and ends no line with spaces', () => {
    expect(
      table(
        columns,
        [
          ['a-long-id', 'x', 'y'],
          ['b', '\u{1f511}\u00fc', 'w'],
          ['c', '', 'z'],
        ],
        undefined,
      ),
    ).toBe(['ID         LONG TITLE  END', 'a-long-id  x           y', 'b          \u{1f511}\u00fc         w', 'c                      z', ''].join('\n'));
  });

  it('is its titles where there are no rows', () => {
    expect(table(columns, [], undefined)).toBe('ID  LONG TITLE  END\n');
  });

  it('lets no cell break a line or a column', () => {
    expect(table(columns, [['a\nb', 'c\td', '\u001b[31me']], undefined)).toBe('ID   LONG TITLE  END\na b  c d         e\n');
  });

  it('takes as many rows as a provider may send', () => {
    expect(
      table(
        columns,
        Array.from({ length: 300_000 }, () => ['a', 'b', 'c']),
        undefined,
      ),
    ).toHaveLength(300_001 * 'ID  LONG TITLE  END\n'.length - 300_000 * 2);
  });
});

describe('tab lines', () => {
  it('are one row a line, with - for nothing', () => {
    expect(
      tabLines(columns, [
        ['a', '', 'c'],
        ['d\te', 'f\ng', '\u0007'],
      ]),
    ).toBe('a\t-\tc\nd e\tf g\t-\n');
  });

  it('are nothing where there are no rows', () => {
    expect(tabLines(columns, [])).toBe('');
  });
});
