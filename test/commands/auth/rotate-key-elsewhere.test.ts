import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LocalBackend, startBackend } from '../../../src/backend/start.ts';
import { keyOwner } from '../../support/key-owner.ts';
import { keyPlaces } from '../../support/key-places.ts';
import { makeWorld } from '../../support/world.ts';

const rotate = ['auth', 'rotate-key'] as const;

let backend: LocalBackend;
beforeAll(async () => {
  backend = await startBackend({ realms: ['minds', 'agntix', 'reminix'], dataDir: undefined, port: 0 });
});
afterEach(() => {
  for (const realm of backend.realms) realm.faults.clear();
});
afterAll(() => backend.stop());

/** Their lists tell no prefix, so that nobody can see there which key is the one in use. */
describe.each(['minds', 'agntix'])('auth rotate-key at %s', (id) => {
  const variable = `${id.toUpperCase()}_API_KEY`;

  it('rotates the stored key, which follows once the old one is dead', async () => {
    const realm = backend.realm(id);
    const owner = await keyOwner(realm, 'stored');
    const own = await owner.make('stored-own');
    const world = await makeWorld({ realm, stdin: own.key });
    await world.run('login', id, '--with-token');
    const result = await world.run(...rotate, own.id, '--now');
    expect([result.exit, result.stderr]).toEqual([0, expect.stringMatching(/\(stored-own~[a-z0-9]{4}\), and the old key is revoked\.\n$/)]);
    const stored = await world.stored();
    expect(stored?.kind === 'key' && stored.key.reveal()).toBe(result.stdout.trim());
    expect([await owner.works(own.key), await owner.works(result.stdout.trim())]).toEqual([false, true]);
    expect((await owner.named('stored-own')).length).toBe(1);
  });

  it('lets the stored key be where another one was rotated', async () => {
    const realm = backend.realm(id);
    const owner = await keyOwner(realm, 'another');
    const [own, other] = [await owner.make('another-own'), await owner.make('another')];
    const world = await makeWorld({ realm, stdin: own.key });
    await world.run('login', id, '--with-token');
    expect((await world.run(...rotate, other.id, '--now')).exit).toBe(0);
    const stored = await world.stored();
    expect(stored?.kind === 'key' && stored.key.reveal()).toBe(own.key);
    expect([await owner.works(own.key), await owner.works(other.key)]).toEqual([true, false]);
  });

  it('does not lose the successor where nobody can tell whether the stored key is dead', async () => {
    const realm = backend.realm(id);
    const owner = await keyOwner(realm, 'dead');
    const own = await owner.make('dead-own');
    const world = await makeWorld({ realm, stdin: own.key });
    await world.run('login', id, '--with-token');
    const places = await keyPlaces();
    expect((await world.run(...rotate, own.id, '--to', `file:${places.at('key')}`)).exit).toBe(0);
    const proof = id === 'minds' ? 'me' : 'agents.list';
    // The successor is tried once more before the old key ends; what fails is to ask about the stored key after that.
    realm.faults.next(proof, { kind: 'slow', ms: 0 });
    realm.faults.next(proof, { kind: 'status', status: 500 });
    const unsure = await world.run(...rotate, '--resume', '--now');
    expect([unsure.exit, unsure.stderr]).toEqual([9, expect.stringContaining('may be revoked already, and its successor is in place.')]);
    expect((await world.run(...rotate, '--resume')).exit).toBe(0);
    const stored = await world.stored();
    expect(stored?.kind === 'key' && `${stored.key.reveal()}\n`).toBe(await places.text('key'));
  });

  it('rotates the key in a variable, which is named', async () => {
    const realm = backend.realm(id);
    const owner = await keyOwner(realm, 'variable');
    const own = await owner.make('variable-own');
    const world = await makeWorld({ realm, env: { [variable]: own.key } });
    const result = await world.run(...rotate, own.id, '--now');
    expect([result.exit, await owner.works(own.key), await owner.works(result.stdout.trim())]).toEqual([0, false, true]);
    expect(result.stderr).toContain(`\n${variable} may hold the old key: set it to the new one before the old one ends.\n`);
  });

  it('finds a successor that nobody heard of, and revokes it', async () => {
    const realm = backend.realm(id);
    const owner = await keyOwner(realm, 'unheard');
    const own = await owner.make('unheard-own');
    const world = await makeWorld({ realm, env: { [variable]: own.key } });
    realm.faults.next('keys.create', { kind: 'drop-after' });
    const result = await world.run(...rotate, own.id, '--now');
    expect([result.exit, result.stdout]).toEqual([7, '']);
    expect(result.stderr).toContain(`A successor was made all the same, and was revoked again; the old key ${own.id} still works.`);
    expect((await owner.named('unheard-own')).map((key) => key.id)).toEqual([own.id]);
    expect(await owner.works(own.key)).toBe(true);
  });
});

describe('auth rotate-key at agntix', () => {
  it('carries over the scopes, and takes a 403 for a proof', async () => {
    const realm = backend.realm('agntix');
    const owner = await keyOwner(realm, 'scopes');
    const narrow = await owner.make('narrow', { scopes: ['chat:read'] });
    const world = await makeWorld({ realm, env: { AGNTIX_API_KEY: (await owner.make('wide')).key } });
    expect((await world.run(...rotate, narrow.id, '--now')).exit).toBe(0);
    expect(await owner.named('narrow')).toEqual([
      { id: expect.any(String), name: expect.stringMatching(/^narrow~/), raw: expect.objectContaining({ scopes: ['chat:read'] }) },
    ]);
  });
});

describe('auth rotate-key where keys have no API', () => {
  it('says where they are managed, before anything is sent', async () => {
    const realm = backend.realm('reminix');
    const world = await makeWorld({ realm, env: { REMINIX_API_KEY: `reminix_sk_${'x'.repeat(40)}` } });
    const result = await world.run(...rotate, 'some-id', '--now');
    expect([result.exit, result.stdout, world.sent]).toEqual([2, '', []]);
    expect(result.stderr).toContain('Reminix has no API to rotate keys.');
    expect(result.stderr).toContain('hint: Keys are managed at ');
  });
});
