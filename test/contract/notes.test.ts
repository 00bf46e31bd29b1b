import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createEncryptedFileNotes } from '../../src/adapters/encrypted-file/notes.ts';
import { createEncryptedFileStore } from '../../src/adapters/encrypted-file/store.ts';
import { createKeychainNotes } from '../../src/adapters/keychain/notes.ts';
import { createLock } from '../../src/adapters/lock/lock.ts';
import { createRandom } from '../../src/adapters/random.ts';
import type { Clock } from '../../src/model/clock.ts';
import { Failure } from '../../src/model/failure.ts';
import { Secret } from '../../src/model/secret.ts';
import { keychainWorld } from '../support/keychain-world.ts';
import { KEYRING_PROGRAMS, type PrivateKeyring, startKeyring } from '../support/keyring.ts';
import { createMemoryNotes } from '../support/memory-notes.ts';
import { describeWith } from '../support/requires.ts';
import { notesContract } from './notes.contract.ts';

notesContract('memory', async (clock) => {
  const notes = createMemoryNotes('keychain', clock);
  return { notes, again: notes, cleanup: async () => undefined };
});

async function fileWorld(clock: Clock, askPassphrase?: () => Promise<string>) {
  const home = await mkdtemp(join(tmpdir(), 'kw-notes-'));
  const random = createRandom();
  const lock = createLock({ dir: join(home, '.keywright', 'locks'), clock: createClock(), random, platform: process.platform });
  const world = { dir: join(home, 'data'), env: {}, uid: process.getuid?.() ?? null, clock, random, lock, askPassphrase };
  return { world, cleanup: () => rm(home, { recursive: true, force: true }) };
}

notesContract('the encrypted file', async (clock) => {
  const { world, cleanup } = await fileWorld(clock);
  return { notes: createEncryptedFileNotes(world), again: createEncryptedFileNotes(world), cleanup };
});

describe('the encrypted file of notes', () => {
  const soon = (): number => Date.now() + 60_000;

  it('lies beside the credentials, for its owner only and unreadable', async () => {
    const { world, cleanup } = await fileWorld(createClock());
    await createEncryptedFileNotes(world).write('note', new Secret('a text to keep'), soon());
    expect((await readdir(world.dir)).sort()).toEqual(['pending.jwe', 'store.key']);
    expect((await stat(join(world.dir, 'pending.jwe'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(world.dir, 'pending.jwe'), 'utf8')).not.toContain('a text to keep');
    await cleanup();
  });

  it('asks for the passphrase of the credentials, and never opens by less', async () => {
    const { world, cleanup } = await fileWorld(createClock());
    const withWords = { ...world, env: { KEYWRIGHT_STORE_PASSPHRASE: 'correct horse' } };
    await createEncryptedFileStore(withWords).write(
      { origin: 'https://api.example', account: 'a' },
      { kind: 'key', key: new Secret('k'.repeat(20)), obtainedAt: 1 },
    );
    const asking = { ...world, askPassphrase: async () => 'correct horse' };
    await createEncryptedFileNotes(asking).write('note', new Secret('text'), soon());
    expect((await readdir(world.dir)).sort()).toEqual(['credentials.jwe', 'pending.jwe']);
    expect((await createEncryptedFileNotes(withWords).read('note'))?.reveal()).toBe('text');
    await expect(createEncryptedFileNotes(world).read('note')).rejects.toMatchObject({ code: 'keychain-locked' });
    await cleanup();
  });

  it('does not take words that do not open the credentials', async () => {
    const { world, cleanup } = await fileWorld(createClock());
    const withWords = { ...world, env: { KEYWRIGHT_STORE_PASSPHRASE: 'correct horse' } };
    await createEncryptedFileStore(withWords).write(
      { origin: 'https://api.example', account: 'a' },
      { kind: 'key', key: new Secret('k'.repeat(20)), obtainedAt: 1 },
    );
    const mistyped = { ...world, askPassphrase: async () => 'correct house' };
    await expect(createEncryptedFileNotes(mistyped).write('note', new Secret('text'), soon())).rejects.toMatchObject({ code: 'keychain-locked' });
    expect(await readdir(world.dir)).toEqual(['credentials.jwe']);
    await cleanup();
  });
});

describeWith(KEYRING_PROGRAMS, 'gnome-keyring', () => {
  let keyring: PrivateKeyring;
  let services = 0;

  beforeAll(async () => {
    keyring = await startKeyring();
    // The library finds its bus in the environment of this process, and looks only once: this file has the process for itself.
    for (const name of ['DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR', 'XDG_DATA_HOME']) process.env[name] = keyring.env[name];
  });
  afterAll(() => keyring.stop());

  notesContract('the keychain', async (clock) => {
    services += 1;
    const titles = await mkdtemp(join(tmpdir(), 'kw-titles-'));
    const make = () => createKeychainNotes(keychainWorld(keyring.env, { clock }), titles, { service: `keywright-notes-${services}` });
    return { notes: make(), again: make(), cleanup: () => rm(titles, { recursive: true, force: true }) };
  });

  it('keeps nothing but names and ends outside the keychain, and lists without it', async () => {
    const titles = await mkdtemp(join(tmpdir(), 'kw-titles-'));
    const world = keychainWorld(keyring.env);
    const end = Date.now() + 60_000;
    await createKeychainNotes(world, titles, { service: 'keywright-notes-titles' }).write('note', new Secret('a text to keep'), end);
    const [name = ''] = await readdir(titles);
    expect(JSON.parse(await readFile(join(titles, name), 'utf8'))).toEqual({ v: 1, name: 'note', expires_at: new Date(end).toISOString() });
    expect((await stat(join(titles, name))).mode & 0o777).toBe(0o600);
    const withoutKeychain = createKeychainNotes(keychainWorld({}), titles);
    expect(await withoutKeychain.list()).toEqual([{ name: 'note', expiresAt: end }]);
    await rm(titles, { recursive: true, force: true });
  });

  it('leaves no title where the keychain does not take the note, and the old one where it was to be replaced', async () => {
    const titles = await mkdtemp(join(tmpdir(), 'kw-titles-'));
    const end = Date.now() + 60_000;
    const failing = createKeychainNotes(keychainWorld({}), titles, {
      load: () => Promise.reject(new Failure('keychain-unavailable', { detail: 'It is gone.' })),
    });
    await expect(failing.write('note', new Secret('x'), end)).rejects.toMatchObject({ code: 'keychain-unavailable' });
    expect(await failing.list()).toEqual([]);
    await createKeychainNotes(keychainWorld(keyring.env), titles, { service: 'keywright-notes-old' }).write('note', new Secret('x'), end);
    await expect(failing.write('note', new Secret('y'), end + 1)).rejects.toMatchObject({ code: 'keychain-unavailable' });
    expect(await failing.list()).toEqual([{ name: 'note', expiresAt: end }]);
    await rm(titles, { recursive: true, force: true });
  });
});
