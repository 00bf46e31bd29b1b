import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ClientWorld } from '../../../../src/mcp/clients/client.ts';
import { CLIENTS, filesOfClients } from '../../../../src/mcp/clients/clients.ts';
import type { EntryValue } from '../../../../src/mcp/edit/entry.ts';

const SYSTEMS = {
  darwin: { platform: 'darwin', home: '/Users/ada', project: '/Users/ada/code/app', env: {} },
  linux: { platform: 'linux', home: '/home/ada', project: '/home/ada/code/app', env: {} },
  win32: { platform: 'win32', home: 'C:\\Users\\Ada', project: 'C:\\Users\\Ada\\code\\app', env: {} },
} as const satisfies Record<string, ClientWorld>;

const VARIABLES: Readonly<Record<string, ClientWorld>> = {
  'linux, with variables': {
    ...SYSTEMS.linux,
    env: { CLAUDE_CONFIG_DIR: '/srv/claude', CODEX_HOME: '/srv/codex', XDG_CONFIG_HOME: '/srv/config', APPDATA: '/srv/appdata' },
  },
  'win32, with variables': {
    ...SYSTEMS.win32,
    env: { CLAUDE_CONFIG_DIR: 'D:\\claude', CODEX_HOME: 'D:\\codex', XDG_CONFIG_HOME: 'D:\\config', APPDATA: 'D:\\Roaming' },
  },
};

const START = { command: '/opt/node/bin/node', args: ['/opt/keywright/bin/keywright.js', 'mcp', 'acme', '--grant', 'abcDEF123456'] };

const list = (label: string, values: readonly string[]): readonly string[] => [
  `  ${label}`,
  ...(values.length > 0 ? values : ['-']).map((each) => `    ${each}`),
];

function rowText(world: ClientWorld): readonly string[] {
  return CLIENTS.flatMap((client) => {
    const { folders, programs } = client.signs(world);
    return [
      `${client.name} (${client.id})`,
      ...list("the user's file, the first that is there", client.files('user', world)),
      ...list('the file of a project', client.files('project', world)),
      ...list('found by these folders', folders),
      ...list('or these programs', programs),
    ];
  });
}

const entryText: readonly string[] = CLIENTS.flatMap((client) => [
  `${client.name} (${client.id}): ${client.format}${client.lock === 'none' ? '' : ', under a lock'}`,
  `  ${client.servers.join('.')}.NAME = ${JSON.stringify(client.entry(START))}`,
  `  asked with: ${client.program?.ask === undefined ? '-' : [client.program.name, ...client.program.ask.args('NAME')].join(' ')}`,
  ...(client.program?.put === undefined
    ? []
    : Object.entries(client.program.put('NAME')).map(([what, args]) => `  ${what}: ${client.program?.name} ${args.join(' ')}`)),
  `  afterwards, user: ${client.afterwards('user') ?? '-'}`,
  `  afterwards, project: ${client.files('project', SYSTEMS.linux).length === 0 ? '-' : (client.afterwards('project') ?? '-')}`,
]);

const texts = (value: EntryValue): readonly string[] =>
  typeof value === 'string' ? [value] : typeof value === 'boolean' ? [] : Object.values(value).flatMap(texts);

describe('the clients of MCP', () => {
  it('have these files and entries', async () => {
    const worlds = Object.entries({ ...SYSTEMS, ...VARIABLES }).flatMap(([name, world]) => ['', `== ${name}`, ...rowText(world)]);
    const text = `${['== entries', ...entryText, ...worlds].join('\n')}\n`;
    await expect(text).toMatchFileSnapshot(fileURLToPath(new URL('../../../golden/mcp-clients.txt', import.meta.url)));
  });

  it('are all listed, each under the name of its file', () => {
    const tools = ['client', 'clients', 'places', 'said'];
    const rows = readdirSync(new URL('../../../../src/mcp/clients', import.meta.url)).map((name) => name.replace('.ts', ''));
    expect(CLIENTS.map(({ id }) => id).sort()).toEqual(rows.filter((name) => !tools.includes(name)).sort());
  });

  it('are started by the very command, with nothing in the entry that a client would put a value in for', () => {
    for (const client of CLIENTS) {
      const all = texts(client.entry(START));
      expect([client.id, all.filter((text) => START.command === text || START.args.includes(text))]).toEqual([client.id, [START.command, ...START.args]]);
      expect([client.id, all.filter((text) => text.includes('$') || text.includes('{'))]).toEqual([client.id, []]);
    }
  });

  it('keep to absolute paths', () => {
    const relative = Object.values({ ...SYSTEMS, ...VARIABLES }).flatMap((world) => {
      const found = [...filesOfClients(world).map(({ path }) => path), ...CLIENTS.flatMap((client) => client.signs(world).folders)];
      return found.filter((path) => !(world.platform === 'win32' ? /^[A-Z]:\\[^/]*$/ : /^\/[^\\]*$/).test(path));
    });
    expect(relative).toEqual([]);
  });

  it('pass over a variable that is no absolute path, or empty', () => {
    const env = { CLAUDE_CONFIG_DIR: 'claude', CODEX_HOME: './codex', XDG_CONFIG_HOME: '', APPDATA: '' };
    expect(filesOfClients({ ...SYSTEMS.linux, env })).toEqual(filesOfClients(SYSTEMS.linux));
    expect(filesOfClients({ ...SYSTEMS.win32, env })).toEqual(filesOfClients(SYSTEMS.win32));
  });
});

const esc = String.fromCodePoint(0x1b);

describe("what a client's own command says", () => {
  const TICK = '\u2714';
  const CROSS = '\u2718';

  it.each<[client: string, outcome: string, said: { code?: number; stdout?: string; stderr?: string }]>([
    [
      'claude-code',
      'connected',
      { stdout: `keywright-acme:\n  Scope: User config\n  Status: ${TICK} Connected\n  Type: stdio\n  Args: /tmp/Failed to connect/x\n` },
    ],
    ['claude-code', 'connected', { stdout: `keywright-acme: node x (stdio) - ${TICK} Connected\n` }],
    ['claude-code', 'waits-for-approval', { stdout: 'keywright-acme:\n  Scope: Project config\n  Status: \u23f8 Pending approval\n' }],
    ['claude-code', 'failed', { stdout: `keywright-acme:\n  Status: ${CROSS} Failed to connect\n` }],
    ['claude-code', 'failed', { stdout: 'keywright-acme:\n  Status: ! Needs authentication\n' }],
    ['claude-code', 'failed', { code: 1, stderr: 'No MCP server named "keywright-acme". \n' }],
    ['claude-code', 'unclear', { code: 1, stderr: 'Cannot read the configuration: Connected\n' }],
    ['claude-code', 'unclear', { stdout: '' }],
    ['gemini-cli', 'connected', { stderr: `Configured MCP servers:\n\n${esc}[32m\u2713${esc}[0m keywright-acme: node /x - y mcp (stdio) - Connected\n` }],
    ['gemini-cli', 'connected', { stderr: '\u2713 keywright-acme: node /disabled/disconnected (stdio) - Connected\n' }],
    ['gemini-cli', 'failed', { stderr: '\u2717 keywright-acme: node Connected (stdio) - Disconnected\n' }],
    ['gemini-cli', 'waits-for-approval', { stderr: '\u25cb keywright-acme: node x (stdio) - Disabled\n' }],
    ['gemini-cli', 'unclear', { stderr: '\u2713 keywright-acme-2: node x (stdio) - Connected\n' }],
    ['gemini-cli', 'unclear', { stderr: 'No MCP servers configured.\n' }],
    ['opencode', 'connected', { stdout: `${esc}[0m\u25cf  \u2713 ${esc}[1mkeywright-acme ${esc}[90mconnected\n      node\n` }],
    ['opencode', 'connected', { stdout: `\u2713 ${esc}[1mkeywright-acme${esc}[0m connected\n` }],
    ['opencode', 'failed', { stdout: '\u2717 keywright-acme failed SSE error: not connected (401)\n' }],
    ['opencode', 'failed', { stdout: '\u25cb keywright-acme disabled\n' }],
    ['opencode', 'unclear', { stdout: '\u2713 my-keywright-acme connected\n\u2717 other failed\n' }],
    ['codex', 'known', { stdout: '{"name":"keywright-acme","enabled":true,"transport":{"type":"stdio"}}' }],
    ['codex', 'failed', { stdout: '{"name":"keywright-acme","enabled":false}' }],
    ['codex', 'failed', { code: 1, stderr: "Error: No MCP server named 'keywright-acme' found." }],
    ['codex', 'unclear', { stdout: '{"name":"other"}' }],
    ['codex', 'unclear', { stdout: 'null' }],
    ['codex', 'unclear', { stdout: 'keywright-acme' }],
  ])('%s: %s', (id, kind, said) => {
    const ask = CLIENTS.find((client) => client.id === id)?.program?.ask;
    expect(ask?.read('keywright-acme', { code: 0, stdout: '', stderr: '', ...said }).kind).toBe(kind);
  });
});
