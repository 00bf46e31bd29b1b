import { mkdir, readdir, readFile, realpath, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { entryName } from '../../model/credentials.ts';
import type { CredentialStore, HeldLock, Lock } from '../../model/deps.ts';
import { decodeCredential, encodeCredential } from '../../model/stored-credential-codec.ts';
import { isTemporaryOf, systemCode, writeFileAtomically } from '../atomic-file.ts';
import { readTrouble, unusable, writeTrouble } from './failures.ts';
import { keyFilePath } from './keys.ts';
import { createOpeners, type OpenerWorld } from './openers.ts';
import { type Entries, open, readHeader, seal } from './sealed.ts';

/** A writer holds the lock for a second at most, with a passphrase; a queue of some twenty is waited for. */
const LOCK_WAIT_MS = 30_000;

export interface EncryptedFileWorld extends OpenerWorld {
  readonly lock: Lock;
}

/**
 * All credentials in one encrypted file in the data folder, for machines without a keychain. It is read as a whole and replaced as a
 * whole, under a lock between processes, so that two writers never drop each other's entries; a reader needs no lock.
 *
 * A store that cannot be used is `keychain-unavailable`, a wrong or missing key or passphrase `keychain-locked`, a variable that holds no key
 * `usage`. Where a write fails, the file is as it was. Nothing is ever written in the clear.
 * `file` is the file's name; other things than credentials of accounts are kept under another.
 */
export function createEncryptedFileStore(world: EncryptedFileWorld, file = 'credentials.jwe'): CredentialStore {
  const path = join(world.dir, file);
  const openers = createOpeners(world);

  async function load(): Promise<{ readonly entries: Entries; save(changed: Entries): Promise<void> } | undefined> {
    const text = await readStore(path);
    if (text === undefined) return undefined;
    const header = readHeader(text, path);
    const opener = await openers.forFile(header, path);
    return { entries: await open(text, header, opener, path), save: async (changed) => replace(path, await seal(changed, opener)) };
  }

  /** Runs `work` while no other process writes in the folder (all its stores share a key file). The passphrase is asked for before, so that nobody waits while a person types. */
  async function exclusively<T>(work: (held: HeldLock) => Promise<T>): Promise<T> {
    const before = await readStore(path);
    if (before !== undefined) await openers.forFile(readHeader(before, path), path);
    const held = await world.lock.acquire(`file store ${await trueFolder(world.dir, path)}`, { waitMs: LOCK_WAIT_MS });
    try {
      return await work(held);
    } finally {
      await held.release();
    }
  }

  return {
    name: 'file',
    read: async (address) => {
      const text = (await load())?.entries.get(entryName(address));
      return text === undefined ? undefined : decodeCredential(text);
    },
    write: (address, credential) => {
      const text = encodeCredential(credential);
      return exclusively(async (held) => {
        await removeLitter(world, file);
        const found = await load();
        const entries: Entries = found?.entries ?? new Map();
        entries.set(entryName(address), text);
        await held.stillOurs();
        if (found !== undefined) return found.save(entries);
        return replace(path, await seal(entries, await openers.forNew('keep')));
      });
    },
    delete: async (address) => {
      if ((await readStore(path)) === undefined) return 'absent';
      return exclusively(async (held) => {
        const found = await load();
        if (found === undefined || !found.entries.delete(entryName(address))) return 'absent';
        await held.stillOurs();
        await found.save(found.entries);
        return 'deleted';
      });
    },
    probe: () =>
      exclusively(async () => {
        // The store itself must open. A sibling of the same kind and size then stands in for it, so that nothing is at stake.
        const text = await readStore(path);
        const opener = text === undefined ? await openers.forNew('trial') : await openers.forFile(readHeader(text, path), path);
        const entries: Entries = text === undefined ? new Map() : await open(text, readHeader(text, path), opener, path);
        const trial = join(world.dir, probeName(file));
        const mark = world.random.token(16);
        await replace(trial, await seal(entries.set('probe', mark), opener));
        const written = (await readStore(trial)) ?? '';
        const found = await open(written, readHeader(written, trial), opener, trial);
        await removeFile(trial);
        if (found.get('probe') !== mark) throw unusable(path, 'does not bring back what is written beside it', 'Its disk may be broken.');
      }),
  };
}

/** The file that a probe writes and removes. */
function probeName(file: string): string {
  return `${file}.probe`;
}

/** The text of a store file; undefined where there is none for certain. */
async function readStore(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
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
    await unlink(path);
  } catch (error) {
    throw writeTrouble(path, error);
  }
}

/** The folder by the one name that all processes find, whatever link they came by. It is made here if it is missing. */
async function trueFolder(dir: string, path: string): Promise<string> {
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
  const names = await readdir(world.dir).catch(() => []);
  for (const name of names) {
    if (isTemporaryOf(file, name) || isTemporaryOf(keyFile, name) || name === probeName(file)) await unlink(join(world.dir, name)).catch(() => undefined);
  }
}
