import { describe, expect, it } from 'vitest';
import type { World } from '../../support/world.ts';
import { makeWorld } from '../../support/world.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { newKey, signedIn } from '../../support/signed-in.ts';

const realm = sharedBackend();
const HOUR = 3_600_000;

const accessToken = async (world: World): Promise<string> => {
  const stored = await world.stored();
  return stored?.kind === 'oauth' ? stored.accessToken.reveal() : '';
};

describe('auth token', () => {
  it('prints the token and nothing else, without asking anybody', async () => {
    const world = await signedIn({ realm: realm() });
    const token = await accessToken(world);
    expect(token).not.toBe('');
    expect(await world.run('auth', 'token')).toEqual({ exit: 0, stdout: `${token}\n`, stderr: '' });
    expect(world.sent).toEqual([]);
  });

  it('has the runner of a pipeline hide it before it is printed', async () => {
    const world = await signedIn({ realm: realm(), env: { GITHUB_ACTIONS: 'true' } });
    const token = await accessToken(world);
    expect(await world.run('auth', 'token')).toEqual({ exit: 0, stdout: `${token}\n`, stderr: `::add-mask::${token}\n` });
    expect((await world.run('auth', 'token', '--header')).stderr).toBe(`::add-mask::${token}\n`);
  });

  it('prints a header line, or JSON', async () => {
    const world = await signedIn({ realm: realm() });
    const token = await accessToken(world);
    expect((await world.run('auth', 'token', '--header')).stdout).toBe(`authorization: Bearer ${token}\n`);
    expect(JSON.parse((await world.run('auth', 'token', '--json')).stdout)).toEqual({ provider: 'memax', origin: realm().origin, token });
  });

  it('prints the key of a variable, also where nothing answers', async () => {
    const key = `mxk_${'c'.repeat(64)}`;
    const world = await makeWorld({ env: { MEMAX_API_KEY: key, MEMAX_API_URL: 'http://127.0.0.1:9' } });
    expect(await world.run('auth', 'token')).toEqual({ exit: 0, stdout: `${key}\n`, stderr: '' });
    expect(world.sent).toEqual([]);
  });

  it('prints a key that was brought along', async () => {
    const { key } = await newKey(realm());
    const world = await makeWorld({ realm: realm(), stdin: key });
    await world.run('login', 'memax', '--with-token');
    expect((await world.run('auth', 'token')).stdout).toBe(`${key}\n`);
  });

  it('refreshes a minute early, keeps the new tokens before it prints one, and tells the index', async () => {
    const world = await signedIn({ realm: realm() });
    const old = await accessToken(world);
    const [before] = await world.accounts.list();
    world.clock.advance(HOUR - 62_000);
    expect((await world.run('auth', 'token')).stdout).toBe(`${old}\n`);
    world.clock.advance(2_000);
    const { stdout } = await world.run('auth', 'token');
    expect(stdout).not.toBe(`${old}\n`);
    expect(stdout).toBe(`${await accessToken(world)}\n`);
    expect(realm().stats.count('token.refresh')).toBe(1);
    const [after] = await world.accounts.list();
    expect(Date.parse(after?.expiresAt ?? '') - Date.parse(before?.expiresAt ?? '')).toBeGreaterThan(HOUR - 120_000);
    expect(after).toEqual({ ...before, expiresAt: after?.expiresAt });
  });

  it('goes on with the old token while it still holds, when the provider cannot be reached', async () => {
    const world = await signedIn({ realm: realm() });
    const old = await accessToken(world);
    world.clock.advance(HOUR - 30_000);
    realm().faults.next('token.refresh', { kind: 'status', status: 503 }, { times: 2 });
    expect(await world.run('auth', 'token')).toEqual({ exit: 0, stdout: `${old}\n`, stderr: '' });
    world.clock.advance(30_000);
    const result = await world.run('auth', 'token');
    expect([result.exit, result.stdout]).toEqual([7, '']);
    expect((await world.run('auth', 'token')).exit).toBe(0);
  });

  it('never prints a header with words that do not belong there', async () => {
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: `mxk_${'c'.repeat(64)}\r\nx-evil: 1` } });
    const result = await world.run('auth', 'token', '--header');
    expect(result).toEqual({
      exit: 2,
      stdout: '',
      stderr:
        'error[usage]: The command was not understood\n  MEMAX_API_KEY holds a space, a line end or another character that no key has.\nhint: Set MEMAX_API_KEY again, to the key alone.\n',
    });
  });
});
