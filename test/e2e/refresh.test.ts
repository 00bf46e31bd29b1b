import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { type Ended, type Home, keywright, leadingTo, leftBehind, makeHome, type Variables } from '../support/cli.ts';
import { KEYRING_PROGRAMS, type PrivateKeyring, startKeyring } from '../support/keyring.ts';
import { describeWith } from '../support/requires.ts';
import { lookAtSessions, spend, type StoredSessions } from '../support/stored-session.ts';

const AT_ONCE = 20;

/** Long enough for every process to find the token stale while the first refresh is under way. */
const SLOW_MS = 3_000;

let backend: LocalBackend;
let realm: LocalRealm;
let standIn: StandIn;
let sessions: StoredSessions;
const dirs: string[] = [];

beforeAll(async () => {
  standIn = await makeStandIn();
  sessions = await lookAtSessions();
  backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
  realm = backend.realm('memax');
});

afterAll(async () => {
  const left = await leftBehind(dirs, [backend]);
  await backend.stop();
  await standIn.remove();
  await sessions.remove();
  expect(left).toEqual([]);
});

async function signIn(env: Variables): Promise<void> {
  const ended = await keywright({ ...env, BROWSER: standIn.allow }, ['login', 'memax']);
  if (ended.code !== 0) throw new Error(ended.stderr);
}

/** Starts as many processes at once as there are environments, with a slow refresh, and gives how they ended and how many refreshes the server saw. */
async function all(envs: readonly Variables[]): Promise<{ readonly ended: readonly Ended[]; readonly refreshes: number }> {
  realm.stats.reset();
  realm.faults.next('token.refresh', { kind: 'slow', ms: SLOW_MS }, { times: AT_ONCE });
  const ended = await Promise.all(envs.map((env) => keywright(env, ['auth', 'token', '--provider', 'memax'])));
  realm.faults.clear();
  return { ended, refreshes: realm.stats.count('token.refresh') };
}

const times = <T>(make: (index: number) => T): T[] => Array.from({ length: AT_ONCE }, (_, index) => make(index));

describe('with an access token that has expired, many processes at once', () => {
  const homes: Home[] = [];
  afterAll(async () => {
    await Promise.all(homes.map((home) => home.remove()));
  });

  it('refresh once where the session is in the encrypted file', async () => {
    const home = await makeHome();
    homes.push(home);
    dirs.push(home.dir);
    const env = { ...home.env, ...leadingTo(realm), KEYWRIGHT_STORE: 'file' };
    await signIn(env);
    const before = await sessions.age(env, 'file', realm);

    const { ended, refreshes } = await all(times(() => env));
    const after = await sessions.show(env, 'file', realm);
    expect(refreshes).toBe(1);
    expect(after?.access).not.toBe(before.access);
    expect(ended).toEqual(times(() => ({ code: 0, stdout: `${after?.access}\n`, stderr: '' })));
    // The session is whole: what is stored can be refreshed again.
    await sessions.age(env, 'file', realm);
    expect(await keywright(env, ['whoami'])).toMatchObject({ code: 0 });
    expect(realm.stats.count('token.refresh')).toBe(2);
  });
});

describeWith(KEYRING_PROGRAMS, 'with an access token that has expired, many processes at one keychain', () => {
  let keyring: PrivateKeyring;
  let env: Variables;

  beforeAll(async () => {
    keyring = await startKeyring();
    dirs.push(keyring.dir);
    env = { ...keyring.env, ...leadingTo(realm) };
    await signIn(env);
  });
  afterAll(async () => {
    await keyring.stop();
  });

  it('refresh once', async () => {
    const before = await sessions.age(env, 'keychain', realm);
    const { ended, refreshes } = await all(times(() => env));
    const after = await sessions.show(env, 'keychain', realm);
    expect(refreshes).toBe(1);
    expect(after?.access).not.toBe(before.access);
    expect(ended).toEqual(times(() => ({ code: 0, stdout: `${after?.access}\n`, stderr: '' })));
  });

  it('refresh once also where they share no HOME, no XDG folder and no TMPDIR', async () => {
    await sessions.age(env, 'keychain', realm);
    const strangers = await Promise.all(
      times(async (index) => {
        const dir = path.join(keyring.dir, `stranger-${index}`);
        const at = (name: string): string => path.join(dir, name);
        const own = {
          HOME: at('home'),
          XDG_DATA_HOME: at('data'),
          XDG_CONFIG_HOME: at('config'),
          XDG_CACHE_HOME: at('cache'),
          XDG_RUNTIME_DIR: at('run'),
          TMPDIR: at('tmp'),
        };
        for (const folder of Object.values(own)) await mkdir(folder, { recursive: true });
        // Every second one has an index of its accounts, as a terminal has it and a job of cron may not.
        const state = at('state');
        if (index % 2 === 0) await cp(env['XDG_STATE_HOME'] ?? '', state, { recursive: true });
        return { ...env, ...own, XDG_STATE_HOME: state };
      }),
    );
    const { ended, refreshes } = await all(strangers);
    const after = await sessions.show(env, 'keychain', realm);
    expect(refreshes).toBe(1);
    expect(ended).toEqual(times(() => ({ code: 0, stdout: `${after?.access}\n`, stderr: '' })));
  });

  it('are told the truth by a server that takes a second use of a refresh token for theft', async () => {
    // Without this the tests above would prove nothing about what a race costs.
    const before = await sessions.age(env, 'keychain', realm);
    expect(await keywright(env, ['whoami'])).toMatchObject({ code: 0 });
    expect(await spend(before)).toEqual({ status: 400, error: 'invalid_grant' });
    await sessions.age(env, 'keychain', realm);
    expect(await keywright(env, ['whoami'])).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining('error[session-ended]') });
    expect(await keywright(env, ['whoami'])).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining('error[signed-out]') });
  });
});
