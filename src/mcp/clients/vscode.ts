import type { Client } from './client.ts';
import { applicationData, below } from './places.ts';

/** Source: code.visualstudio.com/docs, "MCP configuration reference". Other profiles than the default one have files of their own. */
export const vscode = {
  id: 'vscode',
  name: 'VS Code',
  files: (scope, world) =>
    scope === 'user' ? [below(world, applicationData(world), 'Code', 'User', 'mcp.json')] : [below(world, world.project, '.vscode', 'mcp.json')],
  format: 'jsonc',
  servers: ['servers'],
  entry: ({ command, args }) => ({ type: 'stdio', command, args }),
  signs: (world) => ({ folders: [below(world, applicationData(world), 'Code', 'User')], programs: ['code'] }),
  program: null,
  lock: 'none',
  afterwards: () => 'VS Code asks whether you trust the server when it first starts it.',
} satisfies Client;
