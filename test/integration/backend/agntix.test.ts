import { describe, expect, it } from 'vitest';

import { DAY_MS } from '../../../src/model/duration.ts';
import { ask, backends, textAt, valueAt, type Answer } from './running.ts';

const KEYS = '/v1/chat/api-keys';
const ALL = ['chat:read', 'chat:write', 'agents:read'];

const codeOf = ({ status, json }: Answer): readonly [number, unknown] => [status, valueAt(json, 'error', 'code')];

async function deskKey(origin: string, name: string, scopes: readonly string[] = ALL): Promise<string> {
  return textAt((await ask(origin, '/dashboard', { method: 'POST', body: { make: 'key', name, scopes } })).json, 'key');
}

const create = (origin: string, key: string, body: unknown) => ask(origin, KEYS, { method: 'POST', headers: { 'x-api-key': key }, body });
const list = (origin: string, key: string, query = '') => ask(origin, KEYS + query, { headers: { 'x-api-key': key } });

describe('keys of agntix', () => {
  const start = backends('agntix');

  it('have 32 random characters, and differ every time', async () => {
    const { realm } = await start();
    const keys = await Promise.all(Array.from({ length: 20 }, (_, index) => deskKey(realm.origin, `key ${index}`)));
    for (const key of keys) expect(key).toMatch(/^pk_live_[A-Za-z0-9_-]{32}$/);
    expect(new Set(keys).size).toBe(20);
  });

  it('make only keys that are no stronger', async () => {
    const { realm } = await start();
    const narrow = await deskKey(realm.origin, 'narrow', ['chat:read']);
    expect(codeOf(await create(realm.origin, narrow, { name: 'same', scopes: ['chat:read'] }))).toEqual([201, undefined]);
    expect(codeOf(await create(realm.origin, narrow, { name: 'more', scopes: ['chat:read', 'chat:write'] }))).toEqual([403, 'forbidden']);
    expect(valueAt((await list(realm.origin, narrow)).json, 'pagination', 'total')).toBe(2);
  });

  it('list agents only with agents:read', async () => {
    const { realm } = await start();
    const may = await deskKey(realm.origin, 'may', ['agents:read']);
    const mayNot = await deskKey(realm.origin, 'may not', ['chat:read', 'chat:write']);
    const agents = (key: string) => ask(realm.origin, '/v1/chat/agents', { headers: { 'x-api-key': key } });
    expect((await agents(may)).status).toBe(200);
    expect(codeOf(await agents(mayNot))).toEqual([403, 'forbidden']);
  });

  it.each([
    [400, 'invalid_request', 'half of some JSON', '{"name":'],
    [400, 'invalid_request', 'a list', []],
    [400, 'invalid_request', 'a scope with NUL', { name: 'x', scopes: ['chat:read\0'] }],
    [422, 'validation_error', 'no name', { scopes: ['chat:read'] }],
    [422, 'validation_error', 'a blank name', { name: '  ', scopes: ['chat:read'] }],
    [422, 'validation_error', 'a name that is no text', { name: 7, scopes: ['chat:read'] }],
    [422, 'validation_error', 'a name of 101 characters', { name: 'x'.repeat(101), scopes: ['chat:read'] }],
    [422, 'validation_error', 'no scopes', { name: 'x' }],
    [422, 'validation_error', 'an empty list of scopes', { name: 'x', scopes: [] }],
    [422, 'validation_error', 'scopes as text', { name: 'x', scopes: 'chat:read' }],
    [422, 'validation_error', 'a scope that there is not', { name: 'x', scopes: ['chat:burn'] }],
    [409, 'conflict', 'a name that is taken', { name: ' first ', scopes: ['chat:read'] }],
  ])('answer %i %s to %s, and are not made', async (status, code, _what, body) => {
    const { realm } = await start();
    const key = await deskKey(realm.origin, 'first');
    const answer = await create(realm.origin, key, body);
    expect(codeOf(answer)).toEqual([status, code]);
    expect(textAt(answer.json, 'error', 'requestId')).toMatch(/^req_/);
    expect(valueAt((await list(realm.origin, key)).json, 'pagination', 'total')).toBe(1);
  });

  it('number every failure anew', async () => {
    const { realm } = await start();
    const ids = await Promise.all(Array.from({ length: 3 }, async () => textAt((await ask(realm.origin, KEYS)).json, 'error', 'requestId')));
    expect(new Set(ids).size).toBe(3);
  });

  it('end on the next request once deleted, and their names are free again', async () => {
    const { realm } = await start();
    const key = await deskKey(realm.origin, 'first');
    const made = await create(realm.origin, key, { name: 'bot', scopes: ['chat:write', 'chat:write'] });
    expect(valueAt(made.json, 'scopes')).toEqual(['chat:write']);
    const bot = textAt(made.json, 'key');
    const path = `${KEYS}/${textAt(made.json, 'id')}`;
    expect(await ask(realm.origin, path, { method: 'DELETE', headers: { 'x-api-key': bot } })).toMatchObject({ status: 204, text: '' });
    expect((await list(realm.origin, bot)).status).toBe(401);
    expect(codeOf(await ask(realm.origin, path, { method: 'DELETE', headers: { 'x-api-key': key } }))).toEqual([404, 'not_found']);
    expect((await list(realm.origin, key)).json).toMatchObject({ data: [{ name: 'first' }], pagination: { total: 1 } });
    expect((await create(realm.origin, key, { name: 'bot', scopes: ['chat:write'] })).status).toBe(201);
  });

  it('never expire, and say when they were last used', async () => {
    const time = Date.parse('2027-01-31T12:00:00.000Z');
    const { realm } = await start({ clock: () => time });
    const first = await deskKey(realm.origin, 'first');
    const second = await deskKey(realm.origin, 'second');
    const lastUsed = async () => valueAt((await list(realm.origin, first)).json, 'data', 0, 'lastUsedAt');
    expect(await lastUsed()).toBeNull();
    realm.advanceClock(50 * 365 * DAY_MS);
    await list(realm.origin, second);
    expect(await lastUsed()).toBe('2077-01-18T12:00:00.000Z');
  });

  it('are counted under stable names', async () => {
    const { realm } = await start();
    const key = await deskKey(realm.origin, 'first');
    await ask(realm.origin, '/dashboard');
    await create(realm.origin, key, {});
    await list(realm.origin, key);
    await ask(realm.origin, `${KEYS}/x`, { method: 'DELETE' });
    await ask(realm.origin, '/v1/chat/agents');
    await ask(realm.origin, '/.well-known/jwks.json');
    expect(realm.stats.all()).toEqual({
      'dashboard.act': 1,
      'dashboard.show': 1,
      'keys.create': 1,
      'keys.list': 1,
      'keys.revoke': 1,
      'agents.list': 1,
      jwks: 1,
    });
  });
});

describe('the pages of the key list', () => {
  const start = backends('agntix');

  it('bring what is out of range into it, and what is no number to the usual', async () => {
    const { realm } = await start();
    const key = await deskKey(realm.origin, 'key 1');
    for (let number = 2; number <= 103; number += 1) await create(realm.origin, key, { name: `key ${number}`, scopes: ['chat:read'] });
    for (const [query, page, limit, length] of [
      ['', 1, 10, 10],
      ['?limit=100', 1, 100, 100],
      ['?limit=101', 1, 100, 100],
      ['?limit=99999999999999999999', 1, 100, 100],
      ['?limit=0', 1, 1, 1],
      ['?limit=-5', 1, 1, 1],
      ['?limit=ten', 1, 10, 10],
      ['?limit=1.5', 1, 10, 10],
      ['?limit=', 1, 10, 10],
      ['?page=-1&limit=7', 1, 7, 7],
      ['?page=2&limit=100', 2, 100, 3],
      ['?page=3&limit=100', 3, 100, 0],
      ['?page=99999999999999999999&limit=100', 1_000_000_000, 100, 0],
    ] as const) {
      const { json } = await list(realm.origin, key, query);
      expect(valueAt(json, 'pagination'), query).toEqual({ page, limit, total: 103, totalPages: Math.ceil(103 / limit) });
      const first = 103 - (page - 1) * limit;
      expect(valueAt(json, 'data'), query).toHaveLength(length);
      expect(valueAt(json, 'data'), query).toMatchObject(Array.from({ length }, (_, index) => ({ name: `key ${first - index}` })));
    }
  });
});
