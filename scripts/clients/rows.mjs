/**
 * Real clients of MCP that install from npm and need no account for what is asked of them here. `row` is the id in keywright's own table
 * of clients; `program` is where the client's program lies in the folder of its package; `ask` says how it is made to connect, and `live`
 * what its answer holds when our entry answered it. `config` holds what the client needs to be told once.
 */
import { askCodex } from './codex.mjs';

export const ENTRY = 'keywright-memax';

/** Every answer is read as text without colours. */
const says = (pattern) => (text) => pattern.test(text);

export const CLIENTS = [
  {
    id: 'claude-code',
    package: '@anthropic-ai/claude-code',
    version: '2.1.330',
    // The package's own launcher wants its install script; the program itself is the package for the system.
    programs: ['node_modules/@anthropic-ai/claude-code-linux-x64/claude', 'node_modules/.bin/claude'],
    name: 'claude',
    ask: { words: ['mcp', 'get', ENTRY] },
    live: says(/Status: .*Connected/),
    // Its exit code is 0 also where it failed.
    failed: says(/Status: .*Failed to connect/),
  },
  {
    id: 'codex',
    package: '@openai/codex',
    version: '0.169.0',
    programs: ['node_modules/.bin/codex'],
    name: 'codex',
    talk: askCodex,
    live: says(/"list_memories"/),
    failed: says(/toolsError|"error"/),
  },
  {
    id: 'gemini-cli',
    package: '@google/gemini-cli',
    version: '0.61.0',
    programs: ['node_modules/.bin/gemini'],
    name: 'gemini',
    // Without trust it starts no server at all.
    env: { GEMINI_CLI_TRUST_WORKSPACE: 'true' },
    ask: { words: ['mcp', 'list'] },
    live: says(new RegExp(`${ENTRY}.*Connected`)),
    failed: says(new RegExp(`${ENTRY}.*Disconnected`)),
  },
  {
    id: 'opencode',
    package: 'opencode-ai',
    version: '1.18.33',
    // The package's own launcher wants its install script.
    programs: ['node_modules/opencode-linux-x64/bin/opencode', 'node_modules/.bin/opencode'],
    name: 'opencode',
    ask: { words: ['mcp', 'list'] },
    live: says(new RegExp(`${ENTRY}\\s+connected`)),
    failed: says(new RegExp(`${ENTRY}\\s+failed`)),
  },
];

/** The protocol's own tool to look at servers. It has no file of ours to read, so it is given the command of an entry that was written. */
export const INSPECTOR = { package: '@modelcontextprotocol/inspector', version: '2.12.0', program: 'node_modules/.bin/mcp-inspector', row: 'cursor' };
