import type { Client } from './client.ts';
import { below, folderBy } from './places.ts';
import { outcomeOf, type Words } from './said.ts';

/** Its folder, and with `CLAUDE_CONFIG_DIR` its file too. */
const FOLDER = ['CLAUDE_CONFIG_DIR', '.claude'] as const;

const WORDS: Words = [
  [/failed to connect/i, { kind: 'failed', why: 'Claude Code could not connect to it' }],
  [/needs authentication/i, { kind: 'failed', why: 'Claude Code was not let in' }],
  [/pending approval/i, { kind: 'waits-for-approval' }],
  [/\bconnected\b/i, { kind: 'connected' }],
];

const UNKNOWN: Words = [[/no mcp server/i, { kind: 'failed', why: 'Claude Code does not know the entry' }]];

/** Sources: code.claude.com/docs, "Connect Claude Code to tools via MCP" and "Settings". Its reader takes no comments. */
export const claudeCode = {
  id: 'claude-code',
  name: 'Claude Code',
  files: (scope, world) =>
    // A file beside the folder, but within it where a variable names the folder.
    scope === 'user' ? [below(world, folderBy(world, 'CLAUDE_CONFIG_DIR'), '.claude.json')] : [below(world, world.project, '.mcp.json')],
  format: 'json',
  servers: ['mcpServers'],
  entry: ({ command, args }) => ({ type: 'stdio', command, args }),
  signs: (world) => ({ folders: [folderBy(world, ...FOLDER)], programs: ['claude'] }),
  program: {
    name: 'claude',
    // A running Claude Code rewrites its file all the time, so it had better write itself.
    put: (name) => ({ remove: ['mcp', 'remove', '-s', 'user', name], add: ['mcp', 'add-json', '-s', 'user', name, '-'] }),
    remove: (name) => ['mcp', 'remove', '-s', 'user', name],
    ask: {
      args: (name) => ['mcp', 'get', name],
      limitMs: 30_000,
      // It ends with 0 also where the connection failed.
      read: (_name, { code, stdout, stderr }) =>
        code === 0 ? outcomeOf(/^.*\bstatus:.*$/im.exec(stdout)?.[0] ?? stdout, WORDS) : outcomeOf(`${stdout}\n${stderr}`, UNKNOWN),
    },
  },
  lock: 'folder',
  afterwards: (scope) =>
    scope === 'project' ? 'Approve the server: start claude in the project, and say yes or open /mcp.' : 'Start a running Claude Code anew.',
} satisfies Client;
