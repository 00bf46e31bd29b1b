import { Failure } from '../model/failure.ts';
import { isLoopback } from '../model/loopback.ts';

/** What needs no other look, which would take long to prepare. */
const PLAIN = /^[\x21-\x7e]+$/;

/** Https and a host of plain names that ends in letters, so that it is no number and no name in another script; or this machine and a port that is not the usual one. */
const PLAIN_ORIGIN = /^(?:https:\/\/(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}|http:\/\/(?:127\.0\.0\.1|localhost):(?<port>[1-9][0-9]{3,4}))$/;

const LAST_PORT = 65_535;

/**
 * Whether an address is written as `URL` would write it and holds nothing that `checkedBaseUrl` looks for. To tell that takes a fresh
 * process far less time than its first `URL`.
 */
export function isPlainOrigin(text: string): boolean {
  const found = PLAIN_ORIGIN.exec(text);
  return found !== null && Number(found.groups?.['port'] ?? 0) <= LAST_PORT;
}

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
