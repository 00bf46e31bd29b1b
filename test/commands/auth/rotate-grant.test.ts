import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/model/duration.ts';
import { grantAccount, type GrantRecord } from '../../../src/model/grant.ts';
import { Secret } from '../../../src/model/secret.ts';
import { type KeyOwner, keyOwner } from '../../support/key-owner.ts';
import { keyPlaces } from '../../support/key-places.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { signedIn } from '../../support/signed-in.ts';
import type { World, WorldWishes } from '../../support/world.ts';

const realm = sharedBackend();
const rotate = ['auth', 'rotate-key'] as const;

interface Scene {
  readonly world: World;
  readonly owner: KeyOwner;
  /** As it was made. */
  readonly grant: GrantRecord;
  readonly oldKey: string;
}

async function now({ world, grant }: Pick<Scene, 'world' | 'grant'>): Promise<GrantRecord> {
  const found = await world.grants.find(grant.id);
  if (found === undefined) throw new Error('the grant is gone');
  return found;
}

async function keyOf(world: World, { store, origin, id }: GrantRecord): Promise<string> {
  const stored = await world.stores[store].read({ origin, account: grantAccount(id) });
  if (stored?.kind !== 'key') throw new Error('no key is kept');
  return stored.key.reveal();
}

/** Somebody who is signed in, with a grant for an agent. */
async function scene(words: readonly string[] = [], wishes: WorldWishes = {}): Promise<Scene> {
  const world = await signedIn({ realm: realm(), ...wishes });
  const owner = await keyOwner(realm(), world.email);
  const made = await world.run('auth', 'create-grant', '--agent', 'codex', '--device', 'laptop', '--scope', 'read', ...words);
  if (made.exit !== 0) throw new Error(made.stderr);
  const [grant] = await world.grants.list();
  if (grant === undefined) throw new Error('no grant was made');
  return { world, owner, grant, oldKey: await keyOf(world, grant) };
}

const records = async (world: World): Promise<readonly string[]> => readdir(join(world.dir, 'state/rotations')).catch(() => []);

async function expectOver({ world }: Scene): Promise<void> {
  expect(await records(world)).toEqual([]);
  expect([await world.notes.keychain.list(), await world.notes.file.list()]).toEqual([[], []]);
}

describe('rotating the key of a grant', () => {
  it.each([
    ['by the id of the grant', ({ grant }: Scene) => ['--grant', grant.id]],
    ['by the id of its key', ({ grant }: Scene) => [grant.keyId]],
  ])('%s puts a key with the same rights into its entry, and keeps its id', async (_, words) => {
    const at = await scene(['--expires', '3d']);
    const result = await at.world.run(...rotate, ...words(at), '--now');
    expect(result).toMatchObject({ exit: 0, stdout: '' });
    const after = await now(at);
    expect(after).toMatchObject({ id: at.grant.id, agent: 'codex', scopes: ['read'], keyName: expect.stringMatching(/^codex@laptop~[a-z0-9]{4}$/) as string });
    expect([after.keyId === at.grant.keyId, after.keyName === at.grant.keyName]).toEqual([false, false]);
    expect(result.stderr).toContain(`Rotated the key ${at.grant.keyId} of the grant ${at.grant.id}: its successor is ${after.keyId} (${after.keyName})`);
    expect([await at.owner.works(at.oldKey), await at.owner.works(await keyOf(at.world, after))]).toEqual([false, true]);
    const [made] = JSON.parse((await at.world.run('auth', 'list-keys', '--json')).stdout);
    expect(made).toMatchObject({ id: after.keyId, agent: 'codex', scopes: ['read'], expires_at: after.expiresAt });
    expect(Math.round((Date.parse(after.expiresAt ?? '') - Date.parse(after.createdAt)) / DAY_MS)).toBe(3);
    await expectOver(at);
  });

  it('lets the old key live for its grace period, with the new one in place, and ends it after that', async () => {
    const at = await scene();
    const begun = await at.world.run(...rotate, '--grant', at.grant.id, '--json');
    const { next, ...rotation }: { readonly next: string } = JSON.parse(begun.stdout);
    expect(rotation).toMatchObject({ grant: at.grant.id, step: 'delivered', delivered: ['grant'] });
    expect([await at.owner.works(at.oldKey), await at.owner.works(await keyOf(at.world, at.grant))]).toEqual([true, true]);
    expect(await keyOf(at.world, at.grant)).not.toBe(at.oldKey);
    expect((await at.world.run(...rotate, '--grant', at.grant.id)).exit).toBe(9);
    expect((await at.world.run(...next.split(' ').slice(1), '--now')).exit).toBe(0);
    expect(await at.owner.works(at.oldKey)).toBe(false);
    await expectOver(at);
  });

  it('gives the old key and what was known of it back with --rollback', async () => {
    const at = await scene();
    await at.world.run(...rotate, '--grant', at.grant.id);
    const successor = await keyOf(at.world, at.grant);
    expect((await at.world.run(...rotate, '--rollback', at.grant.id)).exit).toBe(0);
    expect(await now(at)).toEqual(at.grant);
    expect(await keyOf(at.world, at.grant)).toBe(at.oldKey);
    expect([await at.owner.works(at.oldKey), await at.owner.works(successor)]).toEqual([true, false]);
    await expectOver(at);
  });

  it('goes on with a rotation that was begun, and does not begin a second one', async () => {
    const at = await scene();
    realm().faults.next('me', { kind: 'status', status: 500 }, { times: 10 });
    expect((await at.world.run(...rotate, '--grant', at.grant.id, '--now')).exit).toBe(9);
    realm().faults.clear();
    expect([await keyOf(at.world, at.grant), await at.owner.works(at.oldKey)]).toEqual([at.oldKey, true]);
    expect((await at.world.run(...rotate, '--grant', at.grant.id, '--now')).exit).toBe(0);
    expect(await at.owner.list()).toHaveLength(1);
    expect(await at.owner.works(await keyOf(at.world, at.grant))).toBe(true);
    await expectOver(at);
  });

  it('leaves no key behind where the grant was revoked meanwhile', async () => {
    const at = await scene();
    await at.world.run(...rotate, '--grant', at.grant.id);
    await at.world.grants.delete(at.grant.id);
    const result = await at.world.run(...rotate, '--resume');
    expect(result).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining(`The grant ${at.grant.id} was revoked meanwhile. Both its keys are revoked`) as string,
    });
    expect(await at.owner.list()).toEqual([]);
    await expectOver(at);
  });

  it('ends with the grant, the key that was to live on included', async () => {
    const at = await scene();
    await at.world.run(...rotate, '--grant', at.grant.id);
    const successor = await keyOf(at.world, at.grant);
    expect((await at.world.run('auth', 'revoke-grant', at.grant.id)).exit).toBe(0);
    expect([await at.owner.works(at.oldKey), await at.owner.works(successor)]).toEqual([false, false]);
    expect((await at.world.run(...rotate, '--resume')).exit).toBe(3);
    await expectOver(at);
  });

  it('goes with other old keys into its own entry, and to no sink', async () => {
    const at = await scene();
    const places = await keyPlaces();
    const plain = await at.owner.make('deploy');
    realm().advanceClock(2 * 3_600_000);
    at.world.clock.advance(2 * 3_600_000);
    const result = await at.world.run(...rotate, '--older-than', '1h', '--now', '--yes', '--to', `file:${places.dir}/{name}`);
    expect(result.stderr).toContain('rotated 2, waiting for their grace period 0, failed 0');
    expect(result.exit).toBe(0);
    expect((await readdir(places.dir)).toSorted()).toEqual(['deploy']);
    expect([await at.owner.works(at.oldKey), await at.owner.works(plain.key)]).toEqual([false, false]);
    expect(await at.owner.works(await keyOf(at.world, at.grant))).toBe(true);
    await expectOver(at);
  });

  it('is never printed or sent anywhere', async () => {
    const at = await scene();
    for (const words of [[at.grant.keyId], ['--grant', at.grant.id]]) {
      const result = await at.world.run(...rotate, ...words, '--to', 'stdout');
      expect(result).toMatchObject({
        exit: 2,
        stdout: '',
        stderr: expect.stringContaining('goes into the entry of the grant in the store, and nowhere else') as string,
      });
    }
    expect(await now(at)).toEqual(at.grant);
  });

  it('says which grant there is not, and that a key is not in the list of this account', async () => {
    const at = await scene();
    expect(await at.world.run(...rotate, '--grant', 'none')).toMatchObject({ exit: 3, stderr: expect.stringContaining('There is no grant none') as string });
    await at.owner.revoke(at.grant.keyId);
    expect(await at.world.run(...rotate, '--grant', at.grant.id)).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining('or belongs to another account') as string,
    });
    expect(await records(at.world)).toEqual([]);
  });

  it('leaves an entry alone that shows no key, and can be finished when it does', async () => {
    const at = await scene();
    const address = { origin: at.grant.origin, account: grantAccount(at.grant.id) };
    await at.world.stores.keychain.delete(address);
    expect(await at.world.run(...rotate, '--grant', at.grant.id, '--now')).toMatchObject({ exit: 9 });
    expect([await at.owner.works(at.oldKey), await at.world.stores.keychain.read(address)]).toEqual([true, undefined]);
    await at.world.stores.keychain.write(address, { kind: 'key', key: new Secret(at.oldKey), obtainedAt: 0 });
    expect((await at.world.run(...rotate, '--resume')).exit).toBe(0);
    expect([await at.owner.works(at.oldKey), await at.owner.works(await keyOf(at.world, at.grant))]).toEqual([false, true]);
  });
});
