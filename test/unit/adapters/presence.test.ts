import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { mayBeThere, mayHoldSomething } from '../../../src/adapters/presence.ts';

let folder: string;
const at = (name: string): string => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'keywright-presence-'));
  await writeFile(at('file'), 'x');
  await mkdir(at('empty'));
  await mkdir(at('full'));
  await writeFile(at('full/one'), 'x');
  await symlink('nowhere', at('dangling'));
  await symlink('loop', at('loop'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('whether it is worth loading what reads a path', () => {
  it.each([
    ['file', true],
    ['empty', true],
    ['dangling', true],
    ['absent', false],
    ['absent/below', false],
    // What cannot be looked at: only who reads it finds out why, and tells.
    ['file/below', true],
    ['loop/below', true],
  ])('%s: %s', (name, expected) => {
    expect(mayBeThere(at(name))).toBe(expected);
  });

  it.each([
    ['full', true],
    ['empty', false],
    ['absent', false],
    ['file', true],
    ['file/below', true],
    ['dangling', true],
  ])('as a folder, %s: %s', (name, expected) => {
    expect(mayHoldSomething(at(name))).toBe(expected);
  });
});
