import { describe, expect, it } from 'vitest';
import { sharedBackend } from '../../support/shared-backend.ts';
import { signedIn } from '../../support/signed-in.ts';
import type { World } from '../../support/world.ts';

const realm = sharedBackend();

interface Made {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly created_at: string;
  readonly expires_at: string | null;
}

async function create(world: World, ...words: string[]): Promise<Made> {
  const { exit, stdout, stderr } = await world.run('auth', 'create-key', '--json', ...words);
  expect([exit, stderr]).toEqual([0, '']);
  const made: Made = JSON.parse(stdout);
  return made;
}

/** A list as the provider might send it. */
function listed(...keys: ReadonlyArray<Readonly<Record<string, unknown>>>): void {
  realm().faults.next('keys.list', { kind: 'wrong-type', body: { data: keys } });
}

const NEVER = { created_at: '2026-01-01T00:00:00Z', expires_at: null, last_used: null, scopes: ['read'], agent_name: '' };

describe('auth list-keys', () => {
  it('prints an array of objects with --json, newest first', async () => {
    const world = await signedIn({ realm: realm() });
    const plain = await create(world, 'plain');
    const agent = await create(world, 'for an agent', '--scope', 'read', '--agent', 'claude-code', '--expires', '90d');
    const { exit, stdout, stderr } = await world.run('auth', 'list-keys', '--json');
    expect([exit, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual([
      {
        id: agent.id,
        name: 'for an agent',
        prefix: agent.prefix,
        scopes: ['read'],
        agent: 'claude-code',
        hubs: [],
        trust: 'standard',
        created_at: agent.created_at,
        expires_at: agent.expires_at,
        last_used_at: null,
        marks: [],
      },
      {
        id: plain.id,
        name: 'plain',
        prefix: plain.prefix,
        scopes: ['read', 'write'],
        agent: null,
        hubs: [],
        trust: 'standard',
        created_at: plain.created_at,
        expires_at: null,
        last_used_at: null,
        marks: [],
      },
    ]);
  });

  it('prints one line a key with tabs and exact times in a pipe', async () => {
    const world = await signedIn({ realm: realm() });
    const made = await create(world, 'ci deploy', '--expires', '30d');
    expect(await world.run('auth', 'list-keys')).toEqual({
      exit: 0,
      stdout: `${[made.id, 'ci deploy', made.prefix, 'read,write', '-', made.created_at, made.expires_at, '-'].join('\t')}\n`,
      stderr: '',
    });
  });

  it('prints an aligned table with relative times in a terminal', async () => {
    const world = await signedIn({ realm: realm(), terminal: true });
    const day = 86_400_000;
    const at = (ms: number): string => new Date(world.clock.now() + ms).toISOString();
    listed(
      {
        id: 'k1',
        name: 'short',
        prefix: 'mxk_1234',
        scopes: ['read'],
        agent_name: '',
        created_at: at(-3 * day),
        expires_at: at(2 * 3_600_000 + 30_000),
        last_used: at(-10_000),
      },
      { id: 'key_22', name: null, prefix: null, scopes: [], agent_name: 'codex', created_at: null, expires_at: null, last_used: null },
    );
    expect((await world.run('auth', 'list-keys')).stdout).toBe(
      [
        'ID      NAME   PREFIX    SCOPES  AGENT  CREATED  EXPIRES  LAST USED  MARKS',
        'k1      short  mxk_1234  read           3d ago   in 2h    now        expires-soon',
        'key_22                           codex  -        -        -',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['a pipe', [], false, ''],
    ['a terminal', [], true, 'There are no keys.\n'],
    ['JSON', ['--json'], false, '[]\n'],
  ])('says that there are none in %s', async (_title, words, terminal, stdout) => {
    const world = await signedIn({ realm: realm(), terminal });
    expect(await world.run('auth', 'list-keys', ...words)).toEqual({ exit: 0, stdout, stderr: '' });
    realm().faults.next('keys.list', { kind: 'wrong-type', body: { data: null } });
    expect((await world.run('auth', 'list-keys', ...words)).stdout).toBe(stdout);
  });

  const hostile = '\u001b[2J\u001b]8;;https://evil.example\u0007ci\u001b]8;;\u0007\tdeploy\r\n\u009b31m\u202eyek\u200b\u2028end\u0000';

  it('lets no escape sequence, tab, line end or hidden character of a name through', async () => {
    const world = await signedIn({ realm: realm() });
    listed({ id: 'k1', name: hostile, prefix: 'mxk_\t1', ...NEVER, agent_name: 'a\u001b[31mb' });
    expect((await world.run('auth', 'list-keys')).stdout).toBe('k1\tci deploy 31myek end\tmxk_ 1\tread\tab\t2026-01-01T00:00:00.000Z\t-\t-\n');
  });

  it('keeps a name whole in JSON, as escapes that no terminal obeys', async () => {
    const world = await signedIn({ realm: realm() });
    listed({ id: 'k1', name: hostile, prefix: 'mxk_1234', ...NEVER });
    const { stdout } = await world.run('auth', 'list-keys', '--json');
    expect(stdout).toMatch(/^[\x20-\x7e]*\n$/);
    expect(JSON.parse(stdout)).toMatchObject([{ name: hostile }]);
  });

  it('cuts a very long name in a table, never in JSON', async () => {
    const name = 'n'.repeat(500);
    const world = await signedIn({ realm: realm(), terminal: true });
    listed({ id: 'k1', name, prefix: 'mxk_1234', ...NEVER });
    expect((await world.run('auth', 'list-keys')).stdout).toContain(`${'n'.repeat(57)}...  mxk_1234`);
    listed({ id: 'k1', name, prefix: 'mxk_1234', ...NEVER });
    expect(JSON.parse((await world.run('auth', 'list-keys', '--json')).stdout)).toMatchObject([{ name }]);
  });

  it('reads the zero times of some servers as "never"', async () => {
    const world = await signedIn({ realm: realm() });
    listed({
      id: 'k1',
      name: 'n',
      prefix: 'mxk_1234',
      scopes: null,
      default_permissions: ['memory:read'],
      agent_name: null,
      created_at: '0001-01-01T00:00:00Z',
      expires_at: '',
      last_used: '1970-01-01T00:00:00Z',
    });
    expect(JSON.parse((await world.run('auth', 'list-keys', '--json')).stdout)).toEqual([
      {
        id: 'k1',
        name: 'n',
        prefix: 'mxk_1234',
        scopes: ['memory:read'],
        agent: null,
        hubs: [],
        trust: null,
        created_at: null,
        expires_at: null,
        last_used_at: null,
        marks: [],
      },
    ]);
  });

  it('takes an id that is a number for its digits', async () => {
    const world = await signedIn({ realm: realm() });
    listed({ ...NEVER, id: 7, name: 'n', prefix: 'mxk_1234' });
    expect((await world.run('auth', 'list-keys')).stdout).toBe('7\tn\tmxk_1234\tread\t-\t2026-01-01T00:00:00.000Z\t-\t-\n');
    listed({ ...NEVER, id: 7, name: 'n', prefix: 'mxk_1234', hub_ids: ['h1', 'h2'], trust_level: 'elevated' });
    expect(JSON.parse((await world.run('auth', 'list-keys', '--json')).stdout)).toMatchObject([{ id: '7', hubs: ['h1', 'h2'], trust: 'elevated' }]);
  });

  it('takes a list of many thousands', async () => {
    const world = await signedIn({ realm: realm() });
    listed(...Array.from({ length: 10_000 }, (_, index) => ({ id: `key_${index}`, name: 'n'.repeat(100), prefix: 'mxk_1234', ...NEVER })));
    expect((await world.run('auth', 'list-keys')).stdout.split('\n')).toHaveLength(10_001);
  });

  it.each([
    [{ ...NEVER, id: -7, name: 'n' }, 'data.0.id'],
    [{ ...NEVER, id: 7.5, name: 'n' }, 'data.0.id'],
    [{ ...NEVER, id: true, name: 'n' }, 'data.0.id'],
    [{ ...NEVER, id: null, name: 'n' }, 'data.0.id'],
    [{ ...NEVER, id: 'k', hub_ids: ['h', 7] }, 'data.0.hub_ids.1'],
    [{ ...NEVER, id: 'k', trust_level: 7 }, 'data.0.trust_level'],
    [{ ...NEVER, id: '../k', name: 'n' }, 'data.0.id'],
    [{ ...NEVER, id: '..', name: 'n' }, 'data.0.id'],
    [{ ...NEVER, id: 'k', name: 7 }, 'data.0.name'],
    [{ ...NEVER, id: 'k', scopes: 'read' }, 'data.0.scopes'],
    [{ ...NEVER, id: 'k', scopes: ['read', 7] }, 'data.0.scopes.1'],
    [{ ...NEVER, id: 'k', created_at: 'yesterday' }, 'data.0.created_at'],
    [{ ...NEVER, id: 'k', expires_at: 7 }, 'data.0.expires_at'],
    [{ ...NEVER, id: 'k', last_used: '+275760-09-13T00:00:00.001Z' }, 'data.0.last_used'],
  ])('names the field of %j that does not fit', async (key, field) => {
    const world = await signedIn({ realm: realm() });
    listed({ ...key, secret: 'SECRET-7f3a' });
    const result = await world.run('auth', 'list-keys');
    expect(result).toEqual({
      exit: 8,
      stdout: '',
      stderr: `error[unexpected-answer]: The provider gave an answer that makes no sense\n  The answer to "list the keys" does not fit: field "${field}" is missing or of the wrong kind.\nhint: The provider may have changed its API, or the address leads to something else. Check the API address; a newer keywright may know the change.\n`,
    });
  });
});
