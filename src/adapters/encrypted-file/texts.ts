import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { HeldLock, Lock } from '../../model/lock.ts';
import { isTemporaryOf, writeFileAtomically } from '../atomic-file.ts';
import { systemCode } from '../system-code.ts';
import { readTrouble, unusable, writeTrouble } from './failures.ts';
import { keyFilePath } from './keys.ts';
import { createOpeners, type OpenerWorld } from './openers.ts';
import { type Entries, open, type Opener, readHeader, seal } from './sealed.ts';

/** Reading does without it; it takes Node a while to load. */
const files = () => import('node:fs/promises');

/** A writer holds the lock for a second at most, with a passphrase; a queue of some twenty is waited for. */
const LOCK_WAIT_MS = 30_000;

export interface EncryptedFileWorld extends OpenerWorld {
  readonly lock: Pick<Lock, 'acquire'>;
}

export interface FileNames {
  /** The file's own name in the data folder. */
  readonly file: string;
  /** A file beside it whose key or passphrase a new one takes over, so that it is never easier to open. */
  readonly like?: string;
}

/** Texts by name in one encrypted file. */
export interface SealedTexts {
  /** All of them; none where there is no file. */
  read(): Promise<ReadonlyMap<string, string>>;
  /** Changes them while no other process does. `unchanged` leaves the file, and whether there is one, as it is. */
  change(work: (texts: Entries) => 'changed' | 'unchanged'): Promise<void>;
  /** Deletes one. Where there is no file, none is made and nobody is waited for. */
  delete(name: string): Promise<'deleted' | 'absent'>;
  /** Proves that something can be written and read back. */
  probe(): Promise<void>;
}

/**
 * One encrypted file in the data folder. It is read as a whole and replaced as a whole, under a lock between processes, so that
 * two writers never drop each other's entries; a reader needs no lock.
 *
 * A file that cannot be used is `keychain-unavailable`, a wrong or missing key or passphrase `keychain-locked`, a variable that holds no key
 * `usage`. Where a write fails, the file is as it was. Nothing is ever written in the clear.
 */
export function createSealedTexts(world: EncryptedFileWorld, { file, like }: FileNames): SealedTexts {
  const path = join(world.dir, file);
  const openers = createOpeners(world);

  async function load(from = path): Promise<{ readonly entries: Entries; readonly opener: Opener } | undefined> {
    const text = readStore(from);
    if (text === undefined) return undefined;
    const header = readHeader(text, from);
    const opener = await openers.forFile(header, from);
    return { entries: await open(text, header, opener, from), opener };
  }

  async function openerForNew(purpose: 'keep' | 'trial'): Promise<Opener> {
    const sibling = like === undefined ? undefined : await load(join(world.dir, like));
    return sibling?.opener ?? openers.forNew(purpose);
  }

  /** Runs `work` while no other process writes in the folder (all its files share a key file). The passphrase is asked for before, so that nobody waits while a person types. */
  async function exclusively<T>(work: (held: HeldLock) => Promise<T>): Promise<T> {
    const before = readStore(path);
    if (before !== undefined) await openers.forFile(readHeader(before, path), path);
    else if (like !== undefined) await load(join(world.dir, like));
    const held = await world.lock.acquire(`file store ${await trueFolder(world.dir, path)}`, { waitMs: LOCK_WAIT_MS });
    try {
      return await work(held);
    } finally {
      await held.release();
    }
  }

  function change(work: (texts: Entries) => 'changed' | 'unchanged'): Promise<void> {
    return exclusively(async (held) => {
      await removeLitter(world, file);
      const found = await load();
      const entries: Entries = found?.entries ?? new Map();
      if (work(entries) === 'unchanged') return;
      await held.stillOurs();
      await replace(path, await seal(entries, found?.opener ?? (await openerForNew('keep'))));
    });
  }

  return {
    read: async () => (await load())?.entries ?? new Map(),
    change,
    delete: async (name) => {
      if (readStore(path) === undefined) return 'absent';
      let outcome: 'deleted' | 'absent' = 'absent';
      await change((entries) => {
        outcome = entries.delete(name) ? 'deleted' : 'absent';
        return outcome === 'deleted' ? 'changed' : 'unchanged';
      });
      return outcome;
    },
    probe: () =>
      exclusively(async () => {
        // The file itself must open. A sibling of the same kind and size then stands in for it, so that nothing is at stake.
        const found = await load();
        const opener = found?.opener ?? (await openerForNew('trial'));
        const entries: Entries = found?.entries ?? new Map();
        const trial = join(world.dir, probeName(file));
        const mark = world.random.token(16);
        await replace(trial, await seal(entries.set('probe', mark), opener));
        const written = readStore(trial) ?? '';
        const back = await open(written, readHeader(written, trial), opener, trial);
        await removeFile(trial);
        if (back.get('probe') !== mark) throw unusable(path, 'does not bring back what is written beside it', 'Its disk may be broken.');
      }),
  };
}

/** The file that a probe writes and removes. */
function probeName(file: string): string {
  return `${file}.probe`;
}

/**
 * The text of a store file; undefined where there is none for certain. It is small, and read at once, which costs a fresh process less than
 * to load what reads in the background; a pipe in its place is not waited for.
 */
function readStore(path: string): string | undefined {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return readFileSync(file, 'utf8').trim();
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw readTrouble(path, error);
  }
}

async function replace(path: string, text: string): Promise<void> {
  try {
    await writeFileAtomically(path, text, { mode: 0o600 });
  } catch (error) {
    throw writeTrouble(path, error);
  }
}

async function removeFile(path: string): Promise<void> {
  try {
    await (await files()).unlink(path);
  } catch (error) {
    throw writeTrouble(path, error);
  }
}

/** The folder by the one name that all processes find, whatever link they came by. It is made here if it is missing. */
async function trueFolder(dir: string, path: string): Promise<string> {
  const { mkdir, realpath } = await files();
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    return await realpath(dir);
  } catch (error) {
    throw writeTrouble(path, error);
  }
}

/** Removes what writers left that were killed half-way. Under the lock nobody else is writing. Litter that stays is no reason to fail. */
async function removeLitter(world: OpenerWorld, file: string): Promise<void> {
  const keyFile = basename(keyFilePath(world));
  const { readdir, unlink } = await files();
  const names = await readdir(world.dir).catch(() => []);
  for (const name of names) {
    if (isTemporaryOf(file, name) || isTemporaryOf(keyFile, name) || name === probeName(file)) await unlink(join(world.dir, name)).catch(() => undefined);
  }
}
