import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textHash } from '../../../src/adapters/text-hash.ts';

const byNode = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

describe('the hash of a text', () => {
  it('is that of FIPS 180-4', () => {
    expect(textHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('is what node:crypto gives, whatever its length and characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(textHash(text)).toBe(byNode(text));
      }),
    );
  });

  it.each([0, 54, 55, 56, 63, 64, 65, 119, 120, 128, 10_000])('is right where %i bytes end or begin a block', (length) => {
    expect(textHash('x'.repeat(length))).toBe(byNode('x'.repeat(length)));
  });
});
