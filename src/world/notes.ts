import { mayBeThere, mayHoldSomething } from '../adapters/presence.ts';
import type { Deps } from '../model/deps.ts';
import { noteTitlesDir, notesFile } from './kept-here.ts';
import { once } from './once.ts';
import type { Surroundings } from './surroundings.ts';

/** The notes of each store. Many commands look for what is left there, and hardly ever find anything: the store is loaded where there may be something. */
export function notesIn({ paths }: Pick<Surroundings, 'paths'>, open: Deps['notes']): Deps['notes'] {
  return async (name, manners) => {
    const load = once(() => open(name, manners));
    const mayHaveSome = (): boolean => (name === 'keychain' ? mayHoldSomething(noteTitlesDir(paths)) : mayBeThere(notesFile(paths)));
    return {
      store: name,
      write: async (note, text, expiresAt) => (await load()).write(note, text, expiresAt),
      read: async (note) => (await load()).read(note),
      list: async () => (mayHaveSome() ? (await load()).list() : []),
      delete: async (note) => (await load()).delete(note),
    };
  };
}
