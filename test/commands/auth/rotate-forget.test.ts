import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/model/secret.ts';
import { type KeyOwner, keyOwner, type OwnedKey } from '../../support/key-owner.ts';
import { addOwn } from '../../support/own-providers.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { signedIn } from '../../support/signed-in.ts';
import { makeWorld, type World, type WorldWishes } from '../../support/world.ts';

const realm = sharedBackend();
const rotate = ['auth', 'rotate-key'] as const;

const folder = (world: World): string => join(world.dir, 'state/rotations');
const records = async (world: World): Promise<readonly string[]> => readdir(folder(world)).catch(() => []);

interface Scene {
  readonly world: World;
  readonly owner: KeyOwner;
  readonly old: OwnedKey;
  readonly id: string;
}

/** Somebody with a rotation that waits for its grace period. */
async function waiting(wishes: WorldWishes = {}): Promise<Scene> {
  const world = await signedIn({ realm: realm(), ...wishes });
  const owner = await keyOwner(realm(), world.email);
  const old = await owner.make('deploy');
  const { exit, stderr } = await world.run(...rotate, old.id);
  if (exit !== 0) throw new Error(stderr);
  const [name = ''] = await records(world);
  return { world, owner, old, id: name.replace(/\.json$/, '') };
}

async function damaged(world: World, name: string): Promise<string> {
  await mkdir(folder(world), { recursive: true });
  const path = join(folder(world), `${name}.json`);
  await writeFile(path, '{"v":99}\n', { mode: 0o600 });
  return path;
}

describe('giving up a rotation', () => {
  it('says what stays, and drops the record and what was kept alone', async () => {
    const { world, owner, old, id } = await waiting();
    const asked = await world.run(...rotate, '--forget', id);
    expect(asked).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining('Give --yes if that may be.') as string });
    expect(await records(world)).toHaveLength(1);
    const result = await world.run(...rotate, '--forget', id, '--yes');
    expect([result.exit, result.stdout]).toEqual([0, `forgot ${id}\n`]);
    expect(result.stderr).toContain(`  the old key ${old.id}\n  its successor: the key `);
    expect(result.stderr).toContain('these may have it: stdout');
    expect([await records(world), await world.notes.keychain.list()]).toEqual([[], []]);
    expect([await owner.works(old.key), (await owner.named('deploy')).length]).toEqual([true, 2]);
  });

  it('asks in a terminal, and leaves all as it is where the answer is no', async () => {
    const { world, id } = await waiting({ terminal: true, answers: ['no'] });
    expect((await world.run(...rotate, '--forget', id)).exit).toBe(130);
    expect(await records(world)).toHaveLength(1);
  });

  it('goes with nothing that would go on', async () => {
    const world = await signedIn({ realm: realm() });
    for (const words of [['--resume'], ['--rollback'], ['--now'], ['--grace', '1h'], ['--to', 'stdout']])
      expect((await world.run(...rotate, '--forget', 'x', '--yes', ...words)).exit).toBe(2);
    expect((await world.run(...rotate, '--forget', 'x', '--yes')).exit).toBe(3);
  });
});

describe('a record that cannot be read', () => {
  it('is told of by its path where rotations are told of, and can be given up', async () => {
    const world = await signedIn({ realm: realm() });
    const path = await damaged(world, 'ab12cd34ef56');
    for (const words of [
      ['auth', 'status'],
      [...rotate, '--resume', '--all'],
    ]) {
      const { exit, stderr } = await world.run(...words);
      expect([exit, stderr.split(path).length]).toEqual([0, 2]);
    }
    expect((await world.run(...rotate, '--forget', 'ab12cd34ef56', '--yes')).exit).toBe(0);
    expect(await records(world)).toEqual([]);
    expect((await world.run('auth', 'status')).stderr).toBe('');
  });
});

describe('what a killed rotation kept', () => {
  it.each([
    ['auth', 'status'],
    [...rotate, '--resume'],
  ])('is removed by %s %s once no record speaks of it, and only then', async (...words) => {
    const { world, id } = await waiting();
    await damaged(world, 'unread');
    const kept = (await world.notes.keychain.list()).map(({ name }) => name);
    const later = world.clock.now() + 60_000;
    for (const name of ['rotation:gone:key', 'rotation:unread:key', 'something:else']) await world.notes.keychain.write(name, new Secret('kept'), later);
    await world.run(...words.filter((word) => word !== undefined));
    const names = (await world.notes.keychain.list()).map(({ name }) => name);
    expect(names.toSorted()).toEqual([...kept, 'rotation:unread:key', 'something:else'].toSorted());
    expect(kept.some((name) => name.includes(id))).toBe(true);
  });
});

describe('a rotation that cannot be finished any more', () => {
  it('is told of when its account is signed out, and only then', async () => {
    const { world, id, old } = await waiting();
    const { stderr } = await world.run('logout', 'memax');
    expect(stderr).toContain(
      `The rotation of the key ${old.id} at memax is not finished. To finish it sign in again, and then: keywright auth rotate-key --resume ${id} --provider memax`,
    );
    expect(stderr).toContain(`(or give it up: keywright auth rotate-key --forget ${id})`);
    await world.run('login', 'memax', '--quiet', '--browser', '--account', 'work');
    expect((await world.run('logout', 'memax', '--account', 'work')).stderr).not.toContain('is not finished');
    expect((await world.run(...rotate, '--forget', id, '--yes')).exit).toBe(0);
  });

  it('is told of when its provider is removed', async () => {
    const world = await makeWorld();
    await addOwn(world, 'acme');
    await mkdir(folder(world), { recursive: true });
    const old = { id: 'k1', name: null, prefix: null, scopes: [], agent: null, hubs: [], trust: null };
    const more = { span: null, successor: { name: 'x~ab12', id: null }, self: 'no', sinks: [], format: null, delivered: [], step: 'creating' };
    const record = { v: 1, id: 'r1', provider: 'acme', origin: 'https://api.acme.example', account: null, store: 'file', old, ...more };
    await writeFile(join(folder(world), 'r1.json'), JSON.stringify({ ...record, begunAt: '2026-11-22T10:00:00.000Z', grace: 0, revokeAt: null }));
    expect(await world.run('providers', 'remove', 'acme')).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining('To finish it add the definition again') as string,
    });
  });
});
