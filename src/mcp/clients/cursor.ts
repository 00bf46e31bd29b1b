import type { Client } from './client.ts';
import { below } from './places.ts';

/** Source: cursor.com/docs, "Model Context Protocol". */
export const cursor = {
  id: 'cursor',
  name: 'Cursor',
  files: (scope, world) => [below(world, scope === 'user' ? world.home : world.project, '.cursor', 'mcp.json')],
  format: 'json',
  servers: ['mcpServers'],
  entry: ({ command, args }) => ({ command, args }),
  signs: (world) => ({ folders: [below(world, world.home, '.cursor')], programs: ['cursor', 'cursor-agent'] }),
  program: null,
  lock: 'none',
  afterwards: () => 'Look at the MCP page of the settings in Cursor: a new server may have to be turned on there.',
} satisfies Client;
