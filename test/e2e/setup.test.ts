import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { parse } from 'smol-toml';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { createClock } from '../../src/adapters/clock.ts';
import { createEncryptedFileStore } from '../../src/adapters/encrypted-file/store.ts';
import { createGrantIndex } from '../../src/adapters/grants.ts';
import { createLock } from '../../src/adapters/lock/lock.ts';
import { createRandom } from '../../src/adapters/random.ts';
import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { grantAccount, type GrantRecord } from '../../src/model/grant.ts';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { type Home, keywright, leadingTo, leftBehind, makeHome, start, until, type Variables } from '../support/cli.ts';
import { KEYRING_PROGRAMS, startKeyring } from '../support/keyring.ts';
import { describeWith } from '../support/requires.ts';

/** The files of three clients, as somebody may have them: a comment, another server, a table that is there. */
const FILES: Readonly<Record<string, string>> = {
  '.cursor/mcp.json': '{\n\t"mcpServers": {\n\t\t"other": { "command": "x", "args": [] }\n\t}\n}\n',
  '.codex/config.toml': '# mine\nmodel = "o9"\n\n[mcp_servers.other] # this one too\ncommand = "x"\n',
  '.gemini/settings.json': '{\n  // a comment\n  "mcpServers": {\n    "other": { "command": "x" }, // another\n  },\n  "theme": "dark"\n}\n',
};

let backend: LocalBackend;
let realm: LocalRealm;
let standIn: StandIn;
const homes: Home[] = [];

beforeAll(async () => {
  backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
  realm = backend.realm('memax');
  standIn = await makeStandIn();
});

afterAll(async () => {
  await backend.stop();
  await standIn.remove();
  const left = await leftBehind(
    homes.map(({ dir }) => dir),
    [backend],
  );
  await Promise.all(homes.map((home) => home.remove()));
  expect(left).toEqual([]);
});

interface Person {
  readonly env: Variables;
  readonly dir: string;
  at(name: string): string;
}

/** Somebody who has signed in and uses these clients. */
async function person(env: Variables, dir: string): Promise<Person> {
  const all = { ...env, ...leadingTo(realm) };
  const at = (name: string): string => path.join(env['HOME'] ?? '', name);
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(path.dirname(at(name)), { recursive: true });
    await writeFile(at(name), text);
  }
  const ended = await keywright({ ...all, BROWSER: standIn.allow }, ['login', 'memax']);
  if (ended.code !== 0) throw new Error(ended.stderr);
  return { env: all, dir, at };
}

async function withFile(): Promise<Person> {
  const home = await makeHome();
  homes.push(home);
  return person({ ...home.env, KEYWRIGHT_STORE: 'file' }, home.dir);
}

const SET_UP = ['setup', '--mcp', '--device', 'laptop', '--only', 'cursor', '--only', 'codex', '--only', 'gemini-cli', '--yes'] as const;

const texts = async ({ at }: Person): Promise<readonly string[]> => Promise.all(Object.keys(FILES).map((name) => readFile(at(name), 'utf8')));

interface Entry {
  readonly command: string;
  readonly args: readonly string[];
}

async function entries({ at }: Person): Promise<Readonly<Record<'cursor' | 'codex', Entry>>> {
  const cursor: { mcpServers: Record<string, Entry> } = JSON.parse(await readFile(at('.cursor/mcp.json'), 'utf8'));
  const codex: { mcp_servers: Record<string, Entry> } = JSON.parse(JSON.stringify(parse(await readFile(at('.codex/config.toml'), 'utf8'))));
  const [one, other] = [cursor.mcpServers['keywright-memax'], codex.mcp_servers['keywright-memax']];
  if (one === undefined || other === undefined) throw new Error('an entry is missing');
  return { cursor: one, codex: other };
}

/** Starts the bridge by nothing but the entry, with what the poorest of clients hands on. */
async function connect({ command, args }: Entry, { env }: Person): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const handedOn = { HOME: env['HOME'] ?? '', PATH: env['PATH'] ?? '' };
  await client.connect(new StdioClientTransport({ command, args: [...args], env: handedOn, stderr: 'ignore' }));
  onTestFinished(() => client.close());
  return client;
}

const grantsOf = ({ env }: Person): Promise<readonly GrantRecord[]> => createGrantIndex(path.join(env['XDG_STATE_HOME'] ?? '', 'keywright/grants')).list();

/** The person is the same in every test, with all that they have at the server. */
async function idsAtServer({ env }: Person): Promise<readonly string[]> {
  const listed: ReadonlyArray<{ readonly id: string }> = JSON.parse((await keywright(env, ['auth', 'list-keys', '--json'])).stdout);
  return listed.map(({ id }) => id);
}

async function keysOf(who: Person): Promise<readonly string[]> {
  const dir = path.join(who.env['XDG_DATA_HOME'] ?? '', 'keywright');
  const lock = createLock({
    dir: path.join(who.env['XDG_RUNTIME_DIR'] ?? '', 'locks'),
    clock: createClock(),
    random: createRandom(),
    platform: process.platform,
  });
  const store = createEncryptedFileStore({ dir, env: {}, uid: process.getuid?.() ?? 0, lock, random: createRandom(), askPassphrase: undefined });
  const kept = await Promise.all((await grantsOf(who)).map(({ origin, id }) => store.read({ origin, account: grantAccount(id) })));
  return kept.flatMap((each) => (each?.kind === 'key' ? [each.key.reveal()] : []));
}

/** The files below a folder that hold one of these values, as it is, as base64 wherever it begins, or as hex. */
function filesWithAnyForm(dir: string, values: readonly string[]): readonly string[] {
  const needles = values.flatMap((value) => {
    const shifted = [0, 1, 2].map((by) =>
      Buffer.from('\0'.repeat(by) + value)
        .toString('base64')
        .slice(4, -6),
    );
    const hex = Buffer.from(value).toString('hex');
    return [value, hex, hex.toUpperCase(), ...shifted, ...shifted.map((each) => each.replaceAll('+', '-').replaceAll('/', '_'))];
  });
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => needles.some((needle) => readFileSync(file, 'latin1').includes(needle)));
}

describe('setup --mcp, from the sign-in to the last byte', () => {
  it('makes one grant for each client also where two runs begin together', async () => {
    const who = await withFile();
    const before = await idsAtServer(who);
    const ends = await Promise.all([keywright(who.env, SET_UP), keywright(who.env, SET_UP), keywright(who.env, SET_UP)]);
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await grantsOf(who)).toHaveLength(3);
    expect((await idsAtServer(who)).length - before.length).toBe(3);
    expect((await keywright(who.env, ['setup', '--mcp', '--check', '--only', 'cursor', '--only', 'codex'])).code).toBe(0);
    // The kill switch of another test would find these keys of the same agents.
    expect((await keywright(who.env, ['teardown', '--yes'])).code).toBe(0);
    expect(await idsAtServer(who)).toEqual(before);
  });

  it('writes entries that start a working bridge, ends one agent while its client runs, and gives the files back', async () => {
    const who = await withFile();
    const before = await idsAtServer(who);
    expect(await keywright(who.env, SET_UP)).toMatchObject({ code: 0 });
    const { cursor, codex } = await entries(who);
    const clients = [await connect(cursor, who), await connect(codex, who)] as const;
    for (const client of clients) expect((await client.listTools()).tools).toHaveLength(3);

    const keys = await keysOf(who);
    expect(keys).toHaveLength(3);
    expect(filesWithAnyForm(who.dir, keys)).toEqual([]);

    const checked = await keywright(who.env, ['setup', '--mcp', '--check', '--only', 'cursor', '--json']);
    expect(JSON.parse(checked.stdout).map(({ part, state }: { part: string; state: string }) => `${part} ${state}`)).toEqual([
      'entry fine',
      'program fine',
      'bridge fine',
      'grant fine',
    ]);

    expect(await keywright(who.env, ['auth', 'revoke-grant', '--agent', 'cursor'])).toMatchObject({ code: 0 });
    await expect(clients[0].callTool({ name: 'list_memories' })).rejects.toThrow(/it was revoked.*keywright setup --mcp/);
    expect((await clients[1].listTools()).tools).toHaveLength(3);

    expect(await keywright(who.env, ['teardown', '--yes'])).toMatchObject({ code: 0 });
    expect([await texts(who), await grantsOf(who)]).toEqual([Object.values(FILES), []]);
    expect(await idsAtServer(who)).toEqual(before);
  });

  it('says in its check what does not work: a program that is gone, a grant that was revoked, an entry that was taken out', async () => {
    const who = await withFile();
    await keywright(who.env, SET_UP);
    const cursor = (await grantsOf(who)).find(({ agent }) => agent === 'cursor');
    await keywright(who.env, ['auth', 'revoke-key', cursor?.keyId ?? '']);
    const codex = who.at('.codex/config.toml');
    await writeFile(codex, (await readFile(codex, 'utf8')).replace(process.execPath, '/gone/v20.1.0/bin/node'));
    await writeFile(who.at('.gemini/settings.json'), FILES['.gemini/settings.json'] ?? '');
    const checked = await keywright(who.env, ['setup', '--mcp', '--check', '--json']);
    expect(checked.code).toBe(9);
    const { error }: { error: { results: ReadonlyArray<{ client: string; part: string; state: string; fix: string | null }> } } = JSON.parse(checked.stdout);
    const wrong = error.results.filter(({ state }) => state === 'wrong');
    expect(wrong.map(({ client, part }) => `${client} ${part}`).sort()).toEqual(['codex program', 'cursor bridge', 'cursor grant', 'gemini-cli entry']);
    expect(wrong.every(({ fix }) => fix?.includes('keywright setup --mcp --only'))).toBe(true);
    // What the hints say puts it right.
    expect(await keywright(who.env, SET_UP)).toMatchObject({ code: 0 });
  });

  it('starts nothing that it did not write, whatever stands in the file', async () => {
    const who = await withFile();
    await keywright(who.env, SET_UP);
    const canary = path.join(who.dir, 'canary');
    const file = who.at('.cursor/mcp.json');
    const { cursor } = await entries(who);
    await writeFile(path.join(who.dir, 'evil'), `#!/bin/sh\ntouch ${canary}\n`, { mode: 0o755 });
    await writeFile(file, (await readFile(file, 'utf8')).replace(JSON.stringify(cursor.command), JSON.stringify(path.join(who.dir, 'evil'))));
    const checked = await keywright(who.env, ['setup', '--mcp', '--check', '--only', 'cursor']);
    expect(checked).toMatchObject({ code: 9, stdout: expect.stringContaining('it was not started') as string });
    expect(existsSync(canary)).toBe(false);
  });

  it.each([
    ['before the first grant', 1],
    ['between two clients', 2],
  ])('leaves no grant without a record where it is killed %s, and the next run finishes', async (_when, requests) => {
    const who = await withFile();
    const before = await idsAtServer(who);
    realm.stats.reset();
    // The request that it is killed at never comes to its work, since nobody waits for its answer any more.
    if (requests === 2) realm.faults.next('keys.create', { kind: 'slow', ms: 1 });
    realm.faults.next('keys.create', { kind: 'slow', ms: 60_000 });
    const killed = start(who.env, SET_UP);
    await until('the request', () => realm.stats.count('keys.create') >= requests);
    killed.kill('SIGKILL');
    await killed.ended;
    realm.faults.clear();
    const made = await grantsOf(who);
    expect(made.map(({ agent }) => agent)).toEqual(['cursor', 'codex'].slice(0, requests - 1));
    expect((await idsAtServer(who)).filter((id) => !before.includes(id))).toEqual(made.map(({ keyId }) => keyId));
    expect(await keywright(who.env, SET_UP)).toMatchObject({ code: 0 });
    expect((await grantsOf(who)).slice(0, made.length)).toEqual(made);
    expect(await keywright(who.env, ['teardown', '--yes'])).toMatchObject({ code: 0 });
    expect([await texts(who), await grantsOf(who)]).toEqual([Object.values(FILES), []]);
  });
});

describeWith(KEYRING_PROGRAMS, 'setup --mcp and a keychain', () => {
  it('names the session bus in the entry where it is not the usual one, so that the bridge finds the keychain', async () => {
    const keyring = await startKeyring();
    try {
      const who = await person(keyring.env, keyring.dir);
      expect(await keywright(who.env, SET_UP)).toMatchObject({ code: 0 });
      const { cursor } = await entries(who);
      expect(cursor.args).toContain('--dbus');
      const client = await connect(cursor, who);
      expect((await client.listTools()).tools).toHaveLength(3);
      expect(await keywright(who.env, ['setup', '--mcp', '--check', '--only', 'cursor'])).toMatchObject({ code: 0 });
      expect(await keywright(who.env, ['teardown', '--yes'])).toMatchObject({ code: 0 });
      expect(await texts(who)).toEqual(Object.values(FILES));
    } finally {
      await keyring.stop();
    }
  });
});
