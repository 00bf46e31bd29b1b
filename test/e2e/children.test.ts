import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { type Ended, keywright, leadingTo, leftBehind, processes, processFile, start, until, type Variables } from '../support/cli.ts';
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

/** What `ps` could show of a process and all that came of it. */
interface Seen {
  readonly cmdlines: ReadonlySet<string>;
  /** Of the children alone. */
  readonly environs: ReadonlySet<string>;
}

function parentOf(pid: number): number {
  // The name in brackets may hold anything; what follows the last bracket is the state and the parent.
  return Number(/\) \S ([0-9]+) /.exec(processFile(pid, 'stat') ?? '')?.[1] ?? -1);
}

/** Looks at the process and its descendants until `over` is settled, as often as the machine allows. One that was a descendant once stays one. */
async function watch(pid: number, over: Promise<unknown>): Promise<Seen> {
  const family = new Set([pid]);
  const own = await until('the process to be there', () => processFile(pid, 'cmdline'));
  const cmdlines = new Set<string>();
  const environs = new Set<string>();
  let going = true;
  void over.finally(() => (going = false));
  while (going) {
    for (const each of processes()) {
      if (family.has(parentOf(each))) family.add(each);
      if (!family.has(each)) continue;
      const cmdline = processFile(each, 'cmdline') ?? '';
      cmdlines.add(cmdline);
      // Between fork and exec a child is a copy of its parent, with its words and its environment.
      if (cmdline !== own) environs.add(processFile(each, 'environ') ?? '');
    }
    await turn();
  }
  return { cmdlines, environs };
}

describeWith(KEYRING_PROGRAMS, 'the processes that a command starts', () => {
  let backend: LocalBackend;
  let realm: LocalRealm;
  let standIn: StandIn;
  let sessions: StoredSessions;
  let keyring: PrivateKeyring;
  let env: Variables;

  beforeAll(async () => {
    backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
    realm = backend.realm('memax');
    standIn = await makeStandIn();
    sessions = await lookAtSessions();
    keyring = await startKeyring();
    env = { ...keyring.env, ...leadingTo(realm) };
  });

  afterAll(async () => {
    await keyring.stop();
    await backend.stop();
    await standIn.remove();
    await sessions.remove();
    expect(await leftBehind([keyring.dir], [backend])).toEqual([]);
  });

  async function watched(variables: Variables, words: readonly string[], input?: string): Promise<Seen & { readonly ended: Ended }> {
    const running = start(variables, words, input === undefined ? {} : { input });
    const seen = await watch(running.pid, running.ended);
    return { ...seen, ended: await running.ended };
  }

  /** The tokens and the key that must not be seen; there are some, or the test proves nothing. */
  async function secrets(...more: readonly string[]): Promise<readonly string[]> {
    const session = await sessions.show(env, 'keychain', realm);
    const all = [...Object.values(CREDENTIALS), session?.access ?? '', session?.refresh ?? '', ...more];
    expect(all.filter((text) => text.length < 16)).toEqual([]);
    return all;
  }

  const showing = (texts: ReadonlySet<string>, needles: readonly string[]): readonly string[] =>
    [...texts].filter((text) => needles.some((needle) => text.includes(needle)));

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
    expect(showing(login.cmdlines, [realm.origin])).toHaveLength(1);

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
      expect(seen.cmdlines.size).toBeGreaterThan(0);
      expect(showing(seen.cmdlines, all)).toEqual([]);
      expect(showing(seen.environs, all)).toEqual([]);
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
      expect(showing(seen.cmdlines, ['keychain-child.js'])).not.toEqual([]);
      expect(showing(seen.cmdlines, all)).toEqual([]);
      expect(showing(seen.environs, all)).toEqual([]);
    }
  });
});
