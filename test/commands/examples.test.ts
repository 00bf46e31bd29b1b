import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { COMMANDS } from '../../src/cli/command-table.ts';
import { DAY_MS } from '../../src/model/duration.ts';
import { ask, textAt } from '../integration/backend/running.ts';
import { letTimePass } from '../support/device-time.ts';
import { readExample } from '../support/example-lines.ts';
import { keyOwner } from '../support/key-owner.ts';
import { makeHome } from '../support/cli.ts';
import { makeGrant } from '../support/mcp-grants.ts';
import { keepGrant, startBridge } from '../support/mcp-program.ts';
import { addOwn, documentedDefinitions, storedDefinitions } from '../support/own-providers.ts';
import { approveDevice } from '../support/person.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey, signedIn } from '../support/signed-in.ts';
import { makeWorld, type Result, type World, type WorldWishes } from '../support/world.ts';

const realm = sharedBackend();
/** Its clock is moved on. */
const aging = sharedBackend();
const device = sharedBackend({ device: true });
const reminix = sharedBackend({}, 'reminix');
const agntix = sharedBackend({}, 'agntix');

/** What an example does, and how the world has to be for it. */
interface Story {
  /** Somebody who is signed in, unless it is said. */
  readonly world?: () => Promise<World>;
  /** What takes the place of words that only stand for something, such as an id. */
  readonly instead?: (world: World) => Promise<Readonly<Record<string, string>>>;
  /** Runs the words, where somebody has to do something meanwhile. */
  readonly run?: (world: World, words: readonly string[]) => Promise<Result>;
  /** The exit code, where the example is not to end well here. */
  readonly exit?: number;
  /** What it told or did. */
  readonly check: (result: Result, world: World) => void | Promise<void>;
}

/** Files that may hold keys; every folder of a world is searched for them. */
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'keywright-examples-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const at = (name: string): string => path.join(dir, name);
const inFile = (name: string): string => readFileSync(at(name), 'utf8');
const file = (name: string, text: string): string => {
  writeFileSync(at(name), text);
  return at(name);
};

/** Puts a stand-in for a program on PATH of what is started. */
function program(name: string, script: string): string {
  chmodSync(file(name, `#!/bin/sh\n${script}\n`), 0o755);
  return at(name);
}

const withPrograms = (wishes: Partial<WorldWishes> = {}): Promise<World> =>
  signedIn({ realm: realm(), ...wishes, env: { PATH: `${dir}:${process.env['PATH'] ?? ''}`, ...wishes.env } });

const nobody = (wishes: WorldWishes = {}): Promise<World> => makeWorld({ realm: realm(), ...wishes });
const atTerminal = (...answers: string[]): Promise<World> => signedIn({ realm: realm(), terminal: true, answers });
const parsed = (text: string): unknown => JSON.parse(text);

/** Takes what keeps keys for a secret in what it is given on stdin. */
const GH = '[ "$1" = secret ] && cat > "$(dirname "$0")/secret-$3"; exit 0';

async function makeKey(world: World, name: string, ...words: string[]): Promise<string> {
  return textAt(parsed((await world.run('auth', 'create-key', name, '--json', ...words)).stdout), 'id');
}
const keyNames = async (world: World): Promise<readonly string[]> =>
  (await world.run('auth', 'list-keys')).stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[1] ?? '']));
const threeKeys = async (world: World): Promise<Readonly<Record<string, string>>> => ({
  key_1: await makeKey(world, 'one'),
  key_2: await makeKey(world, 'two'),
  key_3: await makeKey(world, 'three'),
});

/** Somebody with keys of these names that were made a hundred days ago. */
async function withOldKeys(...names: string[]): Promise<World> {
  const world = await signedIn({ realm: realm() });
  for (const name of names) await makeKey(world, name);
  world.clock.advance(100 * DAY_MS);
  return world;
}

async function makeGrantOf(world: World, agent: string): Promise<string> {
  const result = await world.run('auth', 'create-grant', '--agent', agent, '--device', 'laptop', '--json');
  return textAt(parsed(result.stdout), 'id');
}

async function withAccounts(wishes: Partial<WorldWishes> = {}): Promise<World> {
  const world = await signedIn({ realm: realm(), ...wishes });
  await world.run('login', 'memax', '--account', 'work', '--quiet', '--browser');
  return world;
}

/** Somebody with a client of MCP that has servers already. */
async function withClients(wishes: Partial<WorldWishes> = {}): Promise<World> {
  const world = await signedIn({ realm: realm(), ...wishes });
  const home = path.dirname(world.cwd);
  for (const folder of ['.cursor', '.claude']) mkdirSync(path.join(home, folder));
  writeFileSync(path.join(home, '.cursor/mcp.json'), '{}\n');
  writeFileSync(path.join(home, '.claude.json'), '{}\n');
  return world;
}
const cursorFile = (world: World): string => readFileSync(path.join(path.dirname(world.cwd), '.cursor/mcp.json'), 'utf8');

async function afterSetup(wishes: Partial<WorldWishes> = {}): Promise<World> {
  const world = await withClients(wishes);
  const { exit, stderr } = await world.run('setup', '--mcp', '--yes');
  expect([exit, exit === 0 ? '' : stderr]).toEqual([0, '']);
  return world;
}

async function atReminix(wishes: WorldWishes = {}): Promise<World> {
  const dashboard = async (form: object): Promise<unknown> =>
    (await ask(reminix().origin, '/dashboard', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(form) })).json;
  const project = textAt(await dashboard({ list: 'projects' }), 'projects', 0, 'id');
  return makeWorld({ realm: reminix(), ...wishes, env: { REMINIX_API_KEY: textAt(await dashboard({ make: 'key', project }), 'key') } });
}
async function clientToken(world: World): Promise<{ readonly id: string; readonly token: string }> {
  const made = parsed((await world.run('auth', 'create-client-token', '--public', 'userId=42', '--json')).stdout);
  return { id: textAt(made, 'id'), token: textAt(made, 'token') };
}

const withAcme = async (wishes: WorldWishes = {}): Promise<World> => {
  const world = await makeWorld(wishes);
  await addOwn(world, 'acme');
  return world;
};
const acmeFile = async (): Promise<Readonly<Record<string, string>>> => ({
  './acme.json': file('acme.json', (await documentedDefinitions()).get('acme') ?? ''),
});

/** The bridge is a process of its own, with a store that it can reach. */
async function overTheBridge(words: readonly string[], data: boolean): Promise<Result> {
  const home = await makeHome();
  try {
    const made = await makeGrant(realm().origin, undefined, { store: 'file' });
    await keepGrant(home.env, made);
    const folder = path.join(home.env['XDG_DATA_HOME'] ?? '', 'keywright');
    const env = data ? { ...home.env, XDG_DATA_HOME: path.join(home.dir, 'elsewhere') } : home.env;
    const real = words.slice(1).map((word) => (word === '4fTq0aZ81bXk' ? made.record.id : word === './data' ? folder : word));
    const bridge = startBridge(env, real);
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };
    bridge.say(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: meta } }));
    await bridge.answer(1);
    bridge.leave();
    const { code } = await bridge.ended;
    return { exit: code ?? -1, stdout: bridge.lines().join('\n'), stderr: bridge.stderr() };
  } finally {
    await home.remove();
  }
}

async function untilCtrlC(world: World, words: readonly string[]): Promise<Result> {
  const running = world.start(...words);
  await running.says(/A development server/);
  running.interrupt();
  return running.ended;
}

const stdoutHas =
  (...parts: readonly (string | RegExp)[]) =>
  ({ stdout }: Result): void => {
    for (const part of parts) expect(stdout).toMatch(part);
  };
const isKey = ({ stdout }: Result): void => expect(stdout).toMatch(/^mxk_[0-9a-f]{64}\n$/);

const STORIES: Readonly<Record<string, Story>> = {
  'keywright login memax': { world: nobody, check: async (_result, world) => expect((await world.stored())?.kind).toBe('oauth') },
  'keywright login memax --device': {
    world: () => makeWorld({ realm: device(), browserLikely: false }),
    run: async (world, words) => {
      const running = world.start(...words);
      const userCode = await running.says(/\n {2}([A-Z]{4}-[A-Z]{4})\n/);
      await approveDevice(`${device().origin}/oauth/device`, { decision: 'allow', email: world.email, userCode });
      await letTimePass(world, device(), running.ended);
      return running.ended;
    },
    check: async (_result, world) => expect((await world.stored())?.kind).toBe('oauth'),
  },
  'keywright login memax --begin --json': {
    world: nobody,
    check: ({ stdout }) => expect(parsed(stdout)).toMatchObject({ url: expect.stringContaining(realm().origin), next: expect.stringContaining('--complete') }),
  },
  'keywright login memax --with-token < key.txt': {
    world: async () => nobody({ stdin: (await newKey(realm())).key }),
    check: async (_result, world) => expect((await world.stored())?.kind).toBe('key'),
  },
  'keywright logout memax': { check: async (_result, world) => expect(await world.stored()).toBe(undefined) },
  'keywright logout --all': { world: withAccounts, check: async (_result, world) => expect(await world.accounts.list()).toEqual([]) },
  'keywright whoami': { check: ({ stdout }, world) => expect(stdout).toContain(world.email) },
  'keywright whoami --explain': { check: stdoutHas(/sign-in/, /MEMAX_API_KEY/) },
  'keywright whoami memax --json': { check: ({ stdout }, world) => expect(stdout).toContain(`"${world.email}"`) },
  'keywright use memax --account work': { world: withAccounts, check: async (_result, world) => expect((await world.run('use')).stdout).toContain('work') },
  'keywright use --here memax --account work': {
    world: withAccounts,
    check: (_result, world) =>
      expect(parsed(readFileSync(path.join(world.cwd, '.keywright.json'), 'utf8'))).toMatchObject({ provider: 'memax', account: 'work' }),
  },
  'keywright use': {
    world: async () => {
      const world = await withAccounts();
      await world.run('use', 'memax', '--account', 'work');
      return world;
    },
    check: stdoutHas(/memax/, /\bwork\b/),
  },
  'keywright auth status': { check: ({ stdout }, world) => expect(stdout).toContain(world.email) },
  'keywright auth status --check': { check: () => expect(realm().stats.count('me')).toBe(1) },
  'keywright auth status --provider memax --quiet && echo signed in': { check: stdoutHas(/^memax\t/) },
  'keywright auth token': { check: stdoutHas(/^\S{20,}\n$/) },
  'keywright auth token --header': { check: stdoutHas(/^authorization: Bearer \S{20,}\n$/i) },
  'keywright auth create-key ci-deploy --scope read --expires 90d': { check: isKey },
  'keywright auth create-key laptop --json': { check: ({ stdout }) => expect(parsed(stdout)).toMatchObject({ name: 'laptop', id: expect.any(String) }) },
  'keywright auth create-key ci --to github-secret:DEPLOY_KEY@owner/repo': {
    world: () => {
      program('gh', GH);
      return withPrograms();
    },
    check: () => expect(inFile('secret-DEPLOY_KEY')).toMatch(/^mxk_[0-9a-f]{64}$/),
  },
  'keywright auth create-key dev --to env-file:.env#API_KEY': {
    instead: async () => ({ 'env-file:.env#API_KEY': `env-file:${at('.env')}#API_KEY` }),
    check: () => expect(inFile('.env')).toMatch(/^API_KEY='mxk_[0-9a-f]{64}'\n$/),
  },
  'keywright auth list-keys': { world: () => withOldKeys('one', 'two'), check: stdoutHas(/\tone\t/, /\ttwo\t/) },
  'keywright auth list-keys --stale 90d --sort used': { world: () => withOldKeys('old'), check: stdoutHas(/\told\t/) },
  "keywright auth list-keys --name 'ci-*' --json": {
    world: () => withOldKeys('ci-one', 'laptop'),
    check: ({ stdout }) => expect(parsed(stdout)).toMatchObject([{ name: 'ci-one' }]),
  },
  'keywright auth list-keys --jsonl': {
    world: () => withOldKeys('one', 'two'),
    check: ({ stdout }) => expect(stdout.trim().split('\n').map(parsed)).toMatchObject([{ name: 'two' }, { name: 'one' }]),
  },
  'keywright auth rotate-key key_1 --to env-file:.env#MEMAX_API_KEY': {
    instead: async (world) => ({ ...(await threeKeys(world)), 'env-file:.env#MEMAX_API_KEY': `env-file:${at('.env')}#MEMAX_API_KEY` }),
    check: async (_result, world) => {
      expect(inFile('.env')).toMatch(/^MEMAX_API_KEY='mxk_[0-9a-f]{64}'\n$/);
      expect(await keyNames(world)).toContain('one');
    },
  },
  'keywright auth rotate-key key_1 --now > new-key.txt': {
    instead: threeKeys,
    check: async (result, world) => {
      isKey(result);
      expect(await keyNames(world)).not.toContain('one');
    },
  },
  'keywright auth rotate-key --older-than 90d --to "github-secret:{NAME}" --yes': {
    world: async () => {
      program('gh', GH);
      const owner = await keyOwner(aging(), 'examples-many@keywright.test');
      await owner.make('OLD_KEY');
      aging().advanceClock(91 * DAY_MS);
      const own = await (await keyOwner(aging(), 'examples-many@keywright.test')).make('own');
      const world = await makeWorld({ realm: aging(), env: { MEMAX_API_KEY: own.key, PATH: `${dir}:${process.env['PATH'] ?? ''}` } });
      world.clock.advance(91 * DAY_MS);
      return world;
    },
    check: () => expect(inFile('secret-OLD_KEY')).toMatch(/^mxk_[0-9a-f]{64}$/),
  },
  'keywright auth rotate-key --grant Zk3mQx81TfPa --now': {
    instead: async (world) => ({ Zk3mQx81TfPa: await makeGrantOf(world, 'codex') }),
    check: async (_result, world) => expect((await world.grants.list())[0]?.keyName).toMatch(/~[a-z0-9]{4}$/),
  },
  'keywright auth rotate-key --resume': {
    world: async () => {
      const world = await signedIn({ realm: realm() });
      const { key_1: id = '' } = await threeKeys(world);
      await world.run('auth', 'rotate-key', id, '--to', `file:${at('key')}`);
      world.clock.advance(2 * DAY_MS);
      return world;
    },
    check: async (_result, world) => expect(await keyNames(world)).not.toContain('one'),
  },
  'keywright auth revoke-key key_1': {
    instead: threeKeys,
    check: async (_result, world) => expect((await keyNames(world)).toSorted()).toEqual(['three', 'two']),
  },
  'keywright auth revoke-key key_1 key_2 key_3': { instead: threeKeys, check: async (_result, world) => expect(await keyNames(world)).toEqual([]) },
  'keywright auth revoke-key --stale 90d --dry-run': {
    world: () => withOldKeys('old'),
    check: async ({ stdout }, world) => {
      expect(stdout).toContain('old');
      expect(await keyNames(world)).toEqual(['old']);
    },
  },
  "keywright auth revoke-key --stale 90d --name 'ci-*' --yes": {
    world: () => withOldKeys('ci-old', 'laptop'),
    check: async (_result, world) => expect(await keyNames(world)).toEqual(['laptop']),
  },
  'keywright auth create-client-token --public userId=42 --ttl 15m': { world: atReminix, check: stdoutHas(/^reminix_ct_\S+\n$/) },
  'keywright auth create-client-token --server @context.json --permission agents:invoke': {
    world: atReminix,
    instead: async () => ({ '@context.json': `@${file('context.json', '{"plan":"pro"}')}` }),
    check: stdoutHas(/^reminix_ct_\S+\n$/),
  },
  'keywright auth show-client-token < token.txt': {
    world: async () => atReminix({ stdin: (await clientToken(await atReminix())).token }),
    check: stdoutHas(/userId\t42/),
  },
  'keywright auth show-client-token': {
    world: async () => atReminix({ terminal: true, answers: [(await clientToken(await atReminix())).token] }),
    check: stdoutHas(/userId +42/),
  },
  'keywright auth revoke-client-token ct_1': {
    world: atReminix,
    instead: async (world) => ({ ct_1: (await clientToken(world)).id }),
    check: stdoutHas(/^revoked \S+\n$/),
  },
  'keywright auth revoke-client-token ct_1 ct_2': {
    world: atReminix,
    instead: async (world) => ({ ct_1: (await clientToken(world)).id, ct_2: (await clientToken(world)).id }),
    check: stdoutHas(/^revoked \S+\nrevoked \S+\n$/),
  },
  'keywright api get /v1/auth/me': { check: ({ stdout }, world) => expect(stdout).toContain(world.email) },
  'keywright api post /v1/agents/echo/invoke -f "input[prompt]=Hello"': {
    world: atReminix,
    check: ({ stdout }) => expect(parsed(stdout)).toMatchObject({ output: { echo: { prompt: 'Hello' } } }),
  },
  'keywright api patch /v1/auth/api-keys/key_1 --input body.json --include': {
    instead: async (world) => ({
      '/v1/auth/api-keys/key_1': `/v1/auth/api-keys/${await makeKey(world, 'one')}`,
      'body.json': file('body.json', '{"agent_name":"codex"}'),
    }),
    check: stdoutHas(/200/, /content-type: application\/json/, /"codex"/),
  },
  'keywright api get /v1/chat/api-keys --paginate --json': {
    world: async () => {
      const { key } = await (await keyOwner(agntix(), 'examples@keywright.test')).make('one');
      return makeWorld({ realm: agntix(), env: { AGNTIX_API_KEY: key } });
    },
    check: ({ stdout }) => expect(parsed(stdout)).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'one' })])),
  },
  'keywright run -- npm test': {
    world: () => {
      program('npm', 'echo "$1 ${#MEMAX_API_KEY} $MEMAX_API_KEY"');
      return withPrograms();
    },
    check: stdoutHas(/^test [0-9]{2,} \[secret\]\n$/),
  },
  'keywright run --ephemeral --scope read -- ./deploy.sh': {
    instead: async () => ({ './deploy.sh': program('deploy.sh', 'echo ${#MEMAX_API_KEY}') }),
    check: async ({ stdout }, world) => {
      expect(stdout).toBe('68\n');
      expect(await keyNames(world)).toEqual([]);
    },
  },
  'keywright run --env TOKEN -- curl --config curl.conf': {
    world: () => {
      program('curl', 'echo "$* ${#TOKEN} ${#MEMAX_API_KEY}"');
      return withPrograms();
    },
    check: stdoutHas(/^--config curl\.conf [0-9]{2,} 0\n$/),
  },
  'keywright mcp memax --grant 4fTq0aZ81bXk': { run: (_world, words) => overTheBridge(words, false), check: stdoutHas(/"tools":\[/) },
  'keywright mcp memax --grant 4fTq0aZ81bXk --data ./data': { run: (_world, words) => overTheBridge(words, true), check: stdoutHas(/"tools":\[/) },
  'keywright providers list': { world: makeWorld, check: stdoutHas(/^memax\t/m, /^agntix\t/m) },
  'keywright providers list --json': { world: makeWorld, check: ({ stdout }) => expect(parsed(stdout)).toMatchObject([{ id: 'memax' }, {}, {}, {}]) },
  'keywright providers show memax': { world: makeWorld, check: stdoutHas(/MEMAX_API_KEY/) },
  'keywright providers show memax --json': { world: makeWorld, check: ({ stdout }) => expect(parsed(stdout)).toMatchObject({ id: 'memax' }) },
  'keywright providers add ./acme.json': {
    world: () => makeWorld({ terminal: true, answers: ['yes'] }),
    instead: acmeFile,
    check: async (_result, world) => expect([...(await storedDefinitions(world)).keys()]).toEqual(['acme']),
  },
  'keywright providers add ./acme.json --replace --yes': {
    world: withAcme,
    instead: acmeFile,
    check: async (_result, world) => expect([...(await storedDefinitions(world)).keys()]).toEqual(['acme']),
  },
  'keywright providers remove acme': { world: withAcme, check: async (_result, world) => expect((await storedDefinitions(world)).size).toBe(0) },
  'keywright providers remove acme --force': { world: withAcme, check: async (_result, world) => expect((await storedDefinitions(world)).size).toBe(0) },
  'keywright auth create-grant --agent claude-code': {
    check: async (_result, world) => expect(await world.grants.list()).toMatchObject([{ agent: 'claude-code' }]),
  },
  'keywright auth create-grant --agent cursor --scope read --expires 8h': {
    check: async (_result, world) => expect(await world.grants.list()).toMatchObject([{ agent: 'cursor', scopes: ['read'] }]),
  },
  'keywright auth list-grants': {
    world: async () => {
      const world = await signedIn({ realm: realm() });
      await makeGrantOf(world, 'codex');
      return world;
    },
    check: stdoutHas(/\tcodex\t/),
  },
  'keywright auth list-grants --agent claude-code --json': {
    world: async () => {
      const world = await signedIn({ realm: realm() });
      for (const agent of ['codex', 'claude-code']) await makeGrantOf(world, agent);
      return world;
    },
    check: ({ stdout }) => expect(parsed(stdout)).toMatchObject([{ agent: 'claude-code' }]),
  },
  'keywright auth revoke-grant Zk3mQx81TfPa': {
    instead: async (world) => ({ Zk3mQx81TfPa: await makeGrantOf(world, 'codex') }),
    check: async (_result, world) => expect(await world.grants.list()).toEqual([]),
  },
  'keywright auth revoke-grant --agent claude-code': {
    world: async () => {
      const world = await atTerminal('yes');
      await makeGrantOf(world, 'claude-code');
      return world;
    },
    check: async (_result, world) => expect(await world.grants.list()).toEqual([]),
  },
  'keywright setup --mcp': {
    world: () => withClients({ terminal: true, answers: ['yes'] }),
    check: (_result, world) => expect(cursorFile(world)).toContain('keywright-memax'),
  },
  'keywright setup --mcp --only claude-code --scope read --expires 8h': {
    world: () => withClients({ terminal: true, answers: ['yes'] }),
    check: async (_result, world) => {
      expect(await world.grants.list()).toMatchObject([{ agent: 'claude-code', scopes: ['read'] }]);
      expect(cursorFile(world)).toBe('{}\n');
    },
  },
  'keywright setup --mcp --dry-run': {
    world: withClients,
    check: ({ stdout, stderr }, world) => {
      expect(stdout + stderr).toContain('keywright-memax');
      expect(cursorFile(world)).toBe('{}\n');
    },
  },
  'keywright setup --mcp --check': {
    world: afterSetup,
    // The bridge that it starts is a process of its own, which does not reach the store of this world.
    exit: 9,
    check: ({ stdout }) => expect(stdout).toMatch(/^cursor\t/m),
  },
  'keywright teardown': {
    world: () => afterSetup({ terminal: true, answers: ['yes'] }),
    check: async (_result, world) => {
      expect(await world.grants.list()).toEqual([]);
      expect(cursorFile(world)).not.toContain('keywright-memax');
    },
  },
  'keywright teardown --only cursor --yes': {
    world: afterSetup,
    check: async (_result, world) => expect(await world.grants.list()).toMatchObject([{ agent: 'claude-code' }]),
  },
  'keywright store status': { check: stdoutHas(/keychain/, /file/) },
  'keywright store status --account work --json': {
    world: withAccounts,
    check: ({ stdout }) => expect(stdout).toMatch(/"account":"work"/),
  },
  'keywright store migrate --to file --dry-run': {
    check: async ({ stdout }, world) => {
      expect(stdout).toMatch(/memax/);
      expect((await world.accounts.list())[0]?.store).toBe('keychain');
    },
  },
  'keywright store migrate --to keychain --provider memax': {
    world: async () => {
      const world = await signedIn({ realm: realm() });
      await world.run('store', 'migrate', '--to', 'file');
      return world;
    },
    check: async (_result, world) => expect((await world.accounts.list())[0]?.store).toBe('keychain'),
  },
  'keywright doctor': { check: stdoutHas(/^ok\tnode-version\t/m, /\tprovider-reachable\t/) },
  'keywright doctor --offline --json': { check: ({ stdout }) => expect(stdout).not.toContain('provider-reachable') },
  'keywright completion bash > ~/keywright.bash': { world: makeWorld, check: stdoutHas(/complete .*keywright/) },
  'keywright completion install': {
    world: () => makeWorld({ env: { SHELL: '/usr/bin/fish' } }),
    check: ({ stdout }) => expect(existsSync(stdout.split('\n')[0] ?? '')).toBe(true),
  },
  'keywright completion install fish': { world: makeWorld, check: ({ stdout }) => expect(existsSync(stdout.split('\n')[0] ?? '')).toBe(true) },
  'keywright completion uninstall': {
    world: async () => {
      const world = await makeWorld({ env: { SHELL: '/bin/bash' } });
      await world.run('completion', 'install');
      return world;
    },
    check: stdoutHas(/keywright\n/),
  },
  'keywright completion uninstall zsh': {
    world: async () => {
      const world = await makeWorld();
      await world.run('completion', 'install', 'zsh');
      return world;
    },
    check: stdoutHas(/_keywright\n/),
  },
  'keywright backend start': { world: makeWorld, run: untilCtrlC, check: stdoutHas(/^export MEMAX_API_URL=/m, /^export AGNTIX_API_URL=/m) },
  'keywright backend start memax --data ./data': {
    world: makeWorld,
    instead: async () => ({ './data': at('data') }),
    run: untilCtrlC,
    check: () => expect(existsSync(at('data'))).toBe(true),
  },
};

let examples: readonly string[] = [];
let fewest = 0;
beforeAll(async () => {
  const commands = await Promise.all(COMMANDS.map((listing) => listing.load()));
  examples = commands.flatMap((command) => command.examples.map(([line]) => line));
  fewest = Math.min(...commands.map((command) => command.examples.length));
});

describe('the examples of the help', () => {
  it('are two or more for each command, and each has its story below', () => {
    expect(fewest).toBeGreaterThanOrEqual(2);
    expect([...new Set(examples)].sort()).toEqual(Object.keys(STORIES).sort());
  });

  it.each(Object.entries(STORIES))('%s', async (line, story) => {
    const { words } = readExample(line);
    const world = await (story.world ?? (() => signedIn({ realm: realm() })))();
    const instead: Readonly<Record<string, string>> = (await story.instead?.(world)) ?? {};
    const real = words.map((word) => instead[word] ?? word);
    const result = await (story.run ?? ((each, all) => each.run(...all)))(world, real);
    expect({ exit: result.exit, told: result.exit === (story.exit ?? 0) ? '' : result.stderr }).toEqual({ exit: story.exit ?? 0, told: '' });
    await story.check(result, world);
  });
});
