import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { entriesInChild } from '../../../src/adapters/keychain/in-child.ts';
import { loadNative } from '../../../src/adapters/keychain/native.ts';
import type { NativeKeychain } from '../../../src/adapters/keychain/native.ts';
import { createKeychainStore } from '../../../src/adapters/keychain/store.ts';
import { LIMITS } from '../../../src/adapters/keychain/world.ts';
import type { CredentialStore } from '../../../src/model/credential-store.ts';
import { Secret } from '../../../src/model/secret.ts';
import { startFakeSecretService } from '../../support/fake-secret-service.ts';
import { bundleProgram, failureOf, keychainWorld } from '../../support/keychain-world.ts';
import type { BundledProgram } from '../../support/keychain-world.ts';
import { KEYRING_PROGRAMS, startBus, startKeyring } from '../../support/keyring.ts';
import type { PrivateKeyring } from '../../support/keyring.ts';
import { describeWith } from '../../support/requires.ts';

const address = { origin: 'https://api.example', account: 'default' };
const key = { kind: 'key', key: new Secret('SECRET-7f3a'), obtainedAt: 1 } as const;

/** The failures of all that a store does, which must be alike. */
async function allFailures(store: CredentialStore): Promise<readonly string[]> {
  const messages: string[] = [];
  for (const call of [() => store.read(address), () => store.write(address, key), () => store.delete(address), () => store.probe()])
    messages.push((await failureOf(call())).message);
  return [...new Set(messages)];
}

describeWith(KEYRING_PROGRAMS, 'a keychain that does not serve', () => {
  let keyring: PrivateKeyring;
  let child: BundledProgram;
  let dir: string;
  beforeAll(async () => {
    [keyring, child, dir] = await Promise.all([startKeyring(), bundleProgram('src/adapters/keychain/child.ts'), mkdtemp(path.join(tmpdir(), 'keychain-'))]);
    // The library looks for its bus once, in the environment of this process: this file has the process for itself.
    for (const name of ['DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR', 'XDG_DATA_HOME']) process.env[name] = keyring.env[name];
  });
  afterAll(async () => {
    await keyring.stop();
    await child.remove();
    await rm(dir, { recursive: true });
  });

  it('is unavailable without a session bus', async () => {
    const world = keychainWorld({ XDG_RUNTIME_DIR: dir }, { uid: 4_294_967_000 });
    expect(await allFailures(createKeychainStore(world))).toEqual([
      'keychain-unavailable: There is no session bus, through which the keychain would be reached.',
    ]);
  });

  it('is unavailable where the bus is dead', async () => {
    const world = keychainWorld({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${dir}/gone` });
    expect(await allFailures(createKeychainStore(world))).toEqual([
      'keychain-unavailable: The session bus does not answer at its address, or belongs to another user.',
    ]);
  });

  it('is unavailable where the bus knows no keychain service', async () => {
    const bus = await startBus();
    onTestFinished(bus.stop);
    expect(await allFailures(createKeychainStore(keychainWorld(bus.env)))).toEqual([
      'keychain-unavailable: No keychain service runs in this session, and none can be started.',
    ]);
  });

  it('is unavailable where its library cannot be loaded', async () => {
    const load = (): Promise<never> => Promise.reject(new Error('Failed to load keytar native addon, checked [...]'));
    const store = createKeychainStore(keychainWorld(keyring.env), { load });
    for (const failure of [await failureOf(store.write(address, key)), await failureOf(store.probe())]) {
      expect(failure.message).toBe('keychain-unavailable: The keychain library cannot be loaded on this machine.');
      expect(failure.hint).toContain('apt-get install libsecret-1-0');
    }
    // Reading does without it.
    expect(await store.read(address)).toBeUndefined();
  });

  it('is unavailable where it takes a value and keeps nothing', async () => {
    const native = { getPassword: () => Promise.resolve(null), setPassword: () => Promise.resolve(), deletePassword: () => Promise.resolve(false) };
    const store = createKeychainStore(keychainWorld(keyring.env), { load: () => Promise.resolve(native) });
    expect((await failureOf(store.write(address, key))).message).toBe('keychain-unavailable: The keychain took a value but did not keep it.');
    expect((await failureOf(store.probe())).message).toBe('keychain-unavailable: The keychain took a value but did not keep it.');
  });

  it('does not undo what another process wrote right after us', async () => {
    const theirs = createKeychainStore(keychainWorld(keyring.env), { service: 'keywright-race' });
    const load = async (): Promise<NativeKeychain> => {
      const native = await loadNative();
      return {
        ...native,
        setPassword: async (...args) => {
          await native.setPassword(...args);
          await theirs.write(address, { ...key, obtainedAt: 2 });
        },
      };
    };
    await createKeychainStore(keychainWorld(keyring.env), { service: 'keywright-race', load }).write(address, key);
    expect(await theirs.read(address)).toMatchObject({ obtainedAt: 2 });
  });

  it('is not believed when it says that it deleted nothing and the entry is still there', async () => {
    const real = createKeychainStore(keychainWorld(keyring.env), { service: 'keywright-contradiction' });
    await real.write(address, key);
    const load = async (): Promise<NativeKeychain> => ({ ...(await loadNative()), deletePassword: () => Promise.resolve(false) });
    const store = createKeychainStore(keychainWorld(keyring.env), { service: 'keywright-contradiction', load });
    expect((await failureOf(store.delete(address))).message).toBe('keychain-unavailable: The keychain says that it holds the entry, but did not delete it.');
    expect(await real.delete(address)).toBe('deleted');
  });

  it('says absent of an entry that another process deletes first', async () => {
    const real = createKeychainStore(keychainWorld(keyring.env), { service: 'keywright-gone' });
    await real.write(address, key);
    const load = async (): Promise<NativeKeychain> => {
      const native = await loadNative();
      return {
        ...native,
        deletePassword: async (...args) => {
          await native.deletePassword(...args);
          return native.deletePassword(...args);
        },
      };
    };
    expect(await createKeychainStore(keychainWorld(keyring.env), { service: 'keywright-gone', load }).delete(address)).toBe('absent');
  });

  it('calls an entry damaged that is none of ours, without quoting it', async () => {
    await (await loadNative()).setPassword('keywright-damaged', 'https://api.example|default', 'SECRET-7f3a');
    const failure = await failureOf(createKeychainStore(keychainWorld(keyring.env), { service: 'keywright-damaged' }).read(address));
    expect(failure.message).toBe('unexpected-answer: The stored credential is damaged: it is not JSON.');
  });

  it.each(['nul\0inside', 'half \ud83d character'])('refuses an account name that the keychain would change: %j', async (account) => {
    const store = createKeychainStore(keychainWorld(keyring.env));
    expect((await failureOf(store.read({ ...address, account }))).code).toBe('usage');
    expect((await failureOf(store.write({ ...address, account }, key))).code).toBe('usage');
  });

  it('serves a bus that only a child process can be told of: get, set, delete, 64 KB of unicode', async () => {
    const { DBUS_SESSION_BUS_ADDRESS: tellLibrary, ...env } = keyring.env;
    const entries = entriesInChild('keywright-child', {
      platform: 'linux',
      env,
      clock: keychainWorld(env).clock,
      childEntry: child.file,
      limitMs: LIMITS.unlock,
      tellLibrary,
    });
    const value = '\u00e9\n'.repeat(22_000);
    expect(await entries.get('a|b')).toBeUndefined();
    await entries.set('a|b', value);
    expect(await entries.get('a|b')).toBe(value);
    expect(await entries.delete('a|b')).toBe('deleted');
    expect(await entries.delete('a|b')).toBe('absent');
  });

  it('tells a child that crashes, one that is not there, and one that never ends', async () => {
    const crash = path.join(dir, 'crash.cjs');
    await writeFile(crash, 'process.stdout.write("{"); process.abort();');
    const hang = path.join(dir, 'hang.cjs');
    await writeFile(hang, `require('fs').writeFileSync(${JSON.stringify(path.join(dir, 'pid'))}, String(process.pid)); setInterval(() => {}, 1000);`);
    const through = (childEntry: string, limitMs: number) =>
      entriesInChild('s', { platform: 'linux', env: keyring.env, clock: keychainWorld({}).clock, childEntry, limitMs, tellLibrary: undefined });
    expect((await failureOf(through(crash, LIMITS.unlock).get('a'))).message).toBe('keychain-unavailable: The keychain library ended without an answer.');
    expect((await failureOf(through(path.join(dir, 'none.cjs'), LIMITS.unlock).set('a', 'v'))).message).toBe(
      'keychain-unavailable: The keychain library ended without an answer.',
    );
    expect((await failureOf(through(hang, 1_500).delete('a'))).message).toBe('timed-out: The keychain did not answer in time.');
    const pid = Number(await readFile(path.join(dir, 'pid'), 'utf8'));
    expect(await gone(pid)).toBe(true);
  });

  it('gives the child nothing of the environment but what the library needs, and no secret in its arguments', async () => {
    const seen = path.join(dir, 'seen');
    const spy = path.join(dir, 'spy.cjs');
    await writeFile(
      spy,
      `require('fs').writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ env: process.env, argv: process.argv })); process.stdin.destroy();`,
    );
    const env = { ...keyring.env, MEMAX_API_KEY: 'SECRET-7f3a', NODE_EXTRA_CA_CERTS: '/x', NODE_OPTIONS: '--no-warnings' };
    const entries = entriesInChild('s', {
      platform: 'linux',
      env,
      clock: keychainWorld({}).clock,
      childEntry: spy,
      limitMs: LIMITS.unlock,
      tellLibrary: undefined,
    });
    await failureOf(entries.set('a', 'SECRET-7f3a'));
    const { env: given, argv } = JSON.parse(await readFile(seen, 'utf8'));
    expect(Object.keys(given).sort()).toEqual(['DBUS_SESSION_BUS_ADDRESS', 'HOME', 'PATH', 'XDG_DATA_HOME', 'XDG_RUNTIME_DIR']);
    expect(argv.slice(1)).toEqual([spy]);
  });

  it('times out where a service owns the name and never answers', async () => {
    const bus = await startBus();
    onTestFinished(bus.stop);
    const service = await startFakeSecretService(path.join(bus.dir, 'bus'), () => 'silence');
    const world = keychainWorld(bus.env, { childEntry: child.file });
    const store = createKeychainStore(world, { limits: { ...LIMITS, call: 300 } });
    expect((await failureOf(store.read(address))).message).toBe('timed-out: The keychain did not answer in time.');
    expect((await failureOf(store.write(address, key))).message).toBe('timed-out: The keychain did not answer in time.');
    service.stop();
  });

  it('lets the library start a service that can be started, and says so when that fails', async () => {
    const bus = await startBus({ activatable: ['org.freedesktop.secrets'] });
    onTestFinished(bus.stop);
    const world = keychainWorld(bus.env, { childEntry: child.file });
    const failure = await failureOf(createKeychainStore(world).write(address, key));
    expect(failure.code).toBe('keychain-unavailable');
    expect(failure.detail).toContain('org.freedesktop.secrets');
  });

  it('is locked when it is locked and nobody can be asked: nothing is called absent, and no child is started', async () => {
    const other = await startKeyring();
    onTestFinished(other.stop);
    const world = keychainWorld(other.env);
    const store = createKeychainStore(world);
    await other.lock();
    expect(await allFailures(store)).toEqual(['keychain-locked: The keychain is locked, so that it cannot be told what it holds.']);
    expect((await failureOf(store.read(address))).hint).toContain('--unlock');
    expect(world.notes).toEqual([]);
  });

  it('is asked for in a child when somebody is there, and stays locked when no prompt can be shown', async () => {
    const other = await startKeyring();
    onTestFinished(other.stop);
    await other.lock();
    const world = keychainWorld(other.env, { childEntry: child.file, mayPrompt: true });
    expect(await allFailures(createKeychainStore(world))).toEqual(['keychain-locked: The keychain asked to be unlocked and was not.']);
    expect(world.notes).toEqual(Array(4).fill('The keychain is locked. Your desktop asks for its password now.'));
  });

  it('has nothing, for certain, where no default collection exists yet, and says so of a write', async () => {
    const fresh = await startKeyring({ fresh: true });
    onTestFinished(fresh.stop);
    const store = createKeychainStore(keychainWorld(fresh.env, { childEntry: child.file }));
    expect(await store.read(address)).toBeUndefined();
    expect(await store.delete(address)).toBe('absent');
    expect((await failureOf(store.write(address, key))).message).toBe(
      'keychain-unavailable: The keychain has no default collection in which something could be kept.',
    );
  });
});

/** Whether a process has ended, waiting for it a while. */
async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 400; tries += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
}
