import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSettings } from '../../../src/adapters/settings.ts';
import type { MachineDefaults } from '../../../src/model/settings.ts';

let dir: string;
let path: string;
let warnings: string[];

const settings = () => createSettings({ path, warn: (line) => warnings.push(line) });
const nothing: MachineDefaults = { provider: null, accounts: new Map(), trusted: new Map() };
const hash = '0f'.repeat(32);
const full: MachineDefaults = {
  provider: 'memax',
  accounts: new Map([
    ['https://api.memax.app', 'work'],
    ['http://127.0.0.1:4000', 'local'],
  ]),
  trusted: new Map([['/home/me/p/.keywright.json', hash]]),
};

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keywright-settings-'));
  path = join(dir, 'config/settings.json');
  warnings = [];
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

describe('the settings', () => {
  it('are empty where there is no file, and reading makes none', async () => {
    expect(await settings().read()).toEqual(nothing);
    expect(await readdir(dir)).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('are read as they were written, by another process too', async () => {
    expect(await settings().update(() => full)).toEqual(full);
    expect(await settings().read()).toEqual(full);
  });

  it('are one file for the person alone, with a format number', async () => {
    await settings().update(() => full);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      v: 1,
      provider: 'memax',
      accounts: { 'http://127.0.0.1:4000': 'local', 'https://api.memax.app': 'work' },
      trusted_bindings: { '/home/me/p/.keywright.json': hash },
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(dir, 'config'))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(dir, 'config'))).toEqual(['settings.json']);
  });

  it('keep a path with any name, and take none for part of an object', async () => {
    const odd: MachineDefaults = { ...nothing, trusted: new Map([['__proto__', hash]]) };
    await settings().update(() => odd);
    expect(await settings().read()).toEqual(odd);
  });

  it('overlook fields that are not known, and may lack some that are', async () => {
    await settings().update(() => nothing);
    await writeFile(path, '{"v":1,"provider":"memax","colour":"blue"}');
    expect(await settings().read()).toEqual({ ...nothing, provider: 'memax' });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['', 'the file is not JSON'],
    ['[]', 'the file is not a JSON object'],
    ['{}', 'they are of another version of keywright'],
    ['{"v":2,"provider":"memax"}', 'they are of another version of keywright'],
    ['{"v":1,"provider":"\\u001b[31m"}', 'the field provider is not the id of a provider'],
    ['{"v":1,"provider":7}', 'the field provider is not the id of a provider'],
    ['{"v":1,"accounts":[]}', 'the field accounts is not a list of accounts by origin'],
    ['{"v":1,"accounts":{"https://api.memax.app/":"work"}}', 'the field accounts is not a list of accounts by origin'],
    ['{"v":1,"accounts":{"https://api.memax.app":"../x"}}', 'the field accounts is not a list of accounts by origin'],
    ['{"v":1,"trusted_bindings":{"/p":"yes"}}', 'the field trusted_bindings is not a list of hashes by path'],
  ])('that read %j are passed over with one warning, and never overwritten', async (text, why) => {
    await settings().update(() => nothing);
    await writeFile(path, text);
    const read = settings();
    expect(await read.read()).toEqual(nothing);
    expect(await read.read()).toEqual(nothing);
    expect(warnings).toEqual([`The settings in ${path} are passed over: ${why}.`]);
    await expect(read.update(() => full)).rejects.toMatchObject({ code: 'refused', detail: `The settings in ${path} were left as they are: ${why}.` });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('are no failure where they cannot be read', async () => {
    path = join(dir, 'config');
    await settings().read();
    await writeFile(path, 'a file');
    path = join(path, 'settings.json');
    expect(await settings().read()).toEqual(nothing);
    expect(warnings).toEqual([]);
    path = dir;
    expect(await settings().read()).toEqual(nothing);
    expect(warnings).toEqual([`The settings in ${dir} are passed over: it cannot be read (EISDIR).`]);
  });

  it('say so where they cannot be written', async () => {
    await writeFile(join(dir, 'config'), 'a file');
    await chmod(dir, 0o700);
    await expect(settings().update(() => full)).rejects.toMatchObject({ code: 'refused' });
  });
});
