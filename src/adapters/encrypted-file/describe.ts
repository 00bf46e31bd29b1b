import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { variable } from '../../model/env.ts';
import { isFailure } from '../../model/failure.ts';
import type { FileStoreFacts } from '../../model/system.ts';
import { systemCode } from '../system-code.ts';
import { CREDENTIALS_FILE, NOTES_FILE } from './file-names.ts';
import { givenKey, keyFilePath, keyOfFile, type KeyWorld } from './keys.ts';
import { PASSPHRASE_VARIABLE } from './openers.ts';
import { type Header, readHeader } from './sealed.ts';

/** A header is at the beginning of the file and has a few hundred bytes; the credentials behind it are not read. */
const HEADER_BYTES = 4096;

type State = { readonly facts: FileStoreFacts['state']; readonly header: Header | undefined };

function stateOf(path: string): State {
  let start: string;
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const buffer = Buffer.alloc(HEADER_BYTES);
      start = buffer.toString('latin1', 0, readSync(file, buffer, 0, HEADER_BYTES, 0));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = systemCode(error);
    return { facts: code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unusable', why: `it cannot be read (${code ?? 'unknown'})` }, header: undefined };
  }
  try {
    // Only the header counts here; the four parts that must follow it are made up.
    return { facts: { kind: 'there' }, header: readHeader(`${start.split('.')[0] ?? ''}....`, path) };
  } catch (thrown) {
    return { facts: { kind: 'unusable', why: isFailure(thrown) ? thrown.detail : 'it cannot be understood' }, header: undefined };
  }
}

/** Where the key of a file comes from that is opened by a key; null where there is none that can be used. */
async function keySource(world: KeyWorld): Promise<string | null> {
  try {
    return ((await givenKey(world)) ?? keyOfFile(world))?.source ?? null;
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    return null;
  }
}

/** What can be said of the encrypted file without opening it; see `FileStoreFacts`. */
export async function describeFileStore(world: KeyWorld): Promise<FileStoreFacts> {
  const path = join(world.dir, CREDENTIALS_FILE);
  const { facts, header } = stateOf(path);
  const passphrase = variable(world.env, PASSPHRASE_VARIABLE) === undefined ? null : PASSPHRASE_VARIABLE;
  const key = await keySource(world);
  // In the order in which a new file finds its opener: a given key, the passphrase of the variable, the key file.
  const forNew = key !== null && key !== keyFilePath(world) ? key : (passphrase ?? key);
  return {
    path,
    notesPath: join(world.dir, NOTES_FILE),
    keyPath: keyFilePath(world),
    state: facts,
    keySource: header === undefined ? forNew : header.kind === 'key' ? key : (passphrase ?? 'typed'),
  };
}
