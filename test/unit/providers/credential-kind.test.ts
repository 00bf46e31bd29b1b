import { describe, expect, it } from 'vitest';
import { fitsPattern } from '../../../src/providers/key-pattern.ts';

const HEX = { prefix: 'mxk_', alphabet: 'hex', length: 8 } as const;

describe('a key pattern', () => {
  it.each(['mxk_01234567', 'mxk_abcdef00'])('fits %s', (value) => {
    expect(fitsPattern(HEX, value)).toBe(true);
  });

  it.each([
    '',
    'mxk_',
    'mxk_0123456',
    'mxk_012345678',
    'mxk_ABCDEF00',
    'mxk_0123456g',
    'Mxk_01234567',
    'xmxk_01234567',
    'mxk_01234567\n',
    '\nmxk_01234567',
    'mxk_0123\n567',
    ' mxk_01234567',
  ])('does not fit %j', (value) => {
    expect(fitsPattern(HEX, value)).toBe(false);
  });

  it('knows the other alphabets', () => {
    const fits = (alphabet: 'base64url' | 'alphanumeric', value: string) => fitsPattern({ prefix: 'k_', alphabet, length: 4 }, value);
    expect([fits('base64url', 'k_aZ-_'), fits('base64url', 'k_aZ+/'), fits('alphanumeric', 'k_aZ09'), fits('alphanumeric', 'k_aZ-_')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});
