import { connect } from 'node:net';

import { describe, expect, it } from 'vitest';

import { ask, backends, makeKey, quickToken, register, valueAt } from './running.ts';

const KEYS = '/v1/auth/api-keys';

/** Sends bytes as they are and gives everything that comes back until the server closes. */
function raw(origin: string, text: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let got = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      got += part;
    });
    socket.on('end', () => resolve(got));
    socket.on('error', reject);
  });
}

describe('what nobody should send', () => {
  const start = backends();

  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '127.0.0.1.evil.example'])(
    'a Host of %j is refused (DNS rebinding)',
    async (host) => {
      const { origin } = (await start()).realm;
      const answer = await ask(origin, '/.well-known/oauth-authorization-server', { headers: { host } });
      expect(answer).toMatchObject({ status: 421, json: { error: { code: 'misdirected_request' } } });
      expect(answer.text).not.toContain(origin);
    },
  );

  it('localhost is a name for the same place', async () => {
    const { origin } = (await start()).realm;
    const { port } = new URL(origin);
    const answer = await ask(origin, '/.well-known/oauth-authorization-server', { headers: { host: `LocalHost:${port}` } });
    expect(valueAt(answer.json, 'issuer')).toBe(origin);
  });

  it('a request without a Host, or with two, is refused', async () => {
    const { origin } = (await start()).realm;
    const { host } = new URL(origin);
    expect(await raw(origin, 'GET /v1/agents HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 421 /);
    expect(await raw(origin, `GET /v1/agents HTTP/1.1\r\nhost: evil.example\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 4[02][01] /);
  });

  it.each(['%2F..%2Fme', '..', 'a%2Fb', "'; drop table keys; --".replaceAll(' ', '%20'), 'x'.repeat(4000)])('an id of %j is one id', async (id) => {
    const { origin } = (await start()).realm;
    const bearer = await quickToken(origin);
    const { key } = await makeKey(origin, bearer);
    expect(await ask(origin, `${KEYS}/${id}`, { method: 'DELETE', bearer })).toMatchObject({
      status: 200,
      json: { data: { revoked: false, skipped: [{ id: decodeURIComponent(id) }] } },
    });
    expect((await ask(origin, '/v1/auth/me', { bearer: key })).status).toBe(200);
  });

  it('paths that are none', async () => {
    const { origin } = (await start()).realm;
    const bearer = await quickToken(origin);
    expect(await ask(origin, `${KEYS}/%zz`, { method: 'DELETE', bearer })).toMatchObject({ status: 400, json: { error: { code: 'invalid_request' } } });
    for (const path of [
      `${KEYS}/`,
      `${KEYS}/a/b`,
      '//evil.example/v1/auth/me',
      '/v1/auth/../auth/me',
      '/V1/auth/me',
      '/oauth',
      '/.well-known/openid-configuration',
      '/jwks',
    ]) {
      expect(await ask(origin, path, { bearer })).toMatchObject({ status: 404, json: { error: { code: 'not_found' } } });
    }
  });

  it('a method that there is not says which there are', async () => {
    const { origin } = (await start()).realm;
    const answer = await ask(origin, KEYS, { method: 'PUT', body: {} });
    expect(answer).toMatchObject({ status: 405, json: { error: { code: 'method_not_allowed' } } });
    expect(answer.headers['allow']).toBe('POST, GET, HEAD');
  });

  it.each(['/v1/memories', '/oauth/token', '/oauth/register'])('a body over a megabyte for %s', async (path) => {
    const { origin } = (await start()).realm;
    const bearer = await quickToken(origin);
    const answer = await ask(origin, path, { method: 'POST', bearer, body: JSON.stringify({ content: 'x'.repeat(1024 * 1024) }) });
    expect(answer.status).toBe(413);
    expect(answer.text).toContain('payload_too_large');
    expect((await ask(origin, '/v1/memories', { bearer })).json).toMatchObject({ data: { total: 0 } });
  });

  it('a body of just under a megabyte is fine', async () => {
    const { origin } = (await start()).realm;
    const bearer = await quickToken(origin);
    expect((await ask(origin, '/v1/memories', { method: 'POST', bearer, body: { content: 'x'.repeat(1000 * 1000) } })).status).toBe(201);
  });

  it.each(['', '{', '[]', 'null', '"text"', '\u0000', '{"name":'])('a body of %j is not JSON that we want', async (body) => {
    const { origin } = (await start()).realm;
    const bearer = await quickToken(origin);
    for (const path of [KEYS, '/v1/memories']) {
      expect(await ask(origin, path, { method: 'POST', bearer, body })).toMatchObject({ status: 400, json: { error: { code: 'invalid_request' } } });
    }
    for (const path of ['/v1/auth/exchange', '/v1/auth/refresh']) expect((await ask(origin, path, { method: 'POST', body })).status).toBe(400);
  });

  it.each(['Bearer', 'Bearer ', 'Basic eDp5', 'Bearer a b', 'bearer mxk_', `Bearer mxk_${'0'.repeat(64)}`, 'mxk_x'])(
    'an authorization of %j is nobody',
    async (authorization) => {
      const { origin } = (await start()).realm;
      const answer = await ask(origin, '/v1/auth/me', { headers: { authorization } });
      expect(answer).toMatchObject({ status: 401, json: { error: { code: 'unauthorized' } } });
      expect(answer.headers['www-authenticate']).toBe(`Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource"`);
    },
  );

  it('a key with a bit changed is another key', async () => {
    const { origin } = (await start()).realm;
    const { key } = await makeKey(origin, await quickToken(origin));
    const last = key.endsWith('0') ? '1' : '0';
    expect((await ask(origin, '/v1/auth/me', { bearer: key.slice(0, -1) + last })).status).toBe(401);
    expect((await ask(origin, '/v1/auth/me', { bearer: key.toUpperCase() })).status).toBe(401);
  });

  it('text of any kind comes back as it was', async () => {
    const { origin } = (await start()).realm;
    const bearer = await quickToken(origin);
    const name = 'a\u0007b\u001b[31m\u202e\ud83d\ude00 "\'<';
    await makeKey(origin, bearer, { name });
    expect(valueAt((await ask(origin, KEYS, { bearer })).json, 'data', 0, 'name')).toBe(name);
  });

  it('NUL, at which a database in C would stop reading, is refused everywhere', async () => {
    const { origin } = (await start()).realm;
    const bearer = await quickToken(origin);
    const { id, key } = await makeKey(origin, bearer, { agent_name: 'cursor' });
    for (const path of [`${KEYS}/${id}%00x`, '/v1/agents/cursor%00x']) expect((await ask(origin, path, { method: 'DELETE', bearer })).status).toBe(400);
    expect((await ask(origin, '/v1/auth/me', { bearer: key })).status).toBe(200);
    expect((await ask(origin, KEYS, { method: 'POST', bearer, body: { name: 'a\u0000b' } })).status).toBe(400);
    expect((await ask(origin, '/v1/memories', { method: 'POST', bearer, body: { content: 'a\u0000b' } })).status).toBe(400);
    const clientId = await register(origin);
    expect((await ask(origin, `/oauth/authorize?client_id=${clientId}%00x`)).status).toBe(400);
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x', client_id: `${clientId}\u0000x` });
    expect(await ask(origin, '/oauth/token', { method: 'POST', body: form })).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
  });
});
