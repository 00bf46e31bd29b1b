import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { ask, backends, textAt, valueAt } from './running.ts';

const KEYS = '/api/v1/api-keys';

async function firstKey(origin: string): Promise<string> {
  return textAt((await ask(origin, '/dashboard', { method: 'POST', body: { make: 'key' } })).json, 'key');
}

const namesOf = (listed: unknown): readonly unknown[] => (Array.isArray(listed) ? listed.map((key) => valueAt(key, 'name')) : []);

describe('keys of minds', () => {
  const start = backends('minds');

  it('work, differ every time, and are not kept', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'keywright-backend-'));
    try {
      const { backend, realm } = await start({}, { dataDir });
      const keys = await Promise.all(Array.from({ length: 10 }, () => firstKey(realm.origin)));
      expect(new Set(keys).size).toBe(10);
      for (const bearer of keys) {
        expect(bearer).toMatch(/^minds_[0-9a-f]{48}$/);
        expect((await ask(realm.origin, '/api/v1/auth/me', { bearer })).status).toBe(200);
      }
      await backend.stop();
      const kept = Buffer.concat(readdirSync(dataDir).map((name) => readFileSync(join(dataDir, name))));
      expect(kept.length).toBeGreaterThan(0);
      for (const key of keys) expect(kept.includes(key.slice('minds_'.length))).toBe(false);
      const again = await start({}, { dataDir });
      expect((await ask(again.realm.origin, KEYS, { bearer: keys[0] ?? '' })).json).toHaveLength(10);
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });

  it.each([
    ['a name', { name: 'prod' }, 'prod'],
    ['a name with white space around it', { name: '\n prod\t' }, 'prod'],
    ['a name of 100 characters', { name: 'x'.repeat(100) }, 'x'.repeat(100)],
    ['a name of 100 characters that take two units each', { name: '\u{1f600}'.repeat(100) }, '\u{1f600}'.repeat(100)],
    ['an empty name', { name: '' }, null],
    ['a blank name', { name: '  ' }, null],
    ['null', { name: null }, null],
    ['no name', {}, null],
  ])('can have %s', async (_what, body, name) => {
    const { realm } = await start();
    const bearer = await firstKey(realm.origin);
    const made = await ask(realm.origin, KEYS, { method: 'POST', bearer, body });
    expect(valueAt(made.json, 'name')).toBe(name);
    expect(namesOf((await ask(realm.origin, KEYS, { bearer })).json)).toEqual([name, null]);
  });

  it.each([
    [400, 'a name of 101 characters', { name: 'x'.repeat(101) }, 'application/json'],
    [400, 'a name that is no text', { name: 7 }, 'application/json'],
    [400, 'a name with NUL', { name: 'a\0b' }, 'application/json'],
    [400, 'a list', [], 'application/json'],
    [400, 'half of some JSON', '{"name":', 'application/json; charset=utf-8'],
    [415, 'JSON that says it is text', '{"name":"x"}', 'text/plain'],
    [415, 'JSON that does not say what it is', '{"name":"x"}', ''],
    [415, 'a form', 'name=x', 'application/x-www-form-urlencoded'],
  ])('answer %i to %s, and are not made', async (status, _what, body, type) => {
    const { realm } = await start();
    const bearer = await firstKey(realm.origin);
    const answer = await ask(realm.origin, KEYS, { method: 'POST', bearer, body, headers: { 'content-type': type } });
    expect(answer).toMatchObject({ status, json: { error: true, statusCode: status } });
    expect((await ask(realm.origin, KEYS, { bearer })).json).toHaveLength(1);
  });

  it('say when they were last used, at once', async () => {
    const time = Date.parse('2027-01-31T12:00:00.000Z');
    const { realm } = await start({ clock: () => time });
    const bearer = await firstKey(realm.origin);
    const { json } = await ask(realm.origin, KEYS, { method: 'POST', bearer });
    const lastUsed = async () => valueAt((await ask(realm.origin, KEYS, { bearer })).json, 0, 'lastUsedAt');
    expect(await lastUsed()).toBeNull();
    realm.advanceClock(60_000);
    await ask(realm.origin, '/api/v1/auth/me', { bearer: textAt(json, 'key') });
    expect(await lastUsed()).toBe('2027-01-31T12:01:00.000Z');
  });

  it('end on the next request once deleted', async () => {
    const { realm } = await start();
    const bearer = await firstKey(realm.origin);
    const id = textAt((await ask(realm.origin, KEYS, { bearer })).json, 0, 'id');
    expect(await ask(realm.origin, `${KEYS}/${id}`, { method: 'DELETE', bearer })).toMatchObject({ status: 204, text: '' });
    expect((await ask(realm.origin, `${KEYS}/${id}`, { method: 'DELETE', bearer })).status).toBe(401);
    expect(await ask(realm.origin, `${KEYS}/${id}`, { method: 'DELETE', bearer: await firstKey(realm.origin) })).toMatchObject({
      status: 404,
      json: { statusCode: 404, statusMessage: 'Not Found' },
    });
  });

  it('are counted, and can be made to fail, under stable names', async () => {
    const { realm } = await start();
    const bearer = await firstKey(realm.origin);
    realm.stats.reset();
    realm.faults.next('keys.list', { kind: 'rate-limit', retryAfter: 3 });
    const listed = await ask(realm.origin, KEYS, { bearer });
    expect([listed.status, listed.headers['retry-after'], valueAt(listed.json, 'statusMessage')]).toEqual([429, '3', 'Too Many Requests']);
    await ask(realm.origin, KEYS, { method: 'POST', bearer });
    await ask(realm.origin, '/api/v1/auth/me', { bearer });
    await ask(realm.origin, `${KEYS}/x`, { method: 'DELETE', bearer });
    for (const path of ['/api/v1/minds', '/api/v1/flows']) for (const method of ['GET', 'POST']) await ask(realm.origin, path, { method, bearer });
    expect(realm.stats.all()).toEqual({
      'keys.list': 1,
      'keys.create': 1,
      me: 1,
      'keys.revoke': 1,
      'minds.list': 1,
      'minds.create': 1,
      'flows.list': 1,
      'flows.create': 1,
    });
  });
});

describe('plans of minds', () => {
  const start = backends('minds');
  const setPlan = (origin: string, plan: string) => ask(origin, '/dashboard', { method: 'POST', body: { set: 'plan', plan } });

  /** How many of four tries to make one succeed, and what the next says. */
  async function fill(origin: string, path: string, bearer: string): Promise<readonly [made: number, last: number]> {
    const statuses: number[] = [];
    for (const name of ['one', 'two', 'three', 'four']) statuses.push((await ask(origin, path, { method: 'POST', bearer, body: { name } })).status);
    return [statuses.filter((status) => status === 200).length, statuses[3] ?? 0];
  }

  it.each([
    ['free', [1, 403], [0, 403]],
    ['lite', [3, 403], [3, 403]],
    ['premium', [4, 200], [4, 200]],
    ['academic', [4, 200], [4, 200]],
    ['team', [4, 200], [4, 200]],
  ])('%s', async (plan, minds, flows) => {
    const { realm } = await start();
    const bearer = await firstKey(realm.origin);
    expect((await setPlan(realm.origin, plan)).json).toEqual({ plan });
    expect(await fill(realm.origin, '/api/v1/minds', bearer)).toEqual(minds);
    expect(await fill(realm.origin, '/api/v1/flows', bearer)).toEqual(flows);
    expect((await ask(realm.origin, '/api/v1/minds', { bearer })).json).toHaveLength(minds[0] ?? 0);
  });

  it('begin as the backend is told, and are kept over a restart once they were changed', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'keywright-backend-'));
    try {
      const { backend, realm } = await start({ mindsPlan: 'premium' }, { dataDir });
      const bearer = await firstKey(realm.origin);
      expect((await ask(realm.origin, '/api/v1/flows', { bearer })).status).toBe(200);
      expect((await ask(realm.origin, '/dashboard')).text).toMatch(/value="premium" checked>/);
      await setPlan(realm.origin, 'free');
      await backend.stop();
      const again = await start({ mindsPlan: 'premium' }, { dataDir });
      expect(await ask(again.realm.origin, '/api/v1/flows', { bearer })).toMatchObject({
        status: 403,
        json: { statusCode: 403, message: 'Your free plan allows no flows. Upgrade your plan.' },
      });
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });
});
