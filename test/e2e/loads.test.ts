import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Home, keywright, leadingTo, makeHome, PROGRAM, ROOT, type Variables } from '../support/cli.ts';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { documentedDefinitions } from '../support/own-providers.ts';
import { describeWith } from '../support/requires.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey } from '../support/signed-in.ts';
import { lookAtSessions, type StoredSessions } from '../support/stored-session.ts';

/** Writes down what the program asks Node for: its own files and packages, and parts of Node. What those bring with them is Node's affair, and differs between versions. */
const WATCH = `
const asked = new Set();
const vm = require('node:vm');
const { Module } = require('node:module');
const load = Module.prototype.require;
Module.prototype.require = function (name) {
  asked.add(/^[./]/.test(name) && !require('node:path').isAbsolute(name) ? require('node:path').resolve(require('node:path').dirname(this.filename), name) : name);
  return load.call(this, name);
};
const builtin = process.getBuiltinModule;
process.getBuiltinModule = (name) => (asked.add(name), builtin(name));
vm.Script = class extends vm.Script {
  constructor(code, options) {
    super(code, options);
    asked.add(options.filename);
  }
};
process.on('exit', () => require('node:fs').writeFileSync(process.env.LOADS_TO, JSON.stringify([...asked])));
`;

/** What anybody may load: it is there when Node starts. */
const FREE = ['fs', 'node:fs', 'path', 'node:path', 'node:url'];

const realm = sharedBackend();
let home: Home;
let key: string;
let local: ReadonlyArray<readonly [name: string, words: readonly string[], env: Variables]>;
let asking: typeof local;
let bridge: readonly [words: readonly string[], env: Variables];
/** A home with a sign-in whose access token can be let expire. */
let signedIn: Home;
let standIn: StandIn;
let sessions: StoredSessions;

beforeAll(async () => {
  home = await makeHome();
  await writeFile(path.join(home.dir, 'watch.cjs'), WATCH);
  ({ key } = await newKey(realm()));
  const stored = { ...home.env, ...leadingTo(realm()), KEYWRIGHT_STORE: 'file' };
  const brought = { ...home.env, ...leadingTo(realm()), XDG_STATE_HOME: path.join(home.dir, 'nowhere'), MEMAX_API_KEY: key };
  expect(await keywright(stored, ['login', 'memax', '--with-token'], { input: `${key}\n` })).toMatchObject({ code: 0 });
  const own = { ...brought, XDG_CONFIG_HOME: path.join(home.dir, 'own') };
  const [definition = ''] = (await documentedDefinitions()).values();
  await writeFile(path.join(home.dir, 'own.json'), definition);
  expect(await keywright(own, ['providers', 'add', path.join(home.dir, 'own.json'), '--yes'])).toMatchObject({ code: 0 });
  local = [
    ['--version', ['--version'], stored],
    ['--help', ['--help'], stored],
    ['auth list-keys --help', ['auth', 'list-keys', '--help'], stored],
    ['completion bash', ['completion', 'bash'], stored],
    ['auth token, from a variable', ['auth', 'token'], brought],
    ['auth token, from a variable, beside a provider of the person`s own', ['auth', 'token'], own],
    ['auth token, from the encrypted file', ['auth', 'token'], stored],
    ['auth status --json', ['auth', 'status', '--json'], stored],
  ];
  asking = [
    ['whoami, from a variable', ['whoami'], brought],
    ['auth list-keys, from a variable', ['auth', 'list-keys'], brought],
  ];
  const wanted = ['--provider', 'memax', '--agent', 'a', '--scope', 'read', '--expires', '8h', '--json'];
  const made = await keywright({ ...stored, MEMAX_API_KEY: key }, ['auth', 'create-grant', ...wanted]);
  const { id }: { readonly id: string } = JSON.parse(made.stdout);
  bridge = [['mcp', 'memax', '--grant', id], stored];
});

beforeAll(async () => {
  signedIn = await makeHome();
  standIn = await makeStandIn();
  sessions = await lookAtSessions();
});

afterAll(async () => {
  await Promise.all([home.remove(), signedIn.remove(), standIn.remove(), sessions.remove()]);
});

/** A name as it is on any machine and in any build. */
function plainName(name: string): string {
  const below = path.isAbsolute(name) ? path.relative(ROOT, name) : name;
  return below.replace(/-[A-Z0-9]{8}\.js$/, '.js').replace(/^dist\/chunks\/chunk\.js$/, 'dist/chunks/(shared)');
}

async function loadedBy(words: readonly string[], env: Variables, input = ''): Promise<readonly string[]> {
  const to = path.join(home.dir, 'loads.json');
  const through = [process.execPath, '--require', path.join(home.dir, 'watch.cjs'), PROGRAM];
  expect(await keywright({ ...env, LOADS_TO: to }, words, { through, input })).toMatchObject({ code: 0 });
  const asked: readonly string[] = JSON.parse(await readFile(to, 'utf8'));
  return asked
    .map(plainName)
    .filter((name) => !FREE.includes(name))
    .sort();
}

describe('what the commands load that are asked most', () => {
  it('is what it was: every file, package and part of Node more is time that all pay', async () => {
    const lines: string[] = [];
    for (const [name, words, env] of [...local, ...asking]) {
      lines.push(name, ...(await loadedBy(words, env)).map((each) => `  ${each}`));
    }
    const [words, env] = bridge;
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };
    const message = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: meta } });
    lines.push('mcp, one message, with the encrypted file', ...(await loadedBy(words, env, `${message}\n`)).map((each) => `  ${each}`));
    const expired = { ...signedIn.env, ...leadingTo(realm()), KEYWRIGHT_STORE: 'file' };
    expect(await keywright({ ...expired, BROWSER: standIn.allow }, ['login', 'memax'])).toMatchObject({ code: 0 });
    await sessions.age(expired, 'file', realm());
    lines.push('auth token, with a refresh', ...(await loadedBy(['auth', 'token'], expired)).map((each) => `  ${each}`));
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/loads.txt');
  });
});

describeWith(['strace'], 'commands that ask nobody', () => {
  it('open no socket, start no program, and so look no name up', async () => {
    const seen: Array<readonly [string, readonly string[]]> = [];
    for (const [name, words, env] of local) {
      const to = path.join(home.dir, 'calls.txt');
      const through = ['strace', '-f', '-qq', '-e', 'trace=socket,connect,execve,execveat', '-e', 'signal=none', '-o', to, process.execPath, PROGRAM];
      expect(await keywright(env, words, { through })).toMatchObject({ code: 0 });
      const calls = (await readFile(to, 'utf8')).split('\n').filter((line) => line !== '');
      // The first of them is Node itself.
      expect(calls[0]).toContain('execve(');
      seen.push([name, calls.slice(1)]);
    }
    expect(seen).toEqual(local.map(([name]) => [name, []]));
  });
});
