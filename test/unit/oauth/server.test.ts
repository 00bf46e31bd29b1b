import { describe, expect, it } from 'vitest';
import type { Http } from '../../../src/model/deps.ts';
import { type Failure, isFailure } from '../../../src/model/failure.ts';
import { requireDpop } from '../../../src/oauth/dpop.ts';
import { deviceOffer, pinnedServer, prepareClient, type SignInServer } from '../../../src/oauth/server.ts';

const ISSUER = 'https://issuer.test';

/** A server whose metadata differ from good ones by these fields. */
function serverWith(fields: Readonly<Record<string, unknown>>): Http {
  const metadata = {
    issuer: ISSUER,
    authorization_endpoint: `${ISSUER}/authorize`,
    token_endpoint: `${ISSUER}/token`,
    revocation_endpoint: `${ISSUER}/revoke`,
    registration_endpoint: `${ISSUER}/register`,
    code_challenge_methods_supported: ['S256'],
    dpop_signing_alg_values_supported: ['ES256'],
    ...fields,
  };
  return {
    send: async (request) => ({
      status: request.method === 'GET' ? 200 : 201,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request.method === 'GET' ? metadata : { client_id: 'client' }),
    }),
    close: async () => undefined,
  };
}

const SERVER: SignInServer = {
  place: { kind: 'metadata', issuer: new URL(ISSUER), forms: ['oauth2'] },
  client: { kind: 'register', name: 'keywright' },
  scopeSeparator: ' ',
};

const register = (fields: Readonly<Record<string, unknown>>) =>
  prepareClient(serverWith(fields), SERVER, { kind: 'redirect', redirectUri: 'http://127.0.0.1:4000/callback' }, []);

async function failureOf(work: () => Promise<unknown>): Promise<Failure> {
  try {
    await work();
  } catch (thrown) {
    if (isFailure(thrown)) return thrown;
    throw new Error('something else than a failure was thrown', { cause: thrown });
  }
  throw new Error('it did not fail');
}

const NO_ADDRESS: readonly unknown[] = [
  5,
  null,
  {},
  ['https://issuer.test/token'],
  '',
  'token',
  'http://issuer.test/token',
  'file:///token',
  'https://user:word@issuer.test/token',
  'https://issuer.test/to\nken',
];

describe('the metadata of an authorization server', () => {
  it('is kept as addresses', async () => {
    expect(pinnedServer(await register({}))).toEqual({
      issuer: ISSUER,
      clientId: 'client',
      tokenEndpoint: `${ISSUER}/token`,
      revocationEndpoint: `${ISSUER}/revoke`,
    });
  });

  it.each(NO_ADDRESS)('with the token endpoint %j is not signed in with', async (endpoint) => {
    expect((await failureOf(() => register({ token_endpoint: endpoint }))).code).toBe('unexpected-answer');
  });

  it.each(NO_ADDRESS)('with the revocation endpoint %j offers no revocation', async (endpoint) => {
    expect(pinnedServer(await register({ revocation_endpoint: endpoint })).revocationEndpoint).toBe(null);
  });

  it.each([[{}], [5], ['S256'], [null], [[]], [['plain']]])('with the PKCE methods %j is not signed in with', async (methods) => {
    expect((await failureOf(() => register({ code_challenge_methods_supported: methods }))).code).toBe('unexpected-answer');
  });

  it.each([[{}], [5], ['ES256'], [null], [[]]])('with the DPoP algorithms %j does not offer DPoP', async (algorithms) => {
    const config = await register({ dpop_signing_alg_values_supported: algorithms });
    expect((await failureOf(async () => requireDpop(config))).code).toBe('usage');
  });

  it.each([[5], [null], [{}]])('with the device endpoint %j offers no sign-in by code', async (endpoint) => {
    expect(await deviceOffer(serverWith({ device_authorization_endpoint: endpoint }), SERVER)).toBe('not-offered');
  });
});
