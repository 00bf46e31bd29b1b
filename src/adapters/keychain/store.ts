import { entryName } from '../../model/credentials.ts';
import type { CredentialStore } from '../../model/deps.ts';
import { decodeCredential, encodeCredential } from '../../model/stored-credential-codec.ts';
import type { Entries } from './entries.ts';
import { keychainFailure } from './failures.ts';
import { loadNative } from './native.ts';
import { openRoute } from './route.ts';
import type { Route, RouteOptions } from './route.ts';
import { LIMITS, PROBE_SERVICE, SERVICE } from './world.ts';
import type { KeychainWorld } from './world.ts';

export interface KeychainStoreOptions extends Partial<RouteOptions> {
  /** Default `keywright`. */
  readonly service?: string;
}

/**
 * The system's keychain as a store: one entry per address, holding the text of `stored-credential-codec.ts`.
 *
 * Nothing is loaded or asked before the first call. Each call finds out anew whether the keychain is there and unlocked.
 * "Nothing there" is believed only of a keychain that is unlocked; a write is read back. Failures: `keychain-unavailable`,
 * `keychain-locked`, `timed-out`, and `unexpected-answer` for an entry that is damaged or of a newer keywright.
 * A call inside this process that hangs ends the process: see `KeychainWorld.lastWords`.
 */
export function createKeychainStore(world: KeychainWorld, options: KeychainStoreOptions = {}): CredentialStore {
  const service = options.service ?? SERVICE;
  const routeOptions = { load: options.load ?? loadNative, limits: options.limits ?? LIMITS };
  return {
    name: 'keychain',
    read: async (address) => {
      const text = await readEntry(await openRoute(world, service, routeOptions), entryName(address));
      return text === undefined ? undefined : decodeCredential(text);
    },
    write: async (address, credential) => {
      const text = encodeCredential(credential);
      const { entries } = await openRoute(world, service, routeOptions);
      await writeEntry(entries, entryName(address), text);
    },
    delete: async (address) => deleteEntry(await openRoute(world, service, routeOptions), entryName(address)),
    probe: async () => proveEntries((await openRoute(world, PROBE_SERVICE, routeOptions)).entries, world.random.token(12)),
  };
}

async function readEntry(route: Route, name: string): Promise<string | undefined> {
  const text = await route.entries.get(name);
  if (text !== undefined || (await route.confirmAbsent(name)) === 'absent') return text;
  const second = await route.entries.get(name);
  if (second === undefined) throw keychainFailure('contradicts');
  return second;
}

/**
 * Writes and reads back. A third value, neither the one before nor ours, is another process that wrote after us: then ours
 * was kept, and writing it once more would undo the later one.
 */
async function writeEntry(entries: Entries, name: string, text: string): Promise<void> {
  const before = await entries.get(name);
  await entries.set(name, text);
  const after = await entries.get(name);
  if (after !== text && (after === undefined || after === before)) throw keychainFailure('notKept');
}

async function deleteEntry(route: Route, name: string): Promise<'deleted' | 'absent'> {
  if ((await route.entries.delete(name)) === 'deleted') return 'deleted';
  if ((await route.confirmAbsent(name)) === 'absent') return 'absent';
  if ((await route.entries.delete(name)) === 'absent') throw keychainFailure('contradicts');
  return 'deleted';
}

async function proveEntries(entries: Entries, marker: string): Promise<void> {
  const name = `probe-${marker}`;
  await entries.set(name, marker);
  const kept = await entries.get(name);
  const removed = await entries.delete(name);
  if (kept !== marker || removed !== 'deleted') throw keychainFailure('notKept');
}
