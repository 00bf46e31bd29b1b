import type { TokenEndpointResponse } from 'openid-client';
import type { OAuthSession } from '../model/credentials.ts';
import { Secret } from '../model/secret.ts';
import type { PinnedServer } from './server.ts';

/** A token endpoint's reply as a session. What a reply does not repeat (refresh token, scopes) is taken over from `before` (RFC 6749 section 6). */
export function toSession(
  reply: TokenEndpointResponse,
  server: PinnedServer,
  now: number,
  before: Pick<OAuthSession, 'refreshToken' | 'scopes' | 'dpopKey'>,
): OAuthSession {
  return {
    kind: 'oauth',
    issuer: server.issuer,
    clientId: server.clientId,
    tokenEndpoint: server.tokenEndpoint,
    revocationEndpoint: server.revocationEndpoint,
    accessToken: new Secret(reply.access_token),
    refreshToken: reply.refresh_token === undefined ? before.refreshToken : new Secret(reply.refresh_token),
    expiresAt: reply.expires_in === undefined ? null : now + reply.expires_in * 1000,
    scopes: reply.scope === undefined ? before.scopes : reply.scope.split(' ').filter((scope) => scope !== ''),
    obtainedAt: now,
    ...(before.dpopKey === undefined ? {} : { dpopKey: before.dpopKey }),
  };
}
