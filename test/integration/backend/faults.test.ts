import { performance } from 'node:perf_hooks';

import { describe, expect, it } from 'vitest';

import type { Fault } from '../../../src/backend/faults.ts';
import { ask, backends, makeKey, quickToken, refresh, signIn, valueAt } from './running.ts';

const KEYS = '/v1/auth/api-keys';

describe('faults on request', () => {
  const start = backends();

  const prepared = async (fault: Fault, times?: number) => {
    const { realm } = await start();
    const bearer = await quickToken(realm.origin);
    realm.faults.next('keys.list', fault, ...(times === undefined ? [] : [{ times }]));
    return { realm, bearer, list: () => ask(realm.origin, KEYS, { bearer }) };
  };

  it('happen as often as was asked, to the route that was named, and then no more', async () => {
    const { realm, bearer, list } = await prepared({ kind: 'status', status: 503 }, 2);
    expect((await ask(realm.origin, '/v1/auth/me', { bearer })).status).toBe(200);
    expect(await list()).toMatchObject({ status: 503, json: { error: { code: 'unavailable' } } });
    expect((await list()).status).toBe(503);
    expect((await list()).status).toBe(200);
    expect(realm.stats.count('keys.list')).toBe(3);
  });

  it('come in turn, reach a whole family, and can be called off', async () => {
    const { realm, bearer, list } = await prepared({ kind: 'status', status: 500 });
    realm.faults.next('keys', { kind: 'status', status: 409, code: 'busy', message: 'Later.' });
    realm.faults.next('*', { kind: 'status', status: 401, body: { odd: true } });
    expect((await list()).status).toBe(500);
    expect((await list()).json).toEqual({ error: { code: 'busy', message: 'Later.' } });
    expect(await ask(realm.origin, '/v1/auth/me', { bearer })).toMatchObject({ status: 401, json: { odd: true } });
    realm.faults.next('*', { kind: 'status', status: 500 });
    realm.faults.clear();
    expect((await list()).status).toBe(200);
  });

  it('slow: answers properly, later', async () => {
    const { list } = await prepared({ kind: 'slow', ms: 300 });
    const begun = performance.now();
    expect((await list()).status).toBe(200);
    // Timers count in whole milliseconds and may end a moment early by this clock.
    expect(performance.now() - begun).toBeGreaterThan(290);
  });

  it('drop-before: nothing is done', async () => {
    const { realm } = await start();
    const bearer = await quickToken(realm.origin);
    realm.faults.next('keys.create', { kind: 'drop-before' });
    await expect(makeKey(realm.origin, bearer)).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect((await ask(realm.origin, KEYS, { bearer })).json).toEqual({ data: [] });
  });

  it('drop-after: it is done and nobody hears of it', async () => {
    const { realm } = await start();
    const bearer = await quickToken(realm.origin);
    realm.faults.next('keys.create', { kind: 'drop-after' });
    await expect(makeKey(realm.origin, bearer, { name: 'lost' })).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect((await ask(realm.origin, KEYS, { bearer })).json).toMatchObject({ data: [{ name: 'lost' }] });
  });

  it('drop-after on the token endpoint: the refresh token is spent', async () => {
    const { realm } = await start();
    const { clientId, refreshToken } = await signIn(realm.origin);
    realm.faults.next('token.refresh', { kind: 'drop-after' });
    await expect(refresh(realm.origin, clientId, refreshToken)).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(await refresh(realm.origin, clientId, refreshToken)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it('drop-before on the token endpoint: the refresh token is still good', async () => {
    const { realm } = await start();
    const { clientId, refreshToken } = await signIn(realm.origin);
    realm.faults.next('token', { kind: 'drop-before' });
    await expect(refresh(realm.origin, clientId, refreshToken)).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect((await refresh(realm.origin, clientId, refreshToken)).status).toBe(200);
  });

  it('speak OAuth where OAuth is spoken (RFC 6749 section 5.2)', async () => {
    const { realm } = await start();
    realm.faults.next('token', { kind: 'status', status: 503 });
    realm.faults.next('token', { kind: 'status', status: 400, code: 'invalid_grant' });
    expect(await refresh(realm.origin, 'x', 'y')).toMatchObject({ status: 503, json: { error: 'server_error' } });
    expect(await refresh(realm.origin, 'x', 'y')).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it.each([
    [2, '2'],
    ['Fri, 01 Jan 2027 00:00:00 GMT', 'Fri, 01 Jan 2027 00:00:00 GMT'],
    [undefined, undefined],
  ])('rate-limit: Retry-After %j', async (retryAfter, header) => {
    const { list } = await prepared(retryAfter === undefined ? { kind: 'rate-limit' } : { kind: 'rate-limit', retryAfter });
    const answer = await list();
    expect(answer).toMatchObject({ status: 429, json: { error: { code: 'rate_limited' } } });
    expect(answer.headers['retry-after']).toBe(header);
  });

  it('html: a web page with 200', async () => {
    const answer = await (await prepared({ kind: 'html' })).list();
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^text\/html/);
    expect(answer.text).toContain('<!doctype html>');
  });

  it('half-json: cut off, or whole and broken', async () => {
    const { realm, list } = await prepared({ kind: 'half-json', how: 'cut' });
    await expect(list()).rejects.toThrow(/aborted/);
    realm.faults.next('keys.list', { kind: 'half-json', how: 'broken' });
    const broken = await list();
    expect(broken.status).toBe(200);
    expect(broken.text).not.toBe('');
    expect(broken.json).toBeUndefined();
  });

  it('wrong-type: JSON of the wrong shape', async () => {
    expect(await (await prepared({ kind: 'wrong-type', body: { data: [{ id: 7 }] } })).list()).toMatchObject({ status: 200, json: { data: [{ id: 7 }] } });
  });

  it('redirect: to anywhere', async () => {
    const answer = await (await prepared({ kind: 'redirect', to: 'https://evil.example/', status: 307 })).list();
    expect(answer.status).toBe(307);
    expect(answer.headers['location']).toBe('https://evil.example/');
  });

  it('huge: more than anybody wants', async () => {
    const answer = await (await prepared({ kind: 'huge', megabytes: 2 })).list();
    expect(answer.text.length).toBeGreaterThan(2 * 1024 * 1024);
  });

  it('are ordered over the wire only where that is switched on, and only in JSON', async () => {
    const order = { route: 'keys.list', fault: { kind: 'status', status: 500 }, times: 2 };
    const closed = (await start()).realm;
    expect((await ask(closed.origin, '/_faults', { method: 'POST', body: order })).status).toBe(404);
    const { realm } = await start({ faultControl: true });
    const bearer = await quickToken(realm.origin);
    expect((await ask(realm.origin, '/_faults', { method: 'POST', body: order })).status).toBe(204);
    const statuses = [];
    for (let times = 0; times < 3; times += 1) statuses.push((await ask(realm.origin, KEYS, { bearer })).status);
    expect(statuses).toEqual([500, 500, 200]);
    const form = await ask(realm.origin, '/_faults', { method: 'POST', body: JSON.stringify(order), headers: { 'content-type': 'text/plain' } });
    expect(form.status).toBe(400);
    for (const bad of [
      {},
      { route: 'x' },
      { route: 'x', fault: { kind: 'fire' } },
      { route: 'x', fault: { kind: 'status' } },
      { route: 'x', fault: { kind: 'html' }, times: 0 },
    ]) {
      expect((await ask(realm.origin, '/_faults', { method: 'POST', body: bad })).status).toBe(400);
    }
    expect((await ask(realm.origin, KEYS, { bearer })).status).toBe(200);
  });

  it('latency holds every answer back', async () => {
    const { realm } = await start({ latencyMs: 200 });
    const begun = performance.now();
    expect(valueAt((await ask(realm.origin, '/.well-known/oauth-authorization-server')).json, 'issuer')).toBe(realm.origin);
    expect(performance.now() - begun).toBeGreaterThan(190);
  });
});
