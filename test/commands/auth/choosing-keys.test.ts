import { describe, expect, it } from 'vitest';
import type { HttpReply, HttpRequest } from '../../../src/model/http.ts';
import { Failure } from '../../../src/model/failure.ts';
import { watch } from '../../../src/model/ending.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { signedIn } from '../../support/signed-in.ts';
import { makeWorld, type World } from '../../support/world.ts';

const realm = sharedBackend();
const list = ['auth', 'list-keys'] as const;
const DAY = 86_400_000;

/** Days from now; null for never. */
interface Ages {
  readonly created?: number | null;
  readonly used?: number | null;
  readonly expires?: number | null;
  readonly name?: string | null;
  readonly agent?: string;
}

const KEYS: Readonly<Record<string, Ages>> = {
  fresh: { created: -10, used: -1, name: 'ci-build' },
  resting: { created: -400, used: -91, name: 'ci-deploy', agent: 'codex' },
  'never-used': { created: -200, used: null, name: 'laptop', expires: 13 },
  'new-and-unused': { created: -3, used: null, name: null, expires: 15 },
  over: { created: -100, used: -50, name: 'CI-old', expires: -1, agent: 'codex' },
  'of-no-age': { created: null, used: null, name: 'b', expires: null },
};

/** A person at Memax with these keys, in this order. */
async function withKeys(terminal = false): Promise<World> {
  const world = await signedIn({ realm: realm(), terminal });
  const at = (days: number | null | undefined): string | null =>
    days === null || days === undefined ? null : new Date(world.clock.now() + days * DAY).toISOString();
  const data = Object.entries(KEYS).map(([id, { created, used, expires, name, agent }]) => ({
    id,
    name: name ?? null,
    prefix: 'mxk_1234',
    scopes: ['read'],
    agent_name: agent ?? '',
    created_at: at(created),
    expires_at: at(expires),
    last_used: at(used),
  }));
  realm().faults.next('keys.list', { kind: 'wrong-type', body: { data } });
  return world;
}

async function idsOf(...flags: string[]): Promise<readonly string[]> {
  const world = await withKeys();
  const { exit, stdout, stderr } = await world.run(...list, ...flags);
  expect([exit, stderr]).toEqual([0, '']);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('auth list-keys chooses', () => {
  it.each([
    [
      ['--stale', '90d'],
      ['resting', 'never-used'],
    ],
    [
      ['--stale', '2d'],
      ['resting', 'never-used', 'new-and-unused', 'over'],
    ],
    [['--stale', '1y'], []],
    [['--expiring', '14d'], ['never-used']],
    [
      ['--expiring', '16d'],
      ['never-used', 'new-and-unused'],
    ],
    [['--expired'], ['over']],
    [
      ['--agent', 'codex'],
      ['resting', 'over'],
    ],
    [['--agent', 'CODEX'], []],
    [
      ['--name', 'ci-*'],
      ['fresh', 'resting'],
    ],
    [['--name', '?'], ['of-no-age']],
    [['--name', '*'], Object.keys(KEYS)],
    [['--name', 'ci-*', '--stale', '90d'], ['resting']],
    [['--agent', 'codex', '--expired', '--name', 'C*', '--stale', '50d'], ['over']],
  ])('%j', async (flags, ids) => {
    expect(await idsOf(...flags)).toEqual(ids);
  });

  it.each([
    ['created', ['new-and-unused', 'fresh', 'over', 'never-used', 'resting', 'of-no-age']],
    ['used', ['fresh', 'over', 'resting', 'never-used', 'new-and-unused', 'of-no-age']],
    ['expires', ['over', 'never-used', 'new-and-unused', 'fresh', 'resting', 'of-no-age']],
    ['name', ['over', 'of-no-age', 'fresh', 'resting', 'never-used', 'new-and-unused']],
  ])('and sorts by %s, what is not known last', async (order, ids) => {
    expect(await idsOf('--sort', order)).toEqual(ids);
  });

  it('at most so many, the first in order', async () => {
    expect(await idsOf('--limit', '2')).toEqual(['fresh', 'resting']);
    expect(await idsOf('--limit', '2', '--sort', 'expires')).toEqual(['over', 'never-used']);
    expect(await idsOf('--limit', '1', '--name', 'l*')).toEqual(['never-used']);
  });

  it.each([
    [['--stale', 'long'], '--stale "long" is not a duration.'],
    [['--stale', ''], '--stale has no value.'],
    [['--name', ''], '--name has no value.'],
    [['--agent', ' '], '--agent has no value.'],
    [['--expiring', '0d'], '--expiring 0d is no time at all.'],
    [['--expiring', '1d', '--expired'], '--expiring and --expired exclude each other.'],
    [['--sort', 'age'], '--sort "age" is no order.'],
    [['--limit', '0'], '--limit "0" is no number of keys.'],
    [['--limit', '1.5'], '--limit "1.5" is no number of keys.'],
    [['--json', '--jsonl'], '--json and --jsonl exclude each other.'],
  ])('and refuses %j before anything is sent', async (flags, detail) => {
    const world = await signedIn({ realm: realm() });
    const result = await world.run(...list, ...flags);
    expect([result.exit, world.sent]).toEqual([2, []]);
    expect(`${result.stdout}${result.stderr}`).toContain(flags.includes('--json') ? JSON.stringify(detail).slice(1, -1) : detail);
  });
});

describe('auth list-keys marks', () => {
  const MARKS = {
    fresh: [],
    resting: ['stale'],
    'never-used': ['stale', 'expires-soon'],
    'new-and-unused': [],
    over: ['expired'],
    'of-no-age': [],
  };

  it('what is worth a look in JSON', async () => {
    const keys: ReadonlyArray<{ readonly id: string; readonly marks: unknown }> = JSON.parse((await (await withKeys()).run(...list, '--json')).stdout);
    expect(Object.fromEntries(keys.map(({ id, marks }) => [id, marks]))).toEqual(MARKS);
  });

  it('and in the table, and not in lines for programs', async () => {
    const table = (await (await withKeys(true)).run(...list)).stdout.split('\n');
    expect(table[0]).toMatch(/ {2}LAST USED {2}MARKS$/);
    expect(table[3]).toMatch(/^never-used .* {2}stale, expires-soon$/);
    expect(table[1]).toMatch(/1d ago$/);
    const lines = (await (await withKeys()).run(...list)).stdout;
    expect(lines).not.toMatch(/stale|soon/);
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => line.split('\t').length),
    ).toEqual([8, 8, 8, 8, 8, 8]);
  });

  it('never says stale where the list tells no last use, and refuses to choose by it', async () => {
    const world = await makeWorld({
      env: { ACME_API_KEY: 'acme-0123456789abcdef' },
      elsewhere: (): HttpReply => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '[{"id":1,"made":"2020-01-01T00:00:00Z"}]' }),
    });
    const definition = {
      id: 'acme',
      name: 'Acme',
      base_url: 'https://api.acme.test',
      key: { prefix: 'acme-', alphabet: 'hex', length: 16 },
      keys: { list: { path: '/keys', items: '', fields: { id: 'id', created_at: 'made' } }, revoke: { path: '/keys/{id}' } },
    };
    await writeDefinition(world, definition);
    expect(JSON.parse((await world.run(...list, '--provider', 'acme', '--json')).stdout)).toMatchObject([{ id: '1', marks: [] }]);
    const refused = await world.run('auth', 'revoke-key', '--provider', 'acme', '--stale', '90d', '--yes');
    expect([refused.exit, world.sent]).toEqual([2, []]);
    expect(refused.stderr).toContain('Acme does not tell when a key was last used');
  });
});

async function writeDefinition(world: World, definition: unknown): Promise<void> {
  const { mkdir, writeFile } = await import('node:fs/promises');
  await mkdir(`${world.dir}/config/providers`, { recursive: true });
  await writeFile(`${world.dir}/config/providers/acme.json`, JSON.stringify(definition), { mode: 0o600 });
}

describe('auth list-keys in pages', () => {
  const AGNTIX_KEY = `pk_live_${'5ec7e7'.repeat(6)}`;
  const PAGES = 20;

  const json = (status: number, body: unknown): HttpReply => ({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

  /** Three keys a page, of which page `broken` cannot be had. */
  const pages =
    (broken?: number) =>
    (request: HttpRequest): HttpReply => {
      const page = Number(new URL(request.url).searchParams.get('page'));
      if (page === broken) return json(500, { error: { code: 'down', message: 'not now' } });
      const data = [0, 1, 2].map((index) => ({ id: `k${page}-${index}`, name: `n${index}`, scopes: [], createdAt: '2026-01-01T00:00:00Z', lastUsedAt: null }));
      return json(200, { data, pagination: { page, limit: 100, total: PAGES * 3, totalPages: PAGES } });
    };
  const agntix = (elsewhere = pages(), terminal = false): Promise<World> => makeWorld({ env: { AGNTIX_API_KEY: AGNTIX_KEY }, elsewhere, terminal });

  it('gives all of them, in every form', async () => {
    const world = await agntix();
    const lines = (await world.run(...list)).stdout.trim().split('\n');
    expect(lines).toHaveLength(PAGES * 3);
    expect(lines[59]).toMatch(/^k20-2\tn2\t-\t/);
    const { stdout } = await world.run(...list, '--json');
    const array: readonly unknown[] = JSON.parse(stdout);
    expect(array).toHaveLength(PAGES * 3);
    expect(stdout).toBe(`${JSON.stringify(array)}\n`);
    expect((await world.run(...list, '--jsonl')).stdout).toBe(array.map((key) => `${JSON.stringify(key)}\n`).join(''));
  });

  it('writes the array of a terminal with the indents that any other has', async () => {
    const { stdout } = await (await agntix(pages(), true)).run(...list, '--json');
    expect(stdout).toBe(`${JSON.stringify(JSON.parse(stdout), null, 2)}\n`);
  });

  it.each([
    [[], ''],
    [['--json'], '[]\n'],
    [['--jsonl'], ''],
  ])('prints an empty result where no page has a key that fits: %j', async (flags, stdout) => {
    expect(await (await agntix()).run(...list, '--name', 'x', ...flags)).toEqual({ exit: 0, stdout, stderr: '' });
  });

  it('says so in a terminal', async () => {
    expect((await (await agntix(pages(), true)).run(...list, '--name', 'x')).stdout).toBe('No key is like that.\n');
  });

  it('asks for no page beyond the limit', async () => {
    const world = await agntix();
    expect((await world.run(...list, '--limit', '3')).stdout.trim().split('\n')).toHaveLength(3);
    expect(world.sent).toHaveLength(1);
    expect((await world.run(...list, '--limit', '7')).stdout.trim().split('\n')).toHaveLength(7);
    expect(world.sent.length).toBeLessThan(PAGES / 2);
  });

  it('ends what it asked for ahead when nobody wants it any more', async () => {
    const waits: string[] = [];
    const world = await agntix((request) => {
      const page = Number(new URL(request.url).searchParams.get('page'));
      if (request.signal !== undefined) watch(request.signal, () => waits.push(`ended ${page}`));
      return pages()(request);
    });
    await world.run(...list, '--limit', '4');
    expect(waits).toContain('ended 5');
  });

  it.each([
    ['lines', [], /^k1-0\t/],
    ['an array', ['--json'], /^\[\{"id":"k1-0"/],
    ['JSON lines', ['--jsonl'], /^\{"id":"k1-0"/],
  ])('says that %s are not whole when a later page fails, and exits with its failure', async (_title, flags, begins) => {
    const { exit, stdout, stderr } = await (await agntix(pages(3))).run(...list, ...flags);
    expect([exit, stdout.match(/k[0-9]+-2/g)]).toEqual([7, ['k1-2', 'k2-2']]);
    expect(stdout).toMatch(begins);
    // An array without its end: no program can take it for a whole one.
    expect(stdout.startsWith('[') && isJson(stdout)).toBe(false);
    // What is told next stands on a line of its own, also where both go to one terminal.
    expect(stdout.endsWith('\n')).toBe(true);
    expect(stdout).not.toContain('error');
    expect(stderr).toBe(
      'error[unreachable]: The provider cannot be reached\n  Could not list the keys. Agntix says: down: not now (500). What was printed is not the whole result.\nhint: The provider has trouble. Try again in a while.\n',
    );
  });

  it('prints nothing of an order that cannot be known, and of a list without its first page', async () => {
    const sorted = await (await agntix(pages(3))).run(...list, '--sort', 'name', '--json');
    expect([sorted.exit, sorted.stderr]).toEqual([7, '']);
    expect(JSON.parse(sorted.stdout)).toMatchObject({ error: { code: 'unreachable' } });
    const first = await (await agntix(pages(1))).run(...list);
    expect([first.exit, first.stdout]).toEqual([7, '']);
    expect(first.stderr).not.toContain('not the whole');
  });

  it('aligns a table of many pages as one', async () => {
    const { stdout } = await (await agntix(pages(), true)).run(...list);
    const rows = stdout.trimEnd().split('\n');
    expect(rows).toHaveLength(PAGES * 3 + 1);
    expect(new Set(rows.slice(1).map((row) => row.indexOf('  n'))).size).toBeLessThanOrEqual(2);
    expect(rows.filter((row) => row.startsWith('ID '))).toHaveLength(1);
  });

  it('goes through an interruption with its own exit code', async () => {
    const world = await agntix((request) => {
      if (request.url.includes('page=6')) throw new Failure('cancelled', { detail: 'The command was interrupted.' });
      return pages()(request);
    });
    const { exit, stderr } = await world.run(...list);
    expect(exit).toBe(130);
    expect(stderr).toContain('What was printed is not the whole result.');
  });
});
