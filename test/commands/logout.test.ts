import { describe, expect, it } from 'vitest';
import type { CredentialStore } from '../../src/model/credential-store.ts';
import { Failure } from '../../src/model/failure.ts';
import { ask } from '../integration/backend/running.ts';
import type { MemoryStore } from '../support/memory-store.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey, signedIn } from '../support/signed-in.ts';
import { makeWorld, type World } from '../support/world.ts';

const realm = sharedBackend();
const modest = sharedBackend({ revocation: false });

const isHonoured = async (token: string): Promise<boolean> => (await ask(realm().origin, '/v1/auth/me', { bearer: token })).status === 200;

const accessToken = async (world: World, account?: string): Promise<string> => {
  const stored = await world.stored(account);
  return stored?.kind === 'oauth' ? stored.accessToken.reveal() : '';
};

async function expectForgotten(world: World): Promise<void> {
  expect([...world.stores.keychain.entries]).toEqual([]);
  expect(await world.accounts.list()).toEqual([]);
}

describe('logout', () => {
  it('revokes at the provider, forgets here, and says both', async () => {
    const world = await signedIn({ realm: realm() });
    const token = await accessToken(world);
    expect(await isHonoured(token)).toBe(true);
    expect(await world.run('logout', 'memax')).toEqual({
      exit: 0,
      stdout:
        'Signed out of memax; the credential is forgotten here.\n  the refresh token was revoked at the provider\n  the access token was revoked at the provider\n',
      stderr: '',
    });
    expect(await isHonoured(token)).toBe(false);
    await expectForgotten(world);
    expect((await world.run('logout')).exit).toBe(4);
  });

  it('prints what became of each token as JSON', async () => {
    const world = await signedIn({ realm: realm() });
    const { exit, stdout, stderr } = await world.run('logout', '--json');
    expect([exit, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual([
      {
        provider: 'memax',
        account: 'default',
        origin: realm().origin,
        tokens: [
          { token: 'refresh_token', outcome: 'revoked', why: null },
          { token: 'access_token', outcome: 'revoked', why: null },
        ],
        local: 'forgotten',
        why: null,
      },
    ]);
  });

  it('says so where the provider offers no revocation', async () => {
    const world = await signedIn({ realm: modest() });
    const result = await world.run('logout');
    expect(result).toEqual({
      exit: 0,
      stdout:
        'Signed out of memax; the credential is forgotten here.\n  the refresh token could not be revoked: the provider offers no revocation for it, so it stays valid until it expires\n  the access token could not be revoked: the provider offers no revocation for it, so it stays valid until it expires\n',
      stderr: '',
    });
    expect(world.sent).toEqual([]);
    await expectForgotten(world);
  });

  it('forgets although the provider is down, says what is still valid, and ends with 9', async () => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('revoke', { kind: 'status', status: 503 });
    realm().faults.next('revoke', { kind: 'drop-before' });
    const { exit, stdout, stderr } = await world.run('logout', '--json');
    expect([exit, stderr]).toEqual([9, '']);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'partly-done',
        message: 'Only a part was done',
        detail: 'Everything was forgotten here, but 2 tokens could not be revoked at the provider.',
        hint: 'It is tried again by the next login, logout, "auth status" or "auth revoke-key", for at most 30 days.',
        retry: true,
        results: [
          {
            provider: 'memax',
            account: 'default',
            origin: realm().origin,
            tokens: [
              { token: 'refresh_token', outcome: 'queued', why: 'Could not revoke the token: the server answered 503.' },
              {
                token: 'access_token',
                outcome: 'queued',
                why: expect.stringMatching(/^127\.0\.0\.1:[0-9]+: the connection was cut \(ECONNRESET\)\.$/) as string,
              },
            ],
            local: 'forgotten',
            why: null,
          },
        ],
      },
    });
    await expectForgotten(world);
  });

  it('tells the same in words', async () => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('revoke', { kind: 'status', status: 503 });
    const result = await world.run('logout');
    expect(result).toEqual({
      exit: 9,
      stdout:
        'Signed out of memax; the credential is forgotten here.\n  the refresh token could not be revoked yet: Could not revoke the token: the server answered 503.\n  the access token was revoked at the provider\n',
      stderr:
        'error[partly-done]: Only a part was done\n  Everything was forgotten here, but 1 token could not be revoked at the provider.\nhint: It is tried again by the next login, logout, "auth status" or "auth revoke-key", for at most 30 days.\n',
    });
  });

  it('only forgets with --local-only', async () => {
    const world = await signedIn({ realm: realm() });
    const token = await accessToken(world);
    expect(await world.run('logout', '--local-only')).toEqual({ exit: 0, stdout: 'Signed out of memax; the credential is forgotten here.\n', stderr: '' });
    expect(world.sent).toEqual([]);
    expect(await isHonoured(token)).toBe(true);
    await expectForgotten(world);
  });

  it('forgets with --local-only where the keychain lost the entry', async () => {
    const world = await signedIn({ realm: realm() });
    world.stores.keychain.entries.clear();
    expect((await world.run('logout')).exit).toBe(6);
    expect(await world.run('logout', '--local-only')).toEqual({ exit: 0, stdout: 'Signed out of memax; nothing was stored here.\n', stderr: '' });
    await expectForgotten(world);
  });

  it('leaves a key that was brought along alone, and says so', async () => {
    const { key } = await newKey(realm());
    const world = await makeWorld({ realm: realm(), stdin: key });
    await world.run('login', 'memax', '--with-token');
    expect((await world.run('logout')).stdout).toBe(
      'Signed out of memax; the credential is forgotten here.\n  the key itself still works; revoke it with "auth revoke-key" or in the dashboard\n',
    );
    expect(await isHonoured(key)).toBe(true);
    await expectForgotten(world);
  });

  it('signs out of one account and leaves the other', async () => {
    const world = await signedIn({ realm: realm() });
    await world.run('login', 'memax', '--account', 'work');
    expect((await world.run('logout', '--account', 'work', '--local-only')).stdout).toBe(
      'Signed out of memax (account work); the credential is forgotten here.\n',
    );
    expect((await world.accounts.list()).map((record) => record.account)).toEqual(['default']);
  });

  it('signs out of everything, everywhere, with --all', async () => {
    const world = await signedIn({ realm: realm() });
    await world.run('login', 'memax', '--account', 'work');
    world.setEnv('MEMAX_API_URL', modest().origin);
    await world.run('login', 'memax');
    const { exit, stdout } = await world.run('logout', '--all');
    expect(exit).toBe(0);
    expect(stdout.match(/^Signed out of memax/gm)).toHaveLength(3);
    await expectForgotten(world);
    expect(await world.run('logout', '--all')).toEqual({ exit: 0, stdout: 'There was nothing to sign out of.\n', stderr: '' });
  });

  it('goes on with --all when one account cannot be signed out, and tells it', async () => {
    const world = await signedIn({ realm: realm() });
    await world.run('login', 'memax', '--account', 'work');
    world.stores.keychain.entries.delete(`${realm().origin}|default`);
    const { exit, stdout } = await world.run('logout', '--all', '--json');
    expect(exit).toBe(9);
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        code: 'partly-done',
        detail: '1 account of 2 could not be signed out.',
        results: [
          { account: 'default', tokens: [], local: 'kept', why: expect.stringContaining('The keychain has no entry for Memax') as string },
          { account: 'work', local: 'forgotten', why: null },
        ],
      },
    });
    expect((await world.accounts.list()).map((record) => record.account)).toEqual(['default']);
    expect((await world.run('logout', '--all')).stdout).toContain(`Not signed out of memax at ${realm().origin}: The keychain has no entry for Memax`);
    expect((await world.run('logout', '--all', '--local-only')).exit).toBe(0);
    await expectForgotten(world);
  });

  it.each([[[]], [['--local-only']]])('says that nobody is signed in: logout %j', async (words) => {
    const world = await makeWorld({ realm: realm() });
    const result = await world.run('logout', ...words);
    expect([result.exit, result.stdout]).toEqual([4, '']);
    expect(result.stderr).toBe('error[signed-out]: You are not signed in\n  Nobody is signed in to any provider.\nhint: Run: keywright login\n');
    const named = await world.run('logout', 'memax', ...words);
    expect([named.exit, named.stdout]).toEqual([4, '']);
    expect(named.stderr).toContain(`error[signed-out]: You are not signed in\n  There is no sign-in for Memax at ${realm().origin}.\n`);
  });

  it.each([[[]], [['--local-only']]])('says the same where there is no keychain: logout memax %j', async (words) => {
    const shut = new Failure('keychain-unavailable', { detail: 'There is none.', means: 'no-keychain' });
    const store = (memory: MemoryStore): CredentialStore => ({ ...memory, read: () => Promise.reject(shut), delete: () => Promise.reject(shut) });
    const without = await (await makeWorld({ realm: realm(), store })).run('logout', 'memax', ...words);
    const withOne = await (await makeWorld({ realm: realm() })).run('logout', 'memax', ...words);
    expect(without).toEqual({ ...withOne, stderr: withOne.stderr.replace(`${realm().origin}.`, `${realm().origin}. There is none.`) });
    expect(without.exit).toBe(4);
  });

  it.each([
    [[], 'keychain-locked'],
    [['--local-only'], 'keychain-locked'],
    [[], 'keychain-unavailable'],
    [['--local-only'], 'keychain-unavailable'],
  ] as const)('does not say so where a store may hold a sign-in and cannot be read: logout memax %j, %s', async (words, code) => {
    const shut = new Failure(code, { detail: 'It is shut.' });
    const store = (memory: MemoryStore): CredentialStore => ({ ...memory, read: () => Promise.reject(shut), delete: () => Promise.reject(shut) });
    expect((await (await makeWorld({ realm: realm(), store })).run('logout', 'memax', ...words)).exit).toBe(6);
  });

  it('signs out what is stored, whatever variable is set', async () => {
    const { key } = await newKey(realm());
    const world = await signedIn({ realm: realm() });
    world.setEnv('MEMAX_API_KEY', key);
    expect((await world.run('logout')).exit).toBe(0);
    await expectForgotten(world);
    expect(await isHonoured(key)).toBe(true);
  });

  it.each([
    ['damaged', '{"v":1,"kind":"oauth"'],
    ['of a newer version', '{"v":99}'],
  ])('forgets an entry that is %s, and says that its tokens could not be revoked', async (_title, text) => {
    const world = await signedIn({ realm: realm() });
    world.stores.keychain.entries.set(`${realm().origin}|default`, text);
    const { exit, stdout, stderr } = await world.run('logout');
    expect([exit, stdout]).toEqual([
      9,
      'Signed out of memax; the credential is forgotten here.\n  the refresh token could not be revoked: the entry could not be read\n  the access token could not be revoked: the entry could not be read\n',
    ]);
    expect(stderr).toContain('Everything was forgotten here, but 2 tokens could not be revoked at the provider.');
    await expectForgotten(world);
  });

  it.each(['keychain-locked', 'keychain-unavailable'] as const)('names --local-only where the store is %s, and keeps what is there', async (code) => {
    let broken = false;
    const world = await signedIn({
      realm: realm(),
      store: (memory) => ({ ...memory, read: async (at) => (broken ? Promise.reject(new Failure(code, { detail: 'It is shut.' })) : memory.read(at)) }),
    });
    broken = true;
    const result = await world.run('logout');
    expect([result.exit, result.stderr]).toEqual([6, expect.stringContaining('keywright logout memax --local-only\n')]);
    expect(world.stores.keychain.entries.size).toBe(1);
  });

  it('goes on with --all past an account of a provider that is not known here', async () => {
    const world = await signedIn({ realm: realm() });
    const [record] = await world.accounts.list();
    if (record === undefined) throw new Error('nobody is signed in');
    await world.accounts.write({ ...record, provider: 'acme', origin: 'https://api.acme.example' });
    const { exit, stdout } = await world.run('logout', '--all', '--json');
    expect([exit, JSON.parse(stdout)]).toMatchObject([
      9,
      {
        error: {
          results: [
            { provider: 'acme', local: 'kept', why: 'No provider is called "acme".' },
            { provider: 'memax', local: 'forgotten' },
          ],
        },
      },
    ]);
    expect(await world.stored()).toBeUndefined();
  });
});
