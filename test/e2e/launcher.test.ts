import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { installed as install, launch as run, LAUNCHER_ENV, type Outcome } from '../support/installation.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MAIN = "process.stdout.write(`main ${process.argv.slice(2).join(' ')}\\n`);\n";

/** Far more than a pipe takes at once. */
const LONG_TEXT = `${'0123456789abcdef'.repeat(65_536)}\n`;

let home: string;
let hooks: string;

const installed = (name: string, dist: Readonly<Record<string, string>>): Promise<string> => install(path.join(home, name), dist);

/** A file that Node reads before the launcher. */
async function hook(name: string, code: string): Promise<string> {
  const file = path.join(hooks, `${name}.cjs`);
  await writeFile(file, code);
  return file;
}

const printed = (stdout: string): Outcome => ({ code: 0, stdout, stderr: '' });

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'keywright-launcher-'));
  hooks = path.join(home, 'hooks');
  await mkdir(hooks);
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

describe('the launcher', () => {
  const texts = { 'texts/root.txt': 'root help\n', 'texts/auth.txt': 'auth help\n', 'texts/auth.create-key.txt': 'create-key help\n', 'main.js': MAIN };

  it('prints the version of package.json and nothing else', async () => {
    const launcher = await installed('version', texts);
    const { version }: { version: string } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8'));
    expect(await run(launcher, ['--version'])).toEqual(printed(`${version}\n`));
    expect(await run(launcher, ['-V'])).toEqual(printed(`${version}\n`));
  });

  it.each([
    [[], 'root help\n'],
    [['--help'], 'root help\n'],
    [['-h'], 'root help\n'],
    [['help'], 'root help\n'],
    [['auth', '--help'], 'auth help\n'],
    [['auth', '-h'], 'auth help\n'],
    [['--help', 'auth'], 'auth help\n'],
    [['help', 'auth'], 'auth help\n'],
    [['auth', 'create-key', '--help'], 'create-key help\n'],
    [['help', 'auth', 'create-key'], 'create-key help\n'],
  ])('answers %j from prepared text', async (args, expected) => {
    expect(await run(await installed('help', texts), args)).toEqual(printed(expected));
  });

  it.each([
    [['auth']],
    [['auth', 'create-key', 'ci']],
    [['auth', 'nothing', '--help']],
    [['auth', '--help', 'create-key']],
    [['--version', 'auth']],
    [['..', 'auth', '--help']],
    [['auth.create-key', '--help']],
    [['auth', '--json', '--help']],
  ])('leaves %j to the program', async (args) => {
    expect(await run(await installed('program', texts), args)).toEqual(printed(`main ${args.join(' ')}\n`));
  });

  it('loads nothing for --version and --help: no file, no package, no part of Node that a bare start lacks', async () => {
    const launcher = await installed('bare', texts);
    const empty = path.join(hooks, 'empty.cjs');
    await writeFile(empty, '');
    const watch = await hook(
      'watch',
      "process.on('exit', () => require('fs').writeFileSync(2, JSON.stringify({ files: Object.keys(require.cache), parts: process.moduleLoadList.filter((part) => part.startsWith('NativeModule')) })));",
    );
    const bare: { parts: readonly string[] } = JSON.parse((await run(empty, [], ['--require', watch])).stderr);
    for (const args of [['--version'], ['--help'], ['auth', 'create-key', '--help'], []]) {
      const seen: { files: readonly string[]; parts: readonly string[] } = JSON.parse((await run(launcher, args, ['--require', watch])).stderr);
      expect({ files: seen.files, added: seen.parts.filter((part) => !bare.parts.includes(part)) }).toEqual({ files: [watch, launcher], added: [] });
    }
  });

  it('starts each file that the build makes for a command', async () => {
    const made = (await readdir(path.join(ROOT, 'dist'))).filter((name) => /^main-.+\.js$/.test(name));
    expect(made.length).toBeGreaterThan(3);
    const launcher = await installed('quick', { 'main.js': MAIN, ...Object.fromEntries(made.map((name) => [name, `process.stdout.write('${name}');\n`])) });
    for (const name of made) {
      const words = name.slice('main-'.length, -'.js'.length);
      const split = words.startsWith('auth-') ? ['auth', words.slice('auth-'.length)] : [words];
      expect(await run(launcher, [...split, '--json'])).toEqual(printed(name));
    }
    // A word that only looks like two is left to the whole program, or to the one that does the same.
    expect(await run(launcher, ['auth token'])).toEqual(printed('main auth token\n'));
  });

  it('says how to build when there is no build', async () => {
    const launcher = await installed('unbuilt', {});
    const expected = { code: 1, stdout: '', stderr: 'keywright is not built: there is no dist/main.js. Run `npm run build` first.\n' };
    expect(await run(launcher, ['whoami'])).toEqual(expected);
    expect(await run(launcher, ['--help'])).toEqual(expected);
  });

  it('does not call a build that lacks a part of itself no build', async () => {
    const launcher = await installed('broken', { 'main.js': "require('./chunks/gone.js');\n" });
    const outcome = await run(launcher, ['whoami']);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('./chunks/gone.js');
    expect(outcome.stderr).not.toContain('not built');
  });

  it.each([
    ['18.20.8', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['22.0.0', true],
  ])('on Node %s starts: %s', async (version, starts) => {
    const pretend = await hook('pretend', `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`);
    const outcome = await run(await installed('old', texts), ['whoami'], ['--require', pretend]);
    const refusal = { code: 1, stdout: '', stderr: `keywright needs Node 20.19 or newer; this is ${version}.\n` };
    expect(outcome).toEqual(starts ? printed('main whoami\n') : refusal);
  });

  it('prints all of a long text into a pipe that is full for a while', async () => {
    const launcher = await installed('long', { 'texts/root.txt': LONG_TEXT, 'main.js': MAIN });
    // Node makes a pipe non-blocking when process.stdout is touched; a shell may hand over such a pipe too.
    const nonBlocking = await hook('non-blocking', 'process.stdout;');
    const child = spawn(process.execPath, ['--require', nonBlocking, launcher, '--help'], { env: LAUNCHER_ENV, stdio: ['ignore', 'pipe', 'pipe'] });
    const closed = once(child, 'close');
    await pause(300);
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = await closed;
    expect({ code, stderr, whole: stdout === LONG_TEXT }).toEqual({ code: 0, stderr: '', whole: true });
  });

  it('ends quietly when the reader goes away', async () => {
    const launcher = await installed('gone', { 'texts/root.txt': LONG_TEXT, 'main.js': MAIN });
    const child = spawn(process.execPath, [launcher, '--help'], { env: LAUNCHER_ENV, stdio: ['ignore', 'pipe', 'pipe'] });
    const closed = once(child, 'close');
    child.stdout.destroy();
    const stderr = await text(child.stderr);
    const [code] = await closed;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('a short way', () => {
  const whole = "process.stdout.write(`whole ${process.argv.slice(2).join(' ')}`);\n";

  it.each([
    ['gives something', "exports.tokenAtHand = () => 'short';\n", 'short'],
    ['gives something after a while', "exports.tokenAtHand = async () => 'short';\n", 'short'],
    ['gives nothing', 'exports.tokenAtHand = () => undefined;\n', 'whole auth token'],
    ['gives nothing after a while', 'exports.tokenAtHand = async () => undefined;\n', 'whole auth token'],
    ['throws', "exports.tokenAtHand = () => { throw new Error('no'); };\n", 'whole auth token'],
    ['rejects', "exports.tokenAtHand = async () => { throw new Error('no'); };\n", 'whole auth token'],
    ['never settles', 'exports.tokenAtHand = () => new Promise(() => undefined);\n', 'whole auth token'],
    ['is damaged', '(', 'whole auth token'],
  ])('is left for the whole program unless it prints something itself: it %s', async (title, short, stdout) => {
    const launcher = await installed(title.replaceAll(' ', '-'), { 'token.js': short, 'main-auth-token.js': whole });
    expect(await run(launcher, ['auth', 'token'])).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('is not taken with any other words, nor where it is not there', async () => {
    const program = await installed('other-words', { 'token.js': "exports.tokenAtHand = () => 'short';\n", 'main-auth-token.js': whole });
    expect(await run(program, ['auth', 'token', '--header'])).toMatchObject({ stdout: 'whole auth token --header' });
    const one = await run(program, ['auth token']);
    expect(one.stdout).not.toBe('short');
    const without = await installed('without', { 'main-auth-token.js': whole });
    expect(await run(without, ['auth', 'token'])).toEqual({ code: 0, stdout: 'whole auth token', stderr: '' });
  });

  it('ends with 0, whatever was set before, and prints once where it gives something late', async () => {
    const late = "exports.tokenAtHand = () => new Promise((resolve) => process.once('beforeExit', () => resolve('short')));\nprocess.exitCode = 3;\n";
    const program = await installed('late', { 'token.js': late, 'main-auth-token.js': whole });
    expect((await run(program, ['auth', 'token'])).stdout).toMatch(/^(short|whole auth token)$/);
    const coded = await installed('coded', { 'token.js': "process.exitCode = 3;\nexports.tokenAtHand = () => 'short';\n", 'main-auth-token.js': whole });
    expect(await run(coded, ['auth', 'token'])).toEqual({ code: 0, stdout: 'short', stderr: '' });
  });

  it('is there for auth status --json, and for these words alone', async () => {
    const program = await installed('status', { 'status.js': "exports.statusAtHand = async () => 'short';\n", 'main-auth-status.js': whole });
    expect(await run(program, ['auth', 'status', '--json'])).toEqual({ code: 0, stdout: 'short', stderr: '' });
    for (const words of [
      ['auth', 'status'],
      ['auth', 'status', '--json', '--check'],
      ['auth', 'status', '--jsonl'],
    ]) {
      expect(await run(program, words)).toMatchObject({ stdout: `whole ${words.join(' ')}` });
    }
  });
});
