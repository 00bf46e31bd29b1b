import type { Client } from './client.ts';
import { below, xdgConfig } from './places.ts';
import { lineAbout, outcomeOf, type Words } from './said.ts';

/** It reads both, and the first counts more. */
const NAMES = ['opencode.jsonc', 'opencode.json'] as const;

const WORDS: Words = [
  [/\bfailed\b/i, { kind: 'failed', why: 'opencode could not connect to it' }],
  [/\bdisabled\b/i, { kind: 'failed', why: 'the entry is turned off in opencode' }],
  [/\bconnected\b/i, { kind: 'connected' }],
];

/** Source: opencode.ai/docs, "Config" and "MCP servers". It keeps to the XDG folders on every system. */
export const opencode = {
  id: 'opencode',
  name: 'opencode',
  files: (scope, world) => {
    const folders = scope === 'user' ? [below(world, xdgConfig(world), 'opencode')] : [world.project, below(world, world.project, '.opencode')];
    return folders.flatMap((folder) => NAMES.map((name) => below(world, folder, name)));
  },
  format: 'jsonc',
  servers: ['mcp'],
  entry: ({ command, args }) => ({ type: 'local', command: [command, ...args] }),
  signs: (world) => ({ folders: [below(world, xdgConfig(world), 'opencode')], programs: ['opencode'] }),
  program: { name: 'opencode', ask: { args: () => ['mcp', 'list'], limitMs: 30_000, read: (name, said) => outcomeOf(lineAbout(name, said), WORDS) } },
  lock: 'none',
  afterwards: () => 'Start a running opencode anew.',
} satisfies Client;
