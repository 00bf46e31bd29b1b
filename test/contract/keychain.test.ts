import { afterAll, beforeAll } from 'vitest';
import { createKeychainStore } from '../../src/adapters/keychain/store.ts';
import { bundleProgram, keychainWorld } from '../support/keychain-world.ts';
import type { BundledProgram } from '../support/keychain-world.ts';
import { KEYRING_PROGRAMS, startKeyring } from '../support/keyring.ts';
import type { PrivateKeyring } from '../support/keyring.ts';
import { describeWith } from '../support/requires.ts';
import { storeContract } from './store.contract.ts';

describeWith(KEYRING_PROGRAMS, 'the keychain', () => {
  let keyring: PrivateKeyring;
  let child: BundledProgram;
  let services = 0;

  beforeAll(async () => {
    [keyring, child] = await Promise.all([startKeyring(), bundleProgram('src/adapters/keychain/child.ts')]);
    // The library finds its bus in the environment of this process, and looks only once: this file has the process for itself.
    for (const name of ['DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR', 'XDG_DATA_HOME']) process.env[name] = keyring.env[name];
  });
  afterAll(async () => {
    await keyring.stop();
    await child.remove();
  });

  // A service name for each test, so that each starts with nothing.
  const nextService = (): string => `keywright-contract-${(services += 1)}`;

  storeContract('the keychain in this process', () =>
    Promise.resolve({ store: createKeychainStore(keychainWorld(keyring.env), { service: nextService() }), cleanup: () => Promise.resolve() }),
  );

  storeContract('the keychain through a child process', () => {
    // A bus that the library would not find by itself is reached through the child, which is told where it is.
    const { DBUS_SESSION_BUS_ADDRESS: address = '', ...env } = keyring.env;
    const world = keychainWorld({ ...env, DBUS_SESSION_BUS_ADDRESS: `${address};tcp:host=127.0.0.1,port=1` }, { childEntry: child.file });
    return Promise.resolve({ store: createKeychainStore(world, { service: nextService() }), cleanup: () => Promise.resolve() });
  });
});
