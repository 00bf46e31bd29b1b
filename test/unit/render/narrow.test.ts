import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Column, table, tabLines } from '../../../src/render/table.ts';
import { columnsOf, cutTo } from '../../../src/model/width.ts';

type Row = readonly [id: string, name: string, mark: string];

const columns: ReadonlyArray<Column<Row>> = [
  { title: 'ID', cell: ([id]) => id },
  { title: 'NAME', cell: ([, name]) => name, narrow: 'cut' },
  { title: 'MARKS', cell: ([, , mark]) => mark },
];

/** Letters of every width, and what joins them. */
const letters = fc.constantFrom(
  'a',
  'b',
  ' ',
  '\u5bc6',
  '\uac00',
  'e\u0301',
  '\u{1f511}',
  '\u{1f44d}\u{1f3fd}',
  '\u{1f1eb}\u{1f1f7}',
  '\u2764\ufe0f',
  '\u05d0',
  '\u200d',
);
const name = fc.array(letters, { maxLength: 50 }).map((parts) => parts.join(''));
const id = fc.stringMatching(/^[a-z0-9]{4,16}$/);
const rows = fc.array(fc.tuple(id, name, fc.constantFrom('', 'stale', 'expires-soon')), { minLength: 1, maxLength: 8 });

describe('the columns of what is one character for the eye', () => {
  it.each([
    ['\u{1f44d}\u{1f3fd}', 2],
    ['\u{1f1eb}\u{1f1f7}', 2],
    ['\u2764\ufe0f', 2],
    ['\u2764', 1],
    ['a\u{1f1eb}\u{1f1f7}b', 4],
  ])('of %j are %i', (text, width) => {
    expect(columnsOf(text)).toBe(width);
  });
});

describe('a text that is cut', () => {
  it('is never wider than it may be, and whole where it fits', () => {
    fc.assert(
      fc.property(name, fc.integer({ min: 3, max: 60 }), (text, width) => {
        const cut = cutTo(text, width);
        expect(columnsOf(cut)).toBeLessThanOrEqual(width);
        expect(columnsOf(text) > width ? cut.endsWith('...') && text.startsWith(cut.slice(0, -3)) : cut === text).toBe(true);
      }),
    );
  });

  it('tears no character apart', () => {
    expect(cutTo('ab\u{1f44d}\u{1f3fd}cdef', 6)).toBe('ab...');
    expect(cutTo('ab\u{1f44d}\u{1f3fd}cdef', 7)).toBe('ab\u{1f44d}\u{1f3fd}...');
  });
});

describe('a table in a narrow window', () => {
  it('cuts what may be cut, and keeps ids and marks whole', () => {
    expect(table(columns, [['0123456789', 'a name that is rather long', 'stale']], 40)).toBe(
      'ID          NAME                   MARKS\n0123456789  a name that is rat...  stale\n',
    );
  });

  it('is one block for each row where even that is too wide', () => {
    expect(table(columns, [['0123456789', 'a name that is rather long', 'stale']], 24)).toBe(
      '0123456789\n  NAME a name that is\n  rather long\n  MARKS stale\n',
    );
  });

  it('has no line wider than the window unless a word that is never cut is, and its columns stand below each other', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 24, max: 120 }), (all, width) => {
        const lines = table(columns, all, width).trimEnd().split('\n');
        const head = lines[0] ?? '';
        if (!head.startsWith('ID ')) return;
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
        for (const [index, [whole, , mark]] of all.entries()) {
          const line = lines[index + 1] ?? '';
          expect(line.startsWith(whole)).toBe(true);
          const begins = head.indexOf('MARKS');
          expect(mark === '' ? begins : columnsOf(line.slice(0, -mark.length))).toBe(begins);
        }
      }),
    );
  });

  it('loses nothing in a pipe', () => {
    fc.assert(
      fc.property(fc.tuple(id, fc.stringMatching(/^[a-z]{1,200}$/), fc.constant('stale')), (row) => {
        expect(tabLines(columns, [row])).toBe(`${row.join('\t')}\n`);
      }),
    );
  });
});
