import { createHash } from 'node:crypto';
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AccountIndex } from '../../../src/model/account-index.ts';
import type { CredentialStore } from '../../../src/model/credential-store.ts';
import type { HeldLock } from '../../../src/model/lock.ts';
import { Secret } from '../../../src/model/secret.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { signedIn } from '../../support/signed-in.ts';
import type { World } from '../../support/world.ts';

/* What another process does to a sign-in between our look at the index and the moment at which the lock of the credential is ours. */

const realm = sharedBackend();
const HOUR = 3_600_000;
const entry = (): string => `${realm().origin}|default`;
const address = () => ({ origin: realm().origin, account: 'default' });

/** Fulfilled by the first `tell` after `listen`. */
function bell() {
  let ring: (() => void) | undefined;
  return { listen: () => new Promise<void>((resolve) => (ring = resolve)), tell: () => ring?.() };
}

/** Moves the session to the encrypted file, as `store migrate` in another process would. */
async function move(world: World): Promise<void> {
  const text = world.stores.keychain.entries.get(entry());
  const record = await world.accounts.find(address());
  if (text === undefined || record === undefined) throw new Error('nobody is signed in');
  world.stores.file.entries.set(entry(), text);
  await world.accounts.write({ ...record, store: 'file' });
  world.stores.keychain.entries.delete(entry());
}

async function forget(world: World): Promise<void> {
  world.stores.keychain.entries.delete(entry());
  await world.accounts.delete(address());
}

/** A world whose bell tells of each read of a store. */
async function worldThatTellsReads() {
  const read = bell();
  const store = (memory: CredentialStore): CredentialStore => ({ ...memory, read: (at) => memory.read(at).finally(read.tell) });
  return { world: await signedIn({ realm: realm(), store: (memory) => store(memory) }), read };
}

/** A world in which something happens right after the index was listed for the next time. */
async function worldThatListsOnce() {
  let after: (() => Promise<unknown>) | undefined;
  const accounts = (real: AccountIndex): AccountIndex => ({
    ...real,
    list: async () => {
      const records = await real.list();
      const act = after;
      after = undefined;
      await act?.();
      return records;
    },
  });
  const world = await signedIn({ realm: realm(), accounts });
  return { world, afterListing: (act: () => Promise<unknown>) => void (after = act) };
}

describe('a refresh that waits for the lock', () => {
  it('uses and writes the store that the session was moved to meanwhile', async () => {
    const { world, read } = await worldThatTellsReads();
    world.clock.advance(HOUR);
    const held = await world.lock.acquire(`keywright|${entry()}`, { waitMs: 1_000 });
    const seen = read.listen();
    const running = world.start('whoami');
    await seen;
    await move(world);
    const before = world.stores.file.entries.get(entry());
    await held.release();
    expect((await running.ended).exit).toBe(0);
    expect(realm().stats.count('token.refresh')).toBe(1);
    expect([...world.stores.keychain.entries]).toEqual([]);
    expect(world.stores.file.entries.get(entry())).not.toBe(before);
    expect((await world.run('whoami')).exit).toBe(0);
  });

  it('never brings back a session that was signed out meanwhile, even where a copy of it stays', async () => {
    const { world, read } = await worldThatTellsReads();
    world.clock.advance(HOUR);
    const held = await world.lock.acquire(`keywright|${entry()}`, { waitMs: 1_000 });
    const seen = read.listen();
    const running = world.start('whoami');
    await seen;
    await world.accounts.delete(address());
    await held.release();
    const result = await running.ended;
    expect([result.exit, result.stderr]).toEqual([4, expect.stringContaining('another keywright process signed it out')]);
    expect(realm().stats.count('token.refresh')).toBe(0);
  });
});

describe('a refresh that finds the work done when the holder of the lock has gone', () => {
  /** Puts the lock of the credential under the name of another living holder, which stays for good. */
  async function handOver(world: World): Promise<HeldLock> {
    const other = await world.lock.acquire('something else', { waitMs: 1_000 });
    const file = (name: string): string => join(world.dir, 'locks', `${createHash('sha256').update(name).digest('hex').slice(0, 24)}.lock`);
    await rename(file('something else'), file(`keywright|${entry()}`));
    return other;
  }

  /** A command that has begun to wait for the lock, which `held` holds. */
  async function waiting() {
    const world = await signedIn({ realm: realm() });
    world.clock.advance(HOUR);
    const held = await world.lock.acquire(`keywright|${entry()}`, { waitMs: 1_000 });
    const running = world.start('auth', 'token');
    // It has a socket of its own from the moment at which it is connected to that of the holder.
    const sockets = async () => (await readdir(join(world.dir, 'locks'))).filter((name) => name.endsWith('.s')).length;
    while ((await sockets()) < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    return { world, held, running };
  }

  it('uses the new session without the lock, which somebody else holds by then', async () => {
    const { world, held, running } = await waiting();
    const session = await world.stored();
    if (session?.kind !== 'oauth') throw new Error('no session is stored');
    await world.stores.keychain.write(address(), { ...session, accessToken: new Secret('refreshed-by-another'), expiresAt: world.clock.now() + HOUR });
    await handOver(world);
    await held.release();
    expect(await running.ended).toEqual({ exit: 0, stdout: 'refreshed-by-another\n', stderr: '' });
    expect(realm().stats.count('token.refresh')).toBe(0);
  });

  it.each([
    ['the session is as old as before', async () => undefined],
    ['it is signed out', forget],
    ['its entry cannot be read', async (world: World) => void world.stores.keychain.entries.delete(entry())],
  ])('waits on where %s, and concludes nothing', async (_title, happens) => {
    const { world, held, running } = await waiting();
    await happens(world);
    await handOver(world);
    await held.release();
    const moving = setInterval(() => world.clock.advance(1_000), 20);
    const result = await running.ended;
    clearInterval(moving);
    expect([result.exit, result.stderr]).toEqual([7, expect.stringContaining('error[timed-out]')]);
    expect(realm().stats.count('token.refresh')).toBe(0);
  });
});

describe('a session that is read without the lock', () => {
  it('is found in the store that it was moved to since the index was read', async () => {
    const { world, afterListing } = await worldThatListsOnce();
    afterListing(() => move(world));
    expect((await world.run('whoami')).exit).toBe(0);
  });

  it('is signed out, not locked, where it was signed out since the index was read', async () => {
    const { world, afterListing } = await worldThatListsOnce();
    afterListing(() => forget(world));
    const result = await world.run('whoami');
    expect([result.exit, result.stderr]).toEqual([4, expect.stringContaining('error[signed-out]')]);
  });
});

describe('two sign-outs at once', () => {
  it('both end well, and the tokens are revoked once', async () => {
    let listed = 0;
    const both = bell();
    let waiting = false;
    const everybody = both.listen();
    const accounts = (real: AccountIndex): AccountIndex => ({
      ...real,
      list: async () => {
        const records = await real.list();
        if (!waiting) return records;
        listed += 1;
        if (listed === 2) both.tell();
        await everybody;
        return records;
      },
    });
    const world = await signedIn({ realm: realm(), accounts });
    waiting = true;
    const results = await Promise.all([world.run('logout'), world.run('logout')]);
    expect(results.map(({ exit, stderr }) => [exit, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    expect(results.map(({ stdout }) => stdout).sort()[0]).toBe('Signed out of memax; nothing was stored here.\n');
    expect(realm().stats.count('revoke')).toBe(2);
    expect([...world.stores.keychain.entries]).toEqual([]);
  });

  it('are told the same where the account was moved to the other store meanwhile', async () => {
    const { world, afterListing } = await worldThatListsOnce();
    afterListing(() => move(world));
    expect((await world.run('logout')).stdout).toContain('the credential is forgotten here');
    expect([...world.stores.file.entries]).toEqual([]);
  });
});
