import { describe, expect, it } from 'vitest';
import type { MarkedKey } from '../../../src/model/api-key.ts';
import { keyPieces, type KeyWishes } from '../../../src/render/keys.ts';

const key = (id: string): MarkedKey => ({
  id,
  name: null,
  prefix: null,
  scopes: [],
  agent: null,
  hubs: [],
  trust: null,
  createdAt: null,
  expiresAt: null,
  lastUsedAt: null,
  marks: [],
});

/** Pages that note when they are asked for. */
function pages(): { readonly asked: number[]; readonly keys: AsyncIterable<readonly MarkedKey[]> } {
  const asked: number[] = [];
  return {
    asked,
    keys: (async function* () {
      for (let page = 1; page <= 3; page += 1) {
        asked.push(page);
        yield [key(`k${page}`)];
      }
    })(),
  };
}

describe('keys in pieces', () => {
  it.each<[KeyWishes['form'], RegExp]>([
    ['text', /^k1(\t-){7}\n$/],
    ['json', /^\[\{"id":"k1",.*\}$/],
  ])('as %s go out page by page: no page is asked for before the one in hand is written', async (form, first) => {
    const { asked, keys } = pages();
    const pieces = keyPieces(keys, { form, none: '' }, { terminal: false, now: 0 })[Symbol.asyncIterator]();
    expect((await pieces.next()).value).toMatch(first);
    expect(asked).toEqual([1]);
    await pieces.next();
    expect(asked).toEqual([1, 2]);
  });
});
