import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { Failure } from '../../src/model/failure.ts';
import { grantAccount, type GrantRecord } from '../../src/model/grant.ts';
import { PROGRAM } from '../support/cli.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey, signedIn } from '../support/signed-in.ts';
import { makeWorld, type World, type WorldWishes } from '../support/world.ts';

const realm = sharedBackend();
const minds = sharedBackend({}, 'minds');

const homeOf = (world: World): string => path.dirname(world.cwd);

/** Somebody with these files of clients; a name is a path below the home folder. */
async function withFiles(files: Readonly<Record<string, string>>, wishes: Partial<WorldWishes> = {}): Promise<World> {
  const world = await signedIn({ realm: realm(), ...wishes });
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(homeOf(world), name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return world;
}

const textIn = (world: World, name: string): Promise<string> => readFile(path.join(homeOf(world), name), 'utf8');

async function entryIn(world: World, name: string, table = 'mcpServers'): Promise<{ readonly command: string; readonly args: readonly string[] }> {
  const file: Record<string, Record<string, { command: string; args: string[] }>> = JSON.parse(await textIn(world, name));
  const entry = file[table]?.['keywright-memax'];
  if (entry === undefined) throw new Error(`no entry in ${name}`);
  return entry;
}

const keyIds = async (world: World): Promise<readonly string[]> => {
  const keys: ReadonlyArray<{ readonly id: string }> = JSON.parse((await world.run('auth', 'list-keys', '--json')).stdout);
  return keys.map(({ id }) => id).sort();
};

const grantOf = async (world: World, agent: string): Promise<GrantRecord> => {
  const found = (await world.grants.list()).filter((record) => record.agent === agent);
  const [first, ...others] = found;
  if (first === undefined || others.length > 0) throw new Error(`${found.length} grants of ${agent}`);
  return first;
};

const SET_UP = ['setup', '--mcp', '--device', 'laptop'] as const;
const CURSOR = '.cursor/mcp.json';
const SERVERS = '{\n  "mcpServers": {\n    "other": { "command": "x" }\n  }\n}\n';
const CODEX = 'model = "o9"\n\n[mcp_servers.other]\ncommand = "x"\n';

describe('setup --mcp', () => {
  it('gives each client a grant of its own, and an entry without a secret that starts the bridge', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS, '.codex/config.toml': CODEX });
    const result = await world.run(...SET_UP, '--yes', '--json');
    expect(result).toMatchObject({ exit: 0 });
    expect(JSON.parse(result.stdout)).toMatchObject([
      { client: 'cursor', outcome: 'added', path: path.join(homeOf(world), CURSOR) },
      { client: 'codex', outcome: 'added' },
    ]);
    const [cursor, codex] = [await grantOf(world, 'cursor'), await grantOf(world, 'codex')];
    expect(await keyIds(world)).toEqual([cursor.keyId, codex.keyId].sort());
    expect(cursor).toMatchObject({ device: 'laptop', scopes: ['read', 'write'], wired: [{ client: 'cursor', path: path.join(homeOf(world), CURSOR) }] });
    const state = path.join(world.dir, 'state');
    const args = [PROGRAM, 'mcp', 'memax', '--grant', cursor.id, '--state', state, '--data', path.join(world.dir, 'data')];
    expect(await entryIn(world, CURSOR)).toEqual({ command: process.execPath, args });
    expect(await textIn(world, '.codex/config.toml')).toContain(`"--grant", "${codex.id}"`);
  });

  it('changes nothing when it runs again', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS });
    await world.run(...SET_UP, '--yes');
    const before = [await textIn(world, CURSOR), await world.grants.list()];
    realm().stats.reset();
    const again = await world.run(...SET_UP);
    expect(again).toMatchObject({ exit: 0, stderr: expect.stringContaining('There is nothing to do.') as string });
    expect([await textIn(world, CURSOR), await world.grants.list()]).toEqual(before);
    expect(realm().stats.count('keys.create')).toBe(0);
  });

  it('makes nothing before it is asked for: neither by a diff, nor where nobody can be asked, nor after a no', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS }, { terminal: true, answers: ['no'] });
    const shown = await world.run(...SET_UP, '--dry-run');
    expect(shown.exit).toBe(0);
    expect(shown.stdout).toContain(`+++ ${path.join(homeOf(world), CURSOR)}\n`);
    expect(shown.stdout).toContain('"keywright-memax"');
    const added = shown.stdout.split('\n').filter((line) => /^\+[^+]/.test(line));
    expect(added.join('\n')).toContain('"to-be-made"');
    expect(shown.stdout).not.toMatch(/^-[^-].*other/m);
    expect(await world.run(...SET_UP, '--no-input')).toMatchObject({ exit: 2, stderr: expect.stringContaining('--yes') as string });
    const declined = await world.run(...SET_UP);
    expect(declined).toMatchObject({ exit: 130, stderr: expect.stringMatching(/Cursor: .*gets the entry.*[\s\S]*scopes: read, write/) as string });
    expect([await textIn(world, CURSOR), await world.grants.list(), await keyIds(world)]).toEqual([SERVERS, [], []]);
  });

  it('says which clients there are where none is found, and takes one that is named', async () => {
    const world = await withFiles({});
    expect(await world.run(...SET_UP, '--yes')).toMatchObject({ exit: 3, stderr: expect.stringContaining('claude-code') as string });
    expect((await world.run(...SET_UP, '--yes', '--only', 'cursor')).exit).toBe(0);
    expect((await entryIn(world, CURSOR)).args).toContain((await grantOf(world, 'cursor')).id);
    expect((await world.run(...SET_UP, '--only', 'notepad')).exit).toBe(2);
    expect((await world.run('setup')).exit).toBe(2);
  });

  it('leaves a file alone that does not parse, and does the others', async () => {
    const broken = '{ "mcpServers": { // half';
    const world = await withFiles({ [CURSOR]: broken, '.codex/config.toml': CODEX });
    const result = await world.run(...SET_UP, '--yes');
    expect(result).toMatchObject({ exit: 9, stderr: expect.stringContaining('--print --only cursor') as string });
    expect(await textIn(world, CURSOR)).toBe(broken);
    expect((await world.grants.list()).map(({ agent }) => agent)).toEqual(['codex']);
    expect(await keyIds(world)).toEqual([(await grantOf(world, 'codex')).keyId]);
  });

  it('prints what to paste, with a grant, and writes no file', async () => {
    const broken = '{ "mcpServers": { // half';
    const world = await withFiles({ [CURSOR]: broken });
    expect((await world.run(...SET_UP, '--print')).exit).toBe(2);
    expect(await world.grants.list()).toEqual([]);
    const printed = await world.run(...SET_UP, '--print', '--yes', '--json');
    const [snippet]: ReadonlyArray<{ readonly text: string; readonly grant: string }> = JSON.parse(printed.stdout);
    const grant = await grantOf(world, 'cursor');
    expect(JSON.parse(snippet?.text ?? '')).toMatchObject({ mcpServers: { 'keywright-memax': { args: expect.arrayContaining([grant.id]) as string[] } } });
    expect(await textIn(world, CURSOR)).toBe(broken);
    // The same one again, and the same one written once the file is right.
    expect(JSON.parse((await world.run(...SET_UP, '--print', '--json')).stdout)).toMatchObject([{ grant: grant.id }]);
    await writeFile(path.join(homeOf(world), CURSOR), SERVERS);
    expect((await world.run(...SET_UP, '--yes')).exit).toBe(0);
    expect((await entryIn(world, CURSOR)).args).toContain(grant.id);
    expect(await keyIds(world)).toEqual([grant.keyId]);
  });

  it('replaces an entry whose grant is nearly over, gone, or without its key, and revokes the former one', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS });
    await world.run(...SET_UP, '--yes');
    const first = await grantOf(world, 'cursor');
    world.clock.advance(29.5 * 86_400_000);
    await world.run('login', 'memax', '--quiet', '--browser');
    expect(await world.run(...SET_UP, '--yes')).toMatchObject({ exit: 0 });
    const second = await grantOf(world, 'cursor');
    expect([second.id === first.id, await keyIds(world)]).toEqual([false, [second.keyId]]);
    await world.stores.keychain.delete({ origin: second.origin, account: grantAccount(second.id) });
    expect((await world.run(...SET_UP, '--yes')).exit).toBe(0);
    const third = await grantOf(world, 'cursor');
    expect([third.id === second.id, await keyIds(world)]).toEqual([false, [third.keyId]]);
    await world.grants.delete(third.id);
    expect((await world.run(...SET_UP, '--yes')).exit).toBe(0);
    expect((await entryIn(world, CURSOR)).args).toContain((await grantOf(world, 'cursor')).id);
  });

  it('keeps the grant where only the way to start it has changed', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS });
    await world.run(...SET_UP, '--yes');
    const grant = await grantOf(world, 'cursor');
    const file = path.join(homeOf(world), CURSOR);
    await writeFile(file, (await textIn(world, CURSOR)).replace(JSON.stringify(process.execPath), '"/gone/v20.1.0/bin/node"'));
    expect(await world.run(...SET_UP, '--yes')).toMatchObject({ exit: 0 });
    expect(await entryIn(world, CURSOR)).toMatchObject({ command: process.execPath });
    expect(await grantOf(world, 'cursor')).toEqual(grant);
  });

  it('revokes a grant again whose file could not be written, and says so', async () => {
    const full = new Failure('refused', { detail: 'the disk is full.' });
    const world = await withFiles(
      { [CURSOR]: SERVERS, '.codex/config.toml': CODEX },
      { configFiles: (real) => ({ ...real, replace: (file, ...rest) => (file.endsWith('.json') ? Promise.reject(full) : real.replace(file, ...rest)) }) },
    );
    const result = await world.run(...SET_UP, '--yes');
    expect(result).toMatchObject({ exit: 9, stderr: expect.stringContaining('the disk is full. The grant that was made for it was revoked again.') as string });
    expect([await textIn(world, CURSOR), (await world.grants.list()).map(({ agent }) => agent)]).toEqual([SERVERS, ['codex']]);
    expect(await keyIds(world)).toEqual([(await grantOf(world, 'codex')).keyId]);
  });

  it('finds the grant of a run that was killed before it wrote the file', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS });
    await world.run(...SET_UP, '--yes');
    const grant = await grantOf(world, 'cursor');
    await writeFile(path.join(homeOf(world), CURSOR), SERVERS);
    expect((await world.run(...SET_UP, '--yes')).exit).toBe(0);
    expect(await grantOf(world, 'cursor')).toEqual(grant);
    expect((await entryIn(world, CURSOR)).args).toContain(grant.id);
  });

  it('names a key in plain text by its beginning, and takes its entry out only when told', async () => {
    const key = `mxk_${'a1'.repeat(32)}`;
    const plain = `{\n  "mcpServers": {\n    "memax": { "url": "https://x.test/mcp", "headers": { "Authorization": "Bearer ${key}" } }\n  }\n}\n`;
    const world = await withFiles({ [CURSOR]: plain });
    const shown = await world.run(...SET_UP, '--dry-run', '--replace-plain-keys');
    expect(shown.stdout).toContain('[hidden]');
    expect(shown.stdout + shown.stderr).not.toContain(key.slice(9, 30));
    const kept = await world.run(...SET_UP, '--yes');
    expect(kept).toMatchObject({ exit: 0, stderr: expect.stringContaining('begins with mxk_a1a1') as string });
    expect(await textIn(world, CURSOR)).toContain(key);
    expect(kept.stderr).not.toContain(key.slice(9, 30));
    const gone = await world.run(...SET_UP, '--yes', '--replace-plain-keys');
    expect(gone).toMatchObject({ exit: 0, stderr: expect.stringContaining('was taken out') as string });
    expect(await textIn(world, CURSOR)).not.toContain(key);
    expect((await entryIn(world, CURSOR)).args).toContain((await grantOf(world, 'cursor')).id);
  });

  it('writes the files of a project where that is asked', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS });
    expect((await world.run(...SET_UP, '--yes', '--project')).exit).toBe(0);
    expect((await entryIn(world, 'project/.cursor/mcp.json')).args).toContain((await grantOf(world, 'cursor')).id);
    expect(await textIn(world, CURSOR)).toBe(SERVERS);
  });

  it('lets Claude Code write its own file where its program is there, with the entry on standard input, and believes only the file', async () => {
    const world = await withFiles({ '.claude.json': SERVERS });
    const home = homeOf(world);
    await mkdir(path.join(home, 'bin'));
    const log = path.join(home, 'claude.log');
    // As the program does: "mcp remove" and "mcp add-json ... -", and the file written in its own way.
    const program = `#!${process.execPath}
const fs = require('node:fs');
const [, , , verb, , , name] = process.argv;
fs.appendFileSync(${JSON.stringify(log)}, process.argv.slice(2).join(' ') + '\\n');
const file = ${JSON.stringify(path.join(home, '.claude.json'))};
const value = JSON.parse(fs.readFileSync(file, 'utf8'));
if (verb === 'remove') delete value.mcpServers[name];
else value.mcpServers[name] = JSON.parse(fs.readFileSync(0, 'utf8'));
fs.writeFileSync(file, JSON.stringify(value));
`;
    await writeFile(path.join(home, 'bin/claude'), program, { mode: 0o755 });
    world.setEnv('PATH', `${path.join(home, 'bin')}:${process.env['PATH'] ?? ''}`);
    expect(await world.run(...SET_UP, '--yes')).toMatchObject({ exit: 0 });
    const grant = await grantOf(world, 'claude-code');
    expect(await entryIn(world, '.claude.json')).toMatchObject({
      type: 'stdio',
      command: process.execPath,
      args: expect.arrayContaining([grant.id]) as string[],
    });
    expect(await readFile(log, 'utf8')).toBe('mcp remove -s user keywright-memax\nmcp add-json -s user keywright-memax -\n');
    expect((await world.run('teardown', '--yes')).exit).toBe(0);
    expect(JSON.parse(await textIn(world, '.claude.json'))).toEqual(JSON.parse(SERVERS));
    // One that does nothing, as an older version does, is no hindrance.
    await writeFile(path.join(home, 'bin/claude'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    expect(await world.run(...SET_UP, '--yes')).toMatchObject({ exit: 0 });
    expect((await entryIn(world, '.claude.json')).args).toContain((await grantOf(world, 'claude-code')).id);
  });

  it('makes a grant anew whose key was revoked at the provider, and keeps it where the provider cannot be asked', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS });
    await world.run(...SET_UP, '--yes');
    const first = await grantOf(world, 'cursor');
    expect((await world.run('auth', 'revoke-key', first.keyId, '--yes')).exit).toBe(0);
    realm().faults.next('*', { kind: 'status', status: 503 });
    expect(JSON.parse((await world.run(...SET_UP, '--yes', '--json')).stdout)).toMatchObject([{ outcome: 'kept', grant: first.id }]);
    realm().faults.clear();
    expect(await world.run(...SET_UP, '--yes')).toMatchObject({ exit: 0, stderr: expect.stringContaining('no longer accepts the key of its grant') as string });
    const second = await grantOf(world, 'cursor');
    expect([second.id === first.id, await keyIds(world)]).toEqual([false, [second.keyId]]);
    expect((await entryIn(world, CURSOR)).args).toContain(second.id);
  });

  it('makes a grant anew whose record names another server than the provider has', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS });
    await world.run(...SET_UP, '--yes');
    const first = await grantOf(world, 'cursor');
    await world.grants.write({ ...first, mcpUrl: 'https://elsewhere.test/mcp' });
    expect((await world.run(...SET_UP, '--yes')).exit).toBe(0);
    const second = await grantOf(world, 'cursor');
    expect([second.id === first.id, second.mcpUrl, await keyIds(world)]).toEqual([false, first.mcpUrl, [second.keyId]]);
  });

  it('makes a grant anew that may not be renewed, where renewal is asked for', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS });
    await world.run(...SET_UP, '--yes');
    expect((await world.run(...SET_UP, '--yes', '--renew')).exit).toBe(0);
    const grant = await grantOf(world, 'cursor');
    expect([grant.renew, await keyIds(world)]).toEqual(['allowed', [grant.keyId]]);
    await world.run(...SET_UP, '--yes');
    expect(await grantOf(world, 'cursor')).toEqual(grant);
  });

  it('makes one grant, however often it is printed and wherever it is killed, for an entry that is to be replaced', async () => {
    const foreign = '{ "mcpServers": { "keywright-memax": { "command": "mine" } } }\n';
    const world = await withFiles({ [CURSOR]: foreign });
    await world.run(...SET_UP, '--print', '--yes');
    await world.run(...SET_UP, '--print', '--yes');
    const grant = await grantOf(world, 'cursor');
    expect((await world.run(...SET_UP, '--yes')).exit).toBe(0);
    expect((await entryIn(world, CURSOR)).args).toContain(grant.id);
    expect(await keyIds(world)).toEqual([grant.keyId]);
  });

  it('leaves a note of a key that may have been made, by which a later command revokes it', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS });
    realm().faults.next('keys.create', { kind: 'drop-after' });
    realm().faults.next('keys.list', { kind: 'status', status: 500 }, { times: 10 });
    expect((await world.run(...SET_UP, '--yes')).exit).toBe(7);
    realm().faults.clear();
    expect([(await keyIds(world)).length, await world.grants.list(), (await world.ephemerals.list()).length]).toEqual([1, [], 1]);
    expect(await world.run('teardown', '--yes')).toMatchObject({ exit: 0, stderr: expect.stringMatching(/Revoked the key "cursor@laptop~/) as string });
    expect([await keyIds(world), await world.ephemerals.list()]).toEqual([[], []]);
    await world.run(...SET_UP, '--yes');
    expect(await world.ephemerals.list()).toEqual([]);
  });

  it('is refused for a provider without an MCP server', async () => {
    const world = await makeWorld({ realm: minds(), env: { MINDS_API_KEY: 'x'.repeat(40) } });
    expect(await world.run(...SET_UP, '--provider', 'minds')).toMatchObject({ exit: 2, stderr: expect.stringContaining('has no MCP server') as string });
  });
});

describe('teardown', () => {
  it('revokes the grants and gives the files back byte for byte, and does it once', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS, '.codex/config.toml': CODEX });
    await world.run(...SET_UP, '--yes');
    expect((await world.run('teardown')).exit).toBe(2);
    expect((await world.grants.list()).length).toBe(2);
    expect(await world.run('teardown', '--dry-run')).toMatchObject({ exit: 0, stdout: expect.stringContaining('is revoked') as string });
    expect(await world.run('teardown', '--yes')).toMatchObject({ exit: 0, stdout: expect.stringContaining('removed from') as string });
    expect([await textIn(world, CURSOR), await textIn(world, '.codex/config.toml')]).toEqual([SERVERS, CODEX]);
    expect([await world.grants.list(), await keyIds(world)]).toEqual([[], []]);
    expect(existsSync(path.join(homeOf(world), `${CURSOR}.keywright-backup`))).toBe(false);
    expect(await world.run('teardown', '--yes')).toMatchObject({ exit: 0, stderr: expect.stringContaining('nothing to undo') as string });
  });

  it('takes one client out and leaves the others, and grants that were made by hand', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS, '.codex/config.toml': CODEX });
    await world.run('auth', 'create-grant', '--agent', 'by-hand', '--device', 'laptop');
    await world.run(...SET_UP, '--yes');
    expect((await world.run('teardown', '--only', 'cursor', '--yes')).exit).toBe(0);
    expect((await world.grants.list()).map(({ agent }) => agent)).toEqual(['by-hand', 'codex']);
    expect([await textIn(world, CURSOR), (await textIn(world, '.codex/config.toml')).includes('keywright-memax')]).toEqual([SERVERS, true]);
  });

  it('keeps and names a grant that cannot be revoked, with its entry, until the next time', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS });
    await world.run(...SET_UP, '--yes');
    const grant = await grantOf(world, 'cursor');
    realm().faults.next('keys.revoke', { kind: 'status', status: 500 }, { times: 10 });
    expect(await world.run('teardown', '--yes')).toMatchObject({ exit: 9, stderr: expect.stringContaining(grant.id) as string });
    expect((await entryIn(world, CURSOR)).args).toContain(grant.id);
    realm().faults.clear();
    expect((await world.run('teardown', '--yes')).exit).toBe(0);
    expect([await textIn(world, CURSOR), await keyIds(world)]).toEqual([SERVERS, []]);
  });

  it('takes out an entry whose grant is gone', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS });
    await world.run(...SET_UP, '--yes');
    await world.grants.delete((await grantOf(world, 'cursor')).id);
    expect((await world.run('teardown', '--yes')).exit).toBe(0);
    expect(await textIn(world, CURSOR)).toBe(SERVERS);
  });
});

describe('auth revoke-grant', () => {
  it('takes the entries of the grant out of the files of clients, and no other', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS, '.codex/config.toml': CODEX });
    await world.run(...SET_UP, '--yes');
    expect((await world.run('auth', 'revoke-grant', '--agent', 'cursor')).exit).toBe(0);
    expect([await textIn(world, CURSOR), (await textIn(world, '.codex/config.toml')).includes('keywright-memax')]).toEqual([SERVERS, true]);
  });

  it('leaves an entry that names another grant by now', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS });
    await world.run(...SET_UP, '--yes');
    const former = await grantOf(world, 'cursor');
    await world.run(...SET_UP, '--yes', '--project');
    const next = (await world.grants.list()).find(({ id }) => id !== former.id);
    const text = (await textIn(world, CURSOR)).replace(former.id, next?.id ?? '');
    await writeFile(path.join(homeOf(world), CURSOR), text);
    expect((await world.run('auth', 'revoke-grant', former.id)).exit).toBe(0);
    expect([await textIn(world, CURSOR), (await world.grants.list()).length]).toEqual([text, 1]);
  });

  it('says where an entry stays, and finishes once the file can be changed', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS });
    await world.run(...SET_UP, '--yes');
    const grant = await grantOf(world, 'cursor');
    const written = await textIn(world, CURSOR);
    await writeFile(path.join(homeOf(world), CURSOR), `${written} {`);
    expect(await world.run('auth', 'revoke-grant', grant.id)).toMatchObject({ exit: 9, stderr: expect.stringContaining(CURSOR) as string });
    expect(await keyIds(world)).toEqual([]);
    await writeFile(path.join(homeOf(world), CURSOR), written);
    expect((await world.run('auth', 'revoke-grant', grant.id)).exit).toBe(0);
    expect([await textIn(world, CURSOR), await world.grants.list()]).toEqual([SERVERS, []]);
  });
});

describe('setup --mcp --check', () => {
  it('shows the key of a grant to no server of another origin, however its record was edited', async () => {
    const world = await withFiles({ [CURSOR]: SERVERS });
    await world.run(...SET_UP, '--yes');
    const grant = await grantOf(world, 'cursor');
    // A name that begins like the true one, as https://api.example.com.elsewhere.test does.
    const near = { ...grant, origin: 'http://127.0.0.1', mcpUrl: `${grant.origin}/mcp` };
    const stored = await world.stores.keychain.read({ origin: grant.origin, account: grantAccount(grant.id) });
    if (stored === undefined) throw new Error('no key is kept');
    await world.stores.keychain.write({ origin: near.origin, account: grantAccount(grant.id) }, stored);
    await world.grants.write(near);
    realm().stats.reset();
    const { stdout } = await world.run('setup', '--mcp', '--check', '--json');
    const { error }: { error: { results: unknown } } = JSON.parse(stdout);
    expect(error.results).toContainEqual(expect.objectContaining({ part: 'grant', what: expect.stringContaining('nothing was sent') as string }));
    expect(realm().stats.count('*')).toBe(0);
  });
});

describe('a grant of another account than commands use', () => {
  /** Set up by one person; what commands use since then is a key of somebody else. */
  async function withTwo(): Promise<World> {
    const { key } = await newKey(realm(), { scopes: ['read', 'write', 'delete'] });
    const world = await withFiles({ [CURSOR]: SERVERS }, { stdin: key });
    await world.run(...SET_UP, '--yes');
    expect((await world.run('login', 'memax', '--with-token', '--account', 'other')).exit).toBe(0);
    expect((await world.run('use', 'memax', '--account', 'other')).exit).toBe(0);
    return world;
  }
  const idsOfFirst = async (world: World): Promise<readonly string[]> => {
    const keys: ReadonlyArray<{ readonly id: string }> = JSON.parse((await world.run('auth', 'list-keys', '--account', 'default', '--json')).stdout);
    return keys.map(({ id }) => id);
  };

  it.each([
    ['teardown', '--yes'],
    ['auth', 'revoke-grant', '--agent', 'cursor'],
  ])('is revoked by the account that made it: %s %s', async (...words) => {
    const world = await withTwo();
    expect((await idsOfFirst(world)).length).toBe(1);
    expect((await world.run(...words)).exit).toBe(0);
    expect([await idsOfFirst(world), await world.grants.list(), await textIn(world, CURSOR)]).toEqual([[], [], SERVERS]);
  });

  it('stays, with its entry, where the account that is named does not know its key', async () => {
    const world = await withTwo();
    const grant = await grantOf(world, 'cursor');
    const result = await world.run('teardown', '--yes', '--account', 'other');
    expect(result).toMatchObject({ exit: 9, stdout: expect.stringContaining('it belongs to another account (default)') as string });
    expect([await idsOfFirst(world), await grantOf(world, 'cursor')]).toEqual([[grant.keyId], grant]);
    expect((await entryIn(world, CURSOR)).args).toContain(grant.id);
  });
});
