import { Failure } from './failure.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const UNITS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS, w: 7 * DAY_MS, y: 365 * DAY_MS };

/** Of lives that may be as short as a second. */
const SHORT_UNITS: Readonly<Record<string, number>> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };

/** Ten years: a longer life is a mistake, or no expiry at all and should be said so. */
const LONGEST_MS = 3650 * DAY_MS;

/**
 * Reads `90d`, `12h`, `30m`, `2w`, `1y` as milliseconds.
 * Anything else, nothing, or more than ten years is a `usage` failure that names the flag.
 */
export function parseDuration(text: string, flag: string): number {
  const match = /^([0-9]{1,6})([mhdwy])$/.exec(text.trim());
  const unit = match === null ? undefined : UNITS[match[2] ?? ''];
  if (match === null || unit === undefined) {
    throw new Failure('usage', { detail: `${flag} "${text}" is not a duration.`, hint: 'Write a number and a unit: 30m, 12h, 90d, 2w or 1y.' });
  }
  const span = Number(match[1]) * unit;
  if (span === 0) throw new Failure('usage', { detail: `${flag} ${text} is no time at all.`, hint: 'Give at least a minute, such as 12h or 90d.' });
  if (span > LONGEST_MS) throw new Failure('usage', { detail: `${flag} ${text} is more than ten years.`, hint: 'Give a shorter life, such as 90d.' });
  return span;
}

/**
 * Reads `30s`, `15m`, `12h` or `1d` as milliseconds, for what lives shortly: seconds count here, weeks and years do not.
 * Anything else, nothing, less than `shortestMs` or more than `longestMs` is a `usage` failure that names the flag.
 */
export function parseSpan(text: string, flag: string, { shortestMs, longestMs }: { readonly shortestMs: number; readonly longestMs: number }): number {
  const match = /^([0-9]{1,6})([smhd])$/.exec(text.trim());
  const unit = match === null ? undefined : SHORT_UNITS[match[2] ?? ''];
  if (match === null || unit === undefined) {
    throw new Failure('usage', { detail: `${flag} "${text}" is not a duration.`, hint: 'Write a number and a unit: 30s, 15m, 12h or 1d.' });
  }
  const span = Number(match[1]) * unit;
  if (span >= shortestMs && span <= longestMs) return span;
  throw new Failure('usage', {
    detail: `${flag} ${text.trim()} is ${span < shortestMs ? 'too short' : 'too long'}.`,
    hint: `Give from ${spanWords(shortestMs)} to ${spanWords(longestMs)}.`,
  });
}

/** A span in the largest unit that divides it: `90s`, `24h`. */
function spanWords(ms: number): string {
  if (ms % HOUR_MS === 0) return `${ms / HOUR_MS}h`;
  return ms % MINUTE_MS === 0 ? `${ms / MINUTE_MS}m` : `${ms / SECOND_MS}s`;
}

/**
 * Reads when something shall end: a duration from `now`, or a date (`2027-01-31`, `2027-01-31T12:00:00Z`).
 * Gives Unix milliseconds. The past, and more than ten years ahead, are `usage` failures.
 */
export function parseExpiry(text: string, flag: string, now: number): number {
  if (!/^[0-9]{4}-/.test(text.trim())) return now + parseDuration(text, flag);
  const date = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2}))?$/.test(text.trim()) ? Date.parse(text.trim()) : Number.NaN;
  if (Number.isNaN(date)) throw new Failure('usage', { detail: `${flag} "${text}" is not a date.`, hint: 'Write 2027-01-31, or a duration such as 90d.' });
  if (date <= now) throw new Failure('usage', { detail: `${flag} ${text} is in the past.`, hint: 'Give a time to come, such as 90d.' });
  if (date - now > LONGEST_MS)
    throw new Failure('usage', { detail: `${flag} ${text} is more than ten years away.`, hint: 'Give a shorter life, such as 90d.' });
  return date;
}
