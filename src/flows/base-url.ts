import { Failure } from '../model/failure.ts';
import { isLoopback } from '../model/loopback.ts';

/** What needs no other look, which would take long to prepare. */
const PLAIN = /^[\x21-\x7e]+$/;

/**
 * An API address as it may be used: `https:`, or `http:` to loopback, without user-info, query or fragment, and without
 * a slash at its end. `whence` names where it comes from, for the failure.
 */
export function checkedBaseUrl(text: string, whence: string): URL {
  if (!URL.canParse(text) || (!PLAIN.test(text) && /[\p{Cc}\s]/u.test(text))) {
    throw new Failure('usage', { detail: `${whence} does not hold an address.`, hint: 'Write it like https://api.example.com' });
  }
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new Failure('usage', { detail: `${whence} holds an address that is neither https nor http.`, hint: 'Write it like https://api.example.com' });
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new Failure('refused', {
      detail: `${whence} leads over plain http to ${url.host}; a credential sent there can be read on the way.`,
      hint: 'Use https. Plain http is for this machine only.',
    });
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new Failure('usage', {
      detail: `${whence} holds an address with a user name, a query or a fragment.`,
      hint: 'Give only the scheme, the host and the path.',
    });
  }
  return url;
}
