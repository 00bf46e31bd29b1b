import { describe, expect, it } from 'vitest';
import { jsonText } from '../../../src/render/json.ts';
import { jsonArrayPieces, jsonLinePieces, tablePieces } from '../../../src/render/pieces.ts';

async function* groupsOf<T>(...groups: ReadonlyArray<readonly T[]>): AsyncGenerator<readonly T[]> {
  for (const group of groups) yield group;
}

async function all(pieces: AsyncIterable<string>): Promise<readonly string[]> {
  const list: string[] = [];
  for await (const piece of pieces) list.push(piece);
  return list;
}

const VALUES = [{ anId: 1, inner: { deepName: ['a\nb', '\u202e'] } }, {}, { b: null }, []];

describe('an array in pieces', () => {
  it.each([false, true])('is the text of the array, however it is cut (terminal: %j)', async (terminal) => {
    const whole = `${jsonText(VALUES, terminal)}\n`;
    for (const groups of [[VALUES], [[], VALUES.slice(0, 1), [], VALUES.slice(1), []], VALUES.map((value) => [value])]) {
      expect((await all(jsonArrayPieces(groupsOf(...groups), terminal))).join('')).toBe(whole);
    }
    expect((await all(jsonArrayPieces(groupsOf([], []), terminal))).join('')).toBe(`${jsonText([], terminal)}\n`);
  });

  it('goes out as it comes, and begins with the first element', async () => {
    expect(await all(jsonArrayPieces(groupsOf([], [1], [2, 3]), false))).toEqual(['[1', ',2,3', ']\n']);
  });
});

describe('JSON lines', () => {
  it('are one a line, and nothing where there is nothing', async () => {
    expect(await all(jsonLinePieces(groupsOf<unknown>([{ aB: 'x\ny' }], [], [2])))).toEqual(['{"a_b":"x\\ny"}\n', '2\n']);
  });
});

describe('a table in pieces', () => {
  const columns = [
    { title: 'A', cell: (row: string) => row },
    { title: 'B', cell: () => 'b' },
  ];

  it('is one piece while a person may read it as one', async () => {
    expect(await all(tablePieces(columns, groupsOf(['x'], ['long'], []), 'none'))).toEqual(['A     B\nx     b\nlong  b\n']);
    expect(await all(tablePieces(columns, groupsOf([], []), 'none'))).toEqual(['none']);
  });

  it('comes in parts where it is long, with its titles once and columns that do not get narrower', async () => {
    const pieces = await all(tablePieces(columns, groupsOf(Array<string>(1_000).fill('wide-'), ['x']), 'none'));
    expect(pieces).toHaveLength(2);
    expect(pieces[0]?.startsWith('A      B\nwide-  b\n')).toBe(true);
    expect(pieces[1]).toBe('x      b\n');
  });
});
