import type { SecretNotes } from '../../model/secret-notes.ts';
import { decodeNote, encodeNote, noteName } from '../note-text.ts';
import type { Entries } from './entries.ts';
import { loadNative } from './native.ts';
import { noteTitles } from './note-titles.ts';
import { loadOrSay, openEntries, writeEntry, type KeychainStoreOptions } from './store.ts';
import { LIMITS, SERVICES, type KeychainWorld } from './world.ts';

/**
 * Notes in the system's keychain under a service of their own. The library cannot be asked for a list (see `native.ts`), so each
 * note has a title in `titlesDir`, written before it. A title whose note was never written ends by its expiry.
 */
export function createKeychainNotes(world: KeychainWorld, titlesDir: string, options: KeychainStoreOptions = {}): SecretNotes {
  const titles = noteTitles(titlesDir);
  const opening = { load: () => loadOrSay(world, options.load ?? loadNative), limits: options.limits ?? LIMITS };
  const open = (): Promise<Entries> => openEntries(world, options.service ?? SERVICES.pending, opening);
  const hasExpired = (expiresAt: number): boolean => expiresAt <= world.clock.now();

  async function remove(entries: Entries, name: string): Promise<'deleted' | 'absent'> {
    const outcome = await entries.delete(name);
    await titles.remove(name);
    return outcome;
  }

  return {
    store: 'keychain',
    write: async (name, text, expiresAt) => {
      const entries = await open();
      const before = await titles.list();
      const replaced = before.find((title) => title.name === name);
      await titles.write({ name: noteName(name), expiresAt });
      try {
        await writeEntry(entries, name, encodeNote(text, expiresAt));
      } catch (thrown) {
        await (replaced === undefined ? titles.remove(name) : titles.write(replaced));
        throw thrown;
      }
      // What has expired is of no use to anybody; that it could not be removed now is no reason to fail.
      for (const title of before.filter((each) => each.name !== name && hasExpired(each.expiresAt))) await remove(entries, title.name).catch(() => undefined);
    },
    read: async (name) => {
      const kept = await (await open()).get(noteName(name));
      if (kept === undefined) return undefined;
      const note = decodeNote(kept);
      return hasExpired(note.expiresAt) ? undefined : note.text;
    },
    list: async () => (await titles.list()).filter((title) => !hasExpired(title.expiresAt)),
    delete: async (name) => remove(await open(), noteName(name)),
  };
}
