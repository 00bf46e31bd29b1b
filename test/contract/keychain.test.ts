import { afterAll, beforeAll, expect, it } from 'vitest';
import { lookUp } from '../../src/adapters/keychain/bus/look-up.ts';
import { createKeychainStore } from '../../src/adapters/keychain/store.ts';
import { keychainWorld } from '../support/keychain-world.ts';
import { KEYRING_PROGRAMS, startKeyring } from '../support/keyring.ts';
import type { PrivateKeyring } from '../support/keyring.ts';
import { describeWith } from '../support/requires.ts';
import { storeContract } from './store.contract.ts';

describeWith(KEYRING_PROGRAMS, 'gnome-keyring', () => {
  let keyring: PrivateKeyring;
  let services = 0;

  beforeAll(async () => {
    keyring = await startKeyring();
    // The library finds its bus in the environment of this process, and looks only once: this file has the process for itself.
    for (const name of ['DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR', 'XDG_DATA_HOME']) process.env[name] = keyring.env[name];
  });
  afterAll(() => keyring.stop());

  // A service name for each test, so that each starts with nothing.
  storeContract('the keychain', () => {
    services += 1;
    return Promise.resolve({
      store: createKeychainStore(keychainWorld(keyring.env), { service: `keywright-contract-${services}` }),
      cleanup: () => Promise.resolve(),
    });
  });

  it('is proved with a marker of which nothing stays behind', async () => {
    const markers: string[] = [];
    const world = keychainWorld(keyring.env);
    const token = (bytes: number): string => {
      markers.push(world.random.token(bytes));
      return markers.at(-1) ?? '';
    };
    await createKeychainStore({ ...world, random: { ...world.random, token } }).probe();
    expect(markers).toHaveLength(1);
    const question = { env: keyring.env, uid: world.uid, clock: world.clock, limitMs: 60_000 };
    expect(await lookUp(question, { service: 'keywright-probe' })).toEqual({ kind: 'absent' });
  });
});
