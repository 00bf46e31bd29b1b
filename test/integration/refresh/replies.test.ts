import { describe, expect, it, onTestFinished } from 'vitest';
import type { OAuthSession } from '../../../src/model/credentials.ts';
import { Failure } from '../../../src/model/failure.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { signedIn } from '../../support/signed-in.ts';
import type { World, WorldWishes } from '../../support/world.ts';
import { gate, gatewayTo, type Seen, type Turn } from './gateway.ts';

const realm = sharedBackend();
const gateway = gatewayTo(() => realm().origin);
const HOUR = 3_600_000;

async function sessionOf(world: World): Promise<OAuthSession> {
  const stored = await world.stored();
  if (stored?.kind !== 'oauth') throw new Error('no session is stored');
  return stored;
}

async function change(world: World, part: Partial<OAuthSession>): Promise<void> {
  await world.stores.keychain.write({ origin: realm().origin, account: 'default' }, { ...(await sessionOf(world)), ...part });
}

/** Somebody whose access token has expired, and whose refreshes go through the gateway. */
async function expired(wishes: WorldWishes = {}): Promise<World> {
  const world = await signedIn({ ...wishes, realm: realm() });
  await change(world, { tokenEndpoint: gateway.tokenEndpoint() });
  world.clock.advance(HOUR);
  gateway.arrived();
  return world;
}

const CUT_OFF = /has ended: its refresh token was spent by a refresh that began at [0-9TZ:.-]+ and was cut off before the answer could be stored\.\n/;

/** A command works, and the session behind it lives: the provider accepts the next refresh too. */
async function expectAlive(world: World): Promise<void> {
  expect(await world.run('whoami')).toMatchObject({ exit: 0, stderr: '' });
  const before = await sessionOf(world);
  await change(world, { expiresAt: world.clock.now() });
  expect(await world.run('whoami')).toMatchObject({ exit: 0, stderr: '' });
  expect((await sessionOf(world)).accessToken.equals(before.accessToken)).toBe(false);
}

const ok = (fields: Readonly<Record<string, unknown>>): Seen => ({ status: 200, body: JSON.stringify(fields) });
const without = (name: string) => (fields: Readonly<Record<string, unknown>>) => ok({ ...fields, [name]: undefined });
const withField = (name: string, value: unknown) => (fields: Readonly<Record<string, unknown>>) => ok({ ...fields, [name]: value });

describe('a reply that can be understood is kept, and the session lives on', () => {
  it.each<[string, Turn['change']]>([
    ['as it should be', ok],
    ['without a life', without('expires_in')],
    ['with a life in text', withField('expires_in', '3600')],
    ['with a negative life', withField('expires_in', -1)],
    ['with no life left', withField('expires_in', 0)],
    ['with a life of ages', withField('expires_in', 1e15)],
    ['with a life that is no number', withField('expires_in', 'NaN')],
    [
      'with a life beyond all numbers',
      (fields) => ({ status: 200, body: JSON.stringify({ ...fields, expires_in: 0 }).replace('"expires_in":0', '"expires_in":1e999') }),
    ],
    ['of the type DPoP where Bearer was asked', withField('token_type', 'DPoP')],
    ['of an unknown type', withField('token_type', 'mac')],
    ['without a type', without('token_type')],
    ['with an ID token that is none', withField('id_token', 'not.a.jwt')],
    ['with an ID token of wrong type', withField('id_token', 7)],
    ['with a scope of wrong type', withField('scope', ['memax:read'])],
    ['without a scope', without('scope')],
    ['said to be a web page', (fields) => ({ ...ok(fields), headers: { 'content-type': 'text/html' } })],
  ])('%s', async (_title, turn) => {
    const world = await expired();
    const before = await sessionOf(world);
    gateway.next(turn === undefined ? {} : { change: turn });
    const result = await world.run('auth', 'token');
    const after = await sessionOf(world);
    expect(result).toEqual({ exit: 0, stdout: `${after.accessToken.reveal()}\n`, stderr: '' });
    expect([gateway.arrived(), after.scopes]).toEqual([1, before.scopes]);
    expect(after.expiresAt === null || after.expiresAt - after.obtainedAt === HOUR).toBe(true);
    // The index, which other commands read, can hold it too.
    expect((await world.run('auth', 'status')).exit).toBe(0);
    await expectAlive(world);
  });

  it.each<[string, unknown]>([
    ['no refresh token', undefined],
    ['an empty refresh token', ''],
    ['a refresh token of wrong type', { token: 'x' }],
  ])('%s: the old one is kept', async (_title, value) => {
    const world = await expired();
    const before = await sessionOf(world);
    // The provider is not asked: it would rotate, and this is how one answers that does not.
    gateway.next({ instead: ok({ access_token: 'a-new-access-token', token_type: 'Bearer', expires_in: 3600, refresh_token: value }) });
    expect((await world.run('auth', 'token')).stdout).toBe('a-new-access-token\n');
    const after = await sessionOf(world);
    expect(before.refreshToken !== null && after.refreshToken?.equals(before.refreshToken)).toBe(true);
    await change(world, { expiresAt: world.clock.now() });
    await expectAlive(world);
  });
});

describe('a reply that says nothing about the token leaves everything as it was, and the next command works', () => {
  it.each<[string, Turn['instead'], exit: number, code: string]>([
    ['500', { status: 500, body: '{}' }, 7, 'unreachable'],
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '1' }, body: 'busy' }, 7, 'unreachable'],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '1' }, body: '{}' }, 7, 'rate-limited'],
    ['a connection that is dropped', 'drop', 7, 'unreachable'],
    ['401 with a web page', { status: 401, headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' }, 8, 'unexpected-answer'],
    ['401 with a challenge and a web page', { status: 401, headers: { 'www-authenticate': 'Basic realm="proxy"' }, body: '<html>' }, 8, 'unexpected-answer'],
    ['200 with a web page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' }, 8, 'unexpected-answer'],
    ['half a JSON body', { status: 200, body: '{"access_token":"a-new' }, 8, 'unexpected-answer'],
    ['no access token', { status: 200, body: '{"token_type":"Bearer","expires_in":3600}' }, 8, 'unexpected-answer'],
    ['an empty access token', { status: 200, body: '{"access_token":"","token_type":"Bearer"}' }, 8, 'unexpected-answer'],
    ['JSON that is no object', { status: 200, body: '[]' }, 8, 'unexpected-answer'],
    ['an empty body', { status: 200, body: '' }, 8, 'unexpected-answer'],
    ['204', { status: 204, body: '' }, 8, 'unexpected-answer'],
    ['another refusal', { status: 400, body: '{"error":"invalid_request"}' }, 5, 'refused'],
    ['invalid_grant from a server in trouble', { status: 502, body: '{"error":"invalid_grant"}' }, 7, 'unreachable'],
    ['invalid_client', { status: 401, body: '{"error":"invalid_client"}' }, 4, 'session-ended'],
    [
      'invalid_client with a challenge',
      { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' }, body: '{"error":"invalid_client"}' },
      4,
      'session-ended',
    ],
    ['unauthorized_client', { status: 400, body: '{"error":"unauthorized_client"}' }, 4, 'session-ended'],
  ])('%s', async (_title, seen, exit, code) => {
    const world = await expired();
    const before = [...world.stores.keychain.entries];
    gateway.next(seen === undefined ? {} : { instead: seen });
    const result = await world.run('whoami');
    expect([result.exit, result.stderr.split(':')[0], result.stdout]).toEqual([exit, `error[${code}]`, '']);
    expect(gateway.arrived()).toBe(1);
    expect([...world.stores.keychain.entries]).toEqual(before);
    expect(await world.accounts.list()).toHaveLength(1);
    await expectAlive(world);
  });

  it('nobody at the endpoint', async () => {
    const world = await expired();
    const before = await sessionOf(world);
    await change(world, { tokenEndpoint: 'http://127.0.0.1:9/token' });
    const result = await world.run('whoami');
    expect([result.exit, result.stderr.split(':')[0]]).toEqual([7, 'error[unreachable]']);
    await change(world, { tokenEndpoint: before.tokenEndpoint });
    await expectAlive(world);
  });
});

describe('an answer that is lost after the provider has rotated the token costs the session, and the next command says so', () => {
  it.each<[string, Turn['change'], exit: number]>([
    ['the connection is dropped', () => 'drop', 7],
    ['half the body arrives', (fields) => ({ status: 200, body: JSON.stringify(fields).slice(0, 30) }), 8],
    ['it comes as 500', () => ({ status: 500, body: '{}' }), 7],
  ])('%s', async (_title, turn, exit) => {
    const world = await expired();
    const before = [...world.stores.keychain.entries];
    gateway.next(turn === undefined ? {} : { change: turn });
    expect((await world.run('whoami')).exit).toBe(exit);
    expect([...world.stores.keychain.entries]).toEqual(before);
    const next = await world.run('whoami');
    expect([next.exit, next.stderr]).toEqual([4, expect.stringMatching(CUT_OFF)]);
    expect([...world.stores.keychain.entries]).toEqual([]);
    expect((await world.run('whoami')).stderr).toMatch(/^error\[signed-out\]/);
  });

  it('the access token is missing, but the new refresh token is there and goes on', async () => {
    const world = await expired();
    const before = await sessionOf(world);
    gateway.next({ change: without('access_token') });
    const result = await world.run('whoami');
    expect([result.exit, result.stderr.split(':')[0]]).toEqual([8, 'error[unexpected-answer]']);
    const kept = await sessionOf(world);
    expect([kept.accessToken, kept.refreshToken?.equals(before.refreshToken ?? kept.accessToken)]).toEqual([before.accessToken, false]);
    await expectAlive(world);
  });

  it('the store fails', async () => {
    let fails = false;
    const world = await expired({
      store: (memory) => ({
        ...memory,
        write: (address, credential) =>
          fails ? Promise.reject(new Failure('keychain-locked', { detail: 'It was locked in between.' })) : memory.write(address, credential),
      }),
    });
    fails = true;
    expect((await world.run('whoami')).exit).toBe(6);
    fails = false;
    const next = await world.run('whoami');
    expect([next.exit, next.stderr]).toEqual([4, expect.stringMatching(CUT_OFF)]);
  });

  it('a command gives up, the next one works, and then the first request arrives and ends what that one got', async () => {
    const world = await expired();
    const late = gate();
    onTestFinished(() => late.open());
    world.patience.set('/token', 1_000);
    const handled = gate();
    gateway.next({ first: late.opened, answered: handled.open });
    expect((await world.run('whoami')).exit).toBe(7);
    world.patience.clear();
    expect((await world.run('whoami')).exit).toBe(0);
    late.open();
    await handled.opened;
    expect(realm().stats.count('token.refresh')).toBe(2);
    await change(world, { expiresAt: world.clock.now() });
    const next = await world.run('whoami');
    expect([next.exit, next.stderr]).toEqual([4, expect.stringMatching(CUT_OFF)]);
  });

  it('but one that was cut off long ago is no explanation for what ends a session later', async () => {
    const world = await expired();
    gateway.next({ instead: 'drop' });
    expect((await world.run('whoami')).exit).toBe(7);
    world.clock.advance(10 * 60_000);
    expect((await world.run('whoami')).exit).toBe(0);
    await change(world, { expiresAt: world.clock.now() });
    gateway.next({ instead: { status: 400, body: '{"error":"invalid_grant"}' } });
    expect((await world.run('whoami')).stderr).toContain('has ended: the provider no longer accepts its refresh token.\n');
  });
});

describe('invalid_grant', () => {
  const REFUSED: Turn = { instead: { status: 400, body: '{"error":"invalid_grant"}' } };

  it('ends the session for all who waited, with a reason for each', async () => {
    const world = await expired();
    gateway.next(REFUSED);
    const results = await Promise.all(Array.from({ length: 4 }, () => world.run('whoami')));
    expect(results.map((result) => result.exit)).toEqual([4, 4, 4, 4]);
    const reasons = results.map((result) => /has ended: (.*)\.\n/.exec(result.stderr)?.[1]).sort();
    const told = 'another keywright process signed it out, or was told by the provider that it is over';
    expect(reasons).toEqual([told, told, told, 'the provider no longer accepts its refresh token']);
    expect(gateway.arrived()).toBe(1);
  });

  it('clears nothing where the store holds another token by then, and that one is used', async () => {
    const world = await expired();
    const old = await sessionOf(world);
    const newer = await signedIn({ realm: realm() });
    const held = gate();
    gateway.next({ ...REFUSED, first: held.opened });
    const running = world.start('auth', 'token');
    await expect.poll(() => gateway.arrived()).toBe(1);
    // Somebody without our lock, such as a backup that was put back.
    const put = { ...(await sessionOf(newer)), expiresAt: world.clock.now() + HOUR, obtainedAt: world.clock.now() };
    await change(world, put);
    world.secrets.add('access-token', put.accessToken.reveal());
    held.open();
    expect(await running.ended).toEqual({ exit: 0, stdout: `${put.accessToken.reveal()}\n`, stderr: '' });
    expect((await sessionOf(world)).refreshToken?.equals(put.refreshToken ?? put.accessToken)).toBe(true);
    expect(old.accessToken.equals(put.accessToken)).toBe(false);
    expect(await world.accounts.list()).toHaveLength(1);
  });
});

describe('a clock that is wrong', () => {
  it('by an hour too late costs a refresh and nothing else', async () => {
    const world = await signedIn({ realm: realm() });
    world.clock.advance(HOUR);
    expect((await world.run('whoami')).exit).toBe(0);
    expect(realm().stats.count('token.refresh')).toBe(1);
    expect((await world.run('whoami')).exit).toBe(0);
    expect(realm().stats.count('token.refresh')).toBe(1);
  });

  it('and is then put right refreshes before it trusts what it noted down meanwhile', async () => {
    const world = await signedIn({ realm: realm() });
    world.clock.advance(HOUR);
    expect((await world.run('whoami')).exit).toBe(0);
    const before = await sessionOf(world);
    world.clock.advance(-HOUR);
    const { exit, stdout } = await world.run('auth', 'token');
    const after = await sessionOf(world);
    expect([exit, stdout, realm().stats.count('token.refresh')]).toEqual([0, `${after.accessToken.reveal()}\n`, 2]);
    expect(after.accessToken.equals(before.accessToken)).toBe(false);
    expect((await world.run('auth', 'token')).stdout).toBe(stdout);
    expect(realm().stats.count('token.refresh')).toBe(2);
  });

  it('by an hour too early meets a 401 and refreshes once', async () => {
    const world = await signedIn({ realm: realm() });
    realm().advanceClock(HOUR);
    expect((await world.run('whoami')).exit).toBe(0);
    expect([realm().stats.count('token.refresh'), realm().stats.count('me')]).toEqual([1, 2]);
    expect((await world.run('whoami')).exit).toBe(0);
    expect(realm().stats.count('token.refresh')).toBe(1);
  });

  it('does not stop a forced refresh from replacing a newer token that has expired as well', async () => {
    let newer: (() => Promise<void>) | undefined;
    const world = await signedIn({
      realm: realm(),
      store: (memory) => ({
        ...memory,
        read: async (address) => {
          const found = await memory.read(address);
          const put = newer;
          newer = undefined;
          await put?.();
          return found;
        },
      }),
    });
    const other = await sessionOf(await signedIn({ realm: realm() }));
    newer = () => change(world, { ...other, expiresAt: world.clock.now() - 1 });
    realm().stats.reset();
    realm().faults.next('me', { kind: 'status', status: 401 });
    expect((await world.run('whoami')).exit).toBe(0);
    expect([realm().stats.count('token.refresh'), realm().stats.count('me')]).toEqual([1, 2]);
  });
});
