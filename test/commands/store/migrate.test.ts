import { describe, expect, it } from 'vitest';
import type { AccountIndex } from '../../../src/model/account-index.ts';
import type { CredentialStore } from '../../../src/model/credential-store.ts';
import { Failure } from '../../../src/model/failure.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { signedIn } from '../../support/signed-in.ts';
import { makeWorld, type World, type WorldWishes } from '../../support/world.ts';

const realm = sharedBackend();

const refuse = (): Promise<never> => Promise.reject(new Failure('keychain-unavailable', { detail: 'It went wrong.' }));

/** Stores and an index in which named steps fail, once `at` says which. */
function failing(at: { step?: string }): Pick<WorldWishes, 'store' | 'accounts'> {
  return {
    store: (memory): CredentialStore => ({
      ...memory,
      read: (address) => (at.step === `read ${memory.name}` ? refuse() : memory.read(address)),
      write: (address, credential) => (at.step === `write ${memory.name}` ? refuse() : memory.write(address, credential)),
      delete: (address) => (at.step === `delete ${memory.name}` ? refuse() : memory.delete(address)),
      probe: () => (at.step === `probe ${memory.name}` ? refuse() : memory.probe()),
    }),
    accounts: (real): AccountIndex => ({
      ...real,
      write: (record) => (at.step === 'index' ? Promise.reject(new Failure('refused', { detail: 'The index is full.' })) : real.write(record)),
    }),
  };
}

const pinned = async (world: World): Promise<readonly string[]> => (await world.accounts.list()).map(({ account, store }) => `${account} in ${store}`);
const held = (world: World): Readonly<Record<string, readonly string[]>> => ({
  keychain: [...world.stores.keychain.entries.keys()].map((name) => name.split('|')[1] ?? '').sort(),
  file: [...world.stores.file.entries.keys()].map((name) => name.split('|')[1] ?? '').sort(),
});
const works = async (world: World): Promise<boolean> => (await world.run('auth', 'token')).exit === 0;

describe('store migrate', () => {
  it('moves every sign-in, and each works as before', async () => {
    const world = await signedIn({ realm: realm() });
    await world.run('login', 'memax', '--account', 'work');
    const before = new Map(world.stores.keychain.entries);
    const { origin } = realm();
    expect(await world.run('store', 'migrate', '--to', 'file')).toEqual({
      exit: 0,
      stdout: `moved memax at ${origin} from the keychain to the file\nmoved memax (account work) at ${origin} from the keychain to the file\n`,
      stderr: '',
    });
    expect(held(world)).toEqual({ keychain: [], file: ['default', 'work'] });
    expect(new Map(world.stores.file.entries)).toEqual(before);
    expect(await pinned(world)).toEqual(['default in file', 'work in file']);
    expect(await works(world)).toBe(true);
    expect((await world.run('store', 'migrate', '--to', 'keychain', '--account', 'work')).exit).toBe(0);
    expect(await pinned(world)).toEqual(['default in file', 'work in keychain']);
  });

  it('prints what it did as JSON', async () => {
    const world = await signedIn({ realm: realm() });
    const about = { provider: 'memax', origin: realm().origin, account: 'default', why: null };
    expect(JSON.parse((await world.run('store', 'migrate', '--to', 'file', '--dry-run', '--json')).stdout)).toEqual([
      { ...about, from: 'keychain', to: 'file', outcome: 'would-move' },
    ]);
    expect(held(world)).toEqual({ keychain: ['default'], file: [] });
    expect(await pinned(world)).toEqual(['default in keychain']);
    expect(JSON.parse((await world.run('store', 'migrate', '--to', 'file', '--json')).stdout)).toEqual([
      { ...about, from: 'keychain', to: 'file', outcome: 'moved' },
    ]);
    expect(JSON.parse((await world.run('store', 'migrate', '--to', 'file', '--json')).stdout)).toEqual([
      { ...about, from: 'file', to: 'file', outcome: 'already-there' },
    ]);
  });

  it('moves nothing where nothing is, and says when nothing fits', async () => {
    const world = await makeWorld({ realm: realm() });
    expect(await world.run('store', 'migrate', '--to', 'file')).toEqual({ exit: 0, stdout: 'There is nothing to move.\n', stderr: '' });
    expect((await world.run('store', 'migrate', '--to', 'file', '--account', 'work')).exit).toBe(3);
    expect((await world.run('store', 'migrate')).exit).toBe(2);
    expect((await world.run('store', 'migrate', '--to', 'drawer')).exit).toBe(2);
  });

  it('begins nothing where the new store cannot be used', async () => {
    const at: { step?: string } = {};
    const world = await signedIn({ realm: realm(), ...failing(at) });
    at.step = 'probe file';
    expect((await world.run('store', 'migrate', '--to', 'file')).exit).toBe(6);
    expect(held(world)).toEqual({ keychain: ['default'], file: [] });
  });

  it.each(['read keychain', 'write file', 'read file', 'index'])('leaves the old entry usable when this fails: %s', async (step) => {
    const at: { step?: string } = {};
    const world = await signedIn({ realm: realm(), ...failing(at) });
    at.step = step;
    const { exit, stdout, stderr } = await world.run('store', 'migrate', '--to', 'file');
    expect(exit).toBe(9);
    expect(stdout).toMatch(/^not moved: memax at .*: (It went wrong|The index is full)\.\n$/);
    expect(stderr).toContain('1 of 1 sign-ins could not be moved whole.');
    delete at.step;
    expect(held(world)).toEqual({ keychain: ['default'], file: [] });
    expect(await pinned(world)).toEqual(['default in keychain']);
    expect(await works(world)).toBe(true);
  });

  it('notices a store that does not give back what it was given', async () => {
    const world = await signedIn({
      realm: realm(),
      store: (memory) => ({
        ...memory,
        read: async (address) => {
          const found = await memory.read(address);
          return memory.name === 'file' && found !== undefined ? { ...found, obtainedAt: found.obtainedAt + 1 } : found;
        },
      }),
    });
    const { exit, stdout } = await world.run('store', 'migrate', '--to', 'file');
    expect(exit).toBe(9);
    expect(stdout).toContain('the file did not give back what was written');
    expect(held(world)).toEqual({ keychain: ['default'], file: [] });
    expect(await pinned(world)).toEqual(['default in keychain']);
  });

  it('tells of an old copy that could not be removed, and removes it the next time', async () => {
    const at: { step?: string } = {};
    const world = await signedIn({ realm: realm(), ...failing(at) });
    at.step = 'delete keychain';
    const { exit, stdout } = await world.run('store', 'migrate', '--to', 'file');
    expect([exit, stdout]).toEqual([
      9,
      `moved memax at ${realm().origin} from the keychain to the file, but the old copy could not be removed: It went wrong.\n`,
    ]);
    delete at.step;
    expect(await pinned(world)).toEqual(['default in file']);
    expect(held(world)).toEqual({ keychain: ['default'], file: ['default'] });
    expect((await world.run('store', 'migrate', '--to', 'file', '--dry-run')).exit).toBe(0);
    expect(held(world).keychain).toEqual(['default']);
    expect(await world.run('store', 'migrate', '--to', 'file')).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('an old copy elsewhere was removed') as string,
    });
    expect(held(world)).toEqual({ keychain: [], file: ['default'] });
    expect(await works(world)).toBe(true);
  });

  it('leaves another sign-in under the same name alone', async () => {
    const world = await signedIn({ realm: realm() });
    const [name, text] = [...world.stores.keychain.entries][0] ?? ['', ''];
    await world.run('login', 'memax', '--store', 'file');
    world.stores.keychain.entries.set(name, text);
    const { exit, stdout } = await world.run('store', 'migrate', '--to', 'file');
    expect(exit).toBe(9);
    expect(stdout).toContain('the keychain holds another sign-in under the same name, which was left alone');
    expect(held(world)).toEqual({ keychain: ['default'], file: ['default'] });
  });

  it('goes on with the others when one fails', async () => {
    const world = await signedIn({ realm: realm() });
    await world.run('login', 'memax', '--account', 'work');
    world.stores.keychain.entries.delete(`${realm().origin}|default`);
    const { exit, stdout } = await world.run('store', 'migrate', '--to', 'file', '--json');
    expect(exit).toBe(9);
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        code: 'partly-done',
        results: [
          { account: 'default', outcome: 'failed', why: expect.stringContaining('the keychain has no entry for it') as string },
          { account: 'work', outcome: 'moved', why: null },
        ],
      },
    });
    expect(await pinned(world)).toEqual(['default in keychain', 'work in file']);
  });

  it('waits for who works with the credential', async () => {
    const world = await signedIn({ realm: realm() });
    const lock = await world.lock.acquire(`keywright|${realm().origin}|default`, { waitMs: 0 });
    const running = world.start('store', 'migrate', '--to', 'file');
    // Long enough for it to have moved the entry if it did not wait; it passes however slow the machine is.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(held(world)).toEqual({ keychain: ['default'], file: [] });
    await lock.release();
    expect((await running.ended).exit).toBe(0);
    expect(held(world)).toEqual({ keychain: [], file: ['default'] });
  });
});
