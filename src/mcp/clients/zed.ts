import type { Client, ClientWorld } from './client.ts';
import { applicationData, below } from './places.ts';

/** On macOS it keeps to `.config`, whatever a variable says. */
function folder(world: ClientWorld): string {
  if (world.platform === 'darwin') return below(world, world.home, '.config', 'zed');
  return below(world, applicationData(world), world.platform === 'win32' ? 'Zed' : 'zed');
}

/** Source: zed.dev/docs, "Model Context Protocol" and "Configuring Zed". Servers stand among all other settings. */
export const zed = {
  id: 'zed',
  name: 'Zed',
  files: (scope, world) => (scope === 'user' ? [below(world, folder(world), 'settings.json')] : [below(world, world.project, '.zed', 'settings.json')]),
  format: 'jsonc',
  servers: ['context_servers'],
  entry: ({ command, args }) => ({ source: 'custom', command, args }),
  signs: (world) => ({ folders: [folder(world)], programs: ['zed', 'zeditor'] }),
  program: null,
  lock: 'none',
  afterwards: (scope) => (scope === 'project' ? 'Zed starts servers of a project only once you trust it.' : null),
} satisfies Client;
