import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { SecretNotes } from '../../../src/model/secret-notes.ts';
import { notesIn } from '../../../src/world/notes.ts';

let home: string;
let opened: string[];

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'keywright-notes-'));
  opened = [];
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** A store in which one note lies, whatever is on the disk. */
const open = async (name: SecretNotes['store']): Promise<SecretNotes> => {
  opened.push(name);
  return {
    store: name,
    write: async () => undefined,
    read: async () => undefined,
    list: async () => [{ name: 'waits', expiresAt: 1 }],
    delete: async () => 'deleted',
  };
};

const notes = () => {
  const [data, state] = [path.join(home, 'data'), path.join(home, 'state')];
  return notesIn({ paths: { data, state, config: home, cache: home, locks: null, journals: null } }, open);
};

describe('notes that are looked for', () => {
  it.each(['keychain', 'file'] as const)('are none in the %s where there can be none, and nothing is opened for that', async (store) => {
    expect(await (await notes()(store)).list()).toEqual([]);
    expect(opened).toEqual([]);
  });

  it('are those of the file where there is one', async () => {
    await mkdir(path.join(home, 'data'));
    await writeFile(path.join(home, 'data/pending.jwe'), 'x');
    expect(await (await notes()('file')).list()).toEqual([{ name: 'waits', expiresAt: 1 }]);
  });

  it('are those of the keychain where there is a title of one', async () => {
    await mkdir(path.join(home, 'state/notes'), { recursive: true });
    expect(await (await notes()('keychain')).list()).toEqual([]);
    await writeFile(path.join(home, 'state/notes/one.json'), '{}');
    expect(await (await notes()('keychain')).list()).toEqual([{ name: 'waits', expiresAt: 1 }]);
  });

  it('are written, read and deleted whether there were any or not', async () => {
    const file = await notes()('file');
    expect([await file.read('a'), await file.delete('a'), opened]).toEqual([undefined, 'deleted', ['file']]);
  });
});
