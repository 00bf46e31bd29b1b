import type { Client } from './client.ts';
import { below } from './places.ts';
import { lineAbout, outcomeOf, type Words } from './said.ts';

const WORDS: Words = [
  [/\bdisconnected\b/i, { kind: 'failed', why: 'Gemini CLI could not connect to it' }],
  // It starts no server in a folder that it does not trust, not even the person's own ones.
  [/\bdisabled\b/i, { kind: 'waits-for-approval' }],
  [/\bconnected\b/i, { kind: 'connected' }],
];

/** Source: geminicli.com/docs, "MCP servers with Gemini CLI" and "Trusted folders". It writes the values of variables into its file, so none is named there. */
export const geminiCli = {
  id: 'gemini-cli',
  name: 'Gemini CLI',
  files: (scope, world) => [below(world, scope === 'user' ? world.home : world.project, '.gemini', 'settings.json')],
  format: 'jsonc',
  servers: ['mcpServers'],
  entry: ({ command, args }) => ({ command, args }),
  signs: (world) => ({ folders: [below(world, world.home, '.gemini')], programs: ['gemini'] }),
  program: {
    name: 'gemini',
    ask: {
      args: () => ['mcp', 'list'],
      limitMs: 30_000,
      // The state stands at the end, after the command line.
      read: (name, said) => outcomeOf(lineAbout(name, said)?.split(' - ').at(-1), WORDS),
    },
  },
  lock: 'none',
  afterwards: () => 'Gemini CLI starts servers only in folders that it trusts; start a running one anew.',
} satisfies Client;
