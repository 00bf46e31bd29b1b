import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OAuthSession } from '../../src/model/credentials.ts';
import { Failure } from '../../src/model/failure.ts';
import type { QueuedRevocation } from '../../src/model/revocation.ts';
import { Secret } from '../../src/model/secret.ts';
import { ask } from '../integration/backend/running.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey, signedIn } from '../support/signed-in.ts';
import { makeWorld, type World, type WorldWishes } from '../support/world.ts';

const realm = sharedBackend();

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const isHonoured = async (token: string): Promise<boolean> => (await ask(realm().origin, '/v1/auth/me', { bearer: token })).status === 200;

async function session(world: World): Promise<OAuthSession> {
  const stored = await world.stored();
  if (stored?.kind !== 'oauth') throw new Error('nobody is signed in');
  return stored;
}

const down = { kind: 'status', status: 503 } as const;

/** A machine from which somebody signed out while the provider had trouble: both tokens still work, and wait. */
async function signedOutInTrouble(wishes: Partial<WorldWishes> = {}): Promise<{ readonly world: World; readonly token: string }> {
  const world = await signedIn({ realm: realm(), ...wishes });
  const token = (await session(world)).accessToken.reveal();
  realm().faults.next('revoke', down, { times: 2 });
  const { exit } = await world.run('logout');
  if (exit !== 9) throw new Error(`logout ended with ${exit}`);
  realm().stats.reset();
  return { world, token };
}

const waiting = (world: World): Promise<readonly QueuedRevocation[]> => world.revocations.list();

async function expectNothingLeft(world: World): Promise<void> {
  expect(await waiting(world)).toEqual([]);
  expect(await world.notes.keychain.list()).toEqual([]);
  expect(await world.notes.file.list()).toEqual([]);
}

const at = (world: World): string => `of memax at ${realm().origin}, waiting since ${new Date(world.clock.now()).toISOString().slice(0, 4)}`;

describe('what could not be revoked', () => {
  it('waits in the store, with its end, and the state folder knows of it without a secret', async () => {
    const world = await signedIn({ realm: realm() });
    const { expiresAt } = await session(world);
    realm().faults.next('revoke', down, { times: 2 });
    const before = world.clock.now();
    expect((await world.run('logout')).exit).toBe(9);
    const after = world.clock.now();
    const records = await waiting(world);
    expect(records.map(({ kind }) => kind).sort()).toEqual(['access_token', 'refresh_token']);
    for (const record of records) {
      expect(record).toEqual({
        name: expect.stringMatching(/^revoke-[\w-]{16}$/) as string,
        store: 'keychain',
        provider: 'memax',
        origin: realm().origin,
        account: 'default',
        kind: record.kind,
        queuedAt: record.queuedAt,
        tokenEndsAt: record.kind === 'access_token' ? expiresAt : null,
        nextTryAt: record.queuedAt + MINUTE,
        tries: 0,
      });
      expect(record.queuedAt).toBeGreaterThanOrEqual(before - 1);
      expect(record.queuedAt).toBeLessThanOrEqual(after);
    }
    const ends = new Map((await world.notes.keychain.list()).map(({ name, expiresAt: end }) => [name, end]));
    for (const { name, kind, queuedAt } of records) expect(ends.get(name)).toBe(kind === 'access_token' ? expiresAt : queuedAt + 30 * DAY);
    expect(await readdir(join(world.dir, 'state/revocations'))).toHaveLength(2);
    expect(await world.notes.file.list()).toEqual([]);
  });

  it('is not tried before its time', async () => {
    const { world, token } = await signedOutInTrouble();
    expect((await world.run('auth', 'status')).stderr).not.toContain('Revoked');
    expect(world.sent).toEqual([]);
    expect(await isHonoured(token)).toBe(true);
  });

  it.each([
    ['login', ['login', 'memax', '--browser', '--quiet']],
    ['logout', ['logout']],
    ['auth status', ['auth', 'status']],
    ['auth revoke-key', ['auth', 'revoke-key', 'key_1']],
  ])('is tried again by %s, which says so', async (_name, words) => {
    const { world, token } = await signedOutInTrouble();
    world.clock.advance(MINUTE);
    const { stderr } = await world.run(...words.filter((word) => word !== '--quiet'));
    for (const kind of ['refresh', 'access']) {
      expect(stderr.split('\n').filter((line) => line.startsWith(`Revoked at last: the ${kind} token ${at(world)}`))).toHaveLength(1);
    }
    expect(await isHonoured(token)).toBe(false);
    await expectNothingLeft(world);
  });

  it.each([[['auth', 'token']], [['completion', 'bash']], [['whoami']], [['auth', 'list-keys']]])('is left alone by %j', async (words) => {
    const { key } = await newKey(realm());
    const { world, token } = await signedOutInTrouble();
    world.setEnv('MEMAX_API_KEY', key);
    world.clock.advance(MINUTE);
    expect((await world.run(...words)).exit).toBe(0);
    expect(world.sent.filter(({ url }) => url.includes('revoke'))).toEqual([]);
    expect(await isHonoured(token)).toBe(true);
    expect(await waiting(world)).toHaveLength(2);
  });

  it('is tried less and less often', async () => {
    const { world } = await signedOutInTrouble();
    realm().faults.next('revoke', down, { times: 100 });
    const pauses: number[] = [];
    for (let tries = 0; tries < 6; tries += 1) {
      const due = Math.max(...(await waiting(world)).map(({ nextTryAt }) => nextTryAt));
      world.clock.advance(due - world.clock.now());
      const now = world.clock.now();
      expect(await world.run('auth', 'status')).toMatchObject({ exit: 4 });
      for (const record of await waiting(world)) if (record.kind === 'refresh_token') pauses.push(Math.round((record.nextTryAt - now) / MINUTE));
    }
    expect(pauses).toEqual([5, 30, 120, 720, 1440, 1440]);
  });

  it('says nothing with --quiet and works all the same', async () => {
    const { world, token } = await signedOutInTrouble();
    world.clock.advance(MINUTE);
    expect(await world.run('auth', 'status', '--quiet')).toMatchObject({ exit: 4, stderr: expect.not.stringContaining('Revoked') as string });
    expect(await isHonoured(token)).toBe(false);
    await expectNothingLeft(world);
  });

  it.each([
    ['the endpoint is gone', { kind: 'status', status: 404, body: {} }, 'the server'],
    ['the server says no', { kind: 'wrong-type', status: 400, body: { error: 'invalid_client' } }, 'invalid_client'],
  ] as const)('is dropped and said once where %s', async (_name, fault, why) => {
    const { world } = await signedOutInTrouble();
    realm().faults.next('revoke', fault, { times: 2 });
    world.clock.advance(MINUTE);
    const { exit, stderr } = await world.run('auth', 'status');
    expect(exit).toBe(4);
    expect(stderr.match(/^.*Not tried any longer: to revoke the (refresh|access) token of memax.*$/gm)).toHaveLength(2);
    expect(stderr).toContain(why === 'the server' ? 'Could not revoke the token' : why);
    await expectNothingLeft(world);
    world.clock.advance(DAY);
    expect((await world.run('auth', 'status')).stderr).not.toContain('Not tried');
  });

  it('is not kept at all where the server would never do it', async () => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('revoke', { kind: 'status', status: 410 }, { times: 2 });
    const { exit, stdout, stderr } = await world.run('logout');
    expect(exit).toBe(9);
    expect(stdout).toContain('the refresh token could not be revoked: ');
    expect(stderr).toContain('hint: What is not tried again stays valid there until it expires. Revoke it in the dashboard if that matters.\n');
    await expectNothingLeft(world);
  });

  it('is given up after 30 days, which is said once; an access token that ended meanwhile is not worth a word', async () => {
    const { world } = await signedOutInTrouble();
    world.clock.advance(30 * DAY);
    const { stderr } = await world.run('auth', 'status');
    expect(stderr.match(/^.*Not tried any longer: .*$/gm)).toEqual([expect.stringMatching(/the refresh token of memax .*: 30 days are over\./)]);
    expect(world.sent).toEqual([]);
    await expectNothingLeft(world);
  });

  it('does not wait where the access token has ended by itself, and is no failure', async () => {
    const world = await signedIn({ realm: realm() });
    world.clock.advance(2 * HOUR);
    realm().faults.next('revoke', down, { times: 1 });
    realm().faults.next('revoke', down, { times: 1 });
    const { exit, stdout } = await world.run('logout', '--json');
    expect(exit).toBe(9);
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        detail: 'Everything was forgotten here, but 1 token could not be revoked at the provider.',
        results: [{ tokens: [{ outcome: 'queued' }, { token: 'access_token', outcome: 'expired' }] }],
      },
    });
    expect((await waiting(world)).map(({ kind }) => kind)).toEqual(['refresh_token']);
  });

  it('is neither kept nor tried with --local-only', async () => {
    const world = await signedIn({ realm: realm() });
    expect((await world.run('logout', '--local-only')).exit).toBe(0);
    await expectNothingLeft(world);
  });
});

describe('a command with revocations waiting', () => {
  it('never waits for a store that does not answer', async () => {
    const silent = (): Promise<never> => new Promise(() => undefined);
    const { world } = await signedOutInTrouble({ notes: (memory) => ({ ...memory, read: silent }) });
    world.clock.advance(MINUTE);
    // Ends at all only because of the limit.
    expect(await world.run('auth', 'status')).toMatchObject({ exit: 4 });
    expect(await waiting(world)).toHaveLength(2);
  });

  it('never waits for a server that does not answer', async () => {
    const { world } = await signedOutInTrouble();
    // Beyond what a test may take.
    realm().faults.next('revoke', { kind: 'slow', ms: 300_000 }, { times: 2 });
    world.clock.advance(MINUTE);
    expect(await world.run('auth', 'status')).toMatchObject({ exit: 4 });
    expect(await waiting(world)).toHaveLength(2);
  });

  it('is not troubled by a store that is locked, and tries again later', async () => {
    const locked = (): Promise<never> => Promise.reject(new Failure('keychain-locked', { detail: 'The keychain is locked.' }));
    let isLocked = true;
    const { world, token } = await signedOutInTrouble({ notes: (memory) => ({ ...memory, read: (name) => (isLocked ? locked() : memory.read(name)) }) });
    world.clock.advance(MINUTE);
    expect(await world.run('auth', 'status')).toMatchObject({ exit: 4, stderr: expect.not.stringContaining('locked') as string });
    expect(world.sent).toEqual([]);
    isLocked = false;
    world.clock.advance(HOUR);
    await world.run('auth', 'status');
    expect(await isHonoured(token)).toBe(false);
    await expectNothingLeft(world);
  });

  it('leaves them to the command that is at it already', async () => {
    const { world, token } = await signedOutInTrouble();
    world.clock.advance(MINUTE);
    const held = await world.lock.acquire('keywright-pending', { waitMs: 0 });
    await world.run('auth', 'status');
    expect(world.sent).toEqual([]);
    await held.release();
    await world.run('auth', 'status');
    expect(await isHonoured(token)).toBe(false);
  });

  it('drops a record whose token is not there, and gives up what cannot be understood', async () => {
    const { world } = await signedOutInTrouble();
    const [one, other] = await waiting(world);
    await world.notes.keychain.delete(one?.name ?? '');
    await world.notes.keychain.write(other?.name ?? '', new Secret('{"v":99}'), world.clock.now() + DAY);
    world.clock.advance(MINUTE);
    const { stderr } = await world.run('auth', 'status');
    expect(stderr.match(/Not tried any longer/g)).toHaveLength(1);
    expect(stderr).toContain('what was kept of it cannot be understood');
    expect(world.sent).toEqual([]);
    await expectNothingLeft(world);
  });

  it('passes over a record that is damaged', async () => {
    const { world } = await signedOutInTrouble();
    await writeFile(join(world.dir, 'state/revocations/revoke-x.json'), '{"v":1');
    await writeFile(join(world.dir, 'state/revocations/revoke-y.json'), '{"v":1,"name":"revoke-z"}');
    expect(await waiting(world)).toHaveLength(2);
  });
});

describe('logout where nothing can be kept for later', () => {
  it.each([
    ['the store takes no notes', { notes: () => Promise.reject(new Failure('keychain-unavailable', { detail: 'no notes' })) }],
    ['the state folder takes no record', {}],
  ])('says that the tokens stay valid: %s', async (_name, { notes }: { notes?: () => Promise<never> }) => {
    const world = await signedIn({ realm: realm(), ...(notes === undefined ? {} : { notes: (memory) => ({ ...memory, write: notes }) }) });
    if (notes === undefined) {
      await mkdir(join(world.dir, 'state'), { recursive: true });
      await writeFile(join(world.dir, 'state/revocations'), 'in the way');
    }
    realm().faults.next('revoke', down, { times: 2 });
    const { exit, stdout, stderr } = await world.run('logout');
    expect(exit).toBe(9);
    expect(stdout).toContain('the refresh token could not be revoked: Could not revoke the token: the server answered 503.');
    expect(stderr).toContain('hint: What is not tried again stays valid there');
    expect(stderr).not.toContain('It is tried again');
    await expectNothingLeft(world);
    expect([...world.stores.keychain.entries]).toEqual([]);
  });
});

describe('login', () => {
  it('queues what it replaces and cannot revoke, and is no failure for that', async () => {
    const world = await signedIn({ realm: realm() });
    const token = (await session(world)).accessToken.reveal();
    realm().faults.next('revoke', down, { times: 2 });
    expect(await world.run('login', 'memax')).toMatchObject({ exit: 0, stderr: expect.not.stringContaining('valid until') as string });
    expect(await isHonoured(token)).toBe(true);
    expect(await waiting(world)).toHaveLength(2);
    world.clock.advance(MINUTE);
    await world.run('auth', 'status');
    expect(await isHonoured(token)).toBe(false);
    expect(await isHonoured((await session(world)).accessToken.reveal())).toBe(true);
    await expectNothingLeft(world);
  });

  it('queues a fresh session that could neither be stored nor revoked', async () => {
    const world = await makeWorld({
      realm: realm(),
      store: (memory) => ({ ...memory, write: () => Promise.reject(new Failure('keychain-unavailable', { detail: 'The disk is full.' })) }),
    });
    realm().faults.next('revoke', down, { times: 2 });
    expect((await world.run('login', 'memax')).exit).toBe(6);
    expect((await waiting(world)).map(({ kind }) => kind).sort()).toEqual(['access_token', 'refresh_token']);
  });

  it('says so where what it replaces stays valid', async () => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('revoke', { kind: 'status', status: 404, body: {} }, { times: 2 });
    expect((await world.run('login', 'memax')).stderr).toContain('The refresh token of the earlier sign-in stays valid until it expires: ');
  });

  it('takes the earlier sign-in out of the other store', async () => {
    const world = await signedIn({ realm: realm() });
    const token = (await session(world)).accessToken.reveal();
    expect((await world.run('login', 'memax', '--store', 'file')).exit).toBe(0);
    expect([...world.stores.keychain.entries]).toEqual([]);
    expect([...world.stores.file.entries.keys()]).toEqual([`${realm().origin}|default`]);
    expect(await isHonoured(token)).toBe(false);
  });
});
