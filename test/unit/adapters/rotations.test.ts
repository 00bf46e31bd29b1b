import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createRotationJournal } from '../../../src/adapters/rotations.ts';
import type { RotationRecord } from '../../../src/model/rotation.ts';

const RECORD: RotationRecord = {
  id: 'ab12cd34ef56',
  provider: 'memax',
  origin: 'https://api.memax.app',
  account: null,
  store: 'file',
  old: { id: '1', name: null, prefix: 'mxk_1234', scopes: ['read'], agent: null, hubs: ['h'], trust: 'standard' },
  span: 86_400_000,
  successor: { name: 'unnamed~ab12', id: null },
  self: 'unknown',
  grant: { id: 'Zk3mQx81TfPa', store: 'file', keyName: 'codex@laptop~ab12', expiresAt: null, createdAt: '2026-11-01T10:00:00.000Z' },
  sinks: ['stdout', 'file:/x'],
  format: 'env',
  delivered: [{ sink: 'file:/x', state: 'begun', saved: 'rotation:ab12cd34ef56:before-1' }],
  step: 'undoing',
  begunAt: '2026-11-22T10:00:00.000Z',
  grace: 0,
  revokeAt: null,
};

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'rotations-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return join(dir, 'rotations');
}

it('gives back what was written, the oldest first, from files that are for us alone', async () => {
  const dir = await folder();
  const journal = createRotationJournal(dir);
  expect(await journal.list()).toEqual([]);
  const older: RotationRecord = {
    ...RECORD,
    id: 'older',
    begunAt: '2026-11-21T10:00:00.000Z',
    revokeAt: '2026-11-23T10:00:00.000Z',
    step: 'delivered',
    format: null,
  };
  await journal.write(RECORD);
  await journal.write(older);
  expect(await journal.list()).toEqual([older, RECORD]);
  expect((await stat(join(dir, 'older.json'))).mode & 0o777).toBe(0o600);
  await journal.delete('older');
  await journal.delete('never-there');
  expect(await journal.list()).toEqual([RECORD]);
});

it('removes what a killed write left, with the record', async () => {
  const dir = await folder();
  const journal = createRotationJournal(dir);
  await journal.write(RECORD);
  await writeFile(join(dir, `${RECORD.id}.json.abcdef.tmp`), 'half of it');
  await writeFile(join(dir, 'other.json.abcdef.tmp'), 'of another');
  await journal.delete(RECORD.id);
  expect(await readdir(dir)).toEqual(['other.json.abcdef.tmp']);
});

it.each<[string, (text: string) => string]>([
  ['cut off', (text) => text.slice(0, -20)],
  ['of a newer keywright', (text) => text.replace('"v": 1', '"v": 2')],
  ['with a step that there is not', (text) => text.replace('undoing', 'dreaming')],
  ['with a format that there is not', (text) => text.replace('"env"', '"xml"')],
  ['with a sink in no state', (text) => text.replace('begun"', 'gone"')],
  ['without the old key', (text) => text.replace('"old"', '"young"')],
  ['of another name than its file', (text) => text.replaceAll(RECORD.id, 'another')],
])('passes over a record %s', async (_what, damage) => {
  const dir = await folder();
  const journal = createRotationJournal(dir);
  await journal.write(RECORD);
  const file = join(dir, `${RECORD.id}.json`);
  const text = await readFile(file, 'utf8');
  expect(damage(text)).not.toBe(text);
  await writeFile(file, damage(text));
  expect(await journal.list()).toEqual([]);
});

it('says what is wrong with a folder that cannot be written', async () => {
  const dir = await folder();
  await writeFile(dir, 'a file in its place');
  await expect(createRotationJournal(dir).write(RECORD)).rejects.toMatchObject({
    code: 'refused',
    detail: expect.stringMatching(/cannot be written \(E[A-Z]+\)/),
  });
});
