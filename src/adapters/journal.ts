import { readFile, rm } from 'node:fs/promises';
import type { JournalLine, RefreshJournal } from '../model/refresh-journal.ts';
import { Failure } from '../model/failure.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { systemCode } from './system-code.ts';
import { openFolder } from './lock/folder.ts';

export interface JournalWorld {
  /** Beside the locks, under no variable; null where this user has no home folder. */
  readonly dir: string | null;
  readonly platform: NodeJS.Platform;
}

/**
 * The refresh journal as one small file per credential, named by a hash, 0600, in a folder with the same demands as that of
 * the locks. A line that cannot be read counts as none: it can only explain a failure, never cause one.
 */
export function createRefreshJournal(world: JournalWorld): RefreshJournal {
  async function pathOf(name: string): Promise<string> {
    if (world.dir === null)
      throw new Failure('refused', { detail: 'The password database has no home folder for this user, so there is no place for the refresh journal.' });
    const { createHash } = await import('node:crypto');
    const folder = openFolder(world.dir, world.platform, 0);
    folder.close();
    return folder.path(`${createHash('sha256').update(name).digest('hex').slice(0, 24)}.json`);
  }

  return {
    read: async (name) => {
      try {
        return parse(await readFile(await pathOf(name), 'utf8'));
      } catch (error) {
        if (systemCode(error) === undefined) throw error;
        return undefined;
      }
    },
    write: async (name, line) => {
      const path = await pathOf(name);
      try {
        await writeFileAtomically(path, `${JSON.stringify({ v: 1, token_sha256: line.tokenHash, at: new Date(line.at).toISOString() })}\n`, { mode: 0o600 });
      } catch (error) {
        throw new Failure('refused', {
          detail: `The refresh journal ${path} cannot be written (${systemCode(error) ?? 'unknown'}), so the session was not refreshed.`,
          hint: 'Make room or the folder writable, and try again. The session is unharmed.',
          cause: error,
        });
      }
    },
    clear: async (name) => rm(await pathOf(name), { force: true }),
  };
}

function parse(text: string): JournalLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('token_sha256' in value) || !('at' in value)) return undefined;
  const { token_sha256: tokenHash, at } = value;
  if (typeof tokenHash !== 'string' || typeof at !== 'string' || Number.isNaN(Date.parse(at))) return undefined;
  return { tokenHash, at: Date.parse(at) };
}
