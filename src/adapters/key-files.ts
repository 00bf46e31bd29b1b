import { constants } from 'node:fs';
import { access, open, readFile, realpath, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Failure } from '../model/failure.ts';
import type { KeyFiles } from '../model/key-file.ts';
import { Secret } from '../model/secret.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { systemCode } from './system-code.ts';
import { inWords } from './system-words.ts';

export interface KeyFilesWorld {
  /** Undefined where the current folder was deleted meanwhile. */
  readonly cwd: string | undefined;
  /** Undefined on systems without such numbers (Windows). */
  readonly uid: number | undefined;
}

const MAX_BYTES = 1024 * 1024;

const MODE = 0o600;

/** What the bytes say, to be written again as the same bytes. */
function textOf(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Failure('refused', { detail: `${path} is not text in UTF-8.`, hint: 'Name another file.' });
  }
}

/** A file behind links; where there is none yet, its place in the folder behind links. */
async function target(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return join(await realpath(dirname(path)), basename(path));
  }
}

/** Files that people name; what it promises stands at `KeyFiles`. */
export function createKeyFiles(world: KeyFilesWorld): KeyFiles {
  async function look(path: string): ReturnType<KeyFiles['check']> {
    const no = (why: string): Awaited<ReturnType<KeyFiles['check']>> => ({ kind: 'not-writable', why });
    try {
      const place = await target(path);
      const found = await stat(place).catch((error: unknown) => {
        if (systemCode(error) === 'ENOENT') return undefined;
        throw error;
      });
      if (found !== undefined && !found.isFile()) return no('what lies there is no regular file');
      if (found !== undefined && world.uid !== undefined && found.uid !== world.uid) return no('what lies there belongs to somebody else');
      await access(dirname(place), constants.W_OK | constants.X_OK);
      return { kind: 'writable', place };
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      return no(inWords(systemCode(error)));
    }
  }

  function failed(path: string, what: string, error: unknown): unknown {
    if (systemCode(error) === undefined) return error;
    return new Failure('refused', { detail: `${path} cannot be ${what}: ${inWords(systemCode(error))}.`, cause: error });
  }

  return {
    resolve: (path) => resolve(world.cwd ?? '/', path),
    check: look,
    read: async (path) => {
      try {
        if ((await stat(path)).size > MAX_BYTES) throw new Failure('refused', { detail: `${path} is larger than 1 MB.`, hint: 'Name another file.' });
        return new Secret(textOf(await readFile(path), path));
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return undefined;
        throw failed(path, 'read', error);
      }
    },
    write: async (path, text) => {
      try {
        await writeFileAtomically(await target(path), text.reveal(), { mode: MODE });
      } catch (error) {
        throw failed(path, 'written', error);
      }
    },
    append: async (path, text) => {
      try {
        const file = await open(path, 'a', MODE);
        try {
          await file.writeFile(text.reveal());
          await file.sync();
        } finally {
          await file.close();
        }
      } catch (error) {
        throw failed(path, 'written', error);
      }
    },
    delete: async (path) => {
      try {
        await unlink(path);
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') throw failed(path, 'deleted', error);
      }
    },
  };
}
