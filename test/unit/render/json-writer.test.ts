import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/model/secret.ts';
import { jsonText } from '../../../src/render/json.ts';
import { createJsonWriter } from '../../../src/render/json-writer.ts';
import { jsonArrayPieces, jsonLinePieces } from '../../../src/render/pieces.ts';

const EVERY_UNIT = Array.from({ length: 0x3000 }, (_, index) => String.fromCharCode(index));

const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1.5e300,
  Number.NaN,
  '',
  'plain',
  'a "quoted" \\ word',
  ...EVERY_UNIT.map((unit) => `a${unit}b`),
  '\u{1f511} \ud800 \u{e0041} \ufeff',
  [],
  {},
  [[], {}, undefined, () => undefined, Symbol('s'), null],
  { anId: null, b: undefined, lastUsedAt: 'x', c: () => undefined },
  { b: undefined },
  { deep: [{ deepName: [{ veryDeepName: ['\u202e', { x: null }] }] }] },
  { 'n\u00e4me "x"': 1, '\u202e': null, already_snake: 2 },
  { key: new Secret('SECRET-7f3a'), at: new Date(0) },
  new Secret('SECRET-7f3a'),
];

async function* inGroups(...groups: ReadonlyArray<readonly unknown[]>): AsyncGenerator<readonly unknown[]> {
  for (const group of groups) yield group;
}

async function all(pieces: AsyncIterable<string>): Promise<readonly string[]> {
  const list: string[] = [];
  for await (const piece of pieces) list.push(piece);
  return list;
}

describe('the writer of long lists', () => {
  it('says of every value what jsonText says', () => {
    const writer = createJsonWriter();
    const written = VALUES.map((value) => {
      writer.value(value);
      return writer.take();
    });
    expect(written).toEqual(VALUES.map((value) => jsonText(value, false)));
  });

  it('says it also of many values one after the other, whatever comes before them', () => {
    const writer = createJsonWriter();
    const many = [...VALUES, ...VALUES.toReversed(), 'x'.repeat(200_000), { longName: 'y'.repeat(100_000) }, ...VALUES];
    for (const value of many) {
      writer.value(value);
      writer.mark('\n');
    }
    expect(writer.take()).toBe(many.map((value) => `${jsonText(value, false)}\n`).join(''));
    expect([writer.isEmpty(), writer.take()]).toEqual([true, '']);
  });
});

describe('a long group', () => {
  const group = Array.from({ length: 3_000 }, (_, index) => ({ id: `key-${index}`, createdAt: null, scopes: ['a', '\u00e4'] }));

  it('goes out in several pieces, none of which holds a part of a line', async () => {
    const pieces = await all(jsonLinePieces(inGroups(group, [], group.slice(0, 1))));
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.every((piece) => piece.length < 40_000 && piece.endsWith('}\n'))).toBe(true);
    expect(pieces.join('')).toBe([...group, ...group.slice(0, 1)].map((value) => `${jsonText(value, false)}\n`).join(''));
  });

  it('is one array all the same', async () => {
    const pieces = await all(jsonArrayPieces(inGroups(group, [], group), false));
    expect(pieces.length).toBeGreaterThan(6);
    expect(pieces.join('')).toBe(`${jsonText([...group, ...group], false)}\n`);
  });
});
