import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/adapters/random.ts';

const random = createRandom();

describe('chance', () => {
  it('gives as many bytes as asked, as base64url without padding', () => {
    for (const bytes of [1, 12, 16, 32, 64]) {
      const token = random.token(bytes);
      expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(Buffer.from(token, 'base64url').length).toBe(bytes);
    }
  });

  it('never gives the same token twice', () => {
    expect(new Set(Array.from({ length: 1000 }, () => random.token(16))).size).toBe(1000);
  });

  it('gives fractions from 0 up to 1, and not always the same', () => {
    const fractions = Array.from({ length: 1000 }, () => random.fraction());
    expect(fractions.every((fraction) => fraction >= 0 && fraction < 1)).toBe(true);
    expect(new Set(fractions).size).toBeGreaterThan(900);
  });
});
