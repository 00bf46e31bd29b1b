import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Env, variable } from '../../model/env.ts';
import type { Random } from '../../model/random.ts';
import { Failure } from '../../model/failure.ts';
import { createFileAtomically } from '../atomic-file.ts';
import { systemCode } from '../system-code.ts';
import { unusable, writeTrouble } from './failures.ts';
import type { Opener } from './sealed.ts';

export const KEY_VARIABLE = 'KEYWRIGHT_STORE_KEY';
const CREDENTIAL_NAME = 'keywright-store-key';
const KEY_FILE = 'store.key';
const KEY_BYTES = 32;

export interface KeyWorld {
  /** The data folder. */
  readonly dir: string;
  readonly env: Env;
  /** The user id of this process; null where the system has none (Windows), and ownership and permissions are not looked at. */
  readonly uid: number | null;
}

type Key = Extract<Opener, { kind: 'key' }>;

/** The key that was given to this process from outside: the variable, else the credential of a systemd unit. Undefined where there is none. */
export async function givenKey(world: KeyWorld): Promise<Key | undefined> {
  const value = variable(world.env, KEY_VARIABLE);
  if (value !== undefined) {
    const key = parseKey(value);
    if (key === undefined)
      throw new Failure('usage', { detail: `${KEY_VARIABLE} is not a key: it must be 32 bytes in hex or base64url.`, hint: 'Make one: openssl rand -hex 32' });
    return { kind: 'key', key, source: KEY_VARIABLE };
  }
  const folder = variable(world.env, 'CREDENTIALS_DIRECTORY');
  if (folder === undefined) return undefined;
  const path = join(folder, CREDENTIAL_NAME);
  let bytes: Buffer;
  try {
    bytes = await (await import('node:fs/promises')).readFile(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new Failure('keychain-unavailable', {
      detail: `The key of the file store at ${path} cannot be read (${systemCode(error) ?? 'unknown'}).`,
      hint: 'Check the credential of the unit.',
      cause: error,
    });
  }
  const key = bytes.length === KEY_BYTES ? new Uint8Array(bytes) : parseKey(bytes.toString());
  if (key === undefined) throw badKeyFile(path, 'does not hold 32 bytes, plain, in hex or in base64url', 'Make one: openssl rand -hex 32');
  return { kind: 'key', key, source: path };
}

/** The key of the key file in the data folder; undefined where there is none. A link, a file of somebody else and one that others can read are not used. */
export function keyOfFile(world: KeyWorld): Key | undefined {
  const path = keyFilePath(world);
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw badKeyFile(path, 'is a link', 'Replace the link by the file itself.');
    throw badKeyFile(path, `cannot be read (${code ?? 'unknown'})`, 'Check its permissions: it must be a file of yours with mode 600.');
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw badKeyFile(path, 'is not a file', 'Move it away.');
    if (world.uid !== null && found.uid !== world.uid) throw badKeyFile(path, 'belongs to another user', 'Use a data folder of your own.');
    if (world.uid !== null && (found.mode & 0o077) !== 0) throw badKeyFile(path, 'can be read by other users', `If nobody has seen it: chmod 600 ${path}`);
    const key = parseKey(readFileSync(file, 'utf8'));
    if (key === undefined) throw badKeyFile(path, 'does not hold a key', 'Bring it back from a backup; without it the store cannot be opened.');
    return { kind: 'key', key, source: path };
  } finally {
    closeSync(file);
  }
}

/** Makes the key file. Called under the store's lock, and never replaces a key that is there all the same. */
export async function makeKeyFile(world: KeyWorld, random: Random): Promise<Key> {
  const path = keyFilePath(world);
  try {
    await createFileAtomically(path, `${random.token(KEY_BYTES)}\n`, { mode: 0o600 });
  } catch (error) {
    throw writeTrouble(path, error);
  }
  const made = keyOfFile(world);
  if (made === undefined)
    throw unusable(path, 'lost its key file as soon as it was made', 'Something removes files from that folder; find out what, and try again.');
  return made;
}

/** A key that is forgotten at once, for trying whether a store could be written. */
export function throwAwayKey(random: Random): Key {
  return { kind: 'key', key: new Uint8Array(Buffer.from(random.token(KEY_BYTES), 'base64url')), source: 'nowhere' };
}

export function keyFilePath(world: KeyWorld): string {
  return join(world.dir, KEY_FILE);
}

function parseKey(text: string): Uint8Array | undefined {
  const value = text.trim();
  if (/^[0-9a-fA-F]{64}$/.test(value)) return new Uint8Array(Buffer.from(value, 'hex'));
  if (/^[A-Za-z0-9_-]{43}=?$/.test(value)) return new Uint8Array(Buffer.from(value, 'base64url'));
  return undefined;
}

function badKeyFile(path: string, what: string, hint: string): Failure {
  return new Failure('keychain-unavailable', { detail: `The key file of the file store, ${path}, ${what}.`, hint });
}
