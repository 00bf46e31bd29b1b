import { overBus, readDefaultCollection, readLocked, readStartable } from './secret-service.ts';
import type { BusQuestion, NoKeychain } from './secret-service.ts';

export type KeychainState =
  { readonly kind: 'unlocked'; readonly tellLibrary: string | undefined } | { readonly kind: 'locked'; readonly tellLibrary: string | undefined } | NoKeychain;

/** Asks whether a keychain runs and whether its default collection is unlocked. Never rejects; for what it leaves alone see `overBus`. */
export function askKeychainState(question: BusQuestion): Promise<KeychainState> {
  return overBus<KeychainState>(question, async (bus, tellLibrary) => {
    const collection = await readDefaultCollection(bus);
    if (collection.kind === 'lost') return 'lost';
    if (collection.kind === 'nobody') return readStartable(bus, tellLibrary);
    const locked = collection.kind === 'found' ? await readLocked(bus, collection.path) : 'none';
    if (locked === 'lost') return 'lost';
    return locked === 'none' ? { kind: 'unknown', why: 'no-default', tellLibrary } : { kind: locked, tellLibrary };
  });
}
