import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeStandIn, type StandIn } from '../support/browser.ts';
import { type Ended, type Home, keywright, leadingTo, makeHome, PROGRAM, type Variables } from '../support/cli.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey } from '../support/signed-in.ts';

/*
 * `auth token` and `auth status --json` take a short way where they can. With a flag that changes nothing they take the way of all commands:
 * whatever there is, both say the same.
 */

const TOKEN = ['auth', 'token'];
const STATUS = ['auth', 'status', '--json'];
const long = (words: readonly string[]): readonly string[] => [...words, '--no-color'];

const realm = sharedBackend();
/** One whose tokens are bound to a key (RFC 9449). */
const binding = sharedBackend({ dpop: 'on' });
let standIn: StandIn;
let key: string;
let otherKey: string;
const homes: Home[] = [];

beforeAll(async () => {
  standIn = await makeStandIn();
  ({ key } = await newKey(realm()));
  ({ key: otherKey } = await newKey(realm()));
});

afterAll(async () => {
  await standIn.remove();
  await Promise.all(homes.map((each) => each.remove()));
});

/** Its folder is the person's home folder, in which a binding counts. */
async function home(): Promise<Home> {
  const made = await makeHome();
  homes.push(made);
  return { ...made, dir: made.env['HOME'] ?? made.dir };
}

/** Somebody who stored a key in the encrypted file. */
async function withStoredKey(words: readonly string[] = [], more: Variables = {}): Promise<Home> {
  const made = await home();
  const env = { ...made.env, ...leadingTo(realm()), KEYWRIGHT_STORE: 'file', ...more };
  expect(await keywright(env, ['login', 'memax', '--with-token', ...words], { input: `${key}\n` })).toMatchObject({ code: 0 });
  return { ...made, env };
}

/** A token whose claims nobody vouches for. */
const jwtUntil = (seconds: number): string =>
  `${[{ alg: 'none' }, { exp: seconds }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.c2lnbmVk`;

async function bothWays(words: readonly string[], env: Variables, cwd: string): Promise<Ended> {
  const short = await keywright(env, words, { cwd });
  expect(short).toEqual(await keywright(env, long(words), { cwd }));
  return short;
}

/** What `auth token` says. It is compared for both commands: whatever there is, it is there for both. */
async function both(env: Variables, cwd: string): Promise<Ended> {
  await bothWays(STATUS, env, cwd);
  return bothWays(TOKEN, env, cwd);
}

/** What to set, from the variables of an empty home, and how it ends. */
const BROUGHT: ReadonlyArray<readonly [title: string, vars: () => Variables, code: number]> = [
  ['nothing', () => ({}), 4],
  ['its own variable', () => ({ MEMAX_API_KEY: key }), 0],
  ['its own variable and its own address', () => ({ MEMAX_API_KEY: key, ...leadingTo(realm()) }), 0],
  ['our variable', () => ({ KEYWRIGHT_API_KEY: key }), 0],
  ['the bare variable', () => ({ API_KEY: key }), 0],
  ['a bare variable that is nobody`s', () => ({ API_KEY: 'something' }), 4],
  ['an empty variable', () => ({ MEMAX_API_KEY: '' }), 4],
  ['a key with a space in it', () => ({ MEMAX_API_KEY: `${key} ` }), 2],
  ['the key of somebody else', () => ({ REMINIX_API_KEY: key }), 5],
  ['variables of two providers', () => ({ MEMAX_API_KEY: key, AGNTIX_API_KEY: 'pk_live_0123456789abcdef' }), 2],
  ['our address for its own key', () => ({ MEMAX_API_KEY: key, KEYWRIGHT_API_URL: 'https://elsewhere.example' }), 5],
  ['an address that is none', () => ({ MEMAX_API_KEY: key, MEMAX_API_URL: 'elsewhere' }), 2],
  ['an address over plain http', () => ({ MEMAX_API_KEY: key, MEMAX_API_URL: 'http://elsewhere.example' }), 5],
  ['a token that is over', () => ({ AGNTIX_API_KEY: jwtUntil(1) }), 4],
  ['a token that is not over', () => ({ AGNTIX_API_KEY: jwtUntil(4_000_000_000) }), 0],
  ['a runner that has to hide it', () => ({ MEMAX_API_KEY: key, GITHUB_ACTIONS: 'true' }), 0],
  ['a folder of its own for what is remembered', () => ({ MEMAX_API_KEY: key, XDG_STATE_HOME: 'relative' }), 0],
];

describe('the short ways, with a key in a variable', () => {
  it.each(BROUGHT)('says the same by the short way: %s', async (_title, vars, code) => {
    const { env, dir } = await home();
    const ended = await both({ ...env, ...vars() }, dir);
    expect([ended.code, ended.stdout]).toEqual([code, code === 0 ? `${Object.values(vars())[0] ?? ''}\n` : '']);
  });

  it.each<readonly [string, (made: Home) => Promise<void>, number]>([
    ['a binding', async (made) => expect(await keywright(made.env, ['use', 'minds', '--here'], { cwd: made.dir })).toMatchObject({ code: 0 }), 6],
    ['a binding that cannot be read', (made) => writeFile(path.join(made.dir, '.keywright.json'), '{'), 0],
    ['a binding that is a link to nowhere', (made) => symlink('nowhere', path.join(made.dir, '.keywright.json')), 0],
    ['a default that is another provider', async (made) => expect(await keywright(made.env, ['use', 'minds'])).toMatchObject({ code: 0 }), 0],
    [
      'settings that cannot be read',
      async (made) => {
        const folder = path.join(made.env['XDG_CONFIG_HOME'] ?? '', 'keywright');
        await mkdir(folder, { recursive: true });
        await writeFile(path.join(folder, 'settings.json'), '{');
      },
      0,
    ],
    [
      'a definition that cannot be read',
      async (made) => {
        const folder = path.join(made.env['XDG_CONFIG_HOME'] ?? '', 'keywright/providers');
        await mkdir(folder, { recursive: true });
        await writeFile(path.join(folder, 'own.json'), '{');
      },
      0,
    ],
  ])('says the same by the short way beside %s', async (_title, prepare, code) => {
    const made = await home();
    await prepare(made);
    expect((await both({ ...made.env, MEMAX_API_KEY: key }, made.dir)).code).toBe(code);
  });

  it('says the same where the current folder was deleted', async () => {
    const { env, dir } = await home();
    const gone = await mkdtemp(path.join(dir, 'gone-'));
    const vars = { ...env, MEMAX_API_KEY: key };
    const ended = async (words: readonly string[]): Promise<unknown> => {
      await mkdir(gone, { recursive: true });
      const script = 'cd "$1" && rmdir "$1" && shift && exec "$@"';
      const { exitCode, stdout, stderr } = await execa('sh', ['-c', script, 'sh', gone, process.execPath, PROGRAM, ...words], {
        env: vars,
        extendEnv: false,
        reject: false,
      });
      return { exitCode, stdout, stderr };
    };
    expect(await ended(STATUS)).toEqual(await ended(long(STATUS)));
    const short = await ended(TOKEN);
    expect(short).toEqual(await ended(long(TOKEN)));
    expect(short).toEqual({ exitCode: 0, stdout: key, stderr: '' });
  });

  it.skipIf(process.platform !== 'linux')('says the same where the output takes nothing (a device of Linux)', async () => {
    const { env } = await home();
    const ended = async (words: readonly string[], more: Variables = {}) => {
      const { exitCode, stderr } = await execa('sh', ['-c', 'exec "$@" > /dev/full', 'sh', process.execPath, PROGRAM, ...words], {
        env: { ...env, MEMAX_API_KEY: key, ...more },
        extendEnv: false,
        reject: false,
      });
      return { exitCode, stderr };
    };
    for (const words of [STATUS, TOKEN]) {
      const short = await ended(words);
      expect(short).toEqual(await ended(long(words)));
      expect(short).toMatchObject({ exitCode: 5 });
      const coloured = await ended(words, { FORCE_COLOR: '1' });
      expect([coloured.exitCode, coloured.stderr.startsWith('\u001b[')]).toEqual([5, true]);
    }
  });
});

describe('the short ways, of a sign-in', () => {
  it('says the same by the short way, and beside variables', async () => {
    const { env, dir } = await withStoredKey();
    expect(await both(env, dir)).toEqual({ code: 0, stdout: `${key}\n`, stderr: '' });
    const beside = await both({ ...env, MEMAX_API_KEY: otherKey }, dir);
    expect(beside).toMatchObject({ code: 0, stdout: `${otherKey}\n`, stderr: expect.stringContaining('MEMAX_API_KEY is used') });
    expect(await both({ ...env, API_KEY: 'something' }, dir)).toMatchObject({ code: 0, stderr: expect.stringContaining('API_KEY is set') });
    expect(await both({ ...env, KEYWRIGHT_STORE_KEY: 'wrong' }, dir)).toMatchObject({ code: 2 });
    expect(await both({ ...env, MEMAX_API_URL: 'https://elsewhere.example' }, dir)).toMatchObject({ code: 4 });
  });

  it('says the same of several accounts, and of the one that was chosen', async () => {
    const { env, dir } = await withStoredKey(['--account', 'one']);
    expect(await keywright(env, ['login', 'memax', '--with-token', '--account', 'two'], { input: `${otherKey}\n` })).toMatchObject({ code: 0 });
    const unclear = await both(env, dir);
    expect(await keywright(env, ['use', 'memax', '--account', 'two'])).toMatchObject({ code: 0 });
    expect(await both(env, dir)).toEqual({ code: 0, stdout: `${otherKey}\n`, stderr: '' });
    expect(unclear.stdout).toBe('');
  });

  it('says the same with a passphrase, and without it', async () => {
    const { env, dir } = await withStoredKey([], { KEYWRIGHT_STORE_PASSPHRASE: 'correct horse' });
    expect(await both(env, dir)).toEqual({ code: 0, stdout: `${key}\n`, stderr: '' });
    expect(await both({ ...env, KEYWRIGHT_STORE_PASSPHRASE: 'wrong' }, dir)).toMatchObject({ stdout: '' });
    const { KEYWRIGHT_STORE_PASSPHRASE: _, ...without } = env;
    expect(await both(without, dir)).toMatchObject({ stdout: '' });
  });

  it.each<readonly [string, (data: string, state: string) => Promise<void>, number]>([
    ['a damaged record', async (_, state) => writeFile(path.join(state, (await readdir(state))[0] ?? ''), '{'), 4],
    [
      'a record under a name that is not its own',
      async (_, state) => writeFile(path.join(state, 'other.json'), await readFile(path.join(state, (await readdir(state))[0] ?? ''))),
      0,
    ],
    ['a damaged file', async (data) => spoil(data, 'credentials'), 6],
    ['no file', async (data) => discard(data, 'credentials'), 6],
    ['a damaged key file', async (data) => spoil(data, 'key'), 6],
    ['no key file', async (data) => discard(data, 'key'), 6],
  ])('says the same beside %s', async (_title, prepare, code) => {
    const { env, dir } = await withStoredKey();
    await prepare(path.join(env['XDG_DATA_HOME'] ?? '', 'keywright'), path.join(env['XDG_STATE_HOME'] ?? '', 'keywright/accounts'));
    expect((await both(env, dir)).code).toBe(code);
  });

  it('is the token of a session that is still good, and nothing is asked for', async () => {
    const made = await home();
    const env = { ...made.env, ...leadingTo(realm()), KEYWRIGHT_STORE: 'file', BROWSER: standIn.allow };
    expect(await keywright(env, ['login', 'memax', '--browser'])).toMatchObject({ code: 0 });
    realm().stats.reset();
    const ended = await both(env, made.dir);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(realm().stats.all()).toEqual({});
    expect(ended.stdout.trim().length).toBeGreaterThan(20);
  });

  it('refuses a token that is bound to a key by the short way too', async () => {
    const made = await home();
    const env = { ...made.env, ...leadingTo(binding()), KEYWRIGHT_STORE: 'file', BROWSER: standIn.allow };
    expect(await keywright(env, ['login', 'memax', '--browser', '--dpop'])).toMatchObject({ code: 0 });
    expect(await both(env, made.dir)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('bound to a key') });
  });
});

describe('auth status --json', () => {
  it('says the same by the short way of several accounts, of a key in a variable beside them, and of other addresses', async () => {
    const { env, dir } = await withStoredKey(['--account', 'one']);
    expect(await keywright(env, ['login', 'memax', '--with-token', '--account', 'two'], { input: `${otherKey}\n` })).toMatchObject({ code: 0 });
    const two = await bothWays(STATUS, env, dir);
    expect([two.code, two.stdout.match(/"name":"\w+"/g)]).toEqual([0, ['"name":"one"', '"name":"two"']]);
    const beside = await bothWays(STATUS, { ...env, MEMAX_API_KEY: otherKey, AGNTIX_API_KEY: 'pk_live_0123456789abcdef' }, dir);
    expect([beside.code, beside.stdout.match(/"used":true/g)?.length]).toEqual([0, 2]);
    expect(await bothWays(STATUS, { ...env, MEMAX_API_URL: 'https://elsewhere.example' }, dir)).toMatchObject({ code: 4 });
    expect(await bothWays(STATUS, { ...env, MEMAX_API_URL: 'https://elsewhere.example', AGNTIX_API_KEY: 'pk_live_0123456789abcdef' }, dir)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"name":"AGNTIX_API_KEY"'),
    });
  });

  it('says the same beside what an earlier command left', async () => {
    const made = await withStoredKey();
    const folder = path.join(made.env['XDG_STATE_HOME'] ?? '', 'keywright/rotations');
    await mkdir(folder);
    await writeFile(path.join(folder, 'one.json'), '{}');
    expect(await bothWays(STATUS, made.env, made.dir)).toMatchObject({ code: 0, stderr: expect.stringContaining(folder) });
  });

  it.skipIf(process.platform !== 'linux')('is indented for a person, as by the long way (the script of Linux)', async () => {
    const { env, dir } = await withStoredKey();
    const typed = async (words: readonly string[]): Promise<string> => {
      const { stdout } = await execa('script', ['-qec', [process.execPath, PROGRAM, ...words].join(' '), '/dev/null'], {
        env,
        extendEnv: false,
        cwd: dir,
        stdin: 'ignore',
      });
      return stdout;
    };
    const short = await typed(STATUS);
    expect(short).toBe(await typed(long(STATUS)));
    expect(short).toMatch(/^\[\r?\n {2}\{/);
  });
});

async function found(folder: string, part: string): Promise<string> {
  const name = (await readdir(folder)).find((each) => each.includes(part));
  if (name === undefined) throw new Error(`there is no ${part} in ${folder}`);
  return path.join(folder, name);
}

async function spoil(folder: string, part: string): Promise<void> {
  await writeFile(await found(folder, part), 'spoilt');
}

async function discard(folder: string, part: string): Promise<void> {
  await rm(await found(folder, part));
}
