import { mkdirSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { DefinitionFile, DefinitionFiles } from '../model/definition-file.ts';
import { Failure } from '../model/failure.ts';
import { isProviderId } from '../model/names.ts';
import { systemCode } from './system-code.ts';

const ENDING = '.json';

/** Only we read it, although there is no secret in it: who could write it could say where a credential goes. */
const MODE = 0o600;

/** Far more than a definition needs. */
const MAX_CHARACTERS = 256 * 1024;

/*
 * Every command reads this folder. Done at once, that costs a fresh process less than to load what reads in the background.
 */

/** The definitions in a folder, a file `<id>.json` each; what is called otherwise is not looked at. */
export function createDefinitionFiles({ dir }: { readonly dir: string }): DefinitionFiles {
  const pathOf = (id: string): string => join(dir, `${id}${ENDING}`);

  function read(id: string): readonly DefinitionFile[] {
    try {
      const text = readFileSync(pathOf(id), 'utf8');
      return text.length > MAX_CHARACTERS ? [] : [{ id, text }];
    } catch {
      return [];
    }
  }

  return {
    list: async () => {
      const ids = namesIn(dir)
        .filter((name) => name.endsWith(ENDING))
        .map((name) => name.slice(0, -ENDING.length));
      return ids.filter(isProviderId).sort().flatMap(read);
    },
    write: async ({ id, text }) => {
      try {
        mkdirSync(dir, { recursive: true, mode: 0o700 });
        const { writeFileAtomically } = await import('./atomic-file.ts');
        await writeFileAtomically(pathOf(id), text, { mode: MODE });
      } catch (error) {
        throw notWritten(pathOf(id), error);
      }
    },
    remove: async (id) => {
      try {
        unlinkSync(pathOf(id));
        return 'removed';
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return 'absent';
        throw notWritten(pathOf(id), error);
      }
    },
  };
}

/** Most people have no such folder. */
function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function notWritten(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  return new Failure('refused', { detail: `The definition ${path} cannot be written (${code}).`, hint: 'The folder must be writable for you.', cause: error });
}
