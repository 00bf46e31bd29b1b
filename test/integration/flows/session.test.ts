import { describe, expect, it } from 'vitest';
import type { OAuthSession } from '../../../src/model/credentials.ts';
import type { CredentialStore } from '../../../src/model/credential-store.ts';
import { Failure } from '../../../src/model/failure.ts';
import { Secret } from '../../../src/model/secret.ts';
import type { MemoryStore } from '../../support/memory-store.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { signedIn } from '../../support/signed-in.ts';
import type { World } from '../../support/world.ts';
import { refresh } from '../backend/running.ts';

const realm = sharedBackend();
const HOUR = 3_600_000;

async function sessionOf(world: World): Promise<OAuthSession> {
  const stored = await world.stored();
  if (stored?.kind !== 'oauth') throw new Error('no session is stored');
  return stored;
}

const entryOf = (): string => `${realm().origin}|default`;

/** Writes the session anew with a change, as if it had been stored so. */
async function change(world: World, part: Partial<OAuthSession>): Promise<void> {
  await world.stores.keychain.write({ origin: realm().origin, account: 'default' }, { ...(await sessionOf(world)), ...part });
}

const counts = (): readonly [refreshes: number, calls: number] => [realm().stats.count('token.refresh'), realm().stats.count('me')];

/** A store in which somebody else puts another text after so many reads. */
function swapping(afterReads: number, other: () => string | undefined): (memory: MemoryStore) => CredentialStore {
  let reads = 0;
  return (memory) => ({
    ...memory,
    read: async (address) => {
      const found = await memory.read(address);
      const text = other();
      if (text === undefined) return found;
      reads += 1;
      if (reads === afterReads) memory.entries.set(entryOf(), text);
      return found;
    },
  });
}

describe('a session', () => {
  it('is used as it is while it is fresh', async () => {
    const world = await signedIn({ realm: realm() });
    expect((await world.run('whoami')).exit).toBe(0);
    expect(counts()).toEqual([0, 1]);
    expect(world.sent.map((request) => request.url)).toEqual([`${realm().origin}/v1/auth/me`]);
  });

  it('is refreshed before it is used when it is about to expire, at the endpoint and as the client of the sign-in, without looking anything up', async () => {
    const world = await signedIn({ realm: realm() });
    const before = await sessionOf(world);
    world.clock.advance(HOUR - 60_000);
    expect((await world.run('whoami')).exit).toBe(0);
    const after = await sessionOf(world);
    expect(counts()).toEqual([1, 1]);
    expect(realm().stats.count('metadata')).toBe(0);
    const [sent] = world.sent;
    expect([sent?.url, sent?.retry, sent?.onInterrupt]).toEqual([before.tokenEndpoint, 'never', 'waits']);
    expect(Object.fromEntries(new URLSearchParams(sent?.body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: before.refreshToken?.reveal(),
      client_id: before.clientId,
    });
    expect(after.accessToken.equals(before.accessToken)).toBe(false);
    expect([after.issuer, after.clientId, after.tokenEndpoint, after.revocationEndpoint, after.scopes]).toEqual([
      before.issuer,
      before.clientId,
      before.tokenEndpoint,
      before.revocationEndpoint,
      before.scopes,
    ]);
  });

  it('takes no access token that is not printable, and keeps the refresh token that came with it', async () => {
    const world = await signedIn({ realm: realm() });
    const before = await sessionOf(world);
    world.clock.advance(HOUR);
    realm().faults.next('token.refresh', { kind: 'wrong-type', body: { access_token: 'at\n\u001b[31m', token_type: 'Bearer', refresh_token: 'rotated-1' } });
    const result = await world.run('auth', 'token');
    expect([result.exit, result.stdout]).toEqual([8, '']);
    const after = await sessionOf(world);
    expect([after.refreshToken?.reveal(), after.accessToken.equals(before.accessToken), after.expiresAt]).toEqual(['rotated-1', true, after.obtainedAt]);
  });

  it('goes only to the token endpoint that it was pinned to', async () => {
    const world = await signedIn({ realm: realm() });
    const elsewhere = `${realm().origin}/elsewhere/token`;
    await change(world, { tokenEndpoint: elsewhere });
    world.clock.advance(HOUR);
    expect((await world.run('whoami')).exit).not.toBe(0);
    expect(world.sent.map((request) => request.url)).toEqual([elsewhere]);
  });

  it('has ended, and sends nothing, when the definition names another issuer', async () => {
    const world = await signedIn({ realm: realm() });
    await change(world, { issuer: 'https://another.example.test' });
    world.clock.advance(HOUR);
    const result = await world.run('whoami');
    expect(result.exit).toBe(4);
    expect(result.stderr).toContain('the definition of the provider names another issuer than the one that it began with.');
    expect(world.sent).toEqual([]);
  });

  it('without an expiry is used until the provider refuses it', async () => {
    const world = await signedIn({ realm: realm() });
    await change(world, { expiresAt: null });
    world.clock.advance(365 * 24 * HOUR);
    expect((await world.run('whoami')).exit).toBe(0);
    expect(counts()).toEqual([0, 1]);
    realm().faults.next('me', { kind: 'status', status: 401 });
    expect((await world.run('whoami')).exit).toBe(0);
    expect(counts()).toEqual([1, 3]);
  });

  it('without a refresh token ends with its access token', async () => {
    const world = await signedIn({ realm: realm() });
    await change(world, { refreshToken: null });
    expect((await world.run('whoami')).exit).toBe(0);
    world.clock.advance(HOUR);
    const result = await world.run('whoami');
    expect(result).toEqual({
      exit: 4,
      stdout: '',
      stderr: `error[session-ended]: The provider no longer accepts this credential\n  The sign-in for Memax at ${realm().origin} has ended: its access token expired and the provider gave no refresh token.\nhint: Run: MEMAX_API_URL=${realm().origin} keywright login memax\n`,
    });
    realm().faults.next('me', { kind: 'status', status: 401 });
    await change(world, { expiresAt: null });
    expect((await world.run('whoami')).exit).toBe(4);
    expect(counts()).toEqual([0, 2]);
  });
});

describe('a 401 on a token that looked fresh', () => {
  it('makes one refresh and one replay', async () => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('me', { kind: 'status', status: 401 });
    expect(await world.run('whoami')).toMatchObject({ exit: 0, stderr: '' });
    expect(counts()).toEqual([1, 2]);
    expect((await world.run('whoami')).exit).toBe(0);
    expect(counts()).toEqual([1, 3]);
  });

  it('is final the second time, and the session stays for another day', async () => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('me', { kind: 'status', status: 401, message: 'No.' }, { times: 2 });
    expect(await world.run('whoami')).toEqual({
      exit: 4,
      stdout: '',
      stderr: `error[session-ended]: The provider no longer accepts this credential\n  The sign-in for Memax at ${realm().origin} has ended: the provider no longer accepts its access token (it says: unauthorized: No.).\nhint: Run: MEMAX_API_URL=${realm().origin} keywright login memax\n`,
    });
    expect(counts()).toEqual([1, 2]);
    expect((await world.run('whoami')).exit).toBe(0);
  });

  it('takes the newer token that the store already holds, and refreshes nothing', async () => {
    const newer: { text?: string | undefined } = {};
    const world = await signedIn({ realm: realm(), store: swapping(1, () => newer.text) });
    const old = world.stores.keychain.entries.get(entryOf()) ?? '';
    await world.run('login', 'memax', '--account', 'other');
    newer.text = world.stores.keychain.entries.get(`${realm().origin}|other`);
    world.stores.keychain.entries.set(entryOf(), old);
    realm().stats.reset();
    realm().faults.next('me', { kind: 'status', status: 401 });
    expect((await world.run('whoami', '--account', 'default')).exit).toBe(0);
    expect(counts()).toEqual([0, 2]);
    expect(world.stores.keychain.entries.get(entryOf())).toBe(newer.text);
  });

  it('is told as what it is when the refresh does not work', async () => {
    const world = await signedIn({ realm: realm() });
    const before = world.stores.keychain.entries.get(entryOf());
    realm().faults.next('me', { kind: 'status', status: 401 });
    realm().faults.next('token.refresh', { kind: 'status', status: 503 });
    expect((await world.run('whoami')).exit).toBe(7);
    expect(counts()).toEqual([1, 1]);
    expect(world.stores.keychain.entries.get(entryOf())).toBe(before);
  });
});

describe('what ends a session', () => {
  it('is invalid_grant: entry and record go, and the next command says signed out', async () => {
    const world = await signedIn({ realm: realm() });
    const session = await sessionOf(world);
    await refresh(realm().origin, session.clientId, session.refreshToken?.reveal() ?? '');
    world.clock.advance(HOUR);
    const result = await world.run('whoami');
    expect(result.exit).toBe(4);
    expect(result.stderr).toContain(`has ended: the provider no longer accepts its refresh token.\n`);
    expect([...world.stores.keychain.entries]).toEqual([]);
    expect(await world.accounts.list()).toEqual([]);
    expect((await world.run('whoami')).stderr).toMatch(/^error\[signed-out\]/);
  });

  it('is not invalid_grant where the store holds another token by then: that one is used', async () => {
    const newer: { text?: string | undefined } = {};
    // Read by the command, then under the lock; whoever signs in meanwhile without the lock is found at the third look.
    const world = await signedIn({ realm: realm(), store: swapping(2, () => newer.text) });
    const old = world.stores.keychain.entries.get(entryOf()) ?? '';
    world.clock.advance(HOUR);
    await world.run('login', 'memax', '--account', 'other');
    newer.text = world.stores.keychain.entries.get(`${realm().origin}|other`);
    world.stores.keychain.entries.set(entryOf(), old);
    realm().faults.next('token.refresh', { kind: 'status', status: 400, body: { error: 'invalid_grant' } });
    realm().stats.reset();
    expect((await world.run('whoami', '--account', 'default')).exit).toBe(0);
    expect(counts()).toEqual([1, 1]);
    expect(world.stores.keychain.entries.get(entryOf())).toBe(newer.text);
    expect((await world.accounts.list()).map((record) => record.account)).toEqual(['default', 'other']);
  });

  it.each(['invalid_client', 'unauthorized_client'])('is %s: the registration is gone', async (error) => {
    const world = await signedIn({ realm: realm() });
    world.clock.advance(HOUR);
    realm().faults.next('token.refresh', { kind: 'status', status: 401, body: { error } });
    const result = await world.run('whoami');
    expect(result.exit).toBe(4);
    expect(result.stderr).toContain('has ended: the provider no longer knows the client that signed in.');
  });

  it('is told with its reason when a refresh was cut off between the request and the write', async () => {
    const world = await signedIn({ realm: realm() });
    world.clock.advance(HOUR);
    realm().faults.next('token.refresh', { kind: 'drop-after' });
    expect((await world.run('whoami')).exit).toBe(7);
    expect((await world.accounts.list()).length).toBe(1);
    const result = await world.run('whoami');
    expect(result.exit).toBe(4);
    expect(result.stderr).toMatch(
      /has ended: its refresh token was spent by a refresh that began at [0-9TZ:.-]+ and was cut off before the answer could be stored\.\n/,
    );
  });
});

describe('what a session survives', () => {
  it.each([
    ['500', { kind: 'status', status: 500 }, 7],
    ['503 with an OAuth verdict in it', { kind: 'status', status: 503, body: { error: 'invalid_grant' } }, 7],
    ['429', { kind: 'rate-limit', retryAfter: 5 }, 7],
    ['429 with an OAuth verdict in it', { kind: 'status', status: 429, body: { error: 'invalid_grant' } }, 7],
    ['a dropped connection', { kind: 'drop-before' }, 7],
    ['slowness', { kind: 'slow', ms: 2_000 }, 7],
    ['a web page', { kind: 'html' }, 8],
    ['half a body', { kind: 'half-json', how: 'broken' }, 8],
    ['half a reply', { kind: 'half-json', how: 'cut' }, 8],
    ['a redirect', { kind: 'redirect', to: 'https://evil.example/', status: 307 }, 8],
    ['a token of wrong type', { kind: 'wrong-type', body: { access_token: 7 } }, 8],
    ['an empty object', { kind: 'wrong-type', body: {} }, 8],
    ['another refusal', { kind: 'status', status: 400, body: { error: 'invalid_scope' } }, 5],
    ['a 400 web page', { kind: 'status', status: 400, body: '<html>' }, 8],
  ] as const)('%s', async (_title, fault, exit) => {
    const world = await signedIn({ realm: realm() });
    if (fault.kind === 'slow') world.patience.set('/oauth/token', 200);
    const before = world.stores.keychain.entries.get(entryOf());
    world.clock.advance(HOUR);
    realm().faults.next('token.refresh', fault);
    const result = await world.run('whoami');
    expect(result.exit).toBe(exit);
    expect(counts()).toEqual([1, 0]);
    expect(world.stores.keychain.entries.get(entryOf())).toBe(before);
    expect(await world.accounts.list()).toHaveLength(1);
  });

  it('is a machine without a network', async () => {
    const world = await signedIn({ realm: realm() });
    const before = world.stores.keychain.entries.get(entryOf());
    await change(world, { tokenEndpoint: 'http://127.0.0.1:9/token' });
    world.clock.advance(HOUR);
    const result = await world.run('whoami');
    expect([result.exit, result.stderr.includes('error[unreachable]')]).toEqual([7, true]);
    expect(before).toBeDefined();
    expect(world.stores.keychain.entries.size).toBe(1);
  });

  it('is a reply without a refresh token: the old one is kept', async () => {
    const world = await signedIn({ realm: realm() });
    const before = await sessionOf(world);
    world.clock.advance(HOUR);
    realm().faults.next('token.refresh', {
      kind: 'wrong-type',
      body: { access_token: 'a-new-access-token', token_type: 'Bearer', expires_in: '3600', scope: '' },
    });
    expect((await world.run('auth', 'token')).stdout).toBe('a-new-access-token\n');
    const after = await sessionOf(world);
    expect(before.refreshToken !== null && after.refreshToken?.equals(before.refreshToken)).toBe(true);
    expect(after.expiresAt).toBe(after.obtainedAt + HOUR);
  });

  it.each([
    ['no lifetime', {}, null],
    ['a lifetime of nonsense', { expires_in: 'soon' }, null],
    ['a lifetime of less than nothing', { expires_in: -5 }, null],
    ['an id token that nobody asked for', { expires_in: 60, id_token: 'not.a.jwt' }, 60_000],
    ['no type', { expires_in: 60, token_type: undefined }, 60_000],
  ])('is a reply with %s', async (_title, more, lives) => {
    const world = await signedIn({ realm: realm() });
    world.clock.advance(HOUR);
    realm().faults.next('token.refresh', {
      kind: 'wrong-type',
      body: { access_token: 'a-new-access-token', token_type: 'bearer', refresh_token: 'a-new-refresh-token', ...more },
    });
    expect((await world.run('auth', 'token')).stdout).toBe('a-new-access-token\n');
    const { expiresAt, obtainedAt, refreshToken } = await sessionOf(world);
    expect(expiresAt).toBe(lives === null ? null : obtainedAt + lives);
    expect(refreshToken?.equals(new Secret('a-new-refresh-token'))).toBe(true);
  });
});

describe('the order of a refresh', () => {
  it('stores the new tokens before anything uses them', async () => {
    let failsNow = false;
    const world = await signedIn({
      realm: realm(),
      store: (memory) => ({
        ...memory,
        write: (address, credential) =>
          failsNow ? Promise.reject(new Failure('keychain-unavailable', { detail: 'The keychain went away.' })) : memory.write(address, credential),
      }),
    });
    failsNow = true;
    world.clock.advance(HOUR);
    const result = await world.run('whoami');
    expect([result.exit, counts()]).toEqual([6, [1, 0]]);
  });

  it('is one refresh for commands that run at the same time', async () => {
    const world = await signedIn({ realm: realm() });
    world.clock.advance(HOUR);
    realm().faults.next('token.refresh', { kind: 'slow', ms: 100 });
    const results = await Promise.all(Array.from({ length: 5 }, () => world.run('auth', 'token')));
    expect(new Set(results.map((result) => result.stdout)).size).toBe(1);
    expect(results.map((result) => result.exit)).toEqual([0, 0, 0, 0, 0]);
    expect(realm().stats.count('token.refresh')).toBe(1);
  });

  it('is not cut off by Ctrl-C between the request and the write', async () => {
    const world = await signedIn({ realm: realm() });
    const before = await sessionOf(world);
    world.clock.advance(HOUR);
    realm().faults.next('token.refresh', { kind: 'slow', ms: 300 });
    const running = world.start('whoami');
    while (realm().stats.count('token.refresh') === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    running.interrupt();
    expect((await running.ended).exit).toBe(130);
    expect((await sessionOf(world)).accessToken.equals(before.accessToken)).toBe(false);
    expect((await world.run('whoami')).exit).toBe(0);
    expect(realm().stats.count('token.refresh')).toBe(1);
  });

  it('leaves no line in the journal once it is through', async () => {
    const world = await signedIn({ realm: realm() });
    world.clock.advance(HOUR);
    await world.run('whoami');
    expect(await world.journal.read(`keywright|${entryOf()}`)).toBeUndefined();
  });

  it('waits for a lock that another process holds, and then refreshes nothing that is fresh again', async () => {
    const world = await signedIn({ realm: realm() });
    world.clock.advance(HOUR);
    const held = await world.lock.acquire(`keywright|${entryOf()}`, { waitMs: 1_000 });
    const running = world.start('whoami');
    await change(world, { expiresAt: world.clock.now() + HOUR });
    await held.release();
    expect((await running.ended).exit).toBe(0);
    expect(realm().stats.count('token.refresh')).toBe(0);
  });

  it('gives up on a lock that stays held, and the session is kept', async () => {
    const world = await signedIn({ realm: realm() });
    world.clock.advance(HOUR);
    const held = await world.lock.acquire(`keywright|${entryOf()}`, { waitMs: 1_000 });
    const running = world.start('whoami');
    const moving = setInterval(() => world.clock.advance(10_000), 20);
    const result = await running.ended;
    clearInterval(moving);
    await held.release();
    expect([result.exit, result.stderr.includes('error[timed-out]')]).toEqual([7, true]);
    expect(counts()).toEqual([0, 0]);
  });
});
