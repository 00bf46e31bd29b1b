import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/model/duration.ts';
import { columnsOf } from '../../src/model/width.ts';
import { ask, textAt } from '../integration/backend/running.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { signedIn } from '../support/signed-in.ts';
import { makeWorld, type World, type WorldWishes } from '../support/world.ts';

const realm = sharedBackend();
const reminix = sharedBackend({}, 'reminix');

/** How wide the terminal is; undefined for one without an end. */
type Columns = number | undefined;

interface Listing {
  /** Where the rows are printed. */
  readonly stream: 'stdout' | 'stderr';
  readonly world: (wishes: WorldWishes) => Promise<World>;
  readonly words: readonly string[];
  readonly exit: number;
}

/** Words that no window breaks: what one copies, such as an id, a path or an address, behind its title at most. */
const UNBREAKABLE = /^\s*(?:[A-Z][A-Z ]*[A-Z] |fix: )?\S+\s*$/;

/** Twenty characters of two columns each, and a mark that joins with the one before it. */
const WIDE = '\u5bc6\u94a5 \u6d4b\u8bd5 \u5bc6\u94a5 \u6d4b\u8bd5 \u5bc6\u94a5 \u6d4b\u8bd5 \u5bc6\u94a5 \u{1f44d}\u{1f3fd}';

const someone = (wishes: WorldWishes): Promise<World> => signedIn({ realm: realm(), ...wishes });

async function withKeys(wishes: WorldWishes): Promise<World> {
  const world = await someone(wishes);
  for (const name of ['a-key-with-a-rather-long-name-for-ci', WIDE]) {
    expect(await world.run('auth', 'create-key', name, '--scope', 'read', '--scope', 'write', '--expires', '365d', '--quiet')).toMatchObject({ exit: 0 });
  }
  return world;
}

async function withOldKeys(wishes: WorldWishes): Promise<World> {
  const world = await withKeys(wishes);
  world.clock.advance(100 * DAY_MS);
  return world;
}

async function withGrant(wishes: WorldWishes): Promise<World> {
  const world = await someone(wishes);
  expect(
    await world.run('auth', 'create-grant', '--agent', 'claude-code', '--device', 'a-machine-with-a-rather-long-name', '--scope', 'read', '--quiet'),
  ).toMatchObject({ exit: 0 });
  return world;
}

async function withClient(wishes: WorldWishes): Promise<World> {
  const world = await someone(wishes);
  const folder = join(dirname(world.cwd), '.cursor');
  await mkdir(folder);
  await writeFile(join(folder, 'mcp.json'), '{}\n');
  return world;
}

async function afterSetup(wishes: WorldWishes): Promise<World> {
  const world = await withClient(wishes);
  expect(await world.run('setup', '--mcp', '--yes', '--quiet')).toMatchObject({ exit: 0 });
  return world;
}

async function withClientToken(wishes: WorldWishes): Promise<World> {
  const dashboard = async (form: object): Promise<unknown> =>
    (await ask(reminix().origin, '/dashboard', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(form) })).json;
  const project = textAt(await dashboard({ list: 'projects' }), 'projects', 0, 'id');
  const key = textAt(await dashboard({ make: 'key', project }), 'key');
  const at = { realm: reminix(), env: { REMINIX_API_KEY: key } };
  const made: unknown = JSON.parse((await (await makeWorld(at)).run('auth', 'create-client-token', '--public', `who=${WIDE}`, '--json')).stdout);
  return makeWorld({ ...at, ...wishes, answers: [textAt(made, 'token')] });
}

const onStdout = (world: Listing['world'], words: readonly string[], exit = 0): Listing => ({ stream: 'stdout', world, words, exit });
const atQuestion = (words: readonly string[]): Listing => ({ stream: 'stderr', world: withOldKeys, words, exit: 130 });

/** Every command that prints rows, by its file, and the ways in which it does. */
const LISTINGS: Readonly<Record<string, readonly Listing[]>> = {
  'auth/list-grants': [onStdout(withGrant, ['auth', 'list-grants'])],
  'auth/list-keys': [onStdout(withKeys, ['auth', 'list-keys'])],
  'auth/revoke-key': [onStdout(withOldKeys, ['auth', 'revoke-key', '--stale', '90d', '--dry-run']), atQuestion(['auth', 'revoke-key', '--stale', '90d'])],
  'auth/rotate-key': [
    onStdout(withOldKeys, ['auth', 'rotate-key', '--older-than', '90d', '--dry-run']),
    atQuestion(['auth', 'rotate-key', '--older-than', '90d', '--format', 'json']),
  ],
  'auth/show-client-token': [onStdout(withClientToken, ['auth', 'show-client-token'])],
  'auth/status': [onStdout(someone, ['auth', 'status'])],
  doctor: [onStdout(someone, ['doctor', '--offline'])],
  'providers/list': [onStdout(makeWorld, ['providers', 'list'])],
  'providers/show': [onStdout(makeWorld, ['providers', 'show', 'memax'])],
  // The bridge that the check starts is a process of its own, which does not reach the store of this world.
  setup: [onStdout(withClient, ['setup', '--mcp', '--yes']), onStdout(afterSetup, ['setup', '--mcp', '--check'], 9)],
  'store/status': [onStdout(someone, ['store', 'status'])],
  whoami: [onStdout(someone, ['whoami', '--explain'])],
};

/** What was printed of rows: a table that a question is about ends where the question does. */
async function printed({ stream, world, words, exit }: Listing, columns: Columns): Promise<readonly string[]> {
  const at = await world({ terminal: true, ...(columns === undefined ? {} : { columns }), answers: ['no'] });
  const result = await at.run(...words);
  expect([result.exit, result.stderr]).toEqual([exit, result.stderr]);
  return (result[stream].split(/^error\[/m)[0] ?? '').split('\n');
}

const tooLong = (lines: readonly string[], columns: number): readonly string[] => lines.filter((line) => columnsOf(line) > columns && !UNBREAKABLE.test(line));

/** Source files of commands, by their path below the folder of commands. */
const sources = readdirSync('src/commands', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file): readonly [string, string] => [file.replace(/\.ts$/, '').replaceAll('\\', '/'), readFileSync(join('src/commands', file), 'utf8')]);

describe('the rows of a command', () => {
  it('are looked at below, whichever command prints some', () => {
    const printing = sources.filter(([, text]) => /render\/(?:listing|keys|pieces)\.ts/.test(text)).map(([path]) => path);
    expect(printing.sort()).toEqual(Object.keys(LISTINGS).sort());
  });

  it('are made in one way, which knows how wide the terminal is', () => {
    const byItself = sources.filter(([, text]) => /import (?!type )[^;]*render\/table\.ts|padEnd\(/.test(text));
    expect(byItself.map(([path]) => path)).toEqual(['doctor']);
  });

  describe.each(Object.entries(LISTINGS).flatMap(([path, ways]) => ways.map((way) => ({ path, ...way }))))('of $words', (way) => {
    it('are wider than a narrow terminal where nothing has to fit', async () => {
      const lines = await printed(way, undefined);
      expect(Math.max(...lines.map(columnsOf))).toBeGreaterThan(40);
    });

    it.each([40, 80])('fit into %i columns', async (columns) => {
      const lines = await printed(way, columns);
      expect(lines.length).toBeGreaterThan(2);
      expect(tooLong(lines, columns)).toEqual([]);
    });
  });
});
