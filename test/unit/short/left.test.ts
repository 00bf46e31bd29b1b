import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { mayBeLeft } from '../../../src/short/left.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'keywright-left-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const paths = () => ({ state: path.join(home, 'state'), data: path.join(home, 'data') });

async function put(file: string): Promise<void> {
  await mkdir(path.dirname(path.join(home, file)), { recursive: true });
  await writeFile(path.join(home, file), '{}');
}

describe('what an earlier command may have left', () => {
  it('is nothing in a home without folders, beside accounts and credentials, and in folders that are empty again', async () => {
    expect(mayBeLeft(paths())).toBe(false);
    for (const file of ['state/accounts/one.json', 'data/credentials.jwe', 'data/store.key']) await put(file);
    for (const folder of ['rotations', 'revocations', 'ephemeral', 'notes']) await mkdir(path.join(home, 'state', folder));
    expect(mayBeLeft(paths())).toBe(false);
  });

  it.each([
    ['a rotation', 'state/rotations/one.json'],
    ['a revocation to be tried again', 'state/revocations/one.json'],
    ['a key for one run', 'state/ephemeral/one.json'],
    ['a note in the keychain', 'state/notes/one.json'],
    ['a note in the encrypted file', 'data/pending.jwe'],
  ])('may be %s', async (_title, file) => {
    await put(file);
    expect(mayBeLeft(paths())).toBe(true);
  });
});
