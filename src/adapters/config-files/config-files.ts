import { readFile, unlink } from 'node:fs/promises';
import type { Clock } from '../../model/clock.ts';
import type { ConfigFile, ConfigFiles, ConfigWritten } from '../../model/config-file.ts';
import { Failure } from '../../model/failure.ts';
import { createFileAtomically, replaceFileAtomically, writeFileAtomically } from '../atomic-file.ts';
import { systemCode } from '../system-code.ts';
import { inWords } from '../system-words.ts';
import { withFolderLock } from './folder-lock.ts';
import { createLeftTexts } from './left.ts';
import { behindLinks, lookBehind, MAX_BYTES } from './place.ts';

export interface ConfigFilesWorld {
  /** Undefined on systems without such numbers (Windows). */
  readonly uid: number | undefined;
  readonly clock: Clock;
  /** Ends the wait for a lock. */
  readonly interrupted: AbortSignal;
  /** The folder of what we remember of files that we changed. */
  readonly notes: string;
}

/** What a client keeps about a person is nobody else's business. */
const MODE_OF_NEW = 0o600;

/** The bytes as text, with a byte order mark as its first character, so that it is written again as the same bytes; undefined for anything but UTF-8. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

async function read(path: string, uid: number | undefined): Promise<ConfigFile> {
  const found = await lookBehind(path, uid);
  if (found.kind !== 'there') return found.kind === 'absent' ? { kind: 'absent' } : found;
  try {
    const bytes = await readFile(found.place);
    if (bytes.length > MAX_BYTES) return { kind: 'unusable', why: 'it is larger than 8 MB' };
    const text = textOf(bytes);
    return text === undefined ? { kind: 'unusable', why: 'it is not text in UTF-8' } : { kind: 'there', text, place: found.place };
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return systemCode(error) === 'ENOENT' ? { kind: 'absent' } : { kind: 'unusable', why: inWords(systemCode(error)) };
  }
}

/** What lies at a place; undefined where nothing does, or nothing that can be read. */
async function textAt(place: string): Promise<string | undefined> {
  const bytes = await readFile(place).catch(() => undefined);
  return bytes === undefined ? undefined : textOf(bytes);
}

/** Files of other programs; what it promises stands at `ConfigFiles`. */
export function createConfigFiles(world: ConfigFilesWorld): ConfigFiles {
  const left = createLeftTexts(world.notes);

  async function make(place: string, text: string): Promise<ConfigWritten> {
    await left.note(place, [text]);
    const made = await createFileAtomically(place, text, { mode: MODE_OF_NEW });
    return made === 'exists' ? { kind: 'changed-meanwhile' } : { kind: 'written', backup: null };
  }

  async function change(place: string, mode: number, before: string, after: string): Promise<ConfigWritten> {
    const isStill = async (): Promise<boolean> => (await textAt(place)) === before;
    if (!(await isStill())) return { kind: 'changed-meanwhile' };
    const backup = `${place}.keywright-backup`;
    const isOurs = await left.isOurs(place, before);
    // What we left there needs no backup: the one of what was there before is worth more.
    if (!isOurs) await writeFileAtomically(backup, before, { mode });
    const kept = isOurs ? await textAt(backup) : before;
    await left.note(place, isOurs ? [before, after] : [after]);
    if ((await replaceFileAtomically(place, after, { mode, mayReplace: isStill })) === 'kept') return { kind: 'changed-meanwhile' };
    if (kept !== after) return { kind: 'written', backup: kept === undefined ? null : backup };
    await unlink(backup);
    await left.forget(place);
    return { kind: 'written', backup: null };
  }

  return {
    read: (path) => read(path, world.uid),
    replace: async (path, before, after) => {
      const refused = (why: string, cause?: unknown): Failure => new Failure('refused', { detail: `${path} cannot be written: ${why}.`, cause });
      const found = await lookBehind(path, world.uid);
      if (found.kind === 'unusable') throw refused(found.why);
      if ((found.kind === 'absent') !== (before === undefined)) return { kind: 'changed-meanwhile' };
      try {
        return found.kind === 'absent' || before === undefined ? await make(found.place, after) : await change(found.place, found.mode, before, after);
      } catch (error) {
        if (systemCode(error) === undefined) throw error;
        throw refused(inWords(systemCode(error)), error);
      }
    },
    withLock: async (path, work) => {
      // Some programs put the lock beside the link, others beside the file.
      const folders = new Set([path, await behindLinks(path).catch(() => path)].map((each) => `${each}.lock`));
      return [...folders].reduceRight<typeof work>((inner, folder) => () => withFolderLock(folder, inner, world), work)();
    },
  };
}
