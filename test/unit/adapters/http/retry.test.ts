import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backOff } from '../../../../src/adapters/http/retry.ts';
import { retryAfterMs } from '../../../../src/model/retry-after.ts';

const NOW = Date.UTC(2026, 0, 1);
const reply = (value?: string): { status: number; headers: Record<string, string>; body: string } => ({
  status: 429,
  headers: value === undefined ? {} : { 'retry-after': value },
  body: '',
});

describe('backOff', () => {
  it.each([
    [1, 0, 300],
    [2, 0, 600],
    [1, 0.5, 225],
    [2, 0.999, 300],
  ])('after try %i with chance %d it is %i ms', (tried, fraction, ms) => expect(backOff(tried, fraction)).toBe(ms));
});

describe('retryAfterMs, away from Greenwich', () => {
  const zone = process.env['TZ'];
  beforeAll(() => void (process.env['TZ'] = 'Asia/Tokyo'));
  afterAll(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  it.each([
    ['120', 120_000],
    [' 1 ', 1000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Thursday, 01-Jan-26 00:01:00 GMT', 60_000],
    ['Thu Jan  1 00:01:00 2026', 60_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
  ])('reads %j', (value, ms) => expect(retryAfterMs(reply(value), NOW)).toBe(ms));

  it.each([undefined, '', 'soon', '-1', '1.5', '1e3', '2026-01-01T00:01:00Z', 'Thu, 99 Foo 2026 00:00:00 GMT', '9999999999999'])('does not read %j', (value) =>
    expect(retryAfterMs(reply(value), NOW)).toBeUndefined(),
  );
});
