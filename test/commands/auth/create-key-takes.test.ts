import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';
import type { LocalRealm } from '../../../src/backend/start.ts';
import { ask, textAt } from '../../integration/backend/running.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { newKey, signedIn } from '../../support/signed-in.ts';
import { makeWorld, type Result, type World } from '../../support/world.ts';

const memax = sharedBackend();
const minds = sharedBackend({}, 'minds');
const agntix = sharedBackend({}, 'agntix');
const reminix = sharedBackend({}, 'reminix');

const create = ['auth', 'create-key'] as const;

const bodies = (world: World): readonly unknown[] => world.sent.map((request) => JSON.parse(request.body ?? 'null') as unknown);

/** The first key of a realm without OAuth, as its dashboard gives it. */
async function dashboardKey(realm: LocalRealm, form: Readonly<Record<string, unknown>>): Promise<string> {
  const key = textAt((await ask(realm.origin, '/dashboard', { method: 'POST', body: { make: 'key', ...form } })).json, 'key');
  realm.stats.reset();
  return key;
}

const refused = (detail: string, hint: string): Result => ({
  exit: 2,
  stdout: '',
  stderr: `error[usage]: The command was not understood\n  ${detail}\nhint: ${hint}\n`,
});

describe('auth create-key at memax', () => {
  const hubOf = async (world: World): Promise<string> => JSON.parse((await world.run('whoami', '--json')).stdout).identity.hubs[0].id;

  it('confines a key to hubs and gives it a trust level, as the list then shows', async () => {
    const world = await signedIn({ realm: memax() });
    const hub = await hubOf(world);
    const { exit, stdout } = await world.run(...create, 'ci', '--hub', hub, '--hub', hub, '--trust', 'elevated', '--json');
    expect(bodies(world)).toEqual([{ name: 'ci', hub_ids: [hub], trust_level: 'elevated' }]);
    expect([exit, JSON.parse(stdout)]).toMatchObject([0, { hubs: [hub], trust: 'elevated' }]);
    expect(JSON.parse((await world.run('auth', 'list-keys', '--json')).stdout)).toMatchObject([{ name: 'ci', hubs: [hub], trust: 'elevated' }]);
  });

  it.each(['public', 'standard', 'elevated', 'admin'])('knows the trust level %s', async (trust) => {
    const world = await signedIn({ realm: memax() });
    const { exit, stdout } = await world.run(...create, 'n', '--trust', trust, '--json');
    expect([exit, JSON.parse(stdout)]).toMatchObject([0, { trust }]);
  });

  it('makes with --read-only a key that can read and nothing else', async () => {
    const world = await signedIn({ realm: memax() });
    const { stdout } = await world.run(...create, 'reader', '--read-only');
    expect(bodies(world)).toEqual([{ name: 'reader', scopes: ['read'] }]);
    const reader = await makeWorld({ realm: memax(), env: { MEMAX_API_KEY: stdout.trim() } });
    expect((await reader.run('whoami')).exit).toBe(0);
    const more = await reader.run(...create, 'more', '--scope', 'write');
    expect([more.exit, more.stderr]).toEqual([5, expect.stringContaining('error[missing-scope]')]);
  });

  it('says what the provider says of a hub that is not theirs', async () => {
    const world = await signedIn({ realm: memax() });
    const { exit, stdout, stderr } = await world.run(...create, 'n', '--hub', 'of-somebody-else');
    expect([exit, stdout]).toEqual([5, '']);
    expect(stderr).toContain('Could not create the key. Memax says: forbidden: You have no access to that hub. (403).');
  });

  it.each<[readonly string[], string, string]>([
    [['n', '--trust', 'root'], 'There is no trust level "root".', 'The levels are: public, standard, elevated, admin.'],
    [['n', '--hub', 'a hub'], '"a hub" cannot be the id of a hub.', 'Take the id from: keywright whoami --json'],
    [['n', '--read-only', '--scope', 'read'], '--read-only and --scope exclude each other.', 'Give one of them.'],
    [['--read-only'], 'A key of Memax needs a name.', 'Such as: keywright auth create-key ci-deploy'],
  ])('refuses %j before anything is sent', async (words, detail, hint) => {
    const world = await makeWorld({ realm: memax(), env: { MEMAX_API_KEY: (await newKey(memax())).key } });
    expect([await world.run(...create, ...words), world.sent]).toEqual([refused(detail, hint), []]);
  });
});

describe('auth create-key at minds', () => {
  const user = async (): Promise<World> => makeWorld({ realm: minds(), env: { MINDS_API_KEY: await dashboardKey(minds(), {}) } });

  it('makes a key without a name, which works', async () => {
    const world = await user();
    const { exit, stdout, stderr } = await world.run(...create);
    expect(bodies(world)).toEqual([{}]);
    expect([exit, stdout]).toEqual([0, expect.stringMatching(/^minds_[0-9a-f]{48}\n$/)]);
    expect(stderr).toMatch(/^Created the key without a name \(id [^ ]+\) at minds; scopes: the usual ones; it does not expire\.\n$/);
    const next = await makeWorld({ realm: minds(), env: { MINDS_API_KEY: stdout.trim() } });
    expect((await next.run('whoami')).exit).toBe(0);
  });

  it('makes one with a name, and prints all that is known of it as JSON', async () => {
    const world = await user();
    const { exit, stdout, stderr } = await world.run(...create, 'laptop', '--json');
    const made = JSON.parse(stdout);
    expect(bodies(world)).toEqual([{ name: 'laptop' }]);
    expect([exit, stderr, made]).toEqual([
      0,
      '',
      {
        id: made.id,
        name: 'laptop',
        prefix: null,
        scopes: [],
        agent: null,
        hubs: [],
        trust: null,
        created_at: made.created_at,
        expires_at: null,
        last_used_at: null,
        key: made.key,
      },
    ]);
    expect([typeof made.id, made.key]).toEqual(['string', expect.stringMatching(/^minds_[0-9a-f]{48}$/)]);
  });

  it.each<[readonly string[], string, string]>([
    [['--scope', 'read'], 'Keys of Minds have no scopes: each may do all that its owner may.', 'Leave --scope out.'],
    [['--read-only'], 'Keys of Minds cannot be confined to reading.', 'Leave --read-only out.'],
    [['--expires', '90d'], 'Keys of Minds do not expire.', 'Leave --expires out, and rotate or revoke the key in time.'],
    [['--agent', 'codex'], 'Keys of Minds are not marked with an agent.', 'Leave --agent out, and put it into the name.'],
    [['--hub', 'h1'], 'Keys of Minds are not confined to hubs.', 'Leave --hub out.'],
    [['--trust', 'admin'], 'Keys of Minds have no trust level.', 'Leave --trust out.'],
  ])('refuses %j before anything is sent', async (words, detail, hint) => {
    const world = await user();
    expect([await world.run(...create, 'n', ...words), world.sent]).toEqual([refused(detail, hint), []]);
  });
});

describe('auth create-key at agntix', () => {
  /** Names are taken once in an organization. */
  const user = async (): Promise<World> => {
    const form = { name: `first-${randomUUID()}`, scopes: ['chat:read', 'chat:write', 'agents:read'] };
    return makeWorld({ realm: agntix(), env: { AGNTIX_API_KEY: await dashboardKey(agntix(), form) } });
  };

  it('makes a key with scopes', async () => {
    const world = await user();
    const { exit, stdout } = await world.run(...create, 'ci', '--scope', 'chat:write', '--json');
    expect(bodies(world)).toEqual([{ name: 'ci', scopes: ['chat:write'] }]);
    expect([exit, JSON.parse(stdout)]).toMatchObject([0, { name: 'ci', scopes: ['chat:write'], key: expect.stringMatching(/^pk_live_/) as string }]);
  });

  it('makes with --read-only one that reads', async () => {
    const world = await user();
    const { exit, stdout } = await world.run(...create, 'reader', '--read-only', '--json');
    expect(bodies(world)).toEqual([{ name: 'reader', scopes: ['chat:read', 'agents:read'] }]);
    expect([exit, JSON.parse(stdout)]).toMatchObject([0, { scopes: ['chat:read', 'agents:read'] }]);
  });

  it('asks for a scope before anything is sent', async () => {
    const world = await user();
    const { exit, stdout, stderr } = await world.run(...create, 'ci');
    expect([exit, stdout, world.sent]).toEqual([2, '', []]);
    expect(stderr).toContain('error[needs-answer]');
    expect(stderr).toContain('A key of Agntix needs at least one scope.');
    expect(stderr).toContain('--scope chat:read, --scope chat:write, --scope agents:read');
  });

  it.each([['a name that is taken', ['--scope', 'chat:read'], 'conflict: There is a key called "twice" already.', 409]])(
    'says what the provider says of %s',
    async (_title, words, said, status) => {
      const world = await user();
      await world.run(...create, 'twice', '--scope', 'chat:read');
      const { exit, stdout, stderr } = await world.run(...create, 'twice', ...words);
      expect([exit, stdout]).toEqual([5, '']);
      expect(stderr).toMatch(/^error\[refused\]: This was refused\n {2}Could not create the key\. Agntix says: /);
      expect(stderr).toContain(said);
      expect(stderr).toContain(` [request req_`);
      expect(stderr).toContain(`(${status}).`);
    },
  );

  it.each<[readonly string[], string, string]>([
    [[], 'A key of Agntix needs a name.', 'Such as: keywright auth create-key ci-deploy'],
    [['n', '--expires', '90d'], 'Keys of Agntix do not expire.', 'Leave --expires out, and rotate or revoke the key in time.'],
    [['n', '--agent', 'codex'], 'Keys of Agntix are not marked with an agent.', 'Leave --agent out, and put it into the name.'],
    [['n', '--hub', 'h1'], 'Keys of Agntix are not confined to hubs.', 'Leave --hub out.'],
    [['n', '--trust', 'admin'], 'Keys of Agntix have no trust level.', 'Leave --trust out.'],
  ])('refuses %j before anything is sent', async (words, detail, hint) => {
    const world = await user();
    expect([await world.run(...create, ...words), world.sent]).toEqual([refused(detail, hint), []]);
  });
});

describe('auth create-key at reminix', () => {
  it('says that keys are made in the dashboard, whatever was asked of the key', async () => {
    const projects = await ask(reminix().origin, '/dashboard', { method: 'POST', body: { list: 'projects' } });
    const key = await dashboardKey(reminix(), { project: textAt(projects.json, 'projects', 0, 'id') });
    const world = await makeWorld({ realm: reminix(), env: { REMINIX_API_KEY: key } });
    for (const words of [[], ['n', '--trust', 'admin', '--expires', '90d']]) {
      const wanted = refused('Reminix has no API to create keys.', 'Keys are managed at https://reminix.com (project settings, API Keys)');
      expect([await world.run(...create, ...words), world.sent]).toEqual([wanted, []]);
    }
  });
});
