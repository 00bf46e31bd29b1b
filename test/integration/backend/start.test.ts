import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { startBackend } from '../../../src/backend/start.ts';
import { failedWith } from '../../../src/model/failure.ts';
import { ask, backends, makeKey, quickToken, refresh, signIn, textAt } from './running.ts';

async function failureOf(work: Promise<unknown>): Promise<{ readonly code: string; readonly detail: string } | undefined> {
  try {
    await work;
    return undefined;
  } catch (thrown) {
    if (!failedWith(thrown, 'usage')) throw thrown;
    return { code: thrown.code, detail: thrown.detail };
  }
}

function reach(host: string, port: number): Promise<'reached' | 'refused'> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => {
      socket.destroy();
      resolve('reached');
    });
    socket.on('error', () => resolve('refused'));
  });
}

describe('starting the backend', () => {
  const start = backends();
  const folders: string[] = [];
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'keywright-backend-'));
    folders.push(made);
    return made;
  };
  afterEach(() => {
    for (const made of folders.splice(0)) rmSync(made, { recursive: true });
  });

  it('listens on 127.0.0.1 with every realm that there is, unless told which', async () => {
    const backend = await startBackend({ realms: [], dataDir: undefined, port: 0 });
    try {
      expect(backend.realms.map(({ id }) => id)).toEqual(['memax', 'minds', 'reminix', 'agntix']);
      expect(backend.realms[0]?.origin).toMatch(/^http:\/\/127\.0\.0\.1:[0-9]+$/);
    } finally {
      await backend.stop();
    }
  });

  it('is not there at any other address of this machine', async () => {
    const { realm } = await start();
    const others = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.filter(({ family, internal }) => family === 'IPv4' && !internal));
    // All of 127.0.0.0/8 is this machine on Linux; elsewhere it is 127.0.0.1 alone.
    const hosts = [...others.map(({ address }) => address), ...(process.platform === 'linux' ? ['127.0.0.2'] : [])];
    const { port } = new URL(realm.origin);
    const outcomes = await Promise.all(hosts.map((host) => reach(host, Number(port))));
    expect(outcomes).toEqual(hosts.map(() => 'refused'));
    expect(await reach('127.0.0.1', Number(port))).toBe('reached');
  });

  it('knows no realm of another name', async () => {
    expect(await failureOf(startBackend({ realms: ['memax', 'nobody'], dataDir: undefined, port: 0 }))).toEqual({
      code: 'usage',
      detail: 'There is no realm called "nobody".',
    });
    const { backend } = await start();
    expect(() => backend.realm('nobody')).toThrow(/nobody/);
  });

  it('says so when a port is taken, and when it is none', async () => {
    const { realm } = await start();
    const taken = Number(new URL(realm.origin).port);
    expect(await failureOf(startBackend({ realms: ['memax'], dataDir: undefined, port: taken }))).toEqual({
      code: 'usage',
      detail: `Port ${taken} is already in use.`,
    });
    for (const port of [-1, 65_536, 1.5])
      expect((await failureOf(startBackend({ realms: ['memax'], dataDir: undefined, port })))?.detail).toContain('is not a port');
  });

  it('lets its port go when it stops, and when it could not start', async () => {
    const { backend, realm } = await start();
    const port = Number(new URL(realm.origin).port);
    await backend.stop();
    const file = join(folder(), 'a-file');
    writeFileSync(file, '');
    expect((await failureOf(startBackend({ realms: ['memax'], dataDir: file, port })))?.detail).toContain('cannot be opened');
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    expect(server.listening).toBe(true);
    server.close();
  });

  it('keeps keys, refresh tokens, clients and sign-ins over a restart at the same port', async () => {
    const dataDir = folder();
    const first = await start({}, { dataDir });
    const { origin } = first.realm;
    const { clientId, accessToken, refreshToken } = await signIn(origin);
    const quick = await quickToken(origin);
    const { id, key } = await makeKey(origin, accessToken, { agent_name: 'cursor' });
    const revoked = await makeKey(origin, accessToken);
    await ask(origin, `/v1/auth/api-keys/${revoked.id}`, { method: 'DELETE', bearer: accessToken });
    await first.backend.stop();
    await start({}, { dataDir, port: Number(new URL(origin).port) });
    for (const bearer of [accessToken, quick, key]) expect((await ask(origin, '/v1/auth/me', { bearer })).status).toBe(200);
    expect((await ask(origin, '/v1/auth/me', { bearer: revoked.key })).status).toBe(401);
    expect(textAt((await ask(origin, '/v1/auth/api-keys', { bearer: key })).json, 'data', 0, 'id')).toBe(id);
    const fresh = await refresh(origin, clientId, refreshToken);
    expect((await ask(origin, '/v1/auth/me', { bearer: textAt(fresh.json, 'access_token') })).status).toBe(200);
    expect((await refresh(origin, clientId, refreshToken)).status).toBe(400);
  });

  it('keeps its files to their owner', async () => {
    const dataDir = join(folder(), 'deep', 'er');
    const { realm } = await start({}, { dataDir });
    await makeKey(realm.origin, await quickToken(realm.origin));
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    const files = readdirSync(dataDir);
    expect(files).toContain('memax.sqlite');
    for (const name of files) expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600);
  });

  it('forgets everything that was in memory', async () => {
    const first = await start();
    const { origin } = first.realm;
    const { key } = await makeKey(origin, await quickToken(origin));
    await first.backend.stop();
    await start({}, { port: Number(new URL(origin).port) });
    expect((await ask(origin, '/v1/auth/me', { bearer: key })).status).toBe(401);
  });

  it('counts requests by route until told to begin anew', async () => {
    const { realm } = await start();
    const bearer = await quickToken(realm.origin);
    await ask(realm.origin, '/v1/auth/me', { bearer });
    await ask(realm.origin, '/v1/auth/me');
    expect(realm.stats.all()).toEqual({ 'exchange.github': 1, 'exchange.code': 1, me: 2 });
    realm.stats.reset();
    expect(realm.stats.all()).toEqual({});
    expect(realm.stats.count('me')).toBe(0);
  });
});
