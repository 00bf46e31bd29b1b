import { describe, expect, it } from 'vitest';
import { ask, textAt } from '../../integration/backend/running.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { makeWorld, type World } from '../../support/world.ts';

const minds = sharedBackend({}, 'minds');
const agntix = sharedBackend({}, 'agntix');

const REALMS = [
  { id: 'minds', realm: minds, order: { make: 'key', name: 'first' } },
  { id: 'agntix', realm: agntix, order: { make: 'key', name: 'first', scopes: ['chat:read', 'chat:write', 'agents:read'] } },
] as const;

interface Listed {
  readonly id: string;
  readonly name: string;
}

async function keysOf(world: World): Promise<readonly Listed[]> {
  const listed: readonly Listed[] = JSON.parse((await world.run('auth', 'list-keys', '--json')).stdout);
  return listed;
}

describe.each(REALMS)('at $id, whose list tells no prefixes', ({ id, realm, order }) => {
  /** Somebody signed in with a key called "own-...", beside another key that nobody has used. */
  async function signedIn(): Promise<{ readonly world: World; readonly own: string; readonly other: string }> {
    const name = `own-${Math.random().toString(36).slice(2, 8)}`;
    const first = textAt((await ask(realm().origin, '/dashboard', { method: 'POST', body: { ...order, name } })).json, 'key');
    const world = await makeWorld({ realm: realm(), stdin: first });
    expect((await world.run('login', id, '--with-token')).exit).toBe(0);
    const scopes = id === 'agntix' ? ['--scope', 'chat:read'] : [];
    await world.run('auth', 'create-key', `other-${name}`, ...scopes);
    const keys = await keysOf(world);
    return { world, own: keys.find((key) => key.name === name)?.id ?? '', other: keys.find((key) => key.name === `other-${name}`)?.id ?? '' };
  }

  it('the key in use is known by its having been used just now, and is refused by its id', async () => {
    const { world, own, other } = await signedIn();
    expect(await world.run('auth', 'revoke-key', own)).toMatchObject({
      exit: 5,
      stderr: expect.stringContaining(`The key ${own} looks like the one that this command itself uses.`) as string,
    });
    expect((await world.run('whoami')).exit).toBe(0);
    expect((await world.run('auth', 'revoke-key', other)).exit).toBe(0);
    expect((await world.run('auth', 'revoke-key', own, '--self')).exit).toBe(0);
    expect((await world.run('whoami')).exit).toBe(4);
  });

  it('is left out of a selection', async () => {
    const { world, own, other } = await signedIn();
    const result = await world.run('auth', 'revoke-key', '--name', 'o*', '--yes');
    expect(result).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining(`The key ${own} looks like the one that this command itself uses, and is left out.`) as string,
    });
    expect((await keysOf(world)).map((key) => key.id)).toContain(own);
    expect((await keysOf(world)).map((key) => key.id)).not.toContain(other);
  });
});
