import type { Client } from './client.ts';
import { below } from './places.ts';

/** Source: docs.windsurf.com, "Model Context Protocol". There is no file of a project. */
export const windsurf = {
  id: 'windsurf',
  name: 'Windsurf',
  files: (scope, world) => (scope === 'user' ? [below(world, world.home, '.codeium', 'windsurf', 'mcp_config.json')] : []),
  format: 'json',
  servers: ['mcpServers'],
  entry: ({ command, args }) => ({ command, args }),
  signs: (world) => ({ folders: [below(world, world.home, '.codeium', 'windsurf')], programs: ['windsurf'] }),
  program: null,
  lock: 'none',
  afterwards: () => 'Refresh the list of MCP servers in Windsurf, or start it anew.',
} satisfies Client;
