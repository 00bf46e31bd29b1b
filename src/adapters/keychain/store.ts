import { entryName } from '../../model/credentials.ts';
import type { CredentialStore } from '../../model/credential-store.ts';
import { decodeCredential, encodeCredential } from '../../model/stored-credential-codec.ts';
import type { Entries } from './entries.ts';
import { keychainFailure, libraryMissing } from './failures.ts';
import { loadNative } from './native.ts';
import type { LoadNative, NativeKeychain } from './native.ts';
import { LIMITS, SERVICES } from './world.ts';
import type { KeychainLimits, KeychainWorld } from './world.ts';

export interface KeychainStoreOptions {
  /** One of `SERVICES`, or a test's own; default `credentials`. */
  readonly service?: string;
  readonly load?: LoadNative;
  readonly limits?: KeychainLimits;
}

/**
 * The system's keychain as a store: one entry per address, holding the text of `stored-credential-codec.ts`.
 *
 * Nothing is loaded or asked before the first call. Each call finds out anew whether the keychain is there and unlocked.
 * "Nothing there" is believed only of a keychain that is unlocked; a write is read back. Failures: `keychain-unavailable`,
 * `keychain-locked`, `timed-out`, and `unexpected-answer` for an entry that is damaged or of a newer keywright.
 * A call of the library inside this process that hangs ends the process: see `KeychainWorld.lastWords`.
 */
export function createKeychainStore(world: KeychainWorld, options: KeychainStoreOptions = {}): CredentialStore {
  const service = options.service ?? SERVICES.credentials;
  const opening = { load: () => loadOrSay(world, options.load ?? loadNative), limits: options.limits ?? LIMITS };
  return {
    name: 'keychain',
    read: async (address) => {
      const text = await (await openEntries(world, service, opening)).get(entryName(address));
      return text === undefined ? undefined : decodeCredential(text);
    },
    write: async (address, credential) => {
      const text = encodeCredential(credential);
      await writeEntry(await openEntries(world, service, opening), entryName(address), text);
    },
    delete: async (address) => (await openEntries(world, service, opening)).delete(entryName(address)),
    probe: async () => proveEntries(await openEntries(world, SERVICES.probe, opening), world.random.token(12)),
  };
}

/** The entries of one service, however they are reached on this system. */
export async function openEntries(
  world: KeychainWorld,
  service: string,
  options: { readonly load: () => Promise<NativeKeychain>; readonly limits: KeychainLimits },
): Promise<Entries> {
  if (world.platform === 'linux') return (await import('./on-linux.ts')).entriesOnLinux(world, service, options);
  return (await import('./elsewhere.ts')).entriesElsewhere(world, service, options);
}

export async function loadOrSay(world: KeychainWorld, load: LoadNative): Promise<NativeKeychain> {
  try {
    return await load();
  } catch (thrown) {
    throw libraryMissing(world.platform, thrown);
  }
}

/**
 * Writes and reads back. A third value, neither the one before nor ours, is another process that wrote after us: then ours
 * was kept, and writing it once more would undo the later one.
 */
export async function writeEntry(entries: Entries, name: string, text: string): Promise<void> {
  const before = await entries.get(name);
  await entries.set(name, text);
  const after = await entries.get(name);
  if (after !== text && (after === undefined || after === before)) throw keychainFailure('notKept');
}

async function proveEntries(entries: Entries, marker: string): Promise<void> {
  const name = `probe-${marker}`;
  await entries.set(name, marker);
  let kept: string | undefined;
  let removed: 'deleted' | 'absent' = 'absent';
  try {
    kept = await entries.get(name);
  } finally {
    removed = await entries.delete(name);
  }
  if (kept !== marker || removed !== 'deleted') throw keychainFailure('notKept');
}
