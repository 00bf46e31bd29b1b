import type { HttpReply, HttpRequest } from '../../model/deps.ts';

const MOST_TRIES = 3;

const FIRST_WAIT_MS = 300;

/** RFC 9110 section 9.2.2, without the methods that are not spoken here. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

/** Statuses that may be gone at the next try: too many requests, and a server behind the server that is not well. */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export function triesFor(request: Pick<HttpRequest, 'method' | 'retry'>): number {
  return request.retry !== 'never' && IDEMPOTENT.has(request.method) ? MOST_TRIES : 1;
}

export function isPassing(reply: HttpReply): boolean {
  return PASSING.has(reply.status);
}

/** Milliseconds before the next try, after `tried` of them: 300, 600 and so on, less up to a half by chance. `fraction` is from 0 up to 1. */
export function backOff(tried: number, fraction: number): number {
  return Math.round(FIRST_WAIT_MS * 2 ** (tried - 1) * (1 - fraction / 2));
}

/**
 * The milliseconds that a reply asks to wait (RFC 9110 section 10.2.3: seconds or an HTTP date), or undefined where it asks nothing
 * that can be read. A date that has passed is 0.
 */
export function retryAfterMs(reply: HttpReply, now: number): number | undefined {
  const value = reply.headers['retry-after']?.trim() ?? '';
  if (/^[0-9]{1,9}$/.test(value)) return Number(value) * 1000;
  if (!/^[A-Z][a-z]{2,8},? .*[0-9]{2}:[0-9]{2}:[0-9]{2}/.test(value)) return undefined;
  // Of the three date formats, asctime names no zone and means UTC all the same (RFC 9110 section 5.6.7).
  const date = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
