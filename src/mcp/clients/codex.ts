import type { Client, ClientSays } from './client.ts';
import { below, folderBy } from './places.ts';
import type { Said } from './said.ts';

/** What it was asked for with `--json`; undefined for any other text. */
function entryIn(text: string): { readonly name: unknown; readonly enabled: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { name: undefined, enabled: undefined, ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** It reads its configuration back and connects to nothing. */
function read(name: string, { code, stdout }: Said): ClientSays {
  if (code !== 0) return { kind: 'failed', why: 'Codex does not know the entry' };
  const entry = entryIn(stdout);
  if (entry?.name !== name) return { kind: 'unclear' };
  return entry.enabled === false ? { kind: 'failed', why: 'the entry is turned off in Codex' } : { kind: 'known' };
}

/** Source: developers.openai.com/codex, "Model Context Protocol" and "Config basics". */
export const codex = {
  id: 'codex',
  name: 'Codex',
  files: (scope, world) =>
    scope === 'user' ? [below(world, folderBy(world, 'CODEX_HOME', '.codex'), 'config.toml')] : [below(world, world.project, '.codex', 'config.toml')],
  format: 'toml',
  servers: ['mcp_servers'],
  // It hands on next to nothing of its environment, and the keychain of Linux is behind the session bus.
  entry: ({ command, args }) => ({ command, args, env_vars: ['DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR'] }),
  signs: (world) => ({ folders: [folderBy(world, 'CODEX_HOME', '.codex')], programs: ['codex'] }),
  program: { name: 'codex', ask: { args: (name) => ['mcp', 'get', name, '--json'], limitMs: 15_000, read } },
  lock: 'none',
  afterwards: (scope) => (scope === 'project' ? 'Codex reads the file only in a project that it trusts.' : 'Start a running Codex anew.'),
} satisfies Client;
