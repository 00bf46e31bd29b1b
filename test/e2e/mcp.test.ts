import { existsSync, readFileSync } from 'node:fs';

import { Client as ClientOfToday } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioOfToday } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { ask } from '../integration/backend/running.ts';
import { filesWith, type Home, leftBehind, makeHome, PROGRAM, until, type Variables } from '../support/cli.ts';
import { KEYRING_PROGRAMS, startKeyring } from '../support/keyring.ts';
import { makeGrant, type MadeGrant } from '../support/mcp-grants.ts';
import { keepGrant, startBridge } from '../support/mcp-program.ts';
import { describeWith } from '../support/requires.ts';

const META = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };
const stateless = (id: unknown, method: string, params: object = {}): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: META } });
const inSession = (id: unknown, method: string, params: object = {}): string =>
  JSON.stringify({ jsonrpc: '2.0', ...(id === null ? {} : { id }), method, params });

let backend: LocalBackend;
let realm: LocalRealm;
let home: Home;
let grant: MadeGrant;

/** The words of a client's configuration. */
const wordsOf = ({ record }: MadeGrant): readonly string[] => [record.provider, '--grant', record.id];

async function newGrant(env: Variables = home.env, scopes?: readonly string[]): Promise<MadeGrant> {
  const made = await makeGrant(realm.origin, scopes, { store: env === home.env ? 'file' : 'keychain' });
  await keepGrant(env, made);
  return made;
}

const revoke = ({ record, bearer }: MadeGrant) => ask(realm.origin, `/v1/auth/api-keys/${record.keyId}`, { method: 'DELETE', bearer });

/** A server that does not answer, as far as a test is concerned. */
const STUCK_MS = 60_000;

const arrived = () => until('a request to arrive', () => realm.stats.count('mcp.post') > 0);

beforeEach(() => {
  realm.stats.reset();
});

beforeAll(async () => {
  backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
  realm = backend.realm('memax');
  home = await makeHome();
  grant = await newGrant();
});

afterAll(async () => {
  await backend.stop();
  const left = await leftBehind([home.dir], [backend]);
  await home.remove();
  expect(left).toEqual([]);
});

describe('the bridge as a process', () => {
  it('answers two hundred requests at once, each once, while one waits for the server, and ends when its client goes', async () => {
    const bridge = startBridge(home.env, wordsOf(grant));
    realm.faults.next('mcp.post', { kind: 'slow', ms: STUCK_MS });
    bridge.say(stateless('slow', 'tools/list'));
    await arrived();
    for (let id = 0; id < 200; id += 1) bridge.say(stateless(id, 'tools/list'));
    await until('all answers', () => bridge.lines().length === 200);
    const ids = bridge.lines().map((line) => JSON.parse(line).id);
    expect(ids.sort((one, other) => one - other)).toEqual(Array.from({ length: 200 }, (_, id) => id));
    bridge.say(inSession(null, 'notifications/cancelled', { requestId: 'slow' }));
    bridge.leave();
    expect(await bridge.ended).toEqual({ code: 0, signal: null });
    expect(bridge.stderr()).toBe('');
  });

  it('gives progress, what the server says by itself, and nothing that was cancelled', async () => {
    const bridge = startBridge(home.env, wordsOf(grant));
    bridge.say(inSession('init', 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }));
    await bridge.answer('init');
    bridge.say(inSession(null, 'notifications/initialized'));
    bridge.say(inSession(1, 'tools/call', { name: 'add_memory', arguments: { content: 'One.' }, _meta: { progressToken: 'p' } }));
    await bridge.answer(1);
    await until('a message of the server', () => bridge.lines().some((line) => line.includes('"notifications/message"')));
    expect(bridge.lines().some((line) => line.includes('"notifications/progress"'))).toBe(true);
    realm.stats.reset();
    realm.faults.next('mcp.post', { kind: 'slow', ms: STUCK_MS });
    bridge.say(inSession(2, 'tools/list'));
    await arrived();
    bridge.say(inSession(null, 'notifications/cancelled', { requestId: 2 }));
    bridge.say(inSession(3, 'tools/list'));
    await bridge.answer(3);
    bridge.leave();
    expect(await bridge.ended).toEqual({ code: 0, signal: null });
    expect(bridge.lines().map((line) => JSON.parse(line).id)).not.toContain(2);
    expect(realm.stats.count('mcp.end')).toBe(1);
  });

  it('says in the middle of its work that the grant was revoked, and what to do', async () => {
    const short = await newGrant();
    const bridge = startBridge(home.env, wordsOf(short));
    bridge.say(stateless(1, 'tools/list'));
    expect(await bridge.answer(1)).toMatchObject({ result: { tools: [{}, {}, {}] } });
    await revoke(short);
    bridge.say(stateless(2, 'tools/list'));
    expect((await bridge.answer(2)).error?.message).toMatch(/revoked or expired.*Run: keywright setup --mcp/);
  });

  it('shows the key nowhere: no argument, no environment, no output, no file', async () => {
    const bridge = startBridge(home.env, wordsOf(grant));
    bridge.say(stateless(1, 'tools/call', { name: 'list_memories', arguments: {} }));
    await bridge.answer(1);
    for (const file of existsSync('/proc') ? ['cmdline', 'environ'] : [])
      expect(readFileSync(`/proc/${bridge.pid}/${file}`, 'latin1')).not.toContain(grant.key);
    expect(`${bridge.lines().join('\n')}${bridge.stderr()}`).not.toContain(grant.key);
    bridge.leave();
    await bridge.ended;
    expect(await filesWith(home.dir, [grant.key])).toEqual([]);
  });

  it('finds its folders by its arguments, where the environment says nothing', async () => {
    const { PATH = '', DBUS_SESSION_BUS_ADDRESS: bus = '', XDG_STATE_HOME: state = '', XDG_DATA_HOME: data = '' } = home.env;
    const bridge = startBridge({ PATH, HOME: '/nowhere' }, [...wordsOf(grant), '--state', `${state}/keywright`, '--data', `${data}/keywright`, '--dbus', bus]);
    bridge.say(stateless(1, 'tools/list'));
    expect(await bridge.answer(1)).toMatchObject({ result: {} });
  });

  it('ends at once by a signal, also with a request under way', async () => {
    const bridge = startBridge(home.env, wordsOf(grant));
    realm.faults.next('mcp.post', { kind: 'slow', ms: STUCK_MS });
    bridge.say(stateless(1, 'tools/list'));
    await arrived();
    bridge.kill('SIGTERM');
    expect(await bridge.ended).toEqual({ code: 0, signal: null });
    expect(bridge.lines()).toEqual([]);
  });

  it('works the long way too, with the flags of every command, and says what is missing', async () => {
    const bridge = startBridge(home.env, [...wordsOf(grant), '--quiet']);
    bridge.say(stateless(1, 'tools/list'));
    expect(await bridge.answer(1)).toMatchObject({ result: {} });
    bridge.leave();
    expect(await bridge.ended).toEqual({ code: 0, signal: null });
    expect(bridge.lines()).toHaveLength(1);
    const wrong = startBridge(home.env, ['memax']);
    expect(await wrong.ended).toEqual({ code: 2, signal: null });
    expect(wrong.stderr()).toContain('No grant was named');
  });
});

const connection = (env: Variables, made: MadeGrant) => ({
  command: process.execPath,
  args: [PROGRAM, 'mcp', ...wordsOf(made)],
  env: { ...env },
  stderr: 'pipe' as const,
});

describe('the official clients', () => {
  it('of the first generation lists and calls tools, and shows that the grant was revoked', async () => {
    const made = await newGrant();
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StdioClientTransport(connection(home.env, made)));
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['list_memories', 'add_memory', 'delete_memory']);
    // Who asks for progress is answered by a stream of events.
    const added = await client.callTool({ name: 'add_memory', arguments: { content: 'By a client.' } }, undefined, { onprogress: () => undefined });
    expect(added).toMatchObject({ content: [{ text: expect.stringMatching(/^Kept as /) }] });
    await revoke(made);
    await expect(client.callTool({ name: 'list_memories' })).rejects.toThrow(/revoked or expired.*keywright setup --mcp/);
    await client.close();
  });

  it.each([
    ['in the stateless protocol', { pin: '2026-07-28' }],
    ['in whichever protocol it finds', 'auto'],
    ['in the protocol with sessions', 'legacy'],
  ] as const)('of the second generation lists and calls tools %s', async (_how, mode) => {
    const made = await newGrant(home.env, ['read', 'write', 'delete']);
    const client = new ClientOfToday({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    await client.connect(new StdioOfToday(connection(home.env, made)));
    expect((await client.listTools()).tools).toHaveLength(3);
    const added = await client.callTool({ name: 'add_memory', arguments: { content: 'By a client.' } });
    const text = JSON.stringify(added.structuredContent);
    const { id }: { readonly id: string } = JSON.parse(text);
    expect(await client.callTool({ name: 'delete_memory', arguments: { id } })).toMatchObject({ content: [{ text: `Deleted ${id}.` }] });
    await revoke(made);
    await expect(client.callTool({ name: 'list_memories' })).rejects.toThrow(/revoked or expired/);
    await client.close();
  });
});

describeWith(KEYRING_PROGRAMS, 'the bridge and a keychain', () => {
  it('takes the key from it, by an address in its arguments, and says at once where it is locked', async () => {
    const keyring = await startKeyring();
    try {
      const made = await newGrant(keyring.env);
      const { DBUS_SESSION_BUS_ADDRESS: bus = '', ...env } = keyring.env;
      const bridge = startBridge(env, [...wordsOf(made), '--dbus', bus]);
      bridge.say(stateless(1, 'tools/list'));
      expect(await bridge.answer(1)).toMatchObject({ result: {} });
      await keyring.lock();
      // What was read stays good; a bridge that starts now has nothing.
      bridge.say(stateless(2, 'tools/list'));
      expect(await bridge.answer(2)).toMatchObject({ result: {} });
      const late = startBridge(env, [...wordsOf(made), '--dbus', bus]);
      late.say(inSession(1, 'initialize', { protocolVersion: '2025-11-25' }));
      expect((await late.answer(1)).error?.message).toMatch(/^keywright: The credential store is locked.*gnome-keyring-daemon --replace --unlock/);
      late.say(inSession(2, 'tools/list'));
      expect((await late.answer(2)).error?.message).toContain('locked');
      const nowhere = startBridge(env, [...wordsOf(made), '--dbus', `unix:path=${keyring.dir}/no-such-bus`]);
      nowhere.say(inSession(1, 'initialize', {}));
      expect((await nowhere.answer(1)).error?.message).toMatch(/^keywright: The credential store cannot be used/);
    } finally {
      await keyring.stop();
    }
  });
});
