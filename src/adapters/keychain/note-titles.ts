import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { NoteTitle } from '../../model/secret-notes.ts';
import { Failure } from '../../model/failure.ts';
import { systemCode, writeFileAtomically } from '../atomic-file.ts';
import { decodeTitle, encodeTitle } from '../note-text.ts';

/** Which notes are in the keychain, one file each, so that two processes at once cannot drop each other's. No secret is in them. */
export interface NoteTitles {
  /** Those that have expired included. Never throws: what cannot be read is passed over. */
  list(): Promise<readonly NoteTitle[]>;
  write(title: NoteTitle): Promise<void>;
  /** Never throws: a title that stays behind ends by its expiry. */
  remove(name: string): Promise<void>;
}

/** `dir` is made with 0700 by the first write. */
export function noteTitles(dir: string): NoteTitles {
  const pathOf = async (name: string): Promise<string> => {
    const { createHash } = await import('node:crypto');
    return join(dir, `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.json`);
  };
  return {
    list: async () => {
      const names = await readdir(dir).catch(() => []);
      const texts = await Promise.all(names.filter((name) => name.endsWith('.json')).map((name) => readFile(join(dir, name), 'utf8').catch(() => '')));
      return texts.map(decodeTitle).filter((title) => title !== undefined);
    },
    write: async (title) => {
      const path = await pathOf(title.name);
      try {
        await writeFileAtomically(path, encodeTitle(title), { mode: 0o600 });
      } catch (error) {
        throw new Failure('refused', {
          detail: `The state file ${path} cannot be written (${systemCode(error) ?? 'unknown'}).`,
          hint: 'Its folder must be writable for you and have some space left; XDG_STATE_HOME moves it.',
          cause: error,
        });
      }
    },
    remove: async (name) => rm(await pathOf(name), { force: true }).catch(() => undefined),
  };
}
