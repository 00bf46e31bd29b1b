import { describe, expect, it } from 'vitest';
import { relativeTime, rfc3339 } from '../../../src/render/time.ts';

const NOW = Date.parse('2026-06-15T12:00:00Z');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('a relative time', () => {
  it.each([
    [0, 'now'],
    [-59 * SECOND, 'now'],
    [59 * SECOND, 'now'],
    [-MINUTE, '1m ago'],
    [MINUTE, 'in 1m'],
    [-59 * MINUTE, '59m ago'],
    [-HOUR, '1h ago'],
    [23 * HOUR + 59 * MINUTE, 'in 23h'],
    [-DAY, '1d ago'],
    [400 * DAY, 'in 400d'],
  ])('%i ms away is %s', (distance, words) => {
    expect(relativeTime(rfc3339(NOW + distance), NOW)).toBe(words);
  });

  it('is - where there is none', () => {
    expect(relativeTime(null, NOW)).toBe('-');
  });
});
