import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/command-table.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { signedIn } from '../support/signed-in.ts';
import { makeWorld, type World } from '../support/world.ts';

const realm = sharedBackend();
const commands = await Promise.all(COMMANDS.map(({ load }) => load()));

const offBus = { env: { DBUS_SESSION_BUS_ADDRESS: 'disabled:' } };

async function furnished(): Promise<World> {
  const world = await signedIn({ realm: realm(), ...offBus });
  for (const agent of ['claude-code', 'codex']) await world.run('auth', 'create-grant', '--agent', agent, '--device', 'laptop');
  await world.run('auth', 'create-key', 'ci');
  return world;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** The lines that are JSON, each read. Throws where one is not, or where the last has no end. */
function readLines(stdout: string): readonly unknown[] {
  if (stdout !== '' && !stdout.endsWith('\n')) throw new Error('the last line has no end');
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line));
}

/** Every command whose `--json` is an array of things that are there, and what else is given to it. */
const LISTS: ReadonlyArray<readonly string[]> = [
  ['auth', 'status'],
  ['auth', 'list-keys'],
  ['auth', 'list-grants'],
  ['providers', 'list'],
  ['doctor', '--offline'],
];

describe('--jsonl', () => {
  it('is a flag of each list and of nothing else', () => {
    const having = commands.filter(({ flags }) => flags['jsonl'] !== undefined).map(({ path }) => path.join(' '));
    expect([...having].sort()).toEqual([...LISTS.map((words) => words.filter((word) => !word.startsWith('--')).join(' ')), 'store status'].sort());
  });

  it.each(LISTS)('%s %s: one line for each element of the array that --json prints', async (...words) => {
    const world = await furnished();
    const array: unknown = JSON.parse((await world.run(...words, '--json')).stdout);
    const { exit, stdout, stderr } = await world.run(...words, '--jsonl');
    expect([exit, stderr]).toEqual([0, '']);
    expect(isList(array) && array.length > 0).toBe(true);
    expect(readLines(stdout)).toEqual(array);
  });

  it('is the same in a terminal, where --json is indented', async () => {
    const world = await signedIn({ realm: realm(), terminal: true });
    await world.run('auth', 'create-grant', '--agent', 'codex', '--device', 'laptop');
    for (const words of [
      ['auth', 'list-keys'],
      ['auth', 'list-grants'],
    ])
      expect(readLines((await world.run(...words, '--jsonl')).stdout)).toEqual([expect.objectContaining({ agent: 'codex' })]);
  });

  it('tells of the stores first and then of their entries, and each line says which it is', async () => {
    const world = await furnished();
    const { stores, entries }: { stores: readonly object[]; entries: readonly object[] } = JSON.parse((await world.run('store', 'status', '--json')).stdout);
    expect([stores.length, entries.length]).toEqual([2, 1]);
    const { stdout } = await world.run('store', 'status', '--jsonl');
    expect(readLines(stdout)).toEqual([...stores.map((each) => ({ about: 'store', ...each })), ...entries.map((each) => ({ about: 'entry', ...each }))]);
  });

  it('prints what there is when that stands for a failure, which goes to stderr', async () => {
    const world = await makeWorld({ realm: realm(), env: { API_URL: 'https://other.test', MEMAX_API_URL: undefined, MEMAX_API_KEY: `mxk_${'0'.repeat(64)}` } });
    const { exit, stdout, stderr } = await world.run('auth', 'status', '--jsonl');
    expect(exit).not.toBe(0);
    expect(readLines(stdout)).toEqual([expect.objectContaining({ source: 'variable', name: 'MEMAX_API_KEY' })]);
    expect(stderr).toMatch(/^error\[/);
  });

  it('prints nothing where there is nothing', async () => {
    expect(await (await makeWorld({ realm: realm() })).run('auth', 'list-grants', '--jsonl')).toEqual({ exit: 0, stdout: '', stderr: '' });
  });

  it.each([['whoami'], ['auth', 'create-key', 'ci'], ['auth', 'revoke-key', 'key_1'], ['providers', 'show', 'memax']])(
    'is refused by %s, whose result is no list',
    async (...words) => {
      const world = await makeWorld({ realm: realm() });
      expect(await world.run(...words, '--jsonl')).toEqual({
        exit: 2,
        stdout: '',
        stderr:
          'error[usage]: The command was not understood\n  The result of this command is no list, so it has no --jsonl.\nhint: Print it as JSON instead: --json\n',
      });
    },
  );

  it('leaves a flag that no command has to its own words', async () => {
    expect((await (await makeWorld()).run('auth', 'list-grants', '--jsonl', '--nothing')).stderr).toContain("Unknown option '--nothing'");
  });

  it.each(LISTS)('%s %s refuses it beside --json', async (...words) => {
    const { exit, stdout } = await (await makeWorld()).run(...words, '--json', '--jsonl');
    expect([exit, JSON.parse(stdout)]).toEqual([2, { error: expect.objectContaining({ detail: '--json and --jsonl exclude each other.' }) }]);
  });
});
