import { chmod, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sharedBackend } from '../support/shared-backend.ts';
import { type Home, keywright, leadingTo, makeHome } from '../support/cli.ts';
import { signInAs } from '../support/person.ts';
import { newKey } from '../support/signed-in.ts';

const realm = sharedBackend();

let home: Home;
let state = '';

beforeEach(async () => {
  home = await makeHome();
  state = path.join(home.env['XDG_STATE_HOME'] ?? '', 'keywright');
});
afterEach(async () => home.remove());

const asked = (...words: string[]) => keywright(home.env, ['__complete', ...words]);
const NOTHING = { code: 0, stdout: '', stderr: '' };

describe('keywright __complete', () => {
  it('says nothing and ends well where there is nothing, and makes nothing', async () => {
    for (const kind of ['key-ids', 'key-names', 'accounts', 'grants', 'agents', 'providers', 'sign-ins']) expect(await asked(kind, '--', '')).toEqual(NOTHING);
    expect(await readdir(home.env['XDG_STATE_HOME'] ?? '')).toEqual([]);
  });

  it('says nothing and ends well whatever it is asked', async () => {
    for (const words of [[], ['no-such-kind'], ['key-ids', 'a', 'b'], ['--help'], ['key-ids', '--provider'], ['key-ids', '--provider', '$(x)', '--', '']])
      expect(await asked(...words)).toEqual(NOTHING);
  });

  it('says nothing and ends well whatever lies where its files are', async () => {
    await mkdir(path.join(state, 'known-keys'), { recursive: true });
    await writeFile(path.join(state, 'known-keys', 'broken.json'), '{"v":1,"keys":[');
    await writeFile(path.join(state, 'known-keys', 'odd.json'), '{"v":1,"provider":"x","origin":"y","keys":[null,1,{"id":2},{"id":"a","name":3}]}');
    await mkdir(path.join(state, 'known-keys', 'folder.json'));
    await symlink('/dev/zero', path.join(state, 'known-keys', 'endless.json'));
    await writeFile(path.join(state, 'accounts'), 'no folder');
    expect(await asked('key-ids', '--', '')).toEqual(NOTHING);
    expect(await asked('accounts', '--', '')).toEqual(NOTHING);
    await chmod(state, 0o000);
    expect(await asked('grants', '--', '')).toEqual(NOTHING);
    await chmod(state, 0o700);
  });

  it('ends well where nobody reads its answer, and needs neither HOME nor a folder to be in', async () => {
    const { code, stderr } = await keywright({ PATH: home.env['PATH'] ?? '' }, ['__complete', 'accounts']);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('knows the own providers by the names of their files', async () => {
    const folder = path.join(home.env['XDG_CONFIG_HOME'] ?? '', 'keywright', 'providers');
    await mkdir(folder, { recursive: true });
    for (const name of ['acme.json', 'acme-eu.json', '$(x).json', 'Notes.json', 'other.txt']) await writeFile(path.join(folder, name), '');
    expect((await asked('providers', '--', 'ac')).stdout).toBe('acme-eu\t\nacme\t\n');
  });

  it('knows a sign-in that was begun until it is over, with the encrypted file too', async () => {
    const env = { ...home.env, ...leadingTo(realm()), KEYWRIGHT_STORE: 'file' };
    const begun = await keywright(env, ['login', 'memax', '--account', 'work', '--begin', '--no-browser', '--json']);
    expect(begun).toMatchObject({ code: 0 });
    const { url, next }: { readonly url: string; readonly next: string } = JSON.parse(begun.stdout);
    const id = / --complete ([A-Za-z0-9]+)/.exec(next)?.[1] ?? 'none';
    expect((await asked('sign-ins')).stdout).toBe(`${id}\tmemax, work\n`);
    expect((await asked('sign-ins', '--account', 'default')).stdout).toBe('');
    const redirect = await signInAs(new URL(url), { decision: 'allow', email: 'completes@keywright.test' });
    expect(await keywright(env, ['login', '--complete', id], { input: `${redirect}\n` })).toMatchObject({ code: 0 });
    expect(await asked('sign-ins')).toEqual(NOTHING);
  });

  it('knows keys once a list has shown them, and no more once they are revoked; a key from a variable leaves nothing behind', async () => {
    const env = { ...home.env, ...leadingTo(realm()), KEYWRIGHT_STORE: 'file' };
    const { key, id } = await newKey(realm(), { name: 'own' });
    const run = (...words: string[]) => keywright(env, words);
    expect((await keywright({ ...env, MEMAX_API_KEY: key }, ['auth', 'list-keys'])).code).toBe(0);
    expect(await asked('key-ids')).toEqual(NOTHING);
    expect((await keywright(env, ['login', 'memax', '--with-token'], { input: `${key}\n` })).code).toBe(0);
    expect((await run('auth', 'create-key', 'ci-deploy')).code).toBe(0);
    const made = (await asked('key-ids')).stdout;
    expect(made).toMatch(/^\S+\tci-deploy\n$/);
    expect((await run('auth', 'list-keys')).code).toBe(0);
    expect((await asked('key-ids')).stdout).toContain(`${id}\town\n`);
    const [madeId = ''] = made.split('\t');
    expect((await run('auth', 'revoke-key', madeId)).code).toBe(0);
    expect((await asked('key-ids', '--', madeId)).stdout).toBe('');
    expect((await asked('key-names', '--provider', 'minds')).stdout).toBe('');
    await rm(path.join(state, 'known-keys'), { recursive: true });
    await writeFile(path.join(state, 'known-keys'), 'in the way');
    const listed = await run('auth', 'list-keys');
    expect([listed.code, listed.stderr]).toEqual([0, '']);
  });
});
