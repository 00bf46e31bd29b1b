import { Failure } from '../../model/failure.ts';
import { isLoopback } from '../../model/loopback.ts';

/**
 * Reads an address that something may be sent to: `https:` anywhere, `http:` to loopback, no user name or password.
 * Anything else is `refused`. The text is never quoted, since it may hold a password.
 */
export function checkedAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new Failure('refused', { detail: 'The address of the request is not a URL.', hint: 'Check the API URL.' });
  if (url.username !== '' || url.password !== '') {
    throw new Failure('refused', { detail: `The address at ${url.host} holds a user name or a password.`, hint: 'Take it out of the API URL.' });
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url;
  const reason =
    url.protocol === 'http:' ? `Plain http to ${url.host} would send the credential unprotected.` : `${url.protocol} is not a protocol that is spoken here.`;
  throw new Failure('refused', { detail: reason, hint: 'Use an https: address, or http: on 127.0.0.1, [::1] or localhost.' });
}
