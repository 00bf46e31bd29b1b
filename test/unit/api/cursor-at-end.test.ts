import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorAtEnd, cursorIn } from '../../../src/api/cursor-at-end.ts';
import type { FieldPath } from '../../../src/providers/provider.ts';
import { valueAt } from '../../../src/providers/read.ts';

const PATHS: readonly FieldPath[] = [['next'], ['page', 'next'], ['a', 'page', 'next'], ['toString'], ['__proto__', 'next']];

describe('the cursor at the end of a page', () => {
  it.each<[string, FieldPath, string]>([
    ['{"items":[{"next":"no"}],"next":"yes"}', ['next'], 'yes'],
    ['{"items":[],"next":"no","next":"yes","more":true} \n', ['next'], 'yes'],
    ['{"items":[1],"page":{"next":7,"of":{"next":8}}}', ['page', 'next'], '7'],
    ['{"warnings":["]"], "items": [[]], "next": "a\\"b" }', ['next'], 'a"b'],
  ])('is found in %s', (text, next, cursor) => {
    expect(cursorAtEnd(text, next)).toBe(cursor);
  });

  it.each([
    '',
    '[]',
    '{"next":"before","items":[]}',
    '{"items":[],"next":""}',
    '{"items":[],"next":null}',
    '{"items":[{"deep":[],"next":"inner"}]}',
    '{"items":{"deep":[],"next":"inner"}}',
    '{"items":[],"note":"], \\"next\\":\\"said\\""}',
    '{"items":[],"note":"],","x":{"next":"inner"}}',
    '{"items":[],"next":"brackets ]"}',
    '{"items":[],"next":"cut o',
    `{"items":[],"note":"${'x'.repeat(5_000)}","next":"far"}`,
  ])('is not made out in %s', (text) => {
    expect(cursorAtEnd(text, ['next'])).toBeUndefined();
  });

  it('is the one that the whole page names, whatever a page looks like', () => {
    const word = fc.constantFrom('next', 'page', 'a', 'items', '],', ',"next":"x"}', '"', '\\', '{', '}]', 'toString', '__proto__');
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        word,
        fc.integer(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.array(fc.tuple(word, tie('value')), { maxLength: 4 }).map((fields) => Object.fromEntries(fields)),
      ),
    }));
    let found = 0;
    const indents = fc.constantFrom(0, 2);
    fc.assert(
      fc.property(value, fc.constantFrom(...PATHS), indents, fc.constantFrom('', ',"next":"x"}', ']'), (body, path, indent, more) => {
        const text = JSON.stringify(body, null, indent) + more;
        const cursor = cursorAtEnd(text, path);
        if (cursor === undefined) return;
        found += 1;
        let whole: unknown;
        try {
          whole = JSON.parse(text);
        } catch {
          return;
        }
        expect(cursor).toBe(cursorIn(valueAt(whole, path)));
      }),
      { numRuns: 20_000 },
    );
    expect(found).toBeGreaterThan(0);
  });
});
