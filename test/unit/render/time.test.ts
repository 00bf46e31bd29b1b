import * as fc from 'fast-check';
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
    [23 * HOUR + 20 * MINUTE, 'in 23h'],
    [-DAY, '1d ago'],
    [400 * DAY, 'in 400d'],
  ])('%i ms away is %s', (distance, words) => {
    expect(relativeTime(rfc3339(NOW + distance), NOW)).toBe(words);
  });

  it.each([
    // As they are a moment after somebody said for how long.
    [90 * DAY - 3 * SECOND, 'in 90d'],
    [8 * HOUR - 3 * SECOND, 'in 8h'],
    [30 * MINUTE - 3 * SECOND, 'in 30m'],
    // No "60m" and no "24h".
    [HOUR - SECOND, 'in 1h'],
    [DAY - SECOND, 'in 1d'],
    // An age is never said to be greater than it is: it is held against wishes such as "older than 90 days".
    [-90 * DAY + 3 * SECOND, '89d ago'],
    [-90 * DAY, '90d ago'],
    [-HOUR + SECOND, '59m ago'],
    [-DAY + SECOND, '23h ago'],
  ])('%i ms away is %s, to the nearest unit ahead and rounded down behind', (distance, words) => {
    expect(relativeTime(rfc3339(NOW + distance), NOW)).toBe(words);
  });

  it('never says of what is over that it is to come, or the other way round', () => {
    fc.assert(
      fc.property(fc.integer({ min: -500 * DAY, max: 500 * DAY }), (distance) => {
        const words = relativeTime(rfc3339(NOW + distance), NOW);
        expect(words).toMatch(distance < 0 ? /^(?:now|[1-9][0-9]*[mhd] ago)$/ : /^(?:now|in [1-9][0-9]*[mhd])$/);
        expect(words === 'now').toBe(Math.abs(distance) < MINUTE);
      }),
    );
  });

  it('is - where there is none', () => {
    expect(relativeTime(null, NOW)).toBe('-');
  });
});
