import { AuthorizationResponseError, ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { Failure } from '../model/failure.ts';
import { plainText } from '../render/plain-text.ts';
import { failureBehind } from './as-fetch.ts';

/** What an OAuth endpoint answered, when it answered by the book: the `error` code of RFC 6749 section 5.2 and 4.1.2.1. */
export type OAuthRefusal = { readonly kind: 'refusal'; readonly error: string; readonly description: string };

/** Long enough to be a token, and written like one. Servers put into their words what they were sent. */
const TOKEN_LIKE = /[A-Za-z0-9_.~+/=-]{20,}/;

/** How error codes are written, by RFC 6749 and by everybody. Anything else may be an echo. */
const ERROR_CODE = /^[a-z]+(?:[_-][a-z]+){0,5}$/;

/** The words of a server that may be shown: none where they hold something of `sent`, or anything that looks like a token. */
function shownWords({ error, description }: OAuthRefusal, sent: readonly string[]): string {
  const echoes = (text: string): boolean => sent.some((each) => each !== '' && (text.includes(each) || text.includes(encodeURIComponent(each))));
  const code = ERROR_CODE.test(error) && error.length <= 40 && !echoes(error) ? error : 'something that is not shown, since it may hold a secret';
  return description === '' || echoes(description) || TOKEN_LIKE.test(description) ? code : `${code}: ${plainText(description, 200)}`;
}

/** The OAuth error that stands behind something the library threw, or null where it was something else. */
export function refusalBehind(thrown: unknown): OAuthRefusal | null {
  if (!(thrown instanceof ResponseBodyError) && !(thrown instanceof AuthorizationResponseError)) return null;
  return { kind: 'refusal', error: plainText(thrown.error, 60), description: plainText(thrown.error_description ?? '', Number.MAX_SAFE_INTEGER) };
}

/** Whether the server answered a token request with a trouble of its own rather than with a verdict. */
export function serverTrouble(thrown: unknown): number | null {
  for (let error = thrown, depth = 0; typeof error === 'object' && error !== null && depth < 8; depth += 1) {
    if (error instanceof ResponseBodyError && (error.status >= 500 || error.status === 429)) return error.status;
    if (error instanceof Response || error instanceof WWWAuthenticateChallengeError) return error.status;
    error = 'cause' in error ? error.cause : undefined;
  }
  return null;
}

/**
 * Turns what the OAuth library threw into a failure of ours. `what` completes "Could not ...".
 * The library's messages name fields, never values, so the message may be shown; its causes hold bodies and may not.
 * `sent` are the secrets of the request, which the server may repeat in its words.
 */
export function oauthFailure(thrown: unknown, what: string, sent: readonly string[] = []): Failure {
  const ours = failureBehind(thrown);
  if (ours !== undefined) return ours;
  const trouble = serverTrouble(thrown);
  if (trouble === 429)
    return new Failure('rate-limited', { detail: `Could not ${what}: the server asks for a pause (429).`, hint: 'Wait a little and try again.' });
  if (trouble !== null && trouble >= 500) {
    return new Failure('unreachable', {
      detail: `Could not ${what}: the server answered ${trouble}.`,
      hint: 'The provider has trouble. Try again in a while.',
    });
  }
  const refusal = refusalBehind(thrown);
  if (refusal !== null) {
    return new Failure('refused', {
      detail: `Could not ${what}: the server says ${shownWords(refusal, sent)}.`,
      hint: 'Start the sign-in again; if it stays so, the provider does not admit this client.',
    });
  }
  if (thrown instanceof ClientError || thrown instanceof WWWAuthenticateChallengeError || thrown instanceof TypeError) {
    const status = trouble === null ? '' : ` (status ${trouble})`;
    return new Failure('unexpected-answer', {
      detail: `Could not ${what}: ${plainText(thrown.message, 200)}${status}.`,
      hint: 'Check that the API address leads to the provider.',
    });
  }
  return new Failure('bug', { detail: `Could not ${what}.`, cause: thrown });
}
