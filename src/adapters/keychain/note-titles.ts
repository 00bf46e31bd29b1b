import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NoteTitle } from '../../model/secret-notes.ts';
import { Failure } from '../../model/failure.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { systemCode } from '../system-code.ts';
import { decodeTitle, encodeTitle } from '../note-text.ts';
import { textHash } from '../text-hash.ts';

/** Which notes are in the keychain, one file each, so that two processes at once cannot drop each other's. No secret is in them. */
export interface NoteTitles {
  /** Those that have expired included. Never throws: what cannot be read is passed over. */
  list(): Promise<readonly NoteTitle[]>;
  write(title: NoteTitle): Promise<void>;
  /** Never throws: a title that stays behind ends by its expiry. */
  remove(name: string): Promise<void>;
}

function orElse<Result>(work: () => Result, otherwise: Result): Result {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

/** `dir` is made with 0700 by the first write. */
export function noteTitles(dir: string): NoteTitles {
  const pathOf = (name: string): string => join(dir, `${textHash(name).slice(0, 32)}.json`);
  return {
    list: async () => {
      const names = orElse(() => readdirSync(dir), []).filter((name) => name.endsWith('.json'));
      const texts = names.map((name) => orElse(() => readFileSync(join(dir, name), 'utf8'), ''));
      return texts.map(decodeTitle).filter((title) => title !== undefined);
    },
    write: async (title) => {
      const path = pathOf(title.name);
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
    remove: async (name) => orElse(() => rmSync(pathOf(name), { force: true }), undefined),
  };
}
