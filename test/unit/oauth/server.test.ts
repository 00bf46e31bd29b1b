import { describe, expect, it } from 'vitest';
import type { Http } from '../../../src/model/http.ts';
import { type Failure, isFailure } from '../../../src/model/failure.ts';
import { beginAuthorization } from '../../../src/oauth/authorization.ts';
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

const FIXED: SignInServer = { ...SERVER, client: { kind: 'fixed', clientId: 'known', port: null } };
const REDIRECT = { kind: 'redirect', redirectUri: 'http://127.0.0.1:4000/callback' } as const;

const ENDPOINTS: SignInServer = {
  ...FIXED,
  place: {
    kind: 'endpoints',
    issuer: ISSUER,
    authorizationEndpoint: `${ISSUER}/authorize?audience=x`,
    tokenEndpoint: `${ISSUER}/token`,
    revocationEndpoint: null,
    deviceAuthorizationEndpoint: null,
  },
};

/** A server that answers these paths, and writes down what it was asked. */
function answering(pages: Readonly<Record<string, { readonly status: number; readonly body: string }>>): Http & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  return {
    asked,
    send: async ({ url }) => {
      asked.push(new URL(url).pathname);
      return { status: 404, body: '{}', ...pages[new URL(url).pathname], headers: { 'content-type': 'application/json' } };
    },
    close: async () => undefined,
  };
}

const metadataOf = (issuer: string): string =>
  JSON.stringify({ issuer, authorization_endpoint: `${ISSUER}/a`, token_endpoint: `${ISSUER}/t`, code_challenge_methods_supported: ['S256'] });

describe('a client that is known by its id', () => {
  it('registers nowhere', async () => {
    const config = await prepareClient(serverWith({ registration_endpoint: undefined }), FIXED, REDIRECT, []);
    expect(pinnedServer(config)).toMatchObject({ issuer: ISSUER, clientId: 'known', tokenEndpoint: `${ISSUER}/token` });
  });

  it.each([[undefined], [[]], [['plain']]])('is not signed in where metadata offers the PKCE methods %j', async (methods) => {
    expect((await failureOf(() => prepareClient(serverWith({ code_challenge_methods_supported: methods }), FIXED, REDIRECT, []))).code).toBe(
      'unexpected-answer',
    );
  });

  it('is sent to fixed endpoints with PKCE and without a question before, whatever stands in their query', async () => {
    const http = answering({});
    const config = await prepareClient(http, ENDPOINTS, REDIRECT, []);
    const wish = { redirectUri: REDIRECT.redirectUri, scopes: ['a', 'b'], scopeSeparator: ',', binding: 'bearer' } as const;
    const { address } = await beginAuthorization(config, wish, { token: () => 'x'.repeat(43), fraction: () => 0 });
    const query = new URL(address).searchParams;
    expect([query.get('audience'), query.get('code_challenge_method'), query.get('scope')]).toEqual(['x', 'S256', 'a,b']);
    expect([http.asked, await deviceOffer(http, ENDPOINTS)]).toEqual([[], 'not-offered']);
  });

  it.each(['file:///bin/sh', 'https://user@issuer.test/', 'https://issuer.test/\u0000', 'javascript:alert(1)', "http://issuer.test/'"])(
    'is not sent to %j',
    async (authorizationEndpoint) => {
      const place = { ...ENDPOINTS.place, authorizationEndpoint };
      const wish = { redirectUri: REDIRECT.redirectUri, scopes: [], scopeSeparator: ' ', binding: 'bearer' } as const;
      const work = async () =>
        beginAuthorization(await prepareClient(answering({}), { ...ENDPOINTS, place }, REDIRECT, []), wish, { token: () => 'x', fraction: () => 0 });
      expect((await failureOf(work)).code).toBe('unexpected-answer');
    },
  );
});

describe('the metadata of an issuer with a path', () => {
  const issuer = `${ISSUER}/tenants/t`;
  const RFC8414 = '/.well-known/oauth-authorization-server/tenants/t';
  const OIDC = '/tenants/t/.well-known/openid-configuration';
  const server: SignInServer = { ...FIXED, place: { kind: 'metadata', issuer: new URL(issuer), forms: ['oauth2', 'oidc'] } };

  it('is taken from where RFC 8414 puts it, and elsewhere only when there is none', async () => {
    const good = { status: 200, body: metadataOf(issuer) };
    const first = answering({ [RFC8414]: good, [OIDC]: good });
    await prepareClient(first, server, REDIRECT, []);
    const second = answering({ [OIDC]: good });
    await prepareClient(second, server, REDIRECT, []);
    expect([first.asked, second.asked]).toEqual([[RFC8414], [RFC8414, OIDC]]);
  });

  it('is not taken from elsewhere while the server has trouble', async () => {
    const http = answering({ [RFC8414]: { status: 503, body: '{}' }, [OIDC]: { status: 200, body: metadataOf(issuer) } });
    expect([(await failureOf(() => prepareClient(http, server, REDIRECT, []))).code, http.asked]).toEqual(['unreachable', [RFC8414]]);
  });

  it('is not taken of another issuer, in neither place', async () => {
    const strange = { status: 200, body: metadataOf('https://issuer.test/tenants/other') };
    const failure = await failureOf(() => prepareClient(answering({ [RFC8414]: strange, [OIDC]: strange }), server, REDIRECT, []));
    expect([failure.code, failure.detail]).toEqual(['unexpected-answer', expect.stringContaining('issuer')]);
  });

  it('is looked for in one place where the definition has the server at the API itself', async () => {
    const http = answering({});
    await failureOf(() => prepareClient(http, FIXED, REDIRECT, []));
    expect(http.asked).toEqual(['/.well-known/oauth-authorization-server']);
  });
});
