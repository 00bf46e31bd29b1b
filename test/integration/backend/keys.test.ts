import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { DAY_MS } from '../../../src/model/duration.ts';
import { ask, backends, makeKey, quickToken, signIn, textAt, valueAt } from './running.ts';

const KEYS = '/v1/auth/api-keys';

describe('API keys of memax', () => {
  const start = backends();

  it('are shown once, work, and are not kept', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'keywright-backend-'));
    try {
      const { backend, realm } = await start({}, { dataDir });
      const bearer = await quickToken(realm.origin);
      const { key } = await makeKey(realm.origin, bearer);
      expect(key).toMatch(/^mxk_[0-9a-f]{64}$/);
      expect((await ask(realm.origin, '/v1/auth/me', { bearer: key })).status).toBe(200);
      expect((await ask(realm.origin, KEYS, { bearer })).text).not.toContain(key);
      await backend.stop();
      const kept = Buffer.concat(readdirSync(dataDir).map((name) => readFileSync(join(dataDir, name))));
      expect(kept.length).toBeGreaterThan(0);
      for (const secret of [key, key.slice(4), bearer]) expect(kept.includes(secret)).toBe(false);
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });

  it('differ every time', async () => {
    const { realm } = await start();
    const bearer = await quickToken(realm.origin);
    const made = await Promise.all(Array.from({ length: 20 }, () => makeKey(realm.origin, bearer)));
    expect(new Set(made.map(({ key }) => key)).size).toBe(20);
    expect(new Set(made.map(({ id }) => id)).size).toBe(20);
  });

  it('take bundles and single permissions, and refuse what is not in them', async () => {
    const { realm } = await start();
    const bearer = await quickToken(realm.origin);
    const made = await ask(realm.origin, KEYS, {
      method: 'POST',
      bearer,
      body: { name: 'x', scopes: ['delete', 'agent-sync'], permissions: ['memory:write', 'memory:delete'] },
    });
    expect(valueAt(made.json, 'data', 'default_permissions')).toEqual(['memory:delete', 'config:read', 'config:write', 'memory:write']);
    const key = textAt(made.json, 'data', 'key');
    const read = await ask(realm.origin, '/v1/memories', { bearer: key });
    expect(read.status).toBe(403);
    expect(read.json).toMatchObject({ error: { code: 'forbidden' } });
    expect(read.headers['www-authenticate']).toBe('Bearer error="insufficient_scope", scope="memory:read"');
    expect((await ask(realm.origin, '/v1/memories', { method: 'POST', bearer: key, body: { content: 'x' } })).status).toBe(201);
  });

  it('make only keys that are no stronger, and so do narrow sign-ins', async () => {
    const { realm } = await start();
    const { key } = await makeKey(realm.origin, await quickToken(realm.origin), { scopes: ['read'] });
    const { accessToken } = await signIn(realm.origin, { scope: 'memax:read' });
    for (const bearer of [key, accessToken]) {
      expect(await ask(realm.origin, KEYS, { method: 'POST', bearer, body: { name: 'default, which writes' } })).toMatchObject({
        status: 403,
        json: { error: { code: 'forbidden' } },
      });
      expect((await ask(realm.origin, KEYS, { method: 'POST', bearer, body: { name: 'same', scopes: ['read'] } })).status).toBe(201);
    }
  });

  it('say when they were last used, at once', async () => {
    const time = Date.parse('2027-01-31T12:00:00.000Z');
    const { realm } = await start({ clock: () => time });
    const bearer = await quickToken(realm.origin);
    const { key } = await makeKey(realm.origin, bearer);
    const lastUsed = async () => valueAt((await ask(realm.origin, KEYS, { bearer })).json, 'data', 0, 'last_used');
    expect(await lastUsed()).toBeNull();
    await ask(realm.origin, '/v1/auth/me', { bearer: key });
    expect(await lastUsed()).toBe('2027-01-31T12:00:00.000Z');
    realm.advanceClock(60_000);
    await ask(realm.origin, '/v1/memories', { bearer: key });
    expect(await lastUsed()).toBe('2027-01-31T12:01:00.000Z');
  });

  it('end at their expiry', async () => {
    const time = Date.parse('2027-01-31T12:00:00.000Z');
    const { realm } = await start({ clock: () => time });
    const { key } = await makeKey(realm.origin, await quickToken(realm.origin), { expires_in_days: 7 });
    realm.advanceClock(7 * DAY_MS - 1);
    expect((await ask(realm.origin, '/v1/auth/me', { bearer: key })).status).toBe(200);
    realm.advanceClock(1);
    expect((await ask(realm.origin, '/v1/auth/me', { bearer: key })).status).toBe(401);
    const listed = await ask(realm.origin, KEYS, { bearer: await quickToken(realm.origin) });
    expect(textAt(listed.json, 'data', 0, 'expires_at')).toBe('2027-02-07T12:00:00.000Z');
  });

  it('end on the next request once revoked, and leave the list', async () => {
    const { realm } = await start();
    const bearer = await quickToken(realm.origin);
    const { id, key } = await makeKey(realm.origin, bearer);
    const { id: other } = await makeKey(realm.origin, bearer, { name: 'other' });
    expect((await ask(realm.origin, `${KEYS}/${id}`, { method: 'DELETE', bearer: key })).json).toEqual({ data: { revoked: true, skipped: [] } });
    expect((await ask(realm.origin, '/v1/auth/me', { bearer: key })).status).toBe(401);
    const listed = await ask(realm.origin, KEYS, { bearer });
    expect(valueAt(listed.json, 'data', 'length')).toBe(1);
    expect(textAt(listed.json, 'data', 0, 'id')).toBe(other);
  });

  it('are seen, changed and revoked by their owner only', async () => {
    const { realm } = await start();
    const owner = await quickToken(realm.origin);
    const { id, key } = await makeKey(realm.origin, owner);
    const { accessToken: bearer } = await signIn(realm.origin, { email: 'stranger@example.com' });
    expect((await ask(realm.origin, KEYS, { bearer })).json).toEqual({ data: [] });
    expect((await ask(realm.origin, `${KEYS}/${id}`, { method: 'PATCH', bearer, body: { agent_name: 'mine' } })).status).toBe(404);
    expect((await ask(realm.origin, `${KEYS}/${id}`, { method: 'DELETE', bearer })).json).toEqual({
      data: { revoked: false, skipped: [{ id, reason: 'not_found' }] },
    });
    expect((await ask(realm.origin, '/v1/auth/me', { bearer: key })).status).toBe(200);
  });

  it.each([
    ['no name', {}, 'invalid_request'],
    ['a blank name', { name: '   ' }, 'invalid_request'],
    ['a name that is no text', { name: 7 }, 'invalid_request'],
    ['a name without end', { name: 'x'.repeat(256) }, 'invalid_request'],
    ['no days', { name: 'x', expires_in_days: 0 }, 'invalid_request'],
    ['half a day', { name: 'x', expires_in_days: 0.5 }, 'invalid_request'],
    ['days as text', { name: 'x', expires_in_days: '7' }, 'invalid_request'],
    ['a trust that there is not', { name: 'x', trust_level: 'god' }, 'invalid_request'],
    ['an unknown permission', { name: 'x', permissions: ['memory:burn'] }, 'invalid_permissions'],
    ['a name of every object as scope', { name: 'x', scopes: ['constructor'] }, 'invalid_permissions'],
    ['scopes as text', { name: 'x', scopes: 'read' }, 'invalid_permissions'],
    ['a list', [], 'invalid_request'],
  ])('are not made from %s', async (_what, body, code) => {
    const { realm } = await start();
    const bearer = await quickToken(realm.origin);
    expect(await ask(realm.origin, KEYS, { method: 'POST', bearer, body })).toMatchObject({ status: 400, json: { error: { code } } });
    expect((await ask(realm.origin, KEYS, { bearer })).json).toEqual({ data: [] });
  });

  it('belong to an agent, which ends with all of them and nothing else', async () => {
    const { realm } = await start();
    const bearer = await quickToken(realm.origin);
    const first = await makeKey(realm.origin, bearer, { agent_name: 'cursor' });
    const second = await makeKey(realm.origin, bearer, { agent_name: 'cursor', scopes: ['read'] });
    const plain = await makeKey(realm.origin, bearer);
    await ask(realm.origin, '/v1/auth/me', { bearer: second.key });
    const agents = await ask(realm.origin, '/v1/agents', { bearer });
    expect(agents.json).toMatchObject({ data: [{ agent_name: 'cursor', key_count: 2, status: 'connected' }] });
    expect(textAt(agents.json, 'data', 0, 'last_active_at')).toMatch(/^20/);
    expect((await ask(realm.origin, '/v1/agents/cursor', { method: 'DELETE', bearer })).json).toMatchObject({ data: { disconnected: true, keys_revoked: 2 } });
    const statuses = await Promise.all([first, second, plain].map(async ({ key }) => (await ask(realm.origin, '/v1/auth/me', { bearer: key })).status));
    expect(statuses).toEqual([401, 401, 200]);
    expect((await ask(realm.origin, '/v1/agents', { bearer })).json).toEqual({ data: [] });
  });

  it('can be given to an agent later', async () => {
    const { realm } = await start();
    const bearer = await quickToken(realm.origin);
    const { id } = await makeKey(realm.origin, bearer);
    const changed = await ask(realm.origin, `${KEYS}/${id}`, { method: 'PATCH', bearer, body: { agent_name: 'claude-code' } });
    expect(changed.json).toEqual({ data: { id, agent_name: 'claude-code', standalone: false } });
    expect((await ask(realm.origin, '/v1/agents', { bearer })).json).toMatchObject({ data: [{ agent_name: 'claude-code', key_count: 1 }] });
  });
});
