import type { HttpReply } from '../model/http.ts';
import { Failure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';
import { keyPrefixes } from '../providers/credential-kind.ts';
import type { Provider } from '../providers/provider.ts';
import { plainText } from '../render/plain-text.ts';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * Takes the credential that was sent, and anything that looks like a key of this provider, out of a server's words. The words are made
 * plain before: what is taken out for the screen must not be what kept a key from being seen.
 */
export function withoutSecrets(words: string, sent: Secret, provider: Provider): string {
  return keyPrefixes(provider).reduce(
    (text, prefix) => text.replace(new RegExp(`${escaped(prefix)}[A-Za-z0-9_-]{16,}`, 'g'), '[secret]'),
    plainText(words, Number.MAX_SAFE_INTEGER).replaceAll(sent.reveal(), '[secret]'),
  );
}

/** What the provider said about a failure, safe to show: its code and message in one line, and the number of the request; or nothing. */
export function serverWords(provider: Provider, body: unknown, sent: Secret): string {
  const { code, message, requestId } = provider.readError(body);
  const words = [code, message].filter((part): part is string => part !== null && part !== '').join(': ');
  return plainText(withoutSecrets(requestId === null ? words : `${words} [request ${requestId}]`.trim(), sent, provider));
}

/** RFC 6750 section 3.1: the scope that a 403 asks for, where the challenge names it. */
function missingScope(reply: HttpReply): string | null {
  const challenge = reply.headers['www-authenticate'] ?? '';
  if (!/error="?insufficient_scope"?/.test(challenge)) return null;
  return plainText(/scope="([^"]*)"/.exec(challenge)?.[1] ?? '', 100);
}

/** RFC 9110 section 10.2.3: seconds or a date; in words, or null where the server does not say. */
function pauseAskedFor(reply: HttpReply): string | null {
  const value = reply.headers['retry-after'];
  if (value === undefined) return null;
  if (/^[0-9]{1,9}$/.test(value)) return `in ${value} s`;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : `after ${new Date(date).toISOString()}`;
}

/** The failure that a status other than 2xx and 401 stands for. `what` says in a few words what was asked. */
export function statusFailure(provider: Provider, what: string, reply: HttpReply, words: string): Failure {
  const said = words === '' ? `${provider.name} answered ${reply.status}.` : `${provider.name} says: ${words} (${reply.status}).`;
  const detail = `Could not ${what}. ${said}`;
  const own = provider.statusHints[reply.status];
  if (own !== undefined && reply.status >= 400 && reply.status < 500) return new Failure('refused', { detail, hint: own });
  switch (reply.status) {
    case 402:
      return new Failure('refused', { detail, hint: 'A quota of the plan is used up. Look at the plan in the dashboard.' });
    case 403: {
      const scope = missingScope(reply);
      if (scope === null)
        return new Failure('refused', { detail, hint: 'Use a credential that may do this: sign in with "keywright login", or take a key with wider scopes.' });
      return new Failure('missing-scope', { detail, hint: `Use a credential${scope === '' ? ' with the scope it needs' : ` that has the scope ${scope}`}.` });
    }
    case 404:
      return new Failure('not-found', { detail, hint: 'Check the id, and that the API address leads to the right place.' });
    case 409:
      return new Failure('refused', { detail, hint: 'It conflicts with something that is there already, such as a key of the same name.' });
    case 429: {
      const pause = pauseAskedFor(reply);
      return new Failure('rate-limited', { detail, hint: pause === null ? 'Wait a little and try again.' : `Try again ${pause}.` });
    }
    default:
      if (reply.status >= 500) return new Failure('unreachable', { detail, hint: 'The provider has trouble. Try again in a while.' });
      if (reply.status >= 400) return new Failure('refused', { detail, hint: 'Correct what the provider names, and try again.' });
      return new Failure('unexpected-answer', { detail, hint: 'Check the API address.' });
  }
}
