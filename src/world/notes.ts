import { join } from 'node:path';
import { NOTES_FILE } from '../adapters/encrypted-file/file-names.ts';
import { mayBeThere, mayHoldSomething } from '../adapters/presence.ts';
import type { Deps } from '../model/deps.ts';
import { once } from './once.ts';
import type { Surroundings } from './surroundings.ts';

/** The folder with the titles of the notes that lie in the keychain. */
export const noteTitlesDir = ({ paths }: Pick<Surroundings, 'paths'>): string => `${paths.state}/notes`;

/** The notes of each store. Many commands look for what is left there, and hardly ever find anything: the store is loaded where there may be something. */
export function notesIn(around: Pick<Surroundings, 'paths'>, open: Deps['notes']): Deps['notes'] {
  return async (name, manners) => {
    const load = once(() => open(name, manners));
    const mayHaveSome = (): boolean => (name === 'keychain' ? mayHoldSomething(noteTitlesDir(around)) : mayBeThere(join(around.paths.data, NOTES_FILE)));
    return {
      store: name,
      write: async (note, text, expiresAt) => (await load()).write(note, text, expiresAt),
      read: async (note) => (await load()).read(note),
      list: async () => (mayHaveSome() ? (await load()).list() : []),
      delete: async (note) => (await load()).delete(note),
    };
  };
}
