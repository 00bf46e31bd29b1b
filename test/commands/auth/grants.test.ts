import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/model/failure.ts';
import type { GrantRecord } from '../../../src/model/grant.ts';
import { grantAccount } from '../../../src/model/grant.ts';
import { ask, textAt } from '../../integration/backend/running.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { signedIn } from '../../support/signed-in.ts';
import { makeWorld, type World } from '../../support/world.ts';

const realm = sharedBackend();
const minds = sharedBackend({}, 'minds');

async function make(world: World, ...words: string[]): Promise<GrantRecord> {
  const result = await world.run('auth', 'create-grant', '--device', 'laptop', ...words, '--json');
  expect(result.stderr).toBe('');
  const { id }: { id: string } = JSON.parse(result.stdout);
  const found = (await world.grants.list()).find((record) => record.id === id);
  if (found === undefined) throw new Error('no record was kept');
  return found;
}

const keyOf = async (world: World, grant: GrantRecord): Promise<string> => {
  const stored = await world.stores[grant.store].read({ origin: grant.origin, account: grantAccount(grant.id) });
  if (stored?.kind !== 'key') throw new Error('no key is kept');
  return stored.key.reveal();
};

const accepts = async (origin: string, path: string, key: string): Promise<number> =>
  (await fetch(origin + path, { headers: { authorization: `Bearer ${key}` } })).status;

describe('a grant', () => {
  it('is a key of its own with the least scopes, an end and the names of agent and device; it is kept and never printed', async () => {
    const world = await signedIn({ realm: realm() });
    const grant = await make(world, '--agent', 'claude-code');
    expect(grant).toMatchObject({
      agent: 'claude-code',
      device: 'laptop',
      provider: 'memax',
      origin: realm().origin,
      mcpUrl: `${realm().origin}/mcp`,
      agentKnownTo: 'server',
    });
    expect(grant.keyName).toMatch(/^claude-code@laptop~[a-z0-9]{4}$/);
    expect(grant.scopes).toEqual(['read', 'write']);
    expect(Date.parse(grant.expiresAt ?? '') - world.clock.now()).toBeGreaterThan(29 * 86_400_000);
    expect(await accepts(realm().origin, '/v1/memories', await keyOf(world, grant))).toBe(200);
    const listed = await world.run('auth', 'list-keys', '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject([{ id: grant.keyId, agent: 'claude-code', scopes: ['read', 'write'] }]);
    expect((await world.run('auth', 'list-grants')).stdout).toContain(`${grant.id}\tclaude-code\tlaptop\tmemax\tread,write`);
  });

  it('has the scopes and the end that were asked for, and no more', async () => {
    const world = await signedIn({ realm: realm() });
    const grant = await make(world, '--agent', 'cursor', '--scope', 'read', '--expires', '2d', '--renew');
    expect(grant).toMatchObject({ scopes: ['read'], renew: 'allowed' });
    expect(Date.parse(grant.expiresAt ?? '') - world.clock.now()).toBeLessThanOrEqual(2 * 86_400_000 + 60_000);
  });

  it('is kept locally over a plain key where the provider knows no agents, which is said', async () => {
    const world = await makeWorld({
      realm: minds(),
      stdin: textAt((await ask(minds().origin, '/dashboard', { method: 'POST', body: { make: 'key', name: 'first' } })).json, 'key'),
    });
    expect((await world.run('login', 'minds', '--with-token')).exit).toBe(0);
    const result = await world.run('auth', 'create-grant', '--agent', 'codex', '--device', 'laptop');
    expect(result).toMatchObject({ exit: 0, stderr: expect.stringContaining('which key is whose is known here only') as string });
    expect(await world.grants.list()).toMatchObject([{ agent: 'codex', agentKnownTo: 'us', expiresAt: null, mcpUrl: null, scopes: [] }]);
    expect((await world.run('auth', 'list-grants')).stdout).toMatch(/\tnothing\t-\t-\n$/);
  });

  it('leaves no key behind where it cannot be kept', async () => {
    const locked = new Failure('keychain-locked', { detail: 'It is locked.' });
    let isLocked = false;
    const world = await signedIn({
      realm: realm(),
      store: (memory) => ({ ...memory, write: (address, credential) => (isLocked ? Promise.reject(locked) : memory.write(address, credential)) }),
    });
    isLocked = true;
    const result = await world.run('auth', 'create-grant', '--agent', 'codex', '--device', 'laptop');
    expect(result.exit).toBe(6);
    isLocked = false;
    expect(await world.grants.list()).toEqual([]);
    expect(JSON.parse((await world.run('auth', 'list-keys', '--json')).stdout)).toEqual([]);
  });

  it.each([
    [[], 'It was not said which agent gets the grant.'],
    [['--agent', 'a b'], 'The name of an agent has 1 to 40 letters'],
    [['--agent', 'codex', '--device', '../x'], 'The name of a device has 1 to 40 letters'],
  ])('is refused for %j', async (words, why) => {
    const world = await signedIn({ realm: realm() });
    expect(await world.run('auth', 'create-grant', ...words)).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining(why) as string });
  });
});

describe('the list of grants', () => {
  it('says which parts the server knows, where a grant is wired, and which end soon or have ended', async () => {
    const world = await signedIn({ realm: realm() });
    const [fresh, ending, over] = [await make(world, '--agent', 'cursor'), await make(world, '--agent', 'codex'), await make(world, '--agent', 'gemini')];
    const now = world.clock.now();
    const times = (before: number, after: number) => ({ createdAt: new Date(now - before).toISOString(), expiresAt: new Date(now + after).toISOString() });
    await world.grants.write({ ...fresh, ...times(79, 21e6), wired: [{ client: 'cursor', path: '/home/me/.cursor/mcp.json' }] });
    await world.grants.write({ ...ending, ...times(81e6, 19e6) });
    await world.grants.write({ ...over, ...times(81e6, -1) });
    const list: ReadonlyArray<{ readonly id: string }> = JSON.parse((await world.run('auth', 'list-grants', '--json')).stdout);
    const known = { agent_known_to: 'server', scopes_known_to: 'server', expiry_known_to: 'server', device_known_to: 'us' };
    expect(list.find(({ id }) => id === fresh.id)).toMatchObject({ ...known, marks: [], wired: [{ client: 'cursor', path: '/home/me/.cursor/mcp.json' }] });
    expect(list.find(({ id }) => id === ending.id)).toMatchObject({ ...known, marks: ['expires-soon'] });
    expect(list.find(({ id }) => id === over.id)).toMatchObject({ ...known, marks: ['expired'] });
    const { stdout, stderr } = await world.run('auth', 'list-grants');
    expect(stdout).toContain('\tagent,scopes,expiry\t-\tcursor (/home/me/.cursor/mcp.json)\n');
    expect(stdout).toContain('\tagent,scopes,expiry\texpires-soon\t-\n');
    expect(stderr).toContain(`Renew it: keywright auth rotate-key --grant ${ending.id} --now\n`);
    expect(stderr).toContain(`The grant ${over.id} of gemini has ended.`);
  });
});

describe('revoking grants', () => {
  it('ends the key at the provider, then forgets it', async () => {
    const world = await signedIn({ realm: realm() });
    const grant = await make(world, '--agent', 'cursor');
    const other = await make(world, '--agent', 'codex');
    const [key, kept] = [await keyOf(world, grant), await keyOf(world, other)];
    expect(await world.run('auth', 'revoke-grant', grant.id)).toMatchObject({
      exit: 0,
      stdout: `revoked ${grant.id} (cursor on laptop, key ${grant.keyId})\n`,
    });
    expect([await accepts(realm().origin, '/v1/memories', key), await accepts(realm().origin, '/v1/memories', kept)]).toEqual([401, 200]);
    expect((await world.grants.list()).map(({ id }) => id)).toEqual([other.id]);
    await expect(keyOf(world, grant)).rejects.toThrow('no key is kept');
    expect((await world.run('auth', 'revoke-grant', grant.id)).exit).toBe(3);
  });

  it('ends all that an agent has, keys of other machines included', async () => {
    const world = await signedIn({ realm: realm() });
    const grants = [await make(world, '--agent', 'cursor'), await make(world, '--agent', 'cursor', '--scope', 'read')];
    const keys = await Promise.all(grants.map((grant) => keyOf(world, grant)));
    const elsewhere = await world.run('auth', 'create-key', 'by-hand', '--agent', 'cursor');
    await world.run('auth', 'create-key', 'plain');
    const result = await world.run('auth', 'revoke-grant', '--agent', 'cursor', '--json');
    expect(JSON.parse(result.stdout)).toMatchObject([
      { id: grants[0]?.id, server: 'revoked', local: 'forgotten' },
      { id: grants[1]?.id, server: 'revoked', local: 'forgotten' },
      { id: null, server: 'revoked', local: 'none' },
    ]);
    for (const key of [...keys, elsewhere.stdout.trim()]) expect(await accepts(realm().origin, '/v1/memories', key)).toBe(401);
    expect(JSON.parse((await world.run('auth', 'list-keys', '--json')).stdout)).toMatchObject([{ name: 'plain' }]);
    expect(await world.grants.list()).toEqual([]);
  });

  it('keeps everything for another try where the provider fails', async () => {
    const world = await signedIn({ realm: realm() });
    const grant = await make(world, '--agent', 'cursor');
    realm().faults.next('keys.revoke', { kind: 'status', status: 500 }, { times: 10 });
    expect(await world.run('auth', 'revoke-grant', grant.id)).toMatchObject({ exit: 9 });
    realm().faults.clear();
    expect((await world.grants.list()).map(({ id }) => id)).toEqual([grant.id]);
    expect((await world.run('auth', 'revoke-grant', grant.id)).exit).toBe(0);
  });

  it('asks for either ids or an agent', async () => {
    const world = await signedIn({ realm: realm() });
    expect((await world.run('auth', 'revoke-grant')).exit).toBe(2);
    expect((await world.run('auth', 'revoke-grant', 'abc', '--agent', 'cursor')).exit).toBe(2);
  });
});
