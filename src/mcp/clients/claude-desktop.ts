import type { Client } from './client.ts';
import { applicationData, below } from './places.ts';

/** Source: modelcontextprotocol.io, "Connect to local MCP servers". There is none for Linux that reads such a file by its maker's word. */
export const claudeDesktop = {
  id: 'claude-desktop',
  name: 'Claude Desktop',
  files: (scope, world) =>
    scope === 'user' && (world.platform === 'darwin' || world.platform === 'win32')
      ? [below(world, applicationData(world), 'Claude', 'claude_desktop_config.json')]
      : [],
  format: 'json',
  servers: ['mcpServers'],
  entry: ({ command, args }) => ({ command, args }),
  signs: (world) => ({
    folders: world.platform === 'darwin' || world.platform === 'win32' ? [below(world, applicationData(world), 'Claude')] : [],
    programs: [],
  }),
  program: null,
  lock: 'none',
  afterwards: () => 'Quit Claude Desktop, so that not even its icon is left, and start it again.',
} satisfies Client;
