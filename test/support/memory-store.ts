import { entryName } from '../../src/model/credentials.ts';
import type { StoredCredential } from '../../src/model/credentials.ts';
import type { CredentialStore } from '../../src/model/credential-store.ts';
import { decodeCredential, encodeCredential } from '../../src/model/stored-credential-codec.ts';

export interface MemoryStore extends CredentialStore {
  /** What is kept: entry names and the texts that a real store would hold. For tests to look at, and to put damage into. */
  readonly entries: Map<string, string>;
}

/** A store that keeps the same texts as the real ones, in memory. It is held to the same contract. */
export function createMemoryStore(name: CredentialStore['name'] = 'keychain'): MemoryStore {
  const entries = new Map<string, string>();
  return {
    name,
    entries,
    read: (address) =>
      turn((): StoredCredential | undefined => {
        const text = entries.get(entryName(address));
        return text === undefined ? undefined : decodeCredential(text);
      }),
    write: (address, credential) => turn(() => void entries.set(entryName(address), encodeCredential(credential))),
    delete: (address) => turn(() => (entries.delete(entryName(address)) ? 'deleted' : 'absent')),
    probe: () => turn(() => undefined),
  };
}

/** What it throws must arrive as a rejection, as from the real stores. */
async function turn<T>(work: () => T): Promise<T> {
  await Promise.resolve();
  return work();
}
