import { describe, expect, it } from 'vitest';

import { signInAs } from '../../support/person.ts';
import { ask, backends, textAt } from './running.ts';

describe("the sign-in of the vendor's own CLI", () => {
  const start = backends();

  it.each(['github', 'google'])('goes through %s to tokens that work everywhere', async (through) => {
    const { origin } = (await start()).realm;
    const location = await signInAs(`${origin}/v1/auth/${through}?redirect_uri=${encodeURIComponent('http://localhost:49152/callback?keep=1')}`, {
      decision: 'allow',
    });
    expect(location).toMatch(/^http:\/\/localhost:49152\/callback\?keep=1&code=/);
    const { json } = await ask(origin, '/v1/auth/exchange', { method: 'POST', body: { code: new URL(location).searchParams.get('code') } });
    const bearer = textAt(json, 'data', 'access_token');
    expect((await ask(origin, '/v1/auth/me', { bearer })).status).toBe(200);
    expect((await ask(origin, '/v1/auth/api-keys', { method: 'POST', bearer, body: { name: 'x', scopes: ['delete'] } })).status).toBe(201);
  });

  it('keeps its refresh token and forgets codes and access tokens in time', async () => {
    const { realm } = await start({ accessTokenSeconds: 100, refreshTokenSeconds: 1000 });
    const { origin } = realm;
    const code = async () =>
      new URL(await signInAs(`${origin}/v1/auth/github?redirect_uri=http://127.0.0.1:1/`, { decision: 'allow' })).searchParams.get('code');
    const late = await code();
    const { json } = await ask(origin, '/v1/auth/exchange', { method: 'POST', body: { code: await code() } });
    expect(json).toMatchObject({ data: { expires_in: 100 } });
    const refreshToken = textAt(json, 'data', 'refresh_token');
    realm.advanceClock(101_000);
    expect((await ask(origin, '/v1/auth/exchange', { method: 'POST', body: { code: late } })).status).toBe(401);
    expect((await ask(origin, '/v1/auth/me', { bearer: textAt(json, 'data', 'access_token') })).status).toBe(401);
    const fresh = await ask(origin, '/v1/auth/refresh', { method: 'POST', body: { refresh_token: refreshToken } });
    expect(textAt(fresh.json, 'data', 'refresh_token')).toBe(refreshToken);
    expect((await ask(origin, '/v1/auth/me', { bearer: textAt(fresh.json, 'data', 'access_token') })).status).toBe(200);
    realm.advanceClock(1000_000);
    expect((await ask(origin, '/v1/auth/refresh', { method: 'POST', body: { refresh_token: refreshToken } })).status).toBe(401);
  });

  it('takes each token for what it is only', async () => {
    const { origin } = (await start()).realm;
    const location = await signInAs(`${origin}/v1/auth/github?redirect_uri=http://127.0.0.1:1/`, { decision: 'allow' });
    const code = new URL(location).searchParams.get('code') ?? '';
    expect((await ask(origin, '/v1/auth/me', { bearer: code })).status).toBe(401);
    const { json } = await ask(origin, '/v1/auth/exchange', { method: 'POST', body: { code } });
    expect((await ask(origin, '/v1/auth/me', { bearer: textAt(json, 'data', 'refresh_token') })).status).toBe(401);
    expect((await ask(origin, '/v1/auth/refresh', { method: 'POST', body: { refresh_token: textAt(json, 'data', 'access_token') } })).status).toBe(401);
  });

  it.each([
    'https://example.com/callback',
    'http://example.com/callback',
    'https://127.0.0.1:1/callback',
    'http://127.0.0.1@example.com/',
    'http://user@127.0.0.1:1/',
    'http://localhost.example.com/',
    'javascript:alert(1)',
    '//example.com',
    '',
  ])('sends no code to %j', async (address) => {
    const { origin } = (await start()).realm;
    const answer = await ask(origin, `/v1/auth/github?redirect_uri=${encodeURIComponent(address)}`);
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'invalid_request' } } });
    expect(answer.headers['location']).toBeUndefined();
  });
});
