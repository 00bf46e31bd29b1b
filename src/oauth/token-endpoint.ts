import { refreshTokenGrant, tokenRevocation } from 'openid-client';
import type { OAuthSession } from '../model/credentials.ts';
import type { Http } from '../model/http.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { TokenKind } from '../model/revocation.ts';
import { Secret } from '../model/secret.ts';
import type { ProviderOAuth } from '../providers/provider.ts';
import { dpopHandle } from './dpop.ts';
import { oauthFailure, refusalBehind, serverTrouble } from './failures.ts';
import { configurationOf, type RevokingServer } from './server.ts';
import { forgivingTokenReply, strandedRefreshToken } from './token-reply.ts';
import { toSession } from './tokens.ts';

/** SHA-256 of a token as hex: says which token was meant without saying the token. */
export async function tokenHash(token: Secret): Promise<string> {
  const { createHash } = await import('node:crypto');
  return createHash('sha256').update(token.reveal()).digest('hex');
}

/** The verdict on a refresh token. Trouble on the way (offline, 5xx, a limit) is thrown, since it says nothing about the token. */
export type RefreshOutcome =
  /** With `unfit` the access token of the reply was of no use: the session has the new refresh token and counts as expired. */
  | { readonly kind: 'refreshed'; readonly session: OAuthSession; readonly unfit?: Failure }
  /** `invalid_grant`: this refresh token is spent, expired or revoked. */
  | { readonly kind: 'grant-ended' }
  /** `invalid_client` or `unauthorized_client`: the registration is gone, whatever the token. */
  | { readonly kind: 'client-unknown' };

/**
 * Trades a refresh token for new tokens at the endpoint of the sign-in (RFC 6749 section 6). Sent once, never again by itself:
 * a server that rotates takes a second use of the same token for theft. `scopeSeparator` is how the server writes scopes.
 */
export async function refresh(
  http: Http,
  session: OAuthSession,
  refreshToken: Secret,
  now: () => number,
  scopeSeparator: ProviderOAuth['scopeSeparator'] = ' ',
): Promise<RefreshOutcome> {
  let stranded: string | undefined;
  try {
    const config = configurationOf(http, session, (reply) => {
      stranded = strandedRefreshToken(reply);
      return forgivingTokenReply(reply, scopeSeparator);
    });
    const bound = session.dpopKey === undefined ? undefined : { DPoP: await dpopHandle(config, session.dpopKey) };
    const reply = await refreshTokenGrant(config, refreshToken.reveal(), undefined, bound);
    return { kind: 'refreshed', session: toSession(reply, session, now(), session) };
  } catch (thrown) {
    const refusal = serverTrouble(thrown) === null || serverTrouble(thrown) === 400 || serverTrouble(thrown) === 401 ? refusalBehind(thrown) : null;
    if (refusal?.error === 'invalid_grant') return { kind: 'grant-ended' };
    if (refusal?.error === 'invalid_client' || refusal?.error === 'unauthorized_client') return { kind: 'client-unknown' };
    const failure = oauthFailure(thrown, 'refresh the session', [refreshToken.reveal(), session.accessToken.reveal()]);
    if (stranded === undefined) throw failure;
    const at = now();
    return { kind: 'refreshed', session: { ...session, refreshToken: new Secret(stranded), obtainedAt: at, expiresAt: at }, unfit: failure };
  }
}

export type RevocationOutcome =
  | { readonly kind: 'revoked' }
  /** The server publishes no revocation endpoint (RFC 7009). */
  | { readonly kind: 'not-offered' }
  /** The server, or what stands at its place, will not do it however often it is asked. */
  | { readonly kind: 'refused'; readonly why: string }
  /** It did not work this time. */
  | { readonly kind: 'failed'; readonly why: string };

/** What says that there is no such endpoint (any more). Anything else that a server answers may pass. */
const GONE: readonly (number | null)[] = [404, 405, 410, 501];

function isLasting(thrown: unknown): boolean {
  const trouble = serverTrouble(thrown);
  return GONE.includes(trouble) || (trouble === null && refusalBehind(thrown) !== null);
}

/** Asks the server to revoke one token (RFC 7009). Never throws: signing out goes on whatever happens here. */
export async function revokeToken(http: Http, server: RevokingServer, token: Secret, hint: TokenKind): Promise<RevocationOutcome> {
  if (server.revocationEndpoint === null) return { kind: 'not-offered' };
  try {
    await tokenRevocation(configurationOf(http, server), token.reveal(), { token_type_hint: hint });
    return { kind: 'revoked' };
  } catch (thrown) {
    // RFC 7009 section 2.2.1: the server does not revoke this type of token; it then ends with its refresh token or its expiry.
    if (refusalBehind(thrown)?.error === 'unsupported_token_type') return { kind: 'not-offered' };
    const failure = oauthFailure(thrown, 'revoke the token', [token.reveal()]);
    return { kind: isLasting(thrown) ? 'refused' : 'failed', why: isFailure(failure) ? failure.detail : 'unknown' };
  }
}

/** Revokes what a session holds, the refresh token first, since the other usually ends with it. */
export async function revokeSession(
  http: Http,
  session: OAuthSession,
): Promise<ReadonlyArray<{ readonly token: TokenKind; readonly outcome: RevocationOutcome }>> {
  const tokens = [
    ['refresh_token', session.refreshToken],
    ['access_token', session.accessToken],
  ] as const;
  const outcomes = [];
  for (const [token, secret] of tokens) {
    if (secret !== null) outcomes.push({ token, outcome: await revokeToken(http, session, secret, token) });
  }
  return outcomes;
}
