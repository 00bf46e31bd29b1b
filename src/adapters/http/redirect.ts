import type { HttpReply, HttpRequest } from '../../model/http.ts';
import { Failure } from '../../model/failure.ts';

export const MOST_REDIRECTS = 5;

/** RFC 9110 section 15.4: the statuses that mean "send it there instead". */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Where a reply sends us, or undefined where it sends nowhere. Only a GET or HEAD to the same origin may go on: the credential belongs to
 * one origin, and a write is not repeated. Every other redirect is `unexpected-answer` and says that nothing was sent there.
 */
export function redirectTarget(method: HttpRequest['method'], from: URL, reply: HttpReply): URL | undefined {
  const location = reply.headers.location;
  if (!REDIRECTS.has(reply.status) || location === undefined) return undefined;
  if (!URL.canParse(location, from.href)) throw stopped(from, 'an address that cannot be read');
  const target = new URL(location, from.href);
  if (target.origin !== from.origin) throw stopped(from, target.origin === 'null' ? `an address of the kind ${target.protocol}` : target.origin);
  if (target.username !== '' || target.password !== '') throw stopped(from, 'an address with a user name in it');
  if (method !== 'GET' && method !== 'HEAD') throw stopped(from, `another path of ${target.origin} after ${method}`);
  return target;
}

export function tooManyRedirects(from: URL): Failure {
  return new Failure('unexpected-answer', { detail: `${from.host} redirected more than ${MOST_REDIRECTS} times.`, hint: 'Check the API URL.' });
}

function stopped(from: URL, where: string): Failure {
  return new Failure('unexpected-answer', {
    detail: `${from.host} redirected to ${where}; nothing was sent there.`,
    hint: 'If the API has moved, give its new address as the API URL and sign in there.',
  });
}
