import { describe, expect, it } from 'vitest';
import type { OAuthSession } from '../../../src/model/credentials.ts';
import type { Http } from '../../../src/model/http.ts';
import { isFailure } from '../../../src/model/failure.ts';
import { Secret } from '../../../src/model/secret.ts';
import { completeAuthorization } from '../../../src/oauth/authorization.ts';
import { devicePoller } from '../../../src/oauth/device.ts';
import { configurationOf } from '../../../src/oauth/server.ts';
import { refresh, revokeToken } from '../../../src/oauth/token-endpoint.ts';

const ISSUER = 'https://issuer.test';
const REDIRECT = 'http://127.0.0.1:4000/callback';

/** How a server may repeat what it was sent: as it is, as it came, or where its error code belongs. */
const ECHOES: ReadonlyArray<readonly [how: string, words: (value: string) => { readonly error: string; readonly error_description?: string }]> = [
  ['as it is', (value) => ({ error: 'invalid_request', error_description: `no use for ${value}` })],
  ['as it came', (value) => ({ error: 'invalid_request', error_description: `no use for ${encodeURIComponent(value)}` })],
  ['as the error', (value) => ({ error: value })],
  ['far behind', (value) => ({ error: 'invalid_request', error_description: `${'so long '.repeat(24)}${value}` })],
];

/** Short enough to look like a word, and long. */
const VALUES = ['pwd/1 x', 'tok.en-0123456789abcdef-0123456789abcdef'];

function echoing(field: string, words: (value: string) => object): Http {
  return {
    send: async (request) => {
      const value = new URLSearchParams(request.body).get(field) ?? '';
      if (value === '') throw new Error(`nothing was sent as ${field}`);
      return { status: 400, headers: { 'content-type': 'application/json' }, body: JSON.stringify(words(value)) };
    },
    close: async () => undefined,
  };
}

const session = (value: string): OAuthSession => ({
  kind: 'oauth',
  issuer: ISSUER,
  clientId: 'client',
  tokenEndpoint: `${ISSUER}/token`,
  revocationEndpoint: `${ISSUER}/revoke`,
  accessToken: new Secret('access-1'),
  refreshToken: new Secret(value),
  expiresAt: null,
  scopes: [],
  obtainedAt: 0,
});

async function told(work: Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await work);
  } catch (thrown) {
    if (isFailure(thrown)) return `${thrown.code}: ${thrown.detail} ${thrown.hint ?? ''}`;
    throw thrown;
  }
}

const FLOWS: ReadonlyArray<readonly [flow: string, field: string, run: (http: Http, value: string) => Promise<unknown>]> = [
  ['a refresh', 'refresh_token', (http, value) => refresh(http, session(value), new Secret(value), () => 0)],
  ['a revocation', 'token', (http, value) => revokeToken(http, session(value), new Secret(value), 'refresh_token')],
  ['a code exchange', 'code', (http, value) => exchange(http, value, 'verifier')],
  ['a code exchange with its verifier', 'code_verifier', (http, value) => exchange(http, 'code-1', value)],
  [
    'a question for a device',
    'device_code',
    (http, value) => devicePoller(http, { server: session('x'), deviceCode: new Secret(value), scopes: [], scopeSeparator: ' ', dpopKey: null }, () => 0)(),
  ],
];

function exchange(http: Http, code: string, codeVerifier: string): Promise<OAuthSession> {
  const redirect = new URL(REDIRECT);
  redirect.searchParams.set('code', code);
  redirect.searchParams.set('state', 'state-1');
  const config = configurationOf(http, session('x'));
  return completeAuthorization(
    http,
    { state: 'state-1', codeVerifier, redirectUri: REDIRECT, scopes: [], scopeSeparator: ' ', config, dpopKey: null },
    redirect,
    () => 0,
  );
}

describe.each(FLOWS)('what a server says of %s', (_flow, field, run) => {
  it.each(ECHOES)('shows nothing of what was sent, repeated %s', async (_how, words) => {
    for (const value of VALUES) {
      const text = await told(run(echoing(field, words), value));
      expect(text).toContain('the server says');
      expect(text).not.toContain(value.slice(0, 5));
    }
  });

  it('shows no other token either, and shows plain words', async () => {
    const say = (description: string) =>
      told(
        run(
          echoing(field, () => ({ error: 'invalid_request', error_description: description })),
          'sent-1',
        ),
      );
    expect(await say('The token 0123456789abcdefABCD is bad')).toContain('the server says invalid_request.');
    expect(await say('Ask the owner for access')).toContain('the server says invalid_request: Ask the owner for access.');
  });
});
