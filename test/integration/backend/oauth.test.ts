import { createServer } from 'node:http';

import { describe, expect, it } from 'vitest';

import { signInAs } from '../../support/person.ts';
import { ask, authorization, backends, REDIRECT_URI, refresh, register, signIn, spendCode, textAt, valueAt } from './running.ts';

describe('the OAuth server of memax', () => {
  const start = backends();

  it('gives tokens that work to a client that was allowed, and names itself in the answer (RFC 9207)', async () => {
    const { origin } = (await start()).realm;
    const clientId = await register(origin);
    const { url, verifier } = authorization(origin, clientId);
    const location = await signInAs(url, { decision: 'allow' });
    const { searchParams, origin: sentTo, pathname } = new URL(location);
    expect(sentTo + pathname).toBe(REDIRECT_URI);
    expect(searchParams.get('state')).toBe('the-state');
    expect(searchParams.get('iss')).toBe(origin);
    const tokens = await spendCode(origin, clientId, location, verifier);
    expect(tokens.json).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'memax:read memax:write' });
    const me = await ask(origin, '/v1/auth/me', { bearer: textAt(tokens.json, 'access_token') });
    expect(textAt(me.json, 'data', 'user', 'email')).toBe('demo@keywright.test');
  });

  it('tells the client when the person denies', async () => {
    const { origin } = (await start()).realm;
    const { url } = authorization(origin, await register(origin));
    const { searchParams } = new URL(await signInAs(url, { decision: 'deny' }));
    expect(Object.fromEntries(searchParams)).toMatchObject({ error: 'access_denied', state: 'the-state', iss: origin });
    expect(searchParams.has('code')).toBe(false);
  });

  it('signs in whoever types an address, and each as somebody else', async () => {
    const { origin } = (await start()).realm;
    const ann = await signIn(origin, { email: 'Ann@example.com' });
    const ben = await signIn(origin, { email: 'ben@example.com' });
    const emails = await Promise.all(
      [ann, ben].map(async ({ accessToken }) => textAt((await ask(origin, '/v1/auth/me', { bearer: accessToken })).json, 'data', 'user', 'email')),
    );
    expect(emails).toEqual(['ann@example.com', 'ben@example.com']);
  });

  it('takes any loopback port, as a program cannot know its own in advance (RFC 8252 section 7.3)', async () => {
    const { origin } = (await start()).realm;
    const clientId = await register(origin);
    const { url } = authorization(origin, clientId, { redirect_uri: 'http://127.0.0.1:50505/callback' });
    expect(await signInAs(url, { decision: 'allow' })).toMatch(/^http:\/\/127\.0\.0\.1:50505\/callback\?code=/);
    const elsewhere = authorization(origin, clientId, { redirect_uri: 'https://example.com/callback' });
    await expect(signInAs(elsewhere.url, { decision: 'allow' })).rejects.toThrow(/400/);
  });

  it('delivers to a listening client when the person goes all the way', async () => {
    const { origin } = (await start()).realm;
    const listener = createServer((request, response) => response.end(`heard ${new URL(request.url ?? '', 'http://x').searchParams.get('state')}`));
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    try {
      const address = listener.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const { url } = authorization(origin, await register(origin), { redirect_uri: `http://127.0.0.1:${port}/callback` });
      expect(await signInAs(url, { decision: 'allow', deliver: true })).toMatchObject({ status: 200, text: 'heard the-state' });
    } finally {
      listener.closeAllConnections();
      listener.close();
    }
  });

  it('wants PKCE with S256', async () => {
    const { origin } = (await start()).realm;
    const clientId = await register(origin);
    const without = authorization(origin, clientId).url;
    without.searchParams.delete('code_challenge');
    without.searchParams.delete('code_challenge_method');
    expect(new URL(await signInAs(without, { decision: 'allow' })).searchParams.get('error')).toBe('invalid_request');
    const plain = authorization(origin, clientId, { code_challenge_method: 'plain' }).url;
    expect(new URL(await signInAs(plain, { decision: 'allow' })).searchParams.get('error')).toBe('invalid_request');
    const { url } = authorization(origin, clientId);
    const wrong = await spendCode(origin, clientId, await signInAs(url, { decision: 'allow' }), 'w'.repeat(43));
    expect(wrong).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it('changes a code once; the second time ends what the first one gave (RFC 6749 section 4.1.2)', async () => {
    const { origin } = (await start()).realm;
    const clientId = await register(origin);
    const { url, verifier } = authorization(origin, clientId);
    const location = await signInAs(url, { decision: 'allow' });
    const first = await spendCode(origin, clientId, location, verifier);
    const second = await spendCode(origin, clientId, location, verifier);
    expect(second).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    expect((await ask(origin, '/v1/auth/me', { bearer: textAt(first.json, 'access_token') })).status).toBe(401);
  });

  it('gives scopes their permissions', async () => {
    const { origin } = (await start()).realm;
    const { accessToken: bearer } = await signIn(origin, { scope: 'memax:read' });
    expect((await ask(origin, '/v1/memories', { bearer })).status).toBe(200);
    const written = await ask(origin, '/v1/memories', { method: 'POST', bearer, body: { content: 'x' } });
    expect(written.status).toBe(403);
    expect(written.headers['www-authenticate']).toBe('Bearer error="insufficient_scope", scope="memory:write"');
  });

  it('asks for every scope where the client asks for none', async () => {
    const { origin } = (await start()).realm;
    const clientId = await register(origin);
    const { url, verifier } = authorization(origin, clientId);
    url.searchParams.delete('scope');
    const { json } = await spendCode(origin, clientId, await signInAs(url, { decision: 'allow' }), verifier);
    expect(textAt(json, 'scope')).toBe('memax:read memax:write');
  });

  it('refuses an access token that grew old, and refreshes', async () => {
    const { realm } = await start();
    const { origin } = realm;
    const signedIn = await signIn(origin);
    realm.advanceClock(3601 * 1000);
    expect((await ask(origin, '/v1/auth/me', { bearer: signedIn.accessToken })).status).toBe(401);
    const fresh = await refresh(origin, signedIn.clientId, signedIn.refreshToken);
    expect((await ask(origin, '/v1/auth/me', { bearer: textAt(fresh.json, 'access_token') })).status).toBe(200);
  });

  it('rotates refresh tokens, and a reused one ends the whole grant', async () => {
    const { origin } = (await start()).realm;
    const { clientId, refreshToken } = await signIn(origin);
    const second = await refresh(origin, clientId, refreshToken);
    const rotated = textAt(second.json, 'refresh_token');
    expect(rotated).not.toBe(refreshToken);
    expect(await refresh(origin, clientId, refreshToken)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    expect(await refresh(origin, clientId, rotated)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    expect((await ask(origin, '/v1/auth/me', { bearer: textAt(second.json, 'access_token') })).status).toBe(401);
  });

  it('lets one of two refreshes at the same time through, as the real thing does', async () => {
    const { realm } = await start();
    const { clientId, refreshToken } = await signIn(realm.origin);
    realm.stats.reset();
    const both = await Promise.all([1, 2].map(() => refresh(realm.origin, clientId, refreshToken)));
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 400]);
    expect(realm.stats.count('token.refresh')).toBe(2);
    expect(realm.stats.count('token')).toBe(2);
  });

  it('ends a refresh token that grew old', async () => {
    const { realm } = await start({ refreshTokenSeconds: 7200 });
    const { clientId, refreshToken } = await signIn(realm.origin);
    realm.advanceClock(7201 * 1000);
    expect(await refresh(realm.origin, clientId, refreshToken)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it('revokes (RFC 7009) when that is switched on', async () => {
    const { origin } = (await start()).realm;
    const { clientId, accessToken, refreshToken } = await signIn(origin);
    const metadata = await ask(origin, '/.well-known/oauth-authorization-server');
    expect(textAt(metadata.json, 'revocation_endpoint')).toBe(`${origin}/oauth/revoke`);
    const stranger = await register(origin);
    await ask(origin, '/oauth/revoke', { method: 'POST', body: new URLSearchParams({ token: refreshToken, client_id: stranger }) });
    expect((await ask(origin, '/v1/auth/me', { bearer: accessToken })).status).toBe(200);
    const revoked = await ask(origin, '/oauth/revoke', { method: 'POST', body: new URLSearchParams({ token: refreshToken, client_id: clientId }) });
    expect(revoked.status).toBe(200);
    expect((await refresh(origin, clientId, refreshToken)).status).toBe(400);
    expect((await ask(origin, '/v1/auth/me', { bearer: accessToken })).status).toBe(401);
  });

  it('knows no revocation, no registration and no iss when they are switched off', async () => {
    const { origin } = (await start({ revocation: false, registration: false, advertiseIss: false })).realm;
    const { json } = await ask(origin, '/.well-known/oauth-authorization-server');
    expect(Object.keys(Object(json))).not.toContain('revocation_endpoint');
    expect(Object.keys(Object(json))).not.toContain('registration_endpoint');
    expect(Object.keys(Object(json))).not.toContain('authorization_response_iss_parameter_supported');
    const gone = { status: 404, json: { error: { code: 'not_found' } } };
    expect(await ask(origin, '/oauth/revoke', { method: 'POST', body: new URLSearchParams({ token: 'x' }) })).toMatchObject(gone);
    expect(await ask(origin, '/oauth/register', { method: 'POST', body: { client_name: 'x', redirect_uris: [REDIRECT_URI] } })).toMatchObject(gone);
  });

  it('leaves iss out of the answer when it does not advertise it', async () => {
    const { origin } = (await start({ advertiseIss: false })).realm;
    const { searchParams } = new URL(await signInAs(authorization(origin, await register(origin)).url, { decision: 'allow' }));
    expect(searchParams.has('iss')).toBe(false);
    expect(searchParams.has('code')).toBe(true);
  });

  it('registers public clients only, by name, with addresses on this machine', async () => {
    const { origin } = (await start()).realm;
    const send = (body: unknown) => ask(origin, '/oauth/register', { method: 'POST', body });
    const plain = await send({ client_name: 'x', redirect_uris: [REDIRECT_URI] });
    expect(plain).toMatchObject({ status: 201, json: { token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'] } });
    expect(valueAt(plain.json, 'client_secret')).toBeUndefined();
    expect(await send({ client_name: '  ', redirect_uris: [REDIRECT_URI] })).toMatchObject({ status: 400, json: { error: 'invalid_client_metadata' } });
    expect(await send({ client_name: 'x', redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: 'client_secret_basic' })).toMatchObject({
      status: 400,
      json: { error: 'invalid_client_metadata' },
    });
    expect((await send({ client_name: 'x', redirect_uris: ['http://example.com/callback'] })).status).toBe(400);
    expect(await send('not json')).toMatchObject({ status: 400, json: { error: 'invalid_client_metadata' } });
  });

  it('answers no page of another origin: no CORS, and no preflight', async () => {
    const { origin } = (await start()).realm;
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    for (const path of ['/oauth/token', '/oauth/register', '/.well-known/oauth-authorization-server', '/v1/auth/me']) {
      const preflight = await ask(origin, path, { method: 'OPTIONS', headers });
      expect(preflight.status).toBe(405);
      const answers = [preflight, await ask(origin, path, { headers }), await ask(origin, path, { method: 'POST', headers, body: {} })];
      expect(answers.flatMap((answer) => Object.keys(answer.headers)).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });
});
