import { describe, expect, it } from 'vitest';
import { parseDuration, parseExpiry, parseSpan } from '../../../src/model/duration.ts';
import { failedWith } from '../../../src/model/failure.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.parse('2026-06-15T12:00:00Z');

/** The detail of the usage failure that `work` throws. */
function usageOf(work: () => unknown): string {
  try {
    return `no failure but ${String(work())}`;
  } catch (thrown) {
    return failedWith(thrown, 'usage') ? thrown.detail : `another failure: ${String(thrown)}`;
  }
}

describe('a duration', () => {
  it.each([
    ['1m', MINUTE],
    ['30m', 30 * MINUTE],
    ['12h', 12 * 60 * MINUTE],
    ['90d', 90 * DAY],
    ['2w', 14 * DAY],
    ['1y', 365 * DAY],
    ['10y', 3650 * DAY],
    [' 7d ', 7 * DAY],
    ['007d', 7 * DAY],
  ])('%j is understood', (text, span) => {
    expect(parseDuration(text, '--grace')).toBe(span);
  });

  it.each(['', ' ', 'd', '12', '12 d', '1.5h', '-1d', '+1d', '1d2h', '90D', '1M', '1s', '1e3d', '0x1d', '9999999d', '\u0661d', '1d\n2d', 'NaNd'])(
    '%j is not',
    (text) => {
      expect(usageOf(() => parseDuration(text, '--grace'))).toBe(`--grace "${text}" is not a duration.`);
    },
  );

  it.each(['0m', '0d', '000y'])('%s is no time at all', (text) => {
    expect(usageOf(() => parseDuration(text, '--grace'))).toBe(`--grace ${text} is no time at all.`);
  });

  it.each(['3651d', '11y', '999999y'])('%s is too long', (text) => {
    expect(usageOf(() => parseDuration(text, '--grace'))).toBe(`--grace ${text} is more than ten years.`);
  });
});

describe('a span', () => {
  const limits = { shortestMs: 1_000, longestMs: DAY };
  const read = (text: string): number => parseSpan(text, '--ttl', limits);

  it.each([
    ['1s', 1_000],
    ['90s', 90_000],
    ['15m', 15 * MINUTE],
    ['1h', 60 * MINUTE],
    ['24h', DAY],
    ['1d', DAY],
    [' 86400s ', DAY],
  ])('%j is understood', (text, span) => {
    expect(read(text)).toBe(span);
  });

  it.each(['', 's', '60', '1.5s', '-1s', '1w', '1y', '1S', '1ms', '0x1s', '1s\n1s'])('%j is not', (text) => {
    expect(usageOf(() => read(text))).toBe(`--ttl "${text}" is not a duration.`);
  });

  it.each([
    ['0s', 'too short'],
    ['0h', 'too short'],
    ['25h', 'too long'],
    ['86401s', 'too long'],
    ['999999d', 'too long'],
  ])('%s is %s', (text, why) => {
    expect(usageOf(() => read(text))).toBe(`--ttl ${text} is ${why}.`);
  });
});

describe('an expiry', () => {
  it.each([
    ['90d', NOW + 90 * DAY],
    ['2026-06-16', Date.parse('2026-06-16T00:00:00Z')],
    ['2027-01-31T12:00:00Z', Date.parse('2027-01-31T12:00:00Z')],
    ['2027-01-31T12:00:00.5Z', Date.parse('2027-01-31T12:00:00.500Z')],
    ['2027-01-31T12:00:00+02:00', Date.parse('2027-01-31T10:00:00Z')],
    ['2026-06-15T12:00:01Z', NOW + 1_000],
  ])('%s is understood', (text, time) => {
    expect(parseExpiry(text, '--expires', NOW)).toBe(time);
  });

  it.each(['2027-1-31', '2027-02-30T', '2027-13-01', '2027-01-31T12:00:00', '2027-01-31 12:00', '2027-01-31T25:00:00Z', '2027-W05', '2027-'])(
    '%j is no date',
    (text) => {
      expect(usageOf(() => parseExpiry(text, '--expires', NOW))).toBe(`--expires "${text}" is not a date.`);
    },
  );

  it.each(['2026-06-15', '2026-06-15T12:00:00Z', '0001-01-01', '1970-01-01'])('%s is past', (text) => {
    expect(usageOf(() => parseExpiry(text, '--expires', NOW))).toBe(`--expires ${text} is in the past.`);
  });

  it.each(['2036-07-01', '9999-12-31'])('%s is too far away', (text) => {
    expect(usageOf(() => parseExpiry(text, '--expires', NOW))).toBe(`--expires ${text} is more than ten years away.`);
  });
});
