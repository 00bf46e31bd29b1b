import type { Bus } from './connection.ts';
import { openPlainSession, overBus, readDefaultCollection, readLocked, readStartable, readValue, searchEntries } from './secret-service.ts';
import type { Attributes, BusQuestion, NoKeychain } from './secret-service.ts';

/**
 * What became of looking for one entry. `absent` is certain: the keychain is unlocked (or has no default collection that could
 * be locked) and its search finds nothing. `locked`: the entry, or the collection in which it would be, is locked.
 */
export type LookUp =
  | { readonly kind: 'value'; readonly value: string; readonly tellLibrary: string | undefined }
  | { readonly kind: 'absent' }
  | { readonly kind: 'locked'; readonly tellLibrary: string | undefined }
  | NoKeychain;

/**
 * Reads one entry over the session bus, without the keychain library. It takes two turns (search, then the value), about
 * half the time of loading the library and asking it; it tells a locked keychain from an empty one, which the library does not;
 * and it can be cut off. Never rejects, never unlocks anything.
 */
export function lookUp(question: BusQuestion, attributes: Attributes): Promise<LookUp> {
  return overBus<LookUp>(question, async (bus, tellLibrary) => {
    const [found, session, collection] = await Promise.all([searchEntries(bus, attributes), openPlainSession(bus), readDefaultCollection(bus)]);
    if (collection.kind === 'lost' || session.kind === 'lost') return 'lost';
    if (collection.kind === 'nobody') return readStartable(bus, tellLibrary);
    if (found === undefined) return { kind: 'unknown', why: 'odd-answer', tellLibrary };
    const item = found.unlocked[0];
    if (typeof item === 'string') {
      const path = session.kind === 'reply' ? session.values[1] : undefined;
      const read = typeof path === 'string' ? await readValue(bus, item, path) : { kind: 'none' as const };
      if (read.kind === 'value') return { kind: 'value', value: read.value, tellLibrary };
      return read.kind === 'lost' ? 'lost' : { kind: 'unknown', why: 'odd-answer', tellLibrary };
    }
    if (found.locked.length > 0) return { kind: 'locked', tellLibrary };
    return collection.kind === 'found' ? nothingIn(bus, collection.path, tellLibrary) : { kind: 'absent' };
  });
}

async function nothingIn(bus: Bus, collection: string, tellLibrary: string | undefined): Promise<LookUp | 'lost'> {
  const locked = await readLocked(bus, collection);
  if (locked === 'lost') return 'lost';
  return locked === 'locked' ? { kind: 'locked', tellLibrary } : { kind: 'absent' };
}
