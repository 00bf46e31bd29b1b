import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { type Home, keywright, leadingTo, leftBehind, makeHome, start, until, type Variables } from '../support/cli.ts';
import { lookAtSessions, spend, type StoredSessions } from '../support/stored-session.ts';

/** Time enough to interrupt a request in the middle. */
const SLOW_MS = 1_000;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Whether a process takes part in the contest for a lock: it then has a socket whose name ends like those of the lock folder. */
function isContender(pid: number): boolean {
  const sockets = readFileSync('/proc/net/unix', 'latin1')
    .split('\n')
    .filter((line) => /\.[ts]$/.test(line))
    .map((line) => `socket:[${line.trim().split(/\s+/)[6]}]`);
  return readdirSync(`/proc/${pid}/fd`).some((fd) => sockets.includes(linkOf(`/proc/${pid}/fd/${fd}`)));
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

let backend: LocalBackend;
let realm: LocalRealm;
let standIn: StandIn;
let sessions: StoredSessions;
let home: Home;
let env: Variables;

beforeAll(async () => {
  backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
  realm = backend.realm('memax');
  standIn = await makeStandIn();
  sessions = await lookAtSessions();
  home = await makeHome();
  env = { ...home.env, ...leadingTo(realm), KEYWRIGHT_STORE: 'file' };
  const ended = await keywright({ ...env, BROWSER: standIn.allow }, ['login', 'memax']);
  if (ended.code !== 0) throw new Error(ended.stderr);
});

afterAll(async () => {
  await backend.stop();
  await standIn.remove();
  await sessions.remove();
  const left = await leftBehind([home.dir], [backend]);
  await home.remove();
  expect(left).toEqual([]);
});

describe.each(SIGNALS)('%s', (signal) => {
  it.each([[['whoami']], [['auth', 'token']], [['auth', 'create-key', 'never-made']]])(
    'during the refresh of %j ends the command once the new tokens are stored',
    async (words) => {
      const before = await sessions.age(env, 'file', realm);
      realm.stats.reset();
      realm.faults.next('token.refresh', { kind: 'slow', ms: SLOW_MS });
      const running = start(env, words);
      await until('the refresh to reach the server', () => realm.stats.count('token.refresh') === 1);
      running.kill(signal);
      expect(await running.ended).toMatchObject({ code: 130, stdout: '', stderr: expect.stringContaining('error[cancelled]') });
      // Nothing was begun with the new token, and the next command needs no other.
      expect(realm.stats.all()).toEqual({ 'token.refresh': 1 });
      const token = await keywright(env, ['auth', 'token']);
      expect(token).toMatchObject({ code: 0, stderr: '' });
      expect(token.stdout).not.toBe(`${before.access}\n`);
      expect(realm.stats.all()).toEqual({ 'token.refresh': 1 });
    },
  );

  it('during create-key neither loses the key nor leaves one that nobody knows', async () => {
    realm.stats.reset();
    realm.faults.next('keys.create', { kind: 'slow', ms: SLOW_MS });
    const running = start(env, ['auth', 'create-key', `cut-by-${signal}`]);
    await until('the request to reach the server', () => realm.stats.count('keys.create') === 1);
    running.kill(signal);
    const ended = await running.ended;
    // The reply holds a key that exists once, so it is waited for and printed as if nothing had happened.
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^mxk_[0-9a-f]{64}\n$/), stderr: expect.stringContaining(`"cut-by-${signal}" (id `) });
    const who = await keywright({ ...env, MEMAX_API_KEY: ended.stdout.trim() }, ['whoami']);
    expect(who).toMatchObject({ code: 0 });
  });

  it('during a slow read ends the command at once', async () => {
    realm.stats.reset();
    // Longer than any request may take: one that is waited for would end as timed out.
    realm.faults.next('keys.list', { kind: 'slow', ms: 60_000 });
    const running = start(env, ['auth', 'list-keys']);
    await until('the request to reach the server', () => realm.stats.count('keys.list') === 1);
    running.kill(signal);
    expect(await running.ended).toMatchObject({ code: 130, stdout: '', stderr: expect.stringContaining('error[cancelled]') });
  });

  it('during the exchange of a sign-in leaves no session at the server that nobody knows', async () => {
    const other = await makeHome();
    const otherEnv = { ...other.env, ...leadingTo(realm), KEYWRIGHT_STORE: 'file', BROWSER: standIn.allow };
    realm.stats.reset();
    realm.faults.next('token.code', { kind: 'slow', ms: SLOW_MS });
    const running = start(otherEnv, ['login', 'memax']);
    await until('the exchange to reach the server', () => realm.stats.count('token.code') === 1);
    running.kill(signal);
    const ended = await running.ended;
    const session = await sessions.show(otherEnv, 'file', realm);
    expect({ code: ended.code, stored: session !== undefined, revoked: realm.stats.count('revoke') }).toEqual({ code: 130, stored: false, revoked: 2 });
    expect(await leftBehind([other.dir], [])).toEqual([]);
    await other.remove();
  });

  // Only Linux tells which process has which socket.
  it.runIf(existsSync('/proc/net/unix'))('while another process holds the lock ends the one that waits, and leaves the other alone', async () => {
    const before = await sessions.age(env, 'file', realm);
    realm.stats.reset();
    realm.faults.next('token.refresh', { kind: 'slow', ms: SLOW_MS * 3 });
    const holder = start(env, ['auth', 'token']);
    await until('the refresh to reach the server', () => realm.stats.count('token.refresh') === 1);
    const waiter = start(env, ['auth', 'token']);
    await until('the other to wait for the lock', () => isContender(waiter.pid));
    waiter.kill(signal);
    expect(await waiter.ended).toMatchObject({ code: 130, stdout: '' });
    expect(await holder.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await spend(before)).toEqual({ status: 400, error: 'invalid_grant' });
    // That was the theft that the server fears: it ended the session, and a new one is needed.
    expect(await keywright({ ...env, BROWSER: standIn.allow }, ['login', 'memax'])).toMatchObject({ code: 0 });
  });
});
