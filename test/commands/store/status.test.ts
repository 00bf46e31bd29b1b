import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CredentialStore } from '../../../src/model/credential-store.ts';
import { Failure, type FailureCode } from '../../../src/model/failure.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { signedIn } from '../../support/signed-in.ts';
import { makeWorld, type World } from '../../support/world.ts';

const realm = sharedBackend();

const status = async (world: World, ...words: string[]): Promise<{ stores: unknown[]; entries: unknown[] }> => {
  const { exit, stdout } = await world.run('store', 'status', '--json', ...words);
  expect(exit).toBe(0);
  return JSON.parse(stdout) as { stores: unknown[]; entries: unknown[] };
};

/** A store that fails from when `trouble` is set. */
function troubled(trouble: { code?: FailureCode }): (memory: CredentialStore) => CredentialStore {
  return (memory) => ({
    ...memory,
    read: (address) =>
      trouble.code !== undefined && memory.name === 'keychain'
        ? Promise.reject(new Failure(trouble.code, { detail: 'Something is wrong.' }))
        : memory.read(address),
  });
}

describe('store status', () => {
  it('tells what both stores hold', async () => {
    const world = await signedIn({ realm: realm() });
    await world.run('login', 'memax', '--store', 'file', '--account', 'work');
    const { origin } = realm();
    const path = join(world.dir, 'data/credentials.jwe');
    expect(await status(world)).toEqual({
      stores: [
        { store: 'keychain', state: 'usable', why: null, path: null, mode: null, key_source: null, waiting_revocations: 0 },
        { store: 'file', state: 'absent', why: null, path, mode: null, key_source: null, waiting_revocations: 0 },
      ],
      entries: [
        { provider: 'memax', origin, account: 'default', store: 'keychain', pinned: true, entry: 'present', kind: 'oauth', why: null },
        { provider: 'memax', origin, account: 'work', store: 'file', pinned: true, entry: 'present', kind: 'oauth', why: null },
      ],
    });
    expect((await status(world, '--account', 'work')).entries).toMatchObject([{ account: 'work' }]);
    const { stdout } = await world.run('store', 'status');
    expect(stdout).toBe(
      `store\tkeychain\tusable\t-\nstore\tfile\tabsent\t${path}, key: none\nentry\tmemax\tdefault\tkeychain\tpresent\t${origin}\ta session\nentry\tmemax\twork\tfile\tpresent\t${origin}\ta session\n`,
    );
  });

  it('shows two tables in a terminal', async () => {
    const world = await signedIn({ realm: realm(), terminal: true });
    expect((await world.run('store', 'status')).stdout).toMatch(
      /^STORE {5}STATE .*\nkeychain {2}usable\nfile .*\n\nPROVIDER {2}ACCOUNT .*\nmemax {5}default {2}keychain {2}present /,
    );
  });

  it('tells an entry that is missing from one that cannot be seen', async () => {
    const trouble: { code?: FailureCode } = {};
    const world = await signedIn({ realm: realm(), store: troubled(trouble) });
    for (const [code, state] of [
      ['keychain-locked', 'locked'],
      ['keychain-unavailable', 'unavailable'],
      ['timed-out', 'silent'],
      ['unexpected-answer', 'damaged'],
    ] as const) {
      trouble.code = code;
      const { stores, entries } = await status(world);
      expect(stores[0]).toMatchObject({ state, why: 'Something is wrong.' });
      expect(entries).toMatchObject([{ entry: state, kind: null, why: 'Something is wrong.' }]);
    }
    // Nobody looks there for this one, so that the trouble says nothing about it.
    await world.run('login', 'memax', '--store', 'file', '--account', 'work');
    expect((await status(world)).entries).toMatchObject([
      { account: 'default', store: 'keychain', entry: 'damaged' },
      { account: 'work', store: 'file', entry: 'present' },
    ]);
    delete trouble.code;
    world.stores.keychain.entries.clear();
    expect((await status(world, '--account', 'default')).entries).toMatchObject([{ entry: 'missing', pinned: true, why: null }]);
  });

  it('shows copies and sign-ins that nobody looks for', async () => {
    const world = await signedIn({ realm: realm() });
    const [name, text] = [...world.stores.keychain.entries][0] ?? ['', ''];
    world.stores.file.entries.set(name, text);
    expect((await status(world)).entries).toMatchObject([
      { store: 'keychain', pinned: true },
      { store: 'file', pinned: false, entry: 'present' },
    ]);
    await world.accounts.delete({ origin: realm().origin, account: 'default' });
    expect((await status(world)).entries).toMatchObject([
      { store: 'keychain', pinned: false, entry: 'present' },
      { store: 'file', pinned: false, entry: 'present' },
    ]);
  });

  it('counts what is still to be revoked', async () => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('revoke', { kind: 'status', status: 503 }, { times: 2 });
    await world.run('logout');
    expect((await status(world)).stores).toMatchObject([{ waiting_revocations: 2 }, { waiting_revocations: 0 }]);
  });

  it('tells where the encrypted file lies, how it is closed and what opens it', async () => {
    const world = await makeWorld();
    const data = join(world.dir, 'data');
    await mkdir(data, { mode: 0o700 });
    const header = (fields: object): string =>
      `${Buffer.from(JSON.stringify({ typ: 'keywright-store', keywright_format: 1, enc: 'A256GCM', ...fields })).toString('base64url')}.a.b.c.d`;
    await writeFile(join(data, 'credentials.jwe'), header({ alg: 'dir', kid: 'x' }));
    await chmod(join(data, 'credentials.jwe'), 0o640);
    const file = async () => (await status(world)).stores[1];
    expect(await file()).toMatchObject({ path: join(data, 'credentials.jwe'), mode: '640', key_source: null });
    await writeFile(join(data, 'store.key'), '0f'.repeat(32), { mode: 0o600 });
    expect(await file()).toMatchObject({ key_source: join(data, 'store.key') });
    world.setEnv('KEYWRIGHT_STORE_KEY', '1e'.repeat(32));
    expect(await file()).toMatchObject({ key_source: 'KEYWRIGHT_STORE_KEY' });
    await writeFile(join(data, 'credentials.jwe'), header({ alg: 'PBES2-HS512+A256KW', p2c: 210_000 }));
    expect(await file()).toMatchObject({ key_source: 'typed' });
    world.setEnv('KEYWRIGHT_STORE_PASSPHRASE', 'words that open');
    expect(await file()).toMatchObject({ key_source: 'KEYWRIGHT_STORE_PASSPHRASE' });
  });
});
