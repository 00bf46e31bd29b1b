import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { foldersToLookIn } from '../../../src/adapters/project-folders.ts';

let top: string;
let within: string;

beforeEach(async () => {
  top = await realpath(await mkdtemp(path.join(tmpdir(), 'keywright-folders-')));
  within = path.join(top, 'a/b');
  await mkdir(within, { recursive: true });
});

afterEach(() => rm(top, { recursive: true, force: true }));

describe('the folders in which a binding counts', () => {
  it('is the current one, where no repository is', () => {
    expect(foldersToLookIn({ cwd: within, home: top })).toEqual([within]);
  });

  it('are all up to the repository, the nearest first', async () => {
    await mkdir(path.join(top, '.git'));
    expect(foldersToLookIn({ cwd: within, home: undefined })).toEqual([within, path.join(top, 'a'), top]);
  });

  it('end at the nearest repository, also one that is a link to nowhere', async () => {
    await mkdir(path.join(top, '.git'));
    await symlink('nowhere', path.join(top, 'a/.git'));
    expect(foldersToLookIn({ cwd: within, home: undefined })).toEqual([within, path.join(top, 'a')]);
  });

  it('are none where the current one was deleted', () => {
    expect(foldersToLookIn({ cwd: undefined, home: top })).toEqual([]);
  });
});
