import { createHash, randomBytes } from 'node:crypto';
import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { encodeCredential } from '../../src/model/stored-credential-codec.ts';
import type { OAuthSession } from '../../src/model/credentials.ts';
import { Secret } from '../../src/model/secret.ts';
import { signInAs } from '../../test/support/person.ts';

/** As long as a provider takes that is not far away. */
const LATENCY_MS = 20;

/** Nobody listens there: the redirect is not followed. */
const REDIRECT_URI = 'http://127.0.0.1:49152/callback';

/** A provider in this process. It is strict: a refresh token that comes twice ends the whole session (RFC 9700 section 4.14.2). */
export interface Provider {
  readonly realm: LocalRealm;
  /** Signs somebody in through the real pages; gives the text of the credential, with an access token that has already expired. */
  signIn(): Promise<string>;
  /** How many refreshes were asked for since the last time. */
  countRefreshes(): number;
  stop(): Promise<void>;
}

export async function startProvider(): Promise<Provider> {
  const backend: LocalBackend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 }, { latencyMs: LATENCY_MS });
  const realm = backend.realm('memax');
  return {
    realm,
    signIn: () => signIn(realm.origin),
    countRefreshes() {
      const count = realm.stats.count('token.refresh');
      realm.stats.reset();
      return count;
    },
    stop: () => backend.stop(),
  };
}

async function signIn(origin: string): Promise<string> {
  const registration = { client_name: 'Keywright', redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: 'none', application_type: 'native' };
  const clientId = textOf(await post(`${origin}/oauth/register`, JSON.stringify(registration), 'application/json'), 'client_id');
  const verifier = randomBytes(32).toString('base64url');
  const address = new URL('/oauth/authorize', origin);
  address.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    state: 'torture',
    scope: 'memax:read memax:write',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const code = new URL(await signInAs(address, { decision: 'allow' })).searchParams.get('code') ?? '';
  const form = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, client_id: clientId, code_verifier: verifier });
  const reply = await post(`${origin}/oauth/token`, form.toString(), 'application/x-www-form-urlencoded');
  const session: OAuthSession = {
    kind: 'oauth',
    issuer: `${origin}/`,
    clientId,
    tokenEndpoint: `${origin}/oauth/token`,
    revocationEndpoint: null,
    accessToken: new Secret(textOf(reply, 'access_token')),
    refreshToken: new Secret(textOf(reply, 'refresh_token')),
    expiresAt: Date.now() - 1_000,
    scopes: ['memax:read', 'memax:write'],
    obtainedAt: Date.now() - 3_600_000,
  };
  return encodeCredential(session);
}

async function post(url: string, body: string, type: string): Promise<unknown> {
  const reply = await fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
  return reply.json();
}

function textOf(value: unknown, name: string): string {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof found !== 'string') throw new Error(`the provider gave no ${name}: ${JSON.stringify(value)}`);
  return found;
}
