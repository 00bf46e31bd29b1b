import type { Clock } from '../../model/clock.ts';
import type { SecretNotes } from '../../model/secret-notes.ts';
import { decodeNote, encodeNote, noteName } from '../note-text.ts';
import { CREDENTIALS_FILE, NOTES_FILE } from './file-names.ts';
import { createSealedTexts, type EncryptedFileWorld } from './texts.ts';

/** Notes in a second encrypted file beside the credentials, opened by the same key or passphrase. */
export function createEncryptedFileNotes(world: EncryptedFileWorld & { readonly clock: Clock }): SecretNotes {
  const texts = createSealedTexts(world, { file: NOTES_FILE, like: CREDENTIALS_FILE });
  return {
    store: 'file',
    write: async (name, text, expiresAt) => {
      const note = encodeNote(text, expiresAt);
      await texts.change((entries) => {
        for (const [known, kept] of entries) if ((endOf(kept) ?? Number.POSITIVE_INFINITY) <= world.clock.now()) entries.delete(known);
        entries.set(noteName(name), note);
        return 'changed';
      });
    },
    read: async (name) => {
      const kept = (await texts.read()).get(noteName(name));
      if (kept === undefined) return undefined;
      const note = decodeNote(kept);
      return note.expiresAt <= world.clock.now() ? undefined : note.text;
    },
    list: async () =>
      [...(await texts.read())].flatMap(([name, kept]) => {
        const expiresAt = endOf(kept);
        return expiresAt === undefined || expiresAt <= world.clock.now() ? [] : [{ name, expiresAt }];
      }),
    delete: (name) => texts.delete(noteName(name)),
  };
}

/** When a note ends; undefined for one that a newer keywright wrote, which is left alone. */
function endOf(kept: string): number | undefined {
  try {
    return decodeNote(kept).expiresAt;
  } catch {
    return undefined;
  }
}
