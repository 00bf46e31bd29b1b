import type { HttpReply, HttpRequest } from '../../model/http.ts';

const MOST_TRIES = 3;

const FIRST_WAIT_MS = 300;

/** RFC 9110 section 9.2.2, without the methods that are not spoken here. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

const TOO_MANY = 429;

/** Statuses that may be gone at the next try: too many requests, and a server behind the server that is not well. */
const PASSING: ReadonlySet<number> = new Set([TOO_MANY, 502, 503, 504]);

export function triesFor(request: Pick<HttpRequest, 'method' | 'retry'>): number {
  return request.retry !== 'never' && IDEMPOTENT.has(request.method) ? MOST_TRIES : 1;
}

/** Whether a reply may be another one at the next try, and the next try is ours to make. */
export function isPassing(reply: HttpReply, retry: HttpRequest['retry']): boolean {
  return PASSING.has(reply.status) && !(retry === 'except-429' && reply.status === TOO_MANY);
}

/** Milliseconds before the next try, after `tried` of them: 300, 600 and so on, less up to a half by chance. `fraction` is from 0 up to 1. */
export function backOff(tried: number, fraction: number): number {
  return Math.round(FIRST_WAIT_MS * 2 ** (tried - 1) * (1 - fraction / 2));
}
