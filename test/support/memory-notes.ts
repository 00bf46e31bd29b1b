import { decodeNote, encodeNote, noteName } from '../../src/adapters/note-text.ts';
import type { StoreName } from '../../src/model/credentials.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { SecretNotes } from '../../src/model/secret-notes.ts';

/** Notes that keep the same texts as the real ones, in memory. They are held to the same contract. */
export function createMemoryNotes(store: StoreName, clock: Clock): SecretNotes {
  const entries = new Map<string, string>();
  const live = (text: string | undefined): text is string => text !== undefined && decodeNote(text).expiresAt > clock.now();
  return {
    store,
    write: async (name, text, expiresAt) => {
      for (const [known, kept] of entries) if (!live(kept)) entries.delete(known);
      entries.set(noteName(name), encodeNote(text, expiresAt));
    },
    read: async (name) => {
      const kept = entries.get(noteName(name));
      return live(kept) ? decodeNote(kept).text : undefined;
    },
    list: async () => [...entries].filter(([, kept]) => live(kept)).map(([name, kept]) => ({ name, expiresAt: decodeNote(kept).expiresAt })),
    delete: async (name) => (entries.delete(noteName(name)) ? 'deleted' : 'absent'),
  };
}
