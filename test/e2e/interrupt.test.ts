import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { type Home, keywright, leadingTo, leftBehind, makeHome, start, until, type Variables } from '../support/cli.ts';
import { lookAtSessions, spend, type StoredSessions } from '../support/stored-session.ts';

/** Time enough to interrupt a request in the middle. */
const SLOW_MS = 2_000;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

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
  expect(await leftBehind([home.dir], [backend])).toEqual([]);
  await home.remove();
});

describe.each(SIGNALS)('%s', (signal) => {
  it.each([[['whoami']], [['auth', 'token']], [['auth', 'create-key', 'never-made']]])(
    'during the refresh of %j ends the command once the new tokens are stored',
    async (words) => {
      const before = await sessions.age(env, 'file', realm);
      const keysBefore = (await keywright(env, ['auth', 'list-keys'])).stdout;
      await sessions.age(env, 'file', realm);
      const old = await sessions.show(env, 'file', realm);
      realm.stats.reset();
      realm.faults.next('token.refresh', { kind: 'slow', ms: SLOW_MS });
      const running = start(env, words);
      await until('the refresh to reach the server', () => realm.stats.count('token.refresh') === 1);
      running.kill(signal);
      const ended = await running.ended;
      expect(ended).toMatchObject({ code: 130, stdout: '', stderr: expect.stringContaining('error[cancelled]') });

      const after = await sessions.show(env, 'file', realm);
      expect(after?.refresh).not.toBe(old?.refresh);
      expect(before.refresh).not.toBe(after?.refresh);
      expect(await keywright(env, ['whoami'])).toMatchObject({ code: 0, stderr: '' });
      expect(realm.stats.count('token.refresh')).toBe(1);
      expect((await keywright(env, ['auth', 'list-keys'])).stdout).toBe(keysBefore);
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

  it('while another process holds the lock ends the one that waits, and leaves the other alone', async () => {
    const before = await sessions.age(env, 'file', realm);
    realm.stats.reset();
    realm.faults.next('token.refresh', { kind: 'slow', ms: SLOW_MS * 2 });
    const holder = start(env, ['auth', 'token']);
    await until('the refresh to reach the server', () => realm.stats.count('token.refresh') === 1);
    const waiter = start(env, ['auth', 'token', '--debug']);
    await new Promise((resolve) => setTimeout(resolve, SLOW_MS / 2));
    waiter.kill(signal);
    expect(await waiter.ended).toMatchObject({ code: 130, stdout: '' });
    expect(await holder.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await spend(before)).toEqual({ status: 400, error: 'invalid_grant' });
    // That was the theft that the server fears: it ended the session, and a new one is needed.
    expect(await keywright({ ...env, BROWSER: standIn.allow }, ['login', 'memax'])).toMatchObject({ code: 0 });
  });
});
