import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { type Ended, keywright, leadingTo, leftBehind, PROGRAM, until, type Variables } from '../support/cli.ts';
import { KEYRING_PROGRAMS, type PrivateKeyring, startKeyring } from '../support/keyring.ts';
import { describeWith } from '../support/requires.ts';
import { lookAtSessions, type StoredSessions } from '../support/stored-session.ts';

/** Every variable that holds a credential or opens a store, with a value to look for. */
const CREDENTIALS: Variables = {
  API_KEY: 'planted-bare-key',
  KEYWRIGHT_API_KEY: 'planted-general-key',
  KEYWRIGHT_STORE_KEY: 'cGxhbnRlZC1zdG9yZS1rZXktb2YtMzItYnl0ZXMtISE',
  KEYWRIGHT_STORE_PASSPHRASE: 'planted-passphrase',
  MEMAX_API_KEY: 'planted-memax-key',
};

/** One start of a program, as the kernel saw it: its arguments and its whole environment. */
type Start = string;

/** Everything that a traced command started, itself left out. */
async function startsIn(trace: string): Promise<readonly Start[]> {
  const lines = (await readFile(trace, 'utf8')).split('\n').filter((line) => line.includes('execve('));
  return lines.slice(1);
}

describeWith([...KEYRING_PROGRAMS, 'strace'], 'the processes that a command starts', () => {
  let backend: LocalBackend;
  let realm: LocalRealm;
  let standIn: StandIn;
  let sessions: StoredSessions;
  let keyring: PrivateKeyring;
  let env: Variables;
  let traces = 0;

  beforeAll(async () => {
    backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
    realm = backend.realm('memax');
    standIn = await makeStandIn();
    sessions = await lookAtSessions();
    keyring = await startKeyring();
    env = { ...keyring.env, ...leadingTo(realm) };
    const ended = await keywright({ ...env, BROWSER: standIn.allow }, ['login', 'memax']);
    if (ended.code !== 0) throw new Error(ended.stderr);
  });

  afterAll(async () => {
    await keyring.stop();
    await backend.stop();
    await standIn.remove();
    await sessions.remove();
    expect(await leftBehind([keyring.dir], [backend])).toEqual([]);
  });

  /** Runs a command under a tracer that misses no start of a program, however short its life. */
  async function watched(
    variables: Variables,
    words: readonly string[],
    input?: string,
  ): Promise<{ readonly ended: Ended; readonly starts: readonly Start[] }> {
    traces += 1;
    const trace = path.join(keyring.dir, `trace-${traces}`);
    const tracer = ['strace', '-f', '-qq', '-v', '-s', '100000', '-e', 'trace=execve', '-e', 'signal=none', '-o', trace];
    const ended = await keywright(variables, words, { through: [...tracer, process.execPath, PROGRAM], ...(input === undefined ? {} : { input }) });
    return { ended, starts: await startsIn(trace) };
  }

  /** The tokens and the key that must not be seen; there are some, or the test proves nothing. */
  async function secrets(...more: readonly string[]): Promise<readonly string[]> {
    const session = await sessions.show(env, 'keychain', realm);
    const all = [...Object.values(CREDENTIALS), session?.access ?? '', session?.refresh ?? '', ...more];
    expect(all.filter((text) => text.length < 16)).toEqual([]);
    return all;
  }

  const showing = (starts: readonly Start[], needles: readonly string[]): readonly Start[] =>
    starts.filter((start) => needles.some((needle) => start.includes(needle)));
  const names = Object.keys(CREDENTIALS).map((name) => `"${name}=`);

  it('see no secret in an argument and no credential in the environment, while a sign-in, a refresh and a new key are under way', async () => {
    const told = path.join(keyring.dir, 'told');
    const login = await watched({ ...env, ...CREDENTIALS, BROWSER: standIn.tell(told) }, ['login', 'memax', '--store', 'keychain', '--debug']);
    expect(login.ended).toMatchObject({ code: 0 });
    const browser: { readonly argv: readonly string[]; readonly env: Variables } = JSON.parse(
      await until('the browser to tell', () => readFile(told, 'utf8').catch(() => undefined)),
    );
    expect(Object.keys(browser.env).filter((name) => name in CREDENTIALS)).toEqual([]);
    expect(browser.env).toMatchObject({ HOME: env['HOME'], PATH: env['PATH'] });
    expect(browser.argv.at(-1)).toMatch(new RegExp(`^${realm.origin}/oauth/authorize\\?`));
    // The verifier of PKCE is a secret of the program: what the browser is given carries only its hash.
    expect([...new URL(browser.argv.at(-1) ?? '').searchParams.keys()].sort()).toEqual(
      ['client_id', 'code_challenge', 'code_challenge_method', 'redirect_uri', 'response_type', 'scope', 'state'].sort(),
    );
    expect(showing(login.starts, [`${realm.origin}/oauth/authorize`])).not.toEqual([]);

    await sessions.age(env, 'keychain', realm);
    const before = await secrets();
    realm.faults.next('token.refresh', { kind: 'slow', ms: 300 });
    const refresh = await watched(env, ['auth', 'token', '--debug']);
    expect(refresh.ended).toMatchObject({ code: 0 });

    const made = await watched(env, ['auth', 'create-key', 'watched', '--debug']);
    const key = made.ended.stdout.trim();
    expect(key).toMatch(/^mxk_/);
    const all = [...before, ...(await secrets(key))];
    for (const seen of [login, refresh, made]) {
      expect(showing(seen.starts, [...names, ...all])).toEqual([]);
      expect(all.filter((secret) => seen.ended.stderr.includes(secret))).toEqual([]);
    }
  });

  it('see none where the keychain is asked through a process of its own', async () => {
    // An address that only the library can follow: its calls are then made where they can be cut off.
    const address = `tcp:host=127.0.0.1,port=1;${env['DBUS_SESSION_BUS_ADDRESS']}`;
    const through = { ...env, DBUS_SESSION_BUS_ADDRESS: address };
    const key = (await keywright(env, ['auth', 'create-key', 'brought'])).stdout.trim();
    // An entry that is not there yet could not be told from one that is locked, so there is one before.
    expect(await keywright(env, ['login', 'memax', '--with-token', '--account', 'key'], { input: key })).toMatchObject({ code: 0 });
    const login = await watched({ ...through, ...CREDENTIALS }, ['login', 'memax', '--with-token', '--account', 'key'], `${key}\n`);
    expect(login.ended).toMatchObject({ code: 0 });
    const whoami = await watched({ ...through, ...CREDENTIALS }, ['whoami', '--account', 'key']);
    expect(whoami.ended).toMatchObject({ code: 0 });
    const all = await secrets(key);
    for (const seen of [login, whoami]) {
      expect(showing(seen.starts, ['keychain-child.js'])).not.toEqual([]);
      expect(showing(seen.starts, [...names, ...all])).toEqual([]);
    }
  });
});
