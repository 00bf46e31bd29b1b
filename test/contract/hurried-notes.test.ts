import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createKeychainNotes } from '../../src/adapters/keychain/notes.ts';
import { HURRIED_LIMITS, LIMITS } from '../../src/adapters/keychain/world.ts';
import { Failure } from '../../src/model/failure.ts';
import { Secret } from '../../src/model/secret.ts';
import { startFakeSecretService } from '../support/fake-secret-service.ts';
import { type BundledProgram, bundleProgram, keychainWorld } from '../support/keychain-world.ts';
import { KEYRING_PROGRAMS, type PrivateKeyring, startBus, startKeyring } from '../support/keyring.ts';
import { describeWith } from '../support/requires.ts';
import { notesContract } from './notes.contract.ts';

/** Whoever loads the library here has a call that cannot be cut off. */
const load = () => Promise.reject(new Failure('keychain-unavailable', { detail: 'The library was loaded in this process.' }));

async function titlesFolder(): Promise<{ readonly titles: string; readonly cleanup: () => Promise<void> }> {
  const titles = await mkdtemp(path.join(tmpdir(), 'kw-titles-'));
  return { titles, cleanup: () => rm(titles, { recursive: true, force: true }) };
}

describeWith(KEYRING_PROGRAMS, 'a keychain that is asked in a hurry', () => {
  let keyring: PrivateKeyring;
  let child: BundledProgram;
  let services = 0;

  beforeAll(async () => {
    [keyring, child] = await Promise.all([startKeyring(), bundleProgram('src/adapters/keychain/child.ts')]);
  });
  afterAll(async () => {
    await keyring.stop();
    await child.remove();
  });

  // With limits that a slow machine keeps to; all calls go through a process that can be ended.
  notesContract('the keychain, from another process', async (clock) => {
    services += 1;
    const { titles, cleanup } = await titlesFolder();
    const world = keychainWorld(keyring.env, { clock, childEntry: child.file, alwaysInChild: true });
    const make = () => createKeychainNotes(world, titles, { service: `keywright-hurried-${services}`, load, limits: LIMITS });
    return { notes: make(), again: make(), cleanup };
  });

  it('gives up, and does not end the process, when an unlocked keychain stops answering', async () => {
    const bus = await startBus();
    onTestFinished(bus.stop);
    const service = await startFakeSecretService(path.join(bus.dir, 'bus'), (member) => {
      if (member === 'ReadAlias') return ['o', ['/collection']];
      if (member === 'SearchItems') return ['aoao', [[], []]];
      if (member === 'OpenSession') return ['vo', [['s', ''], '/session']];
      return member === 'Get' ? ['v', [['b', false]]] : 'silence';
    });
    onTestFinished(() => service.stop());
    const { titles, cleanup } = await titlesFolder();
    onTestFinished(cleanup);
    const world = keychainWorld(bus.env, { childEntry: child.file, alwaysInChild: true });
    const notes = createKeychainNotes(world, titles, { load, limits: HURRIED_LIMITS });
    await expect(notes.write('note', new Secret('text'), Date.now() + 60_000)).rejects.toMatchObject({ code: 'timed-out' });
  });
});
