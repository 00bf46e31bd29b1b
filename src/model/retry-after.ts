import type { HttpReply } from './http.ts';

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
