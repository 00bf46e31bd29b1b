import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccountIndex } from '../../../src/adapters/accounts.ts';
import type { AccountRecord } from '../../../src/model/credentials.ts';
import type { AccountIndex } from '../../../src/model/account-index.ts';

let home: string;
let dir: string;
let warnings: string[];
let index: AccountIndex;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kw-accounts-'));
  dir = join(home, 'state', 'accounts');
  warnings = [];
  index = createAccountIndex({ dir, warn: (line) => warnings.push(line) });
});
afterEach(() => rm(home, { recursive: true, force: true }));

const session: AccountRecord = {
  provider: 'acme',
  origin: 'https://api.acme.example',
  account: 'default',
  kind: 'oauth',
  store: 'keychain',
  signedInAt: '2026-11-22T12:00:00Z',
  expiresAt: '2026-11-22T13:00:00Z',
  scopes: ['read', 'write'],
  identity: { id: 'u1', label: 'me@acme.example' },
};
const key: AccountRecord = {
  ...session,
  account: `A@rk..+_-${'x'.repeat(50)}`,
  kind: 'key',
  store: 'file',
  expiresAt: null,
  scopes: [],
  identity: null,
};

describe('the index of accounts', () => {
  it('is empty where there is no folder, and makes none by reading', async () => {
    expect(await index.list()).toEqual([]);
    expect(await index.find(session)).toBeUndefined();
    await index.delete(session);
    expect(await readdir(home)).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('brings back what was written, whatever the account is called, in files for us alone', async () => {
    await index.write(key);
    await index.write(session);
    expect(await index.find({ origin: session.origin, account: session.account })).toEqual(session);
    expect(await index.find({ origin: key.origin, account: key.account })).toEqual(key);
    expect(await index.find({ origin: key.origin, account: 'other' })).toBeUndefined();
    expect(await index.list()).toEqual([key, session]);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    const names = await readdir(dir);
    expect(names.every((name) => /^[0-9a-f]{32}\.json$/.test(name))).toBe(true);
    expect(names.length).toBe(2);
    for (const name of names) expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['provider', '../acme'],
    ['origin', 'not an address'],
    ['origin', 'https://api.acme.example/path'],
    ['account', '\u001b[2Jwork'],
  ] as const)('passes over a record whose %s is %j, with a warning', async (field, value) => {
    await index.write(session);
    await index.write({ ...session, account: 'work', [field]: value });
    expect(await index.list()).toEqual([session]);
    expect(warnings).toEqual([expect.stringContaining('it is damaged, or of another version of keywright')]);
  });

  it('replaces and deletes one record and keeps the others', async () => {
    await Promise.all([index.write(key), index.write(session)]);
    await index.write({ ...session, scopes: ['read'] });
    expect(await index.list()).toEqual([key, { ...session, scopes: ['read'] }]);
    await index.delete(session);
    await index.delete(session);
    expect(await index.list()).toEqual([key]);
  });

  it('lists by provider, origin and account', async () => {
    const records = ['b', 'a', 'c'].flatMap((provider) =>
      ['2', '1'].map((account) => ({ ...session, provider, origin: `https://${provider}.example`, account })),
    );
    for (const record of records) await index.write(record);
    expect((await index.list()).map((record) => record.provider + record.account)).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2']);
  });

  it.each([
    ['is cut off', (text: string) => text.slice(0, -20)],
    ['is empty', () => ''],
    ['is a list', () => '[]'],
    ['is null', () => 'null'],
    ['is of another format', (text: string) => text.replace('"v": 1', '"v": 2')],
    ['has no origin', (text: string) => text.replace('"origin"', '"orig"')],
    ['has an unknown kind', (text: string) => text.replace('"oauth"', '"password"')],
    ['has an unknown store', (text: string) => text.replace('"keychain"', '"paper"')],
    ['has a time that is none', (text: string) => text.replace('2026-11-22T12:00:00Z', 'yesterday')],
    ['has no expiry', (text: string) => text.replace('"expires_at"', '"expires"')],
    ['has a scope that is not text', (text: string) => text.replace('"read"', '7')],
    ['has half an identity', (text: string) => text.replace('"label"', '"name"')],
    ['has no identity', (text: string) => text.replace('"identity"', '"ident"')],
  ])('passes over a record that %s, and warns of it once', async (_title, spoil) => {
    await index.write(session);
    const path = join(dir, (await readdir(dir))[0] ?? '');
    const spoilt = spoil(await readFile(path, 'utf8'));
    expect(spoilt).not.toBe(await readFile(path, 'utf8'));
    await writeFile(path, spoilt);
    await index.write(key);
    expect(await index.list()).toEqual([key]);
    expect(await index.list()).toEqual([key]);
    expect(await index.find(session)).toBeUndefined();
    expect(warnings).toEqual([`The account record ${path} is passed over: it is damaged, or of another version of keywright.`]);
    await index.write(session);
    expect(await index.find(session)).toEqual(session);
  });

  it('passes over a record under the name of another account', async () => {
    await index.write(session);
    const [name = ''] = await readdir(dir);
    await rename(join(dir, name), join(dir, `${'0'.repeat(32)}.json`));
    expect(await index.list()).toEqual([]);
    expect(warnings.length).toBe(1);
  });

  it('overlooks files of others, temporary ones and fields that it does not know', async () => {
    await index.write(session);
    const path = join(dir, (await readdir(dir))[0] ?? '');
    await writeFile(path, (await readFile(path, 'utf8')).replace('{', '{"new_field": {},'));
    await writeFile(join(dir, 'README'), 'x');
    await writeFile(`${path}.x.tmp`, 'x');
    expect(await index.list()).toEqual([session]);
    expect(warnings).toEqual([]);
  });

  it('passes over what is not a file', async () => {
    await mkdir(join(dir, 'folder.json'), { recursive: true });
    expect(await index.list()).toEqual([]);
    expect(warnings).toEqual([`The account record ${join(dir, 'folder.json')} is passed over: it cannot be read (EISDIR).`]);
  });

  it('reads as empty and refuses to write where a file is in the way, or a folder cannot be written to', async () => {
    await writeFile(join(home, 'state'), '');
    expect(await index.list()).toEqual([]);
    expect(await index.find(session)).toBeUndefined();
    await index.delete(session);
    await expect(index.write(session)).rejects.toMatchObject({ code: 'refused' });
    expect(warnings).toEqual([]);

    await rm(join(home, 'state'));
    await mkdir(dir, { recursive: true });
    await chmod(dir, 0o500);
    // Root may write here all the same; what counts is that reading never fails.
    expect(await index.list()).toEqual([]);
  });
});
