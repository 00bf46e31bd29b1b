import type { HttpReply } from '../model/http.ts';
import type { ProviderOAuth } from '../providers/provider.ts';

/** Ten years. A life that is said to be longer is a slip, and as a date it may not even exist. */
const LONGEST_LIFE_SECONDS = 10 * 365 * 24 * 3600;

type Fields = Readonly<Record<string, unknown>>;

/**
 * A token endpoint's reply, forgivingly reread before the OAuth library judges it (RFC 6749 section 5.1).
 *
 * A rotated refresh token exists once: a reply that is thrown away for a small fault ends a session that the server
 * still honours. So `expires_in` may be text, or is left out where it makes no sense; a `token_type` that is missing or
 * unknown is taken as bearer, and the provider's API has the last word on it; an `id_token`, which nothing here uses, is
 * dropped, as are a refresh token and a scope that are not text. Only the access token must be there. Scopes between which the server
 * writes commas get the spaces of section 3.3.
 *
 * A refusal with an `error` in its body (section 5.2) is judged by that and not by a challenge in its head, which the
 * library would look at first: there stands how to authenticate, not what became of the token.
 */
export function forgivingTokenReply(reply: HttpReply, scopeSeparator: ProviderOAuth['scopeSeparator'] = ' '): HttpReply {
  const fields = readFields(reply.body);
  if (fields === undefined) return reply;
  if (typeof fields['error'] === 'string' && reply.status >= 400) {
    const { 'www-authenticate': _challenge, ...headers } = reply.headers;
    return { ...reply, headers };
  }
  if (typeof fields['access_token'] !== 'string') return reply;
  if (!isFit(fields['access_token'])) {
    const { access_token: _unfit, ...others } = fields;
    return { ...reply, body: JSON.stringify(others) };
  }
  const { token_type: type, refresh_token: refreshToken, scope } = fields;
  const seconds = lifeOf(fields['expires_in']);
  const body = {
    access_token: fields['access_token'],
    token_type: typeof type === 'string' && type.toLowerCase() === 'dpop' ? 'dpop' : 'bearer',
    ...(seconds === undefined ? {} : { expires_in: seconds }),
    ...(isFit(refreshToken) ? { refresh_token: refreshToken } : {}),
    ...(typeof scope === 'string' ? { scope: scope.replaceAll(scopeSeparator, ' ') } : {}),
  };
  return { ...reply, body: JSON.stringify(body) };
}

/** The refresh token of a reply whose access token cannot be used: it may be the only one that the server still honours. */
export function strandedRefreshToken(reply: HttpReply): string | undefined {
  const fields = reply.status === 200 ? readFields(reply.body) : undefined;
  return fields !== undefined && !isFit(fields['access_token']) && isFit(fields['refresh_token']) ? fields['refresh_token'] : undefined;
}

/** RFC 6749 appendix A.12 and A.17, without the space: a token is sent in a header and printed, and must not end its line. */
function isFit(token: unknown): token is string {
  return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token);
}

function readFields(body: string): Fields | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  return isFields(value) ? value : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whole seconds; undefined where a life is not said, or is none that a token can have. */
function lifeOf(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && /^[0-9]+(\.[0-9]*)?$/.test(value.trim()) ? Number(value) : value;
  return typeof seconds === 'number' && seconds >= 1 && seconds <= LONGEST_LIFE_SECONDS ? Math.floor(seconds) : undefined;
}
