import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HttpReply, HttpRequest } from '../../src/model/http.ts';
import { Failure } from '../../src/model/failure.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey, signedIn } from '../support/signed-in.ts';
import { makeWorld } from '../support/world.ts';

const realm = sharedBackend();
const other = sharedBackend();

const KEY = `mxk_${'5ec7e7'.repeat(10)}5ec7`;

/** Answers like the provider, wherever that is. */
const obliging = (_request: HttpRequest): HttpReply => ({ status: 200, headers: {}, body: '{"data":{"user":{"id":"u1"}}}' });

describe('which key goes to which address', () => {
  const KEYS = ['MEMAX_API_KEY', 'KEYWRIGHT_API_KEY', 'API_KEY'] as const;
  const URLS = ['MEMAX_API_URL', 'KEYWRIGHT_API_URL', 'API_URL'] as const;
  const REFUSED = ['MEMAX_API_KEY KEYWRIGHT_API_URL', 'MEMAX_API_KEY API_URL', 'KEYWRIGHT_API_KEY API_URL'];
  const pairs = KEYS.flatMap((key) => URLS.map((url) => [key, url, REFUSED.includes(`${key} ${url}`) ? 'refused' : 'sent'] as const));

  it.each(pairs)('%s to %s elsewhere: %s', async (key, url, outcome) => {
    const world = await makeWorld({ env: { [key]: KEY, [url]: 'https://api.example.test/base/' }, elsewhere: obliging });
    const result = await world.run('whoami');
    expect(world.sent.map((request) => [request.url, request.headers?.['authorization']])).toEqual(
      outcome === 'refused' ? [] : [['https://api.example.test/base/v1/auth/me', `Bearer ${KEY}`]],
    );
    expect(result).toEqual(
      outcome === 'refused'
        ? {
            exit: 5,
            stdout: '',
            stderr: `error[refused]: This was refused\n  ${key} was not sent to the address in ${url}, which may be meant for something else.\nhint: Set MEMAX_API_URL to say that this key belongs there, or unset ${url}.\n`,
          }
        : { exit: 0, stdout: `u1 at memax, by ${key}\n`, stderr: '' },
    );
  });

  it.each(KEYS.flatMap((key) => URLS.map((url) => [key, url] as const)))('%s to %s on this machine', async (key, url) => {
    const { key: real } = await newKey(realm());
    const world = await makeWorld({ env: { [key]: real, [url]: realm().origin } });
    expect((await world.run('whoami')).exit).toBe(0);
  });

  it.each(KEYS)('%s to where the provider is', async (key) => {
    const world = await makeWorld({ env: { [key]: KEY }, elsewhere: obliging });
    expect((await world.run('whoami')).exit).toBe(0);
    expect(world.sent.map((request) => request.url)).toEqual(['https://api.memax.app/v1/auth/me']);
  });

  it('takes the most specific of several', async () => {
    const env = {
      MEMAX_API_KEY: KEY,
      KEYWRIGHT_API_KEY: `mxk_${'1'.repeat(64)}`,
      API_KEY: `mxk_${'2'.repeat(64)}`,
      MEMAX_API_URL: 'https://one.example.test',
      KEYWRIGHT_API_URL: 'https://two.example.test',
      API_URL: 'https://three.example.test',
    };
    const world = await makeWorld({ env, elsewhere: obliging });
    await world.run('whoami');
    world.setEnv('MEMAX_API_KEY', '');
    expect(world.sent.map((request) => [request.url, request.headers?.['authorization']])).toEqual([['https://one.example.test/v1/auth/me', `Bearer ${KEY}`]]);
    expect((await world.run('whoami')).stdout).toContain('by KEYWRIGHT_API_KEY');
    world.setEnv('KEYWRIGHT_API_KEY', '');
    world.setEnv('MEMAX_API_URL', '');
    expect((await world.run('whoami')).stdout).toContain('by API_KEY');
    expect(world.sent.map((request) => request.url)).toEqual(['https://two.example.test/v1/auth/me']);
  });

  it.each(['some-other-api-key-of-mine', `mxk_${'5'.repeat(63)}`, `mxk_${'5'.repeat(65)}`, `mxk_${'G'.repeat(64)}`, `xmxk_${'5'.repeat(64)}`])(
    'never a bare API_KEY that is not one of the provider (%s), and says so once without the value',
    async (value) => {
      const world = await makeWorld({ env: { API_KEY: value }, elsewhere: obliging });
      for (const [words, whose] of [
        [['whoami', 'memax'], 'Memax'],
        [['whoami'], 'any provider'],
      ] as const) {
        const result = await world.run(...words);
        expect(result.exit).toBe(4);
        expect(result.stderr.match(/warning: .*/g)).toEqual([`warning: API_KEY is set, but it does not look like a key of ${whose}; it is not used.`]);
        expect(result.stderr).not.toContain(value);
        expect(world.sent).toEqual([]);
      }
    },
  );

  it('uses what is stored where a bare API_KEY is not for this provider', async () => {
    const world = await signedIn({ realm: realm() });
    world.setEnv('API_KEY', 'some-other-api-key-of-mine');
    expect((await world.run('whoami')).stdout).toContain('by the stored sign-in "default"');
  });

  it.each(KEYS)('takes an empty %s for unset', async (key) => {
    const world = await signedIn({ realm: realm() });
    world.setEnv(key, '');
    expect(await world.run('whoami')).toMatchObject({ exit: 0, stderr: '', stdout: expect.stringContaining('by the stored sign-in') as string });
  });
});

describe('which address is used at all', () => {
  it.each([
    ['http://api.example.test', 5, 'MEMAX_API_URL leads over plain http to api.example.test; a credential sent there can be read on the way.'],
    ['http://127.0.0.1.example.test', 5, 'MEMAX_API_URL leads over plain http to 127.0.0.1.example.test;'],
    ['http://192.168.0.1:8080', 5, 'MEMAX_API_URL leads over plain http to 192.168.0.1:8080;'],
    ['https://name:SECRET-7f3a@api.example.test', 2, 'MEMAX_API_URL holds an address with a user name, a query or a fragment.'],
    ['https://api.example.test/?token=SECRET-7f3a', 2, 'MEMAX_API_URL holds an address with a user name, a query or a fragment.'],
    ['https://api.example.test/#SECRET-7f3a', 2, 'MEMAX_API_URL holds an address with a user name, a query or a fragment.'],
    ['ftp://api.example.test', 2, 'MEMAX_API_URL holds an address that is neither https nor http.'],
    ['file:///etc/passwd', 2, 'MEMAX_API_URL holds an address that is neither https nor http.'],
    ['api.example.test', 2, 'MEMAX_API_URL does not hold an address.'],
    ['https://api.example.test/ x', 2, 'MEMAX_API_URL does not hold an address.'],
    ['https://api.example.test/\n', 2, 'MEMAX_API_URL does not hold an address.'],
  ])('refuses %j, for keys and for signing in', async (address, exit, detail) => {
    const world = await makeWorld({ env: { MEMAX_API_URL: address, MEMAX_API_KEY: KEY }, elsewhere: obliging });
    for (const words of [['whoami'], ['login', 'memax']]) {
      const result = await world.run(...words);
      expect([result.exit, result.stdout, world.sent]).toEqual([exit, '', []]);
      expect(result.stderr).toContain(detail);
      expect(result.stderr).not.toContain('SECRET-7f3a');
    }
  });

  it.each([
    'https://api.example.test/base',
    'https://api.example.test/base/',
    'https://api.example.test/base//',
    'https://api.example.test/base/?',
    'https://api.example.test/base#',
    'HTTPS://API.example.test:443/base',
  ])('reads %s as it is meant', async (address) => {
    const world = await makeWorld({ env: { MEMAX_API_URL: address, MEMAX_API_KEY: KEY }, elsewhere: obliging });
    await world.run('whoami');
    expect(world.sent.map((request) => request.url)).toEqual(['https://api.example.test/base/v1/auth/me']);
  });
});

describe('a stored credential', () => {
  it('is not sent to another address than the one that issued it; the error says how to sign in there', async () => {
    const world = await signedIn({ realm: realm() });
    world.setEnv('MEMAX_API_URL', other().origin);
    expect(await world.run('whoami')).toEqual({
      exit: 4,
      stdout: '',
      stderr: `error[signed-out]: You are not signed in\n  There is no sign-in for Memax at ${other().origin}.\nhint: Run: MEMAX_API_URL=${other().origin} keywright login memax   (or set MEMAX_API_KEY)\n`,
    });
    expect(world.sent).toEqual([]);
    world.setEnv('MEMAX_API_URL', `${realm().origin}/`);
    expect((await world.run('whoami')).exit).toBe(0);
  });

  it('is used with --account in place of a variable, which is named once', async () => {
    const world = await signedIn({ realm: realm() });
    world.setEnv('MEMAX_API_KEY', KEY);
    const result = await world.run('whoami', '--account', 'default');
    expect([result.exit, result.stdout.includes('by the stored sign-in "default"')]).toEqual([0, true]);
    expect(result.stderr).toBe('warning: MEMAX_API_KEY is set aside, since --account default was given.\n');
  });

  it('is used with --account in place of a bare API_KEY that fits, which is named as well', async () => {
    const world = await signedIn({ realm: realm() });
    world.setEnv('API_KEY', KEY);
    expect((await world.run('whoami', '--account', 'default')).stderr).toBe('warning: API_KEY is set aside, since --account default was given.\n');
  });

  it('is said to be hidden by a variable, once, from what is known here', async () => {
    const { key } = await newKey(realm());
    const world = await signedIn({ realm: realm() });
    world.setEnv('MEMAX_API_KEY', key);
    const result = await world.run('auth', 'list-keys');
    expect([result.exit, result.stderr]).toEqual([0, `warning: MEMAX_API_KEY is used; the stored sign-in "default" at ${realm().origin} is not.\n`]);
    expect((await world.run('auth', 'list-keys', '--quiet')).stderr).toBe('');
  });

  it('is that of the only account, or the one that is named', async () => {
    const world = await makeWorld({ realm: realm() });
    await world.run('login', 'memax', '--account', 'work');
    expect((await world.run('whoami')).stdout).toContain('by the stored sign-in "work"');
    await world.run('login', 'memax', '--account', 'home');
    expect((await world.run('whoami', '--account', 'home')).stdout).toContain('by the stored sign-in "home"');
    expect((await world.run('whoami', '--account', 'nobody')).exit).toBe(4);
  });
});

describe('with a key in a variable', () => {
  const failing = (): Promise<never> => Promise.reject(new Failure('keychain-locked', { detail: 'The keychain is locked.' }));

  it('nothing is stored, locked or written, and no store is opened', async () => {
    const { key, id } = await newKey(realm(), {}, 'ci@keywright.test');
    const world = await makeWorld({
      realm: realm(),
      env: { MEMAX_API_KEY: key },
      store: (memory) => ({ ...memory, read: failing, write: failing, delete: failing, probe: failing }),
    });
    for (const words of [['whoami'], ['auth', 'token'], ['auth', 'list-keys'], ['auth', 'create-key', 'n'], ['auth', 'revoke-key', id, '--self']]) {
      expect([words, (await world.run(...words)).exit]).toEqual([words, 0]);
    }
    expect(await readdir(world.dir)).toEqual([]);
    expect(await readdir(world.cwd)).toEqual(['.git']);
  });

  it('a state folder that cannot be used does no harm', async () => {
    const { key } = await newKey(realm());
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: key } });
    for (const name of ['state', 'locks', 'journals', 'config']) await writeFile(join(world.dir, name), '');
    expect(await world.run('whoami')).toMatchObject({ exit: 0, stderr: '' });
    expect((await world.run('auth', 'create-key', 'n', '--quiet')).stderr).toBe('');
    for (const name of ['state', 'locks', 'journals', 'config']) await rm(join(world.dir, name));
  });

  it('a key that the provider refuses is named by its variable', async () => {
    const world = await makeWorld({ realm: realm(), env: { KEYWRIGHT_API_KEY: KEY } });
    expect(await world.run('whoami')).toEqual({
      exit: 4,
      stdout: '',
      stderr:
        'error[session-ended]: The provider no longer accepts this credential\n  Memax does not accept the key in KEYWRIGHT_API_KEY (it says: unauthorized: A valid API key or access token is needed.).\nhint: Set KEYWRIGHT_API_KEY to a valid key, or unset it and run: keywright login memax\n',
    });
    expect(world.sent).toHaveLength(1);
  });
});
