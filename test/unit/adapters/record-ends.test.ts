import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { allEndAfter } from '../../../src/adapters/record-ends.ts';

const folders: string[] = [];

afterAll(() => Promise.all(folders.map((each) => rm(each, { recursive: true, force: true }))));

async function folderWith(...texts: readonly string[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keywright-ends-'));
  folders.push(folder);
  await Promise.all(texts.map((text, index) => writeFile(path.join(folder, `${index}.json`), text)));
  return folder;
}

const ending = (end: unknown): string => JSON.stringify({ expires_at: end });
const NOON = Date.parse('2026-01-01T12:00:00Z');

describe('the ends that records tell of', () => {
  it.each<readonly [string, readonly string[], boolean]>([
    ['there are none', [], true],
    ['all are later', [ending('2026-01-01T12:00:01Z'), ending('2027-01-01T00:00:00Z')], true],
    ['there is no end', [ending(null)], true],
    ['one is at that time', [ending('2026-01-01T12:00:00Z')], false],
    ['one is earlier', [ending('2027-01-01T00:00:00Z'), ending('2026-01-01T11:59:59Z')], false],
    ['one is no time', [ending('soon')], false],
    ['one says nothing of it', ['{}'], false],
    ['one is not what it should be', ['7'], false],
    ['one is damaged', ['{'], false],
  ])('are told where %s', async (_title, texts, all) => {
    expect(allEndAfter(await folderWith(...texts), NOON)).toBe(all);
  });

  it('are not known where there is no folder', async () => {
    expect(allEndAfter(path.join(await folderWith(), 'gone'), NOON)).toBe(false);
  });
});
