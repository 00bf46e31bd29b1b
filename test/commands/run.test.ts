import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StoredCredential } from '../../src/model/credentials.ts';
import type { EphemeralRecord } from '../../src/model/ephemeral.ts';
import { until } from '../support/cli.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey, signedIn } from '../support/signed-in.ts';
import { makeWorld, type World } from '../support/world.ts';

const realm = sharedBackend();
const bound = sharedBackend({ dpop: 'on' });

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Prints what a variable holds in a form that is masked by nobody. */
const digest = (name: string): readonly string[] => ['--', 'sh', '-c', `printf %s "$${name}" | sha256sum`];
const digestOf = (text: string): string => `${createHash('sha256').update(text).digest('hex')}  -\n`;

function accessToken(stored: StoredCredential | undefined): string {
  if (stored?.kind !== 'oauth') throw new Error('no session is stored');
  return stored.accessToken.reveal();
}

interface Key {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly created_at: string;
  readonly expires_at: string | null;
}

async function keys(world: World): Promise<readonly Key[]> {
  const { stdout } = await world.run('auth', 'list-keys', '--json');
  const listed: readonly Key[] = JSON.parse(stdout);
  return listed;
}

describe('run', () => {
  it('gives the program a token that is valid now, and the address where it is not the usual one', async () => {
    const world = await signedIn({ realm: realm() });
    expect(await world.run('run', ...digest('MEMAX_API_KEY'))).toEqual({ exit: 0, stdout: digestOf(accessToken(await world.stored())), stderr: '' });
    expect((await world.run('run', '--', 'sh', '-c', 'echo $MEMAX_API_URL')).stdout).toBe(`${realm().origin}\n`);
    world.clock.advance(2 * HOUR);
    const before = accessToken(await world.stored());
    const { exit, stdout } = await world.run('run', ...digest('MEMAX_API_KEY'));
    const after = accessToken(await world.stored());
    expect([exit, stdout, before === after, realm().stats.count('token.refresh')]).toEqual([0, digestOf(after), false, 1]);
  });

  it('gives it a key from a variable, under the name that it wants', async () => {
    const { key } = await newKey(realm());
    const world = await makeWorld({ realm: realm(), env: { API_KEY: key } });
    expect((await world.run('run', ...digest('MEMAX_API_KEY'))).stdout).toBe(digestOf(key));
    expect((await world.run('run', '--env', 'TOKEN', ...digest('TOKEN'))).stdout).toBe(digestOf(key));
    expect((await world.run('run', '--env', 'TOKEN', ...digest('MEMAX_API_KEY'))).stdout).toBe(digestOf(''));
    expect(world.sent).toEqual([]);
    expect(await readdir(world.dir)).toEqual([]);
  });

  it('names the project that was decided', async () => {
    const env = { REMINIX_API_KEY: `reminix_pat_${'a'.repeat(40)}`, REMINIX_API_URL: 'http://127.0.0.1:9' };
    const world = await makeWorld({ env });
    const project = 'proj_abcdefgh12345678';
    const { exit, stdout, stderr } = await world.run('run', '--provider', 'reminix', '--project', project, '--', 'sh', '-c', 'echo $REMINIX_PROJECT');
    expect({ exit, stdout, stderr }).toMatchObject({ exit: 0, stdout: `${project}\n` });
  });

  it('takes the credential out of what the program says, on both streams', async () => {
    const world = await signedIn({ realm: realm() });
    const script =
      'echo "key: $MEMAX_API_KEY."; echo "$MEMAX_API_KEY" >&2; printf %s "${MEMAX_API_KEY%????}"; sleep 0.1; printf %s "${MEMAX_API_KEY#${MEMAX_API_KEY%????}}"';
    expect(await world.run('run', '--', 'sh', '-c', script)).toEqual({ exit: 0, stdout: 'key: [secret].\n[secret]', stderr: '[secret]\n' });
  });

  it.each([
    ['its exit code', ['sh', '-c', 'exit 7'], 7],
    ['128 and the signal that killed it', ['sh', '-c', 'kill -TERM $$'], 143],
    ['the same for a signal of which nobody dies twice', ['sh', '-c', 'kill -KILL $$'], 137],
  ])('ends with %s', async (_title, words, exit) => {
    const world = await signedIn({ realm: realm() });
    expect(await world.run('run', '--', ...words)).toEqual({ exit, stdout: '', stderr: '' });
    expect(await world.run('run', '--json', '--', ...words)).toEqual({ exit, stdout: '', stderr: '' });
  });

  it('ends with 127 or 126 where there is no such program', async () => {
    const world = await signedIn({ realm: realm() });
    expect(await world.run('run', '--', 'no-such-program')).toEqual({
      exit: 127,
      stdout: '',
      stderr: 'error[not-found]: There is no such thing\n  There is no program "no-such-program".\nhint: Check its name, and that its folder is on PATH.\n',
    });
    const file = join(world.cwd, 'not-a-program');
    await writeFile(file, 'text');
    await chmod(file, 0o600);
    const refused = await world.run('run', '--', file);
    expect([refused.exit, refused.stderr]).toEqual([126, expect.stringContaining(`"${file}" cannot be executed (EACCES).`)]);
    const inJson = await world.run('run', '--json', '--', 'no-such-program');
    expect([inJson.exit, JSON.parse(inJson.stdout)]).toMatchObject([127, { error: { code: 'not-found' } }]);
  });

  it('hands the words after the dashes on as they are', async () => {
    const world = await signedIn({ realm: realm() });
    const words = ['--help', '--json', '-h', '--', '--provider', 'x y', '', '$HOME', '*', '\u00e9'];
    const { exit, stdout } = await world.run('run', '--', 'printf', '[%s]', ...words);
    expect([exit, stdout]).toEqual([0, words.map((word) => `[${word}]`).join('')]);
  });

  it.each([
    ['no program', [], 'No program was named.'],
    ['no program after the dashes', ['--'], 'No program was named.'],
    ['a program without the dashes', ['ls'], 'Too many arguments'],
    ['scopes for no key', ['--scope', 'read', '--', 'true'], '--scope says what a key may do, and none is made here.'],
    ['--read-only for no key', ['--read-only', '--', 'true'], '--read-only says what a key may do, and none is made here.'],
    ['no name of a variable', ['--env', 'A-B', '--', 'true'], '--env "A-B" cannot be the name of a variable.'],
    ['the variable of an address', ['--env', 'MEMAX_API_URL', '--', 'true'], 'MEMAX_API_URL means something else, and does not take a credential.'],
    ['the variable of programs', ['--env', 'PATH', '--', 'true'], 'PATH means something else, and does not take a credential.'],
    ['scopes and --read-only', ['--ephemeral', '--scope', 'write', '--read-only', '--', 'true'], '--read-only and --scope exclude each other.'],
  ])('refuses %s', async (_title, words, detail) => {
    const world = await signedIn({ realm: realm() });
    const { exit, stderr } = await world.run('run', ...words);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(detail)]);
    expect(world.sent).toEqual([]);
  });

  it('does not hand on tokens that are bound to a key, but makes a key with them', async () => {
    const world = await makeWorld({ realm: bound() });
    expect((await world.run('login', 'memax', '--dpop')).exit).toBe(0);
    const stored = await world.stored();
    world.secrets.add('key', stored?.kind === 'oauth' ? stored.dpopKey?.reveal() : undefined);
    const refused = await world.run('run', '--', 'true');
    expect([refused.exit, refused.stderr]).toEqual([2, expect.stringMatching(/bound to a key[^]*--ephemeral[^]*API key[^]*keywright api, keywright mcp/)]);
    expect((await world.run('run', '--ephemeral', '--', 'sh', '-c', 'echo $MEMAX_API_KEY')).stdout).toBe('[secret]\n');
    expect(await keys(world)).toEqual([]);
  });

  it('asks before it runs with an account that only the folder chose', async () => {
    const world = await signedIn({ realm: realm() });
    await world.run('login', 'memax', '--account', 'other', '--quiet');
    await writeFile(join(world.cwd, '.keywright.json'), JSON.stringify({ account: 'other' }), { mode: 0o600 });
    const { exit, stderr } = await world.run('run', '--', 'true');
    expect([exit, stderr]).toEqual([2, expect.stringContaining('nobody can be asked whether to run a command there')]);
  });
});

describe('run --ephemeral', () => {
  /** A program that waits until the file `go` is there. */
  const waiting = (world: World): readonly string[] => ['--', 'sh', '-c', `while [ ! -e ${world.cwd}/go ]; do sleep 0.02; done; echo $MEMAX_API_KEY`];

  it('makes a key for the program, and revokes it when that ends', async () => {
    const world = await signedIn({ realm: realm() });
    const running = world.start('run', '--ephemeral', '--scope', 'read', ...waiting(world));
    const [name, id] = (await running.says(/Made the key "(.*) for this run/)).split('" (id ');
    expect(name).toMatch(/^sh~[a-z0-9]{4}$/);
    const other = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: (await newKey(realm(), {}, world.email)).key } });
    const made = (await keys(other)).find((key) => key.name === name);
    expect(made).toMatchObject({ scopes: ['read'] });
    expect(`${made?.id})`).toBe(id);
    expect(Math.round((Date.parse(made?.expires_at ?? '') - Date.parse(made?.created_at ?? '')) / DAY)).toBe(1);
    expect(await world.ephemerals.list()).toMatchObject([{ name, keyId: made?.id, provider: 'memax', account: 'default', preview: null }]);
    await writeFile(join(world.cwd, 'go'), '');
    expect(await running.ended).toMatchObject({ exit: 0, stdout: '[secret]\n' });
    expect((await keys(other)).filter((key) => key.name === name)).toEqual([]);
    expect(await world.ephemerals.list()).toEqual([]);
  });

  it.each([
    ['fails', ['sh', '-c', 'exit 3'], 3],
    ['is killed', ['sh', '-c', 'kill -KILL $$'], 137],
    ['is not there', ['no-such-program'], 127],
  ])('revokes the key where the program %s', async (_title, words, exit) => {
    const world = await signedIn({ realm: realm() });
    expect((await world.run('run', '--ephemeral', '--read-only', '--', ...words)).exit).toBe(exit);
    expect([realm().stats.count('keys.create'), realm().stats.count('keys.revoke')]).toEqual([1, 1]);
    expect([await keys(world), await world.ephemerals.list()]).toEqual([[], []]);
  });

  it('passes a signal on to the program, and revokes the key when that has ended of it', async () => {
    const world = await signedIn({ realm: realm() });
    const running = world.start('run', '--ephemeral', '--', 'sh', '-c', 'echo ready; exec sleep 1000');
    await until('the program to run', () => running.stdout() === 'ready\n');
    running.interrupt();
    expect(await running.ended).toMatchObject({ exit: 143, stdout: 'ready\n' });
    expect([await keys(world), await world.ephemerals.list()]).toEqual([[], []]);
  });

  it('revokes a key that was made while the command was interrupted, and starts nothing', async () => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('keys.create', { kind: 'slow', ms: 500 });
    const running = world.start('run', '--ephemeral', '--', 'touch', join(world.cwd, 'started'));
    await until('the request', () => realm().stats.count('keys.create') === 1);
    running.interrupt();
    expect((await running.ended).exit).toBe(130);
    expect(await readdir(world.cwd)).toEqual(['.git']);
    expect([await keys(world), await world.ephemerals.list()]).toEqual([[], []]);
  });

  it('names the key after the program, cut to what the provider takes', async () => {
    const world = await signedIn({ realm: realm() });
    const file = join(world.cwd, 'n'.repeat(120));
    await writeFile(file, '#!/bin/sh\n');
    await chmod(file, 0o700);
    const { exit, stderr } = await world.run('run', '--ephemeral', '--', file);
    expect([exit, stderr]).toEqual([0, expect.stringMatching(/^Made the key "n{95}~[a-z0-9]{4}" \(id /)]);
  });

  it('refuses where the provider makes no keys', async () => {
    const world = await makeWorld({ env: { REMINIX_API_KEY: `reminix_sk_${'a'.repeat(40)}` } });
    const { exit, stderr } = await world.run('run', '--provider', 'reminix', '--ephemeral', '--', 'true');
    expect([exit, stderr]).toEqual([2, expect.stringContaining('has no API to create keys, so that none can be made for one run')]);
    expect(world.sent).toEqual([]);
  });

  it('runs without a record where none can be written, and says what that means', async () => {
    const { key } = await newKey(realm(), {}, 'no-state@keywright.test');
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: key } });
    await writeFile(join(world.dir, 'state'), 'in the way');
    const { exit, stderr } = await world.run('run', '--ephemeral', '--', 'true');
    expect([exit, stderr]).toEqual([
      0,
      expect.stringMatching(
        /^warning: No record of the key for this run can be kept; if keywright itself is killed \(SIGKILL\), it would live on until it expires\./,
      ),
    ]);
    expect(realm().stats.count('keys.revoke')).toBe(1);
  });

  it('leaves to a later command what could not be revoked, and says so', async () => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('keys.revoke', { kind: 'status', status: 503 }, { times: 3 });
    const { exit, stderr } = await world.run('run', '--ephemeral', '--', 'sh', '-c', 'exit 4');
    expect(exit).toBe(4);
    expect(stderr).toMatch(
      /\nwarning: The key "sh~[a-z0-9]{4}" \(id [^)]+\) could not be revoked: .* The next keywright command tries again\. It ends by itself at /,
    );
    expect(await world.ephemerals.list()).toHaveLength(1);
    const status = await world.run('auth', 'status');
    expect(status.stderr).toMatch(/^Revoked the key "sh~[a-z0-9]{4}" at memax, which a run that was killed left behind\.\n$/);
    expect([await keys(world), await world.ephemerals.list()]).toEqual([[], []]);
    expect((await world.run('auth', 'status')).stderr).toBe('');
  });

  it('finds a key by its name where the answer with its id never came', async () => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('keys.create', { kind: 'drop-after' });
    expect((await world.run('run', '--ephemeral', '--', 'true')).exit).toBe(7);
    expect(await world.ephemerals.list()).toMatchObject([{ keyId: null }]);
    expect((await keys(world)).length).toBe(1);
    expect((await world.run('run', '--', 'true')).stderr).toMatch(/^Revoked the key "true~[a-z0-9]{4}"/);
    expect([await keys(world), await world.ephemerals.list()]).toEqual([[], []]);
  });

  it('forgets the record where the provider refused to make a key', async () => {
    const world = await signedIn({ realm: realm() });
    expect((await world.run('run', '--ephemeral', '--scope', 'everything', '--', 'true')).exit).not.toBe(0);
    expect(await world.ephemerals.list()).toEqual([]);
  });
});

describe('a key that a killed run left behind', () => {
  const NAME = 'deploy~ab12';

  /** The key, and its record as SIGKILL leaves it: with a lock that nobody holds. */
  async function leave(world: World, change: Partial<EphemeralRecord> = {}): Promise<EphemeralRecord> {
    if ((await world.run('auth', 'create-key', NAME, '--quiet')).exit !== 0) throw new Error('no key could be made');
    const record: EphemeralRecord = {
      id: 'left',
      name: NAME,
      keyId: null,
      provider: 'memax',
      baseUrl: realm().origin,
      project: null,
      account: 'default',
      preview: null,
      begunAt: world.clock.now(),
      endsAt: world.clock.now() + DAY,
      ...change,
    };
    await world.ephemerals.write(record);
    realm().stats.reset();
    return record;
  }

  const alive = async (world: World): Promise<boolean> => (await keys(world)).some(({ name }) => name === NAME);

  it.each([
    ['run', ['run', '--', 'true']],
    ['auth status', ['auth', 'status']],
    ['auth revoke-key', ['auth', 'revoke-key', '00000000-0000-4000-8000-000000000000', '--yes']],
    ['login', ['login', 'memax', '--account', 'second', '--browser']],
  ])('is revoked by %s', async (_name, words) => {
    const world = await signedIn({ realm: realm() });
    await leave(world);
    const { exit, stderr } = await world.run(...words);
    expect([exit, stderr]).toEqual([0, expect.stringContaining(`Revoked the key "${NAME}" at memax, which a run that was killed left behind.\n`)]);
    expect([await alive(world), await world.ephemerals.list()]).toEqual([false, []]);
  });

  it('is revoked by logout, as long as somebody may', async () => {
    const world = await signedIn({ realm: realm() });
    await leave(world);
    expect((await world.run('logout')).stderr).toContain(`Revoked the key "${NAME}" at memax`);
    expect(realm().stats.count('keys.revoke')).toBe(1);
    expect(await world.ephemerals.list()).toEqual([]);
  });

  it('is none while its owner lives', async () => {
    const world = await signedIn({ realm: realm() });
    await leave(world);
    const held = await world.lock.acquire('ephemeral|left', { waitMs: 0 });
    expect(await world.run('auth', 'status')).toMatchObject({ exit: 0, stderr: '' });
    expect([await alive(world), (await world.ephemerals.list()).length]).toEqual([true, 1]);
    await held.release();
    await world.run('auth', 'status');
    expect(await alive(world)).toBe(false);
  });

  it('is waited for where the list does not have it yet, and then forgotten', async () => {
    const world = await signedIn({ realm: realm() });
    await leave(world, { name: 'never~made' });
    await world.run('auth', 'status');
    expect([realm().stats.count('keys.list'), (await world.ephemerals.list()).length]).toEqual([1, 1]);
    world.clock.advance(3 * 60_000);
    expect((await world.run('auth', 'status')).stderr).toBe('');
    expect([await alive(world), await world.ephemerals.list()]).toEqual([true, []]);
  });

  it('is forgotten without a request when it has ended by itself', async () => {
    const world = await signedIn({ realm: realm() });
    await leave(world, { endsAt: world.clock.now() - 1 });
    await world.run('auth', 'status');
    expect([world.sent, await world.ephemerals.list()]).toEqual([[], []]);
  });

  it('that does not end is given up after 30 days', async () => {
    const world = await signedIn({ realm: realm() });
    await leave(world, { endsAt: null, begunAt: world.clock.now() - 31 * DAY });
    expect((await world.run('auth', 'status')).stderr).toMatch(/^Not tried any longer: to revoke the key "deploy~ab12"/);
    expect(await world.ephemerals.list()).toEqual([]);
  });

  it('of a variable is revoked only by the key that made it', async () => {
    const owner = await newKey(realm(), {}, 'variable-owner@keywright.test');
    const stranger = await newKey(realm(), {}, 'stranger@keywright.test');
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: owner.key } });
    await leave(world, { account: null, preview: `${owner.key.slice(0, 8)}...${owner.key.slice(-4)}` });
    world.setEnv('MEMAX_API_KEY', stranger.key);
    await world.run('auth', 'status');
    expect([world.sent, (await world.ephemerals.list()).length]).toEqual([[], 1]);
    world.setEnv('MEMAX_API_KEY', owner.key);
    await world.run('auth', 'status');
    expect([await alive(world), await world.ephemerals.list()]).toEqual([false, []]);
  });

  it('of an account that is gone is left to its end', async () => {
    const world = await signedIn({ realm: realm() });
    await leave(world, { account: 'gone' });
    expect(await world.run('auth', 'status')).toMatchObject({ exit: 0, stderr: '' });
    expect([world.sent, (await world.ephemerals.list()).length]).toEqual([[], 1]);
  });

  it('holds nobody up for more than two seconds', async () => {
    const world = await signedIn({ realm: realm() });
    await leave(world);
    realm().faults.next('keys.list', { kind: 'slow', ms: 3_600_000 });
    // The request itself has all the time; the limit against hangs ends the test should it be waited for.
    world.patience.set('/v1/auth/api-keys', 3_600_000);
    expect(await world.run('auth', 'status')).toMatchObject({ exit: 0, stderr: '' });
    expect(await world.ephemerals.list()).toHaveLength(1);
  });

  it('is nothing that a record which cannot be read tells of', async () => {
    const world = await signedIn({ realm: realm() });
    await mkdir(join(world.dir, 'state/ephemeral'), { recursive: true });
    const record = { v: 1, id: 'x', name: 'n', key_id: null, provider: 'memax', base_url: realm().origin, project: null, account: 'default', preview: null };
    const times = { begun_at: '2026-01-01T00:00:00Z', ends_at: null };
    const broken = [
      '',
      '[]',
      '{',
      JSON.stringify({ ...record, ...times, v: 2 }),
      JSON.stringify({ ...record, ...times, base_url: 'nowhere' }),
      JSON.stringify(record),
    ];
    for (const [index, text] of broken.entries()) await writeFile(join(world.dir, 'state/ephemeral', index === 4 ? 'x.json' : `${index}.json`), text);
    expect(await world.ephemerals.list()).toEqual([]);
    expect(await world.run('auth', 'status')).toMatchObject({ exit: 0, stderr: '' });
    expect(world.sent).toEqual([]);
  });
});
