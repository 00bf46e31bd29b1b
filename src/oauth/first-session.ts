import type { TokenEndpointResponse } from 'openid-client';
import type { OAuthSession } from '../model/credentials.ts';
import type { Http } from '../model/http.ts';
import { Failure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';
import type { PinnedServer } from './server.ts';
import { revokeSession } from './token-endpoint.ts';
import { toSession } from './tokens.ts';

export interface Asked {
  readonly server: PinnedServer;
  readonly scopes: readonly string[];
  /** The key that the tokens were to be bound to (RFC 9449); null for bearer tokens. */
  readonly dpopKey: Secret | null;
  /** Unix milliseconds. */
  readonly now: number;
}

/** The session that a sign-in ends with. Tokens of another type than was asked for are revoked and are `unexpected-answer`. */
export async function firstSession(http: Http, reply: TokenEndpointResponse, { server, scopes, dpopKey, now }: Asked): Promise<OAuthSession> {
  const session = toSession(reply, server, now, { refreshToken: null, scopes, ...(dpopKey === null ? {} : { dpopKey }) });
  if ((reply.token_type === 'dpop') === (dpopKey !== null)) return session;
  await revokeSession(http, session);
  throw new Failure('unexpected-answer', {
    detail: `The server gave tokens of the type ${reply.token_type}, and not of the type that was asked for. They were not kept.`,
    hint: dpopKey === null ? 'Sign in with --dpop.' : 'Sign in without --dpop.',
  });
}
