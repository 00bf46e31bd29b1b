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
 * Reads one entry over the session bus, without the keychain library, in two turns: search, then the value.
 * It tells a locked keychain from an empty one, which the library does not, and it can be cut off, which the library cannot;
 * asking the bus first and the library then takes about half as long again. Never rejects, never unlocks anything.
 */
export function lookUp(question: BusQuestion, attributes: Attributes): Promise<LookUp> {
  return overBus<LookUp>(question, async (bus, tellLibrary) => {
    const [found, session] = await Promise.all([searchEntries(bus, attributes), openPlainSession(bus)]);
    if (found.kind === 'lost' || session.kind === 'lost') return 'lost';
    if (found.kind === 'nobody') return readStartable(bus, tellLibrary);
    const odd = { kind: 'unknown', why: 'odd-answer', tellLibrary } as const;
    if (found.kind !== 'found') return odd;
    const item = found.unlocked[0];
    if (typeof item !== 'string') return found.locked.length > 0 ? { kind: 'locked', tellLibrary } : nothingFound(bus, tellLibrary);
    const path = session.kind === 'reply' ? session.values[1] : undefined;
    if (typeof path !== 'string') return odd;
    const read = await readValue(bus, item, path);
    if (read.kind === 'value') return { kind: 'value', value: read.value, tellLibrary };
    return read.kind === 'lost' ? 'lost' : odd;
  });
}

/** Some keychains find nothing of what is locked. */
async function nothingFound(bus: Bus, tellLibrary: string | undefined): Promise<LookUp | 'lost'> {
  const collection = await readDefaultCollection(bus);
  if (collection.kind === 'lost') return 'lost';
  const locked = collection.kind === 'found' ? await readLocked(bus, collection.path) : 'none';
  if (locked === 'lost') return 'lost';
  return locked === 'locked' ? { kind: 'locked', tellLibrary } : { kind: 'absent' };
}
