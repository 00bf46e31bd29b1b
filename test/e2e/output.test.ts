import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { type Home, keywright, leadingTo, leftBehind, makeHome, PROGRAM, start, type Variables } from '../support/cli.ts';

/** More lines than a pipe holds (64 KiB). */
const MANY_KEYS = 800;

let backend: LocalBackend;
let realm: LocalRealm;
let standIn: StandIn;
const homes: Home[] = [];
let home: Home;
let env: Variables;
let key: string;

/** Makes keys as any program may, several at a time. */
async function makeKeys(count: number): Promise<void> {
  const make = (index: number): Promise<Response> =>
    fetch(`${realm.origin}/v1/auth/api-keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: `key-${index}` }),
    });
  for (let done = 0; done < count; done += 50) {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => make(done + index)));
    for (const answer of answers) if (answer.status !== 201) throw new Error(await answer.text());
  }
}

beforeAll(async () => {
  backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
  realm = backend.realm('memax');
  standIn = await makeStandIn();
  home = await makeHome();
  const elsewhere = await makeHome();
  homes.push(home, elsewhere);
  const signedIn = { ...elsewhere.env, ...leadingTo(realm), KEYWRIGHT_STORE: 'file', BROWSER: standIn.allow };
  await keywright(signedIn, ['login', 'memax']);
  key = (await keywright(signedIn, ['auth', 'create-key', 'first'])).stdout.trim();
  await makeKeys(MANY_KEYS);
  env = { ...home.env, ...leadingTo(realm), MEMAX_API_KEY: key };
});

afterAll(async () => {
  await backend.stop();
  await standIn.remove();
  const left = await leftBehind(
    homes.map(({ dir }) => dir),
    [backend],
  );
  await Promise.all(homes.map((each) => each.remove()));
  expect(left).toEqual([]);
});

describe('what the built program loads', () => {
  /** The files that a run of the program loads, as a hook of Node tells at its end. */
  async function loads(...words: readonly string[]): Promise<readonly string[]> {
    const hook = path.join(home.dir, 'loaded.cjs');
    const told = path.join(home.dir, 'loaded.json');
    const code = `
const vm = require('vm');
const scripts = [];
vm.Script = class extends vm.Script {
  constructor(code, options) {
    super(code, options);
    scripts.push(options.filename);
  }
};
process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(told)}, JSON.stringify([...Object.keys(require.cache), ...scripts])));
`;
    await writeFile(hook, code);
    const ended = await keywright(env, words, { through: [process.execPath, '--require', hook, PROGRAM] });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const files: readonly string[] = JSON.parse(await readFile(told, 'utf8'));
    return files.filter((file) => file !== hook);
  }

  it.each([[['--version']], [['--help']], [['auth', '--help']], [['auth', 'create-key', '--help']], [['login', '-h']]])(
    'is the launcher alone for %j',
    async (words) => {
      expect(await loads(...words)).toEqual([PROGRAM]);
    },
  );

  it('is seen where there is something to see', async () => {
    expect((await loads('whoami')).map((file) => path.basename(file))).toEqual(expect.arrayContaining(['keywright.js', 'main-whoami.js']));
  });
});

describe('a reader', () => {
  /** What a shell sees of the program with its stdout in a pipe to `reader`: what the reader read, and the program's exit code and stderr. */
  async function into(reader: string, ...words: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
    const script = `{ "$0" "$@"; printf 'ended with %s\\n' "$?" >&2; } | ${reader}`;
    return execa('sh', ['-c', script, process.execPath, PROGRAM, ...words], { env, extendEnv: false, stdin: 'ignore' });
  }

  it('that goes away after a line ends the program quietly', async () => {
    const { stdout, stderr } = await into('head -n 1', 'auth', 'list-keys');
    expect(stdout.split('\t')).toHaveLength(8);
    expect(stderr).toBe('ended with 0');
  });

  it('that is slow gets every line', async () => {
    const { stdout, stderr } = await into('{ sleep 1; cat; }', 'auth', 'list-keys');
    expect(stdout.split('\n')).toHaveLength(MANY_KEYS + 1);
    expect(stderr).toBe('ended with 0');
  });
});

const FULL = '/dev/full';
const onto = (target: string): readonly string[] => ['sh', '-c', `exec "$0" "$@" > ${target}`, process.execPath, PROGRAM];

// Linux alone has a device that is always full.
describe.runIf(existsSync(FULL))('a full disk under stdout', () => {
  it.each([
    [['whoami']],
    [['whoami', '--json']],
    [['auth', 'list-keys']],
    [['auth', 'list-keys', '--json']],
    [['--version']],
    [['--help']],
    [['nonsense', '--json']],
  ])('is told in one line and an exit code for %j', async (words) => {
    const ended = await keywright(env, words, { through: onto(FULL) });
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toMatch(/cannot be written/);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect(ended.stderr.trim().split('\n').length).toBeLessThanOrEqual(3);
  });

  it.each([[[]], [['--json']], [['--quiet']]])('revokes a new key again, which nobody could take, and names it, with %j too', async (flags) => {
    const name = `onto-a-full-disk${flags.join('')}`;
    const ended = await keywright(env, ['auth', 'create-key', name, ...flags], { through: onto(FULL) });
    expect(ended).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(
        new RegExp(`The output cannot be written \\(ENOSPC\\)\\. Nothing took the new key "${name}" \\(id \\S+\\), so it was revoked again\\.`),
      ),
    });
    const listed = (await keywright(env, ['auth', 'list-keys', '--json'])).stdout;
    const keys: ReadonlyArray<{ readonly name: string }> = JSON.parse(listed);
    expect(keys.filter((each) => each.name === name)).toEqual([]);
  });
});

describe('a closed stdout', () => {
  it('does not let the program crash', async () => {
    const ended = await start(env, ['whoami'], { through: ['sh', '-c', 'exec "$0" "$@" >&-', process.execPath, PROGRAM] }).ended;
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });
});
