import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startKeyServer } from '../../support/key-server.ts';
import { addOwn, storedDefinitions } from '../../support/own-providers.ts';
import { makeWorld } from '../../support/world.ts';

describe('providers remove', () => {
  it('removes an own definition, also one that cannot be read', async () => {
    const world = await makeWorld();
    await addOwn(world, 'acme');
    expect(await world.run('providers', 'remove', 'acme')).toMatchObject({ exit: 0, stdout: 'Removed acme.\n' });
    await mkdir(join(world.dir, 'config/providers'), { recursive: true });
    await writeFile(join(world.dir, 'config/providers/broken.json'), '{');
    expect(await world.run('providers', 'list')).toMatchObject({ exit: 0, stderr: expect.stringContaining('keywright providers remove broken') });
    expect(await world.run('providers', 'remove', 'broken')).toMatchObject({ exit: 0 });
    expect([...(await storedDefinitions(world))]).toEqual([]);
  });

  it('knows what is not there, and what is built in', async () => {
    const world = await makeWorld();
    expect((await world.run('providers', 'remove', 'acme')).exit).toBe(3);
    expect((await world.run('providers', 'remove', '../settings')).exit).toBe(3);
    expect(await world.run('providers', 'remove', 'memax')).toMatchObject({ exit: 2, stderr: expect.stringContaining('built in') });
  });

  it('refuses while somebody is signed in there and says how to sign out; --force removes it and says what stays', async () => {
    const server = await startKeyServer();
    try {
      const world = await makeWorld({ stdin: server.key });
      world.secrets.add('key', server.key);
      await addOwn(world, 'bolt', { 'https://bolt.example/api': `${server.origin}/api` });
      expect((await world.run('login', 'bolt', '--with-token', '--account', 'work')).exit).toBe(0);
      const refused = await world.run('providers', 'remove', 'bolt');
      expect([refused.exit, refused.stderr]).toEqual([5, expect.stringContaining('keywright logout bolt --account work')]);
      expect((await storedDefinitions(world)).has('bolt')).toBe(true);
      const forced = await world.run('providers', 'remove', 'bolt', '--force');
      expect([forced.exit, forced.stderr]).toEqual([0, expect.stringContaining(`"work" at ${server.origin} is still stored`)]);
      expect((await storedDefinitions(world)).has('bolt')).toBe(false);
    } finally {
      await server.stop();
    }
  });
});
