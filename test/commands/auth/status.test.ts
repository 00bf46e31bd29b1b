import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AccountRecord } from '../../../src/model/credentials.ts';
import type { CredentialStore } from '../../../src/model/credential-store.ts';
import { Failure } from '../../../src/model/failure.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { newKey, signedIn } from '../../support/signed-in.ts';
import { makeWorld, type World } from '../../support/world.ts';

const realm = sharedBackend();

const HOUR_MS = 3_600_000;

function record(origin: string, account: string, more: Partial<AccountRecord> = {}): AccountRecord {
  return {
    provider: 'memax',
    origin,
    account,
    kind: 'oauth',
    store: 'keychain',
    signedInAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-01T01:00:00.000Z',
    scopes: ['memax:read', 'memax:write'],
    identity: { id: 'u1', label: 'ada@keywright.test' },
    ...more,
  };
}

/** What a test is not about. */
const rest = { used: false, default: false, bound: false, shadowed_by: null, problem: null, preview: null };

const asJson = (account: AccountRecord, marks: Readonly<Record<string, unknown>>): unknown => ({
  provider: 'memax',
  origin: account.origin,
  source: 'stored',
  name: account.account,
  ...rest,
  identity: account.identity,
  kind: account.kind,
  scopes: account.scopes,
  signed_in_at: account.signedInAt,
  expires_at: account.expiresAt,
  store: account.store,
  ...marks,
});

async function listed(world: World, ...words: string[]): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>> {
  const shown: unknown = JSON.parse((await world.run('auth', 'status', '--json', ...words)).stdout);
  if (!Array.isArray(shown)) throw new Error(`no list: ${JSON.stringify(shown)}`);
  return shown;
}

/** A store that nobody may even ask. */
function untouchable(): CredentialStore {
  const touched = async (): Promise<never> => {
    throw new Failure('bug', { detail: 'The store was touched.' });
  };
  return { name: 'keychain', read: touched, write: touched, delete: touched, probe: touched };
}

describe('auth status', () => {
  it('tells all accounts from local state alone, and touches no store, lock or network', async () => {
    const world = await makeWorld({ realm: realm(), store: untouchable });
    const here = record(realm().origin, 'work');
    const far = record('https://other.test', 'default', { store: 'file', kind: 'key', expiresAt: null, scopes: [], identity: null });
    await world.accounts.write(here);
    await world.accounts.write(far);
    expect(await listed(world)).toEqual([asJson(here, { used: true, default: true }), asJson(far, {})]);
    expect(world.sent).toEqual([]);
    expect(await readdir(world.dir)).toEqual(['state']);
  });

  it('tells what is used, default, bound and shadowed, by whatever chose it', async () => {
    const world = await makeWorld({ realm: realm() });
    const accounts = ['home', 'play', 'work'].map((name) => record(realm().origin, name));
    for (const account of accounts) await world.accounts.write(account);
    const marks = async (): Promise<unknown> =>
      Object.fromEntries(
        (await listed(world, '--provider', 'memax')).map((each) => [
          each['name'],
          ['used', 'default', 'bound', 'shadowed_by'].filter((mark) => each[mark] === true || typeof each[mark] === 'string').join(' '),
        ]),
      );
    expect(await marks()).toEqual({ home: '', play: '', work: '' });
    await world.run('use', 'memax', '--account', 'home');
    expect(await marks()).toEqual({ home: 'used default', play: '', work: '' });
    await writeFile(join(world.cwd, '.keywright.json'), '{"account":"work"}', { mode: 0o644 });
    expect(await marks()).toEqual({ home: 'default', play: '', work: 'used bound' });
    world.setEnv('MEMAX_API_KEY', `mxk_${'0a'.repeat(32)}`);
    world.setEnv('KEYWRIGHT_API_KEY', 'another-key-of-ours-entirely');
    expect(await marks()).toEqual({ MEMAX_API_KEY: 'used', KEYWRIGHT_API_KEY: 'shadowed_by', home: 'default', play: '', work: 'bound shadowed_by' });
    const [own, ours, , , work] = (await listed(world, '--provider', 'memax')).toSorted((one, other) =>
      String(other['source']).localeCompare(String(one['source'])),
    );
    expect([own?.['preview'], ours?.['shadowed_by'], work?.['name']]).toEqual(['mxk_0a0a...0a0a', 'MEMAX_API_KEY', 'work']);
  });

  it('is a table with relative times in a terminal, and lines with exact ones in a pipe', async () => {
    const world = await makeWorld({ realm: realm(), terminal: true });
    const piped = await makeWorld({ realm: realm() });
    const account = record(realm().origin, 'default', { expiresAt: new Date(Date.now() + 2.5 * HOUR_MS).toISOString() });
    await world.accounts.write(account);
    await piped.accounts.write(account);
    expect((await world.run('auth', 'status')).stdout).toMatch(
      /^PROVIDER +SOURCE +IDENTITY +EXPIRES +SCOPES +STORE +ADDRESS +REMARKS\nmemax +default +ada@keywright\.test +in 2h +memax:read,memax:write +keychain +http:\S+ +used, default\n$/,
    );
    expect(await piped.run('auth', 'status')).toEqual({
      exit: 0,
      stdout: `memax\tdefault\tada@keywright.test\t${account.expiresAt}\tmemax:read,memax:write\tkeychain\t${realm().origin}\tused, default\n`,
      stderr: '',
    });
  });

  it('is success with a variable alone, and writes nothing for it', async () => {
    const world = await makeWorld({ realm: realm(), store: untouchable, env: { MEMAX_API_KEY: (await newKey(realm())).key } });
    const result = await world.run('auth', 'status', '--provider', 'memax');
    expect([result.exit, result.stderr]).toEqual([0, '']);
    expect(await readdir(world.dir)).toEqual([]);
  });

  it.each([[[]], [['--provider', 'memax']]])('is signed-out where nobody is signed in, as text and as JSON, with %j', async (words) => {
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: '', API_KEY: 'of-something-else-entirely' } });
    const plain = await world.run('auth', 'status', ...words);
    expect([plain.exit, plain.stdout, plain.stderr.startsWith('error[signed-out]: ')]).toEqual([4, '', true]);
    const json = await world.run('auth', 'status', '--json', ...words);
    expect([json.exit, json.stderr]).toEqual([4, '']);
    expect(JSON.parse(json.stdout)).toEqual({
      error: {
        code: 'signed-out',
        message: 'You are not signed in',
        detail: expect.stringMatching(words.length === 0 ? /^Nobody is signed in to any provider\.$/ : /^There is no sign-in for Memax at /),
        hint: expect.stringContaining('keywright login'),
        retry: false,
        accounts: [],
      },
    });
  });

  it('is signed-out where the only sign-in is for another address, which it shows', async () => {
    const world = await makeWorld({ realm: realm() });
    const far = record('https://other.test', 'default');
    await world.accounts.write(far);
    const result = await world.run('auth', 'status', '--json');
    const { error } = JSON.parse(result.stdout);
    expect([result.exit, error.code, error.accounts]).toEqual([4, 'signed-out', [asJson(far, {})]]);
    expect(error.detail).toContain('There are sign-ins at other addresses: https://other.test.');
    expect((await world.run('auth', 'status')).stdout).toContain('\tnot used here\n');
  });

  it('tells one account where one is named, and no variable', async () => {
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: `mxk_${'0a'.repeat(32)}` } });
    for (const name of ['home', 'work']) await world.accounts.write(record(realm().origin, name));
    expect((await listed(world, '--account', 'work')).map((each) => each['name'])).toEqual(['work']);
    const missing = await world.run('auth', 'status', '--provider', 'memax', '--account', 'play');
    expect([missing.exit, missing.stderr.includes('with the account "play"')]).toEqual([4, true]);
  });

  it('fails with what stands in the way where a key may not go to the address', async () => {
    const world = await makeWorld({ env: { MEMAX_API_KEY: (await newKey(realm())).key, API_URL: 'https://elsewhere.test' } });
    const result = await world.run('auth', 'status', '--json');
    const { error } = JSON.parse(result.stdout);
    expect([result.exit, error.code]).toEqual([5, 'refused']);
    expect(error.accounts).toEqual([expect.objectContaining({ name: 'MEMAX_API_KEY', used: false, problem: error.detail })]);
  });
});

describe('auth status --check', () => {
  it('asks about each account at the present address, and only there', async () => {
    const world = await signedIn({ realm: realm() });
    await world.run('login', 'memax', '--account', 'work', '--quiet', '--browser');
    await world.accounts.write(record('https://other.test', 'far'));
    const hubs = [{ id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, name: world.email.split('@')[0], role: 'owner' }];
    const identity = { ...(await world.accounts.list()).find(({ account }) => account === 'work')?.identity, hubs };
    expect((await listed(world, '--check')).map((each) => [each['name'], each['check']])).toEqual([
      ['default', { kind: 'accepted', identity }],
      ['work', { kind: 'accepted', identity }],
      ['far', null],
    ]);
    expect(world.sent.map(({ url }) => url)).toEqual(Array.from({ length: 2 }, () => `${realm().origin}/v1/auth/me`));
  });

  it('says when the key in a variable belongs to somebody else than the stored sign-in', async () => {
    const world = await signedIn({ realm: realm() });
    world.setEnv('MEMAX_API_KEY', (await newKey(realm(), {}, 'grace@keywright.test')).key);
    const result = await world.run('auth', 'status', '--check', '--json');
    const [key, stored] = JSON.parse(result.stdout);
    expect(key).toMatchObject({
      name: 'MEMAX_API_KEY',
      identity: { label: 'grace@keywright.test' },
      differs_from: { account: 'default', identity: { label: world.email } },
    });
    expect(stored).toMatchObject({ name: 'default', shadowed_by: 'MEMAX_API_KEY', identity: { label: world.email }, check: { kind: 'accepted' } });
    expect((await world.run('auth', 'status', '--check')).stderr).toBe(
      `MEMAX_API_KEY belongs to grace@keywright.test, the stored sign-in "default" to ${world.email}.\n`,
    );
    world.setEnv('MEMAX_API_KEY', (await newKey(realm(), {}, world.email)).key);
    expect((await world.run('auth', 'status', '--check')).stderr).toBe('');
  });

  it('is success as long as one credential is accepted, and shows what became of the others', async () => {
    const world = await signedIn({ realm: realm(), env: { MEMAX_API_KEY: `mxk_${'0a'.repeat(32)}` } });
    const result = await world.run('auth', 'status', '--check', '--json');
    expect(result.exit).toBe(0);
    expect(JSON.parse(result.stdout)).toEqual([
      expect.objectContaining({ name: 'MEMAX_API_KEY', check: { kind: 'failed', code: 'session-ended', detail: expect.stringContaining('MEMAX_API_KEY') } }),
      expect.objectContaining({ name: 'default', check: expect.objectContaining({ kind: 'accepted' }) }),
    ]);
  });

  it('fails as the check did where none is accepted', async () => {
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: `mxk_${'0a'.repeat(32)}` } });
    expect((await world.run('auth', 'status')).exit).toBe(0);
    const result = await world.run('auth', 'status', '--check', '--json');
    const { error } = JSON.parse(result.stdout);
    expect([result.exit, error.code, error.accounts[0].check.code]).toEqual([4, 'session-ended', 'session-ended']);
    realm().faults.next('me', { kind: 'status', status: 503 }, { times: 99 });
    expect((await world.run('auth', 'status', '--check')).exit).toBe(7);
  });
});
