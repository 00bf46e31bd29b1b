import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AccountRecord } from '../../src/model/credentials.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey, signedIn } from '../support/signed-in.ts';
import { makeWorld, type World, type WorldWishes } from '../support/world.ts';

const realm = sharedBackend();

/** Somebody with the accounts `default` and `work` at one provider. */
async function withTwoAccounts(wishes: WorldWishes = {}): Promise<World> {
  const world = await signedIn({ ...wishes, realm: realm() });
  await world.run('login', 'memax', '--account', 'work', '--quiet', '--browser');
  realm().stats.reset();
  return world;
}

/** A record of a sign-in that nobody needs to be asked about. */
function record(origin: string, account: string): AccountRecord {
  const identity = { id: 'u1', label: 'ada@keywright.test' };
  return { provider: 'memax', origin, account, kind: 'key', store: 'keychain', signedInAt: '2026-01-01T00:00:00.000Z', expiresAt: null, scopes: [], identity };
}

const bindingPath = (world: World): string => join(world.cwd, '.keywright.json');

/** A binding as it comes with a repository: written by hand, ours, not vouched for. */
async function clone(world: World, text: string): Promise<void> {
  await writeFile(bindingPath(world), text, { mode: 0o644 });
}

async function sourceName(world: World, ...words: string[]): Promise<unknown> {
  return JSON.parse((await world.run('whoami', '--json', '--quiet', ...words)).stdout).source.name;
}

describe('use', () => {
  it('shows what is set, and writes nothing for that', async () => {
    const world = await makeWorld({ realm: realm() });
    expect(await world.run('use')).toEqual({ exit: 0, stdout: 'No default provider is set.\nNo directory binding counts here.\n', stderr: '' });
    expect(JSON.parse((await world.run('use', '--json')).stdout)).toEqual({ provider: null, accounts: [], binding: null });
    expect(await readdir(world.dir)).toEqual([]);
  });

  it('sets the default provider, signed in or not, in a file for the person alone', async () => {
    const world = await makeWorld({ realm: realm() });
    expect(await world.run('use', 'memax')).toEqual({ exit: 0, stdout: 'The default provider is memax.\nNo directory binding counts here.\n', stderr: '' });
    const path = join(world.dir, 'config/settings.json');
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ v: 1, provider: 'memax', accounts: {}, trusted_bindings: {} });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('sets the default account of the address, and other commands use it', async () => {
    const world = await withTwoAccounts();
    expect(await sourceName(world)).toBe('default');
    const result = await world.run('use', 'memax', '--account', 'work', '--json');
    expect(JSON.parse(result.stdout)).toEqual({ provider: 'memax', accounts: [{ origin: realm().origin, account: 'work' }], binding: null });
    expect(await sourceName(world)).toBe('work');
    expect(await sourceName(world, '--account', 'default')).toBe('default');
  });

  it('refuses an account that nobody signed in to, and names those that there are', async () => {
    const world = await withTwoAccounts();
    for (const words of [
      ['use', 'memax'],
      ['use', '--here', 'memax'],
    ]) {
      expect(await world.run(...words, '--account', 'wrok')).toEqual({
        exit: 3,
        stdout: '',
        stderr: `error[not-found]: There is no such thing\n  Nobody is signed in to Memax at ${realm().origin} with the account "wrok".\nhint: Known accounts: default, work.\n`,
      });
    }
    expect((await readdir(world.dir)).includes('config')).toBe(false);
    expect(await readdir(world.cwd)).toEqual(['.git']);
  });

  it('says how to sign in where there is no account at all', async () => {
    const world = await makeWorld({ realm: realm() });
    expect((await world.run('use', 'memax', '--account', 'work')).stderr).toContain('hint: Sign in first: keywright login memax --account work\n');
  });

  it('refuses a provider that is not known', async () => {
    const world = await makeWorld({ realm: realm() });
    expect((await world.run('use', 'nobody')).exit).toBe(2);
    expect(await readdir(world.dir)).toEqual([]);
  });

  it('loses no choice where two commands choose at once', async () => {
    const world = await makeWorld({ realm: realm() });
    await world.accounts.write(record(realm().origin, 'work'));
    const results = await Promise.all([world.run('use', 'memax'), world.run('use', '--account', 'work'), world.run('use', '--here', 'memax')]);
    expect(results.map(({ exit }) => exit)).toEqual([0, 0, 0]);
    expect(JSON.parse((await world.run('use', '--json')).stdout)).toEqual({
      provider: 'memax',
      accounts: [{ origin: realm().origin, account: 'work' }],
      binding: { path: bindingPath(world), provider: 'memax', account: null, project: null, trusted: true },
    });
  });

  it('says what comes before the default here', async () => {
    const world = await makeWorld({ realm: realm() });
    await world.accounts.write(record(realm().origin, 'work'));
    await clone(world, '{"provider":"memax","account":"home"}');
    const { stderr } = await world.run('use', 'memax', '--account', 'work');
    expect(stderr.split('\n').filter((line) => line !== '')).toEqual([
      `warning: ${bindingPath(world)} comes before the default here: this folder is bound to it.`,
      `warning: ${bindingPath(world)} comes before the default here: this folder is bound to the account "home".`,
    ]);
  });

  it('takes the default away with --clear, all of it or that of one provider', async () => {
    const world = await makeWorld({ realm: realm() });
    for (const origin of [realm().origin, 'https://other.test']) await world.accounts.write(record(origin, 'work'));
    const choose = async (): Promise<void> => {
      await world.run('use', 'memax', '--account', 'work');
      world.setEnv('MEMAX_API_URL', 'https://other.test');
      await world.run('use', 'memax', '--account', 'work');
      world.setEnv('MEMAX_API_URL', realm().origin);
    };
    await choose();
    expect(JSON.parse((await world.run('use', 'memax', '--clear', '--json')).stdout)).toEqual({
      provider: null,
      accounts: [{ origin: 'https://other.test', account: 'work' }],
      binding: null,
    });
    await choose();
    expect(JSON.parse((await world.run('use', '--clear', '--json')).stdout)).toEqual({ provider: null, accounts: [], binding: null });
  });

  it.each([[['--clear', '--account', 'work']], [['--here', '--clear', 'memax']], [['--here', '--clear', '--account', 'work']], [['--here']]])(
    'does not understand %j',
    async (words) => {
      const world = await makeWorld({ realm: realm() });
      expect((await world.run('use', ...words)).exit).toBe(2);
      expect(await readdir(world.dir)).toEqual([]);
    },
  );

  it('passes over settings that it does not understand, says so once, and never overwrites them', async () => {
    const world = await signedIn({ realm: realm() });
    await world.run('use', 'memax');
    const path = join(world.dir, 'config/settings.json');
    await writeFile(path, 'broken');
    expect(await world.run('whoami', '--json')).toMatchObject({ exit: 0, stderr: `warning: The settings in ${path} are passed over: the file is not JSON.\n` });
    expect((await world.run('use', 'memax')).exit).toBe(5);
    expect(await readFile(path, 'utf8')).toBe('broken');
  });

  it('holds on to a chosen account that was signed out, rather than taking another', async () => {
    const world = await withTwoAccounts();
    await world.run('use', 'memax', '--account', 'work');
    expect((await world.run('logout', '--account', 'work')).exit).toBe(0);
    const { exit, stderr } = await world.run('whoami');
    expect([exit, stderr.includes('with the account "work"')]).toEqual([4, true]);
  });
});

describe('use --here', () => {
  it('binds the folder by names alone, and trusts what it wrote', async () => {
    const world = await withTwoAccounts();
    const result = await world.run('use', '--here', 'memax', '--account', 'work');
    const shown = `No default provider is set.\n${bindingPath(world)} binds this folder to memax, account work (trusted).\n`;
    expect(result).toEqual({ exit: 0, stdout: shown, stderr: '' });
    expect(await readFile(bindingPath(world), 'utf8')).toBe('{\n  "account": "work",\n  "provider": "memax"\n}\n');
    const { stderr } = await world.run('whoami');
    expect(stderr).toBe('');
    expect(await sourceName(world)).toBe('work');
  });

  it('names the provider also where only an account was given', async () => {
    const world = await withTwoAccounts();
    await world.run('use', '--here', '--account', 'work');
    expect(JSON.parse(await readFile(bindingPath(world), 'utf8'))).toEqual({ provider: 'memax', account: 'work' });
  });

  it('trusts the binding that is there, until its content changes', async () => {
    const world = await withTwoAccounts();
    const text = '{"provider":"memax","account":"work","note":1}';
    await clone(world, text);
    expect((await world.run('whoami')).stderr).not.toBe('');
    expect(JSON.parse((await world.run('use', '--here', '--json')).stdout)).toMatchObject({ binding: { account: 'work', trusted: true } });
    expect(await readFile(bindingPath(world), 'utf8')).toBe(text);
    expect((await world.run('whoami')).stderr).toBe('');
    await clone(world, `${text}\n`);
    expect((await world.run('whoami')).stderr).not.toBe('');
    expect((await world.run('use')).stdout).toContain('(not trusted yet)');
  });

  it('takes the binding away with --clear, and the trust in it', async () => {
    const world = await withTwoAccounts();
    await world.run('use', '--here', 'memax', '--account', 'work');
    const text = await readFile(bindingPath(world), 'utf8');
    expect((await world.run('use', '--here', '--clear')).exit).toBe(0);
    expect(await readdir(world.cwd)).toEqual(['.git']);
    expect(await sourceName(world)).toBe('default');
    expect((await world.run('use', '--here', '--clear')).exit).toBe(0);
    await clone(world, text);
    expect((await world.run('whoami')).stderr).not.toBe('');
  });
});

describe('a binding that came with a folder', () => {
  const announced = (world: World): string =>
    `warning: The directory binding ${bindingPath(world)} leads to the account "work" at memax, not to the account "default" at memax.\n`;

  it('is followed and announced once where it leads to another account', async () => {
    const world = await withTwoAccounts();
    await clone(world, '{"provider":"memax","account":"work"}');
    const result = await world.run('whoami', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({ source: { kind: 'stored', name: 'work' } });
    expect(result.stderr).toBe(announced(world));
    expect((await world.run('whoami', '--quiet')).stderr).toBe('');
  });

  it('is not announced where it changes nothing', async () => {
    const world = await withTwoAccounts();
    await clone(world, '{"provider":"memax","account":"default"}');
    expect((await world.run('whoami')).stderr).toBe('');
  });

  it.each([[['auth', 'revoke-key', 'key_1']], [['logout']]])('stops %j where nobody can be asked, before anything is sent', async (words) => {
    const world = await withTwoAccounts();
    await clone(world, '{"account":"work"}');
    const result = await world.run(...words, '--json');
    expect([result.exit, result.stderr]).toEqual([2, announced(world)]);
    expect(JSON.parse(result.stdout).error).toMatchObject({ code: 'needs-answer', hint: expect.stringContaining('keywright use --here') });
    expect(world.sent).toEqual([]);
    expect(await world.accounts.list()).toHaveLength(2);
  });

  it('is asked about before keys are revoked, and a no leaves them', async () => {
    const world = await withTwoAccounts({ terminal: true, answers: ['no', 'yes'] });
    const made = JSON.parse((await world.run('auth', 'create-key', 'ci', '--account', 'work', '--json')).stdout);
    await clone(world, '{"account":"work"}');
    const declined = await world.run('auth', 'revoke-key', made.id);
    expect([declined.exit, declined.stdout, world.sent]).toEqual([130, '', []]);
    expect(await world.run('auth', 'revoke-key', made.id)).toMatchObject({ exit: 0, stdout: `revoked ${made.id}\n` });
    expect(world.keyboard.asked).toEqual(
      Array.from({ length: 2 }, () => ({ kind: 'confirm', question: 'Do you want to revoke keys with the account "work" at memax?' })),
    );
  });

  it('is not asked about once it is trusted, nor where the account is named', async () => {
    const world = await withTwoAccounts();
    await clone(world, '{"account":"work"}');
    expect((await world.run('auth', 'revoke-key', 'gone', '--account', 'work')).stdout).toBe('already gone gone\n');
    await world.run('use', '--here');
    expect((await world.run('auth', 'revoke-key', 'gone')).stdout).toBe('already gone gone\n');
  });

  it('decides which account is signed out, once it is trusted', async () => {
    const world = await withTwoAccounts();
    await world.run('use', '--here', '--account', 'work');
    expect((await world.run('logout')).stdout).toContain('Signed out of memax (account work)');
    expect((await world.accounts.list()).map(({ account }) => account)).toEqual(['default']);
  });

  it('is passed over where it names a provider that is not known, and that is said', async () => {
    const world = await signedIn({ realm: realm() });
    await clone(world, '{"provider":"gone"}');
    expect(await world.run('whoami')).toMatchObject({
      exit: 0,
      stderr: `warning: The directory binding ${bindingPath(world)} names the provider "gone", which is not known here; it is passed over.\n`,
    });
  });

  it('is warned of once and ignored where others may write to it', async () => {
    const world = await withTwoAccounts();
    await writeFile(bindingPath(world), '{"account":"work"}');
    await chmod(bindingPath(world), 0o666);
    const result = await world.run('whoami', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({ source: { name: 'default' } });
    expect(result.stderr).toBe(`warning: The directory binding ${bindingPath(world)} is ignored: others may write to it (chmod go-w makes it yours alone).\n`);
  });
});

describe('with a key in a variable', () => {
  it('neither a binding nor a default changes anything, and nothing is written', async () => {
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: (await newKey(realm())).key } });
    await world.accounts.write(record(realm().origin, 'work'));
    await world.run('use', 'memax', '--account', 'work');
    await clone(world, '{"provider":"memax","account":"work"}');
    await rm(join(world.dir, 'locks'), { recursive: true, force: true });
    const before = await readdir(world.dir, { recursive: true });
    const result = await world.run('whoami', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({ source: { kind: 'variable', name: 'MEMAX_API_KEY' } });
    expect(result.stderr.startsWith(`warning: MEMAX_API_KEY is used; the stored sign-in "work" at ${realm().origin} is not.\n`)).toBe(true);
    expect(await readdir(world.dir, { recursive: true })).toEqual(before);
    expect(await readdir(world.cwd)).toEqual(['.git', '.keywright.json']);
  });
});
