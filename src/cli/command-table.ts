import type { Command } from '../commands/command.ts';

/** Where a command is found: its words, and how to load the file that holds it. Nothing else is loaded to find it. */
export interface Listing {
  readonly path: readonly string[];
  readonly load: () => Promise<Command>;
}

/** Every command, in the order of the help. */
export const COMMANDS: readonly Listing[] = [
  { path: ['login'], load: async () => (await import('../commands/login.ts')).login },
  { path: ['logout'], load: async () => (await import('../commands/logout.ts')).logout },
  { path: ['whoami'], load: async () => (await import('../commands/whoami.ts')).whoami },
  { path: ['use'], load: async () => (await import('../commands/use.ts')).use },
  { path: ['auth', 'status'], load: async () => (await import('../commands/auth/status.ts')).status },
  { path: ['auth', 'token'], load: async () => (await import('../commands/auth/token.ts')).token },
  { path: ['auth', 'create-key'], load: async () => (await import('../commands/auth/create-key.ts')).createKey },
  { path: ['auth', 'list-keys'], load: async () => (await import('../commands/auth/list-keys.ts')).listKeys },
  { path: ['auth', 'rotate-key'], load: async () => (await import('../commands/auth/rotate-key.ts')).rotateKey },
  { path: ['auth', 'revoke-key'], load: async () => (await import('../commands/auth/revoke-key.ts')).revokeKey },
  { path: ['auth', 'create-client-token'], load: async () => (await import('../commands/auth/create-client-token.ts')).createClientToken },
  { path: ['auth', 'show-client-token'], load: async () => (await import('../commands/auth/show-client-token.ts')).showClientToken },
  { path: ['auth', 'revoke-client-token'], load: async () => (await import('../commands/auth/revoke-client-token.ts')).revokeClientToken },
  { path: ['api'], load: async () => (await import('../commands/api.ts')).api },
  { path: ['run'], load: async () => (await import('../commands/run.ts')).run },
  { path: ['mcp'], load: async () => (await import('../commands/mcp.ts')).mcp },
  { path: ['providers', 'list'], load: async () => (await import('../commands/providers/list.ts')).list },
  { path: ['providers', 'show'], load: async () => (await import('../commands/providers/show.ts')).show },
  { path: ['providers', 'add'], load: async () => (await import('../commands/providers/add.ts')).add },
  { path: ['providers', 'remove'], load: async () => (await import('../commands/providers/remove.ts')).remove },
  { path: ['auth', 'create-grant'], load: async () => (await import('../commands/auth/create-grant.ts')).createGrant },
  { path: ['auth', 'list-grants'], load: async () => (await import('../commands/auth/list-grants.ts')).listGrants },
  { path: ['auth', 'revoke-grant'], load: async () => (await import('../commands/auth/revoke-grant.ts')).revokeGrant },
  { path: ['setup'], load: async () => (await import('../commands/setup.ts')).setup },
  { path: ['teardown'], load: async () => (await import('../commands/teardown.ts')).teardown },
  { path: ['store', 'status'], load: async () => (await import('../commands/store/status.ts')).status },
  { path: ['store', 'migrate'], load: async () => (await import('../commands/store/migrate.ts')).migrate },
  { path: ['doctor'], load: async () => (await import('../commands/doctor.ts')).doctor },
  { path: ['completion'], load: async () => (await import('../commands/completion.ts')).completion },
  { path: ['completion', 'install'], load: async () => (await import('../commands/completion/install.ts')).install },
  { path: ['completion', 'uninstall'], load: async () => (await import('../commands/completion/uninstall.ts')).uninstall },
  { path: ['backend', 'start'], load: async () => (await import('../commands/backend/start.ts')).start },
];

export type Lookup =
  | { readonly kind: 'command'; readonly listing: Listing; readonly rest: readonly string[] }
  /** Words that lead to a group of commands and no further. */
  | { readonly kind: 'group'; readonly path: readonly string[] }
  | { readonly kind: 'unknown'; readonly path: readonly string[]; readonly word: string };

function beginsWith(path: readonly string[], words: readonly string[]): boolean {
  // The last word tells the most of them apart.
  for (let at = words.length - 1; at >= 0; at -= 1) if (path[at] !== words[at]) return false;
  return true;
}

/** Finds the command that the first words name. Flags before it are not looked through: `keywright auth token --json`. */
export function lookUp(given: readonly string[]): Lookup {
  const [first = '', ...others] = given;
  // A name that comes in one piece, as from a variable in quotes, is the same name.
  const words = first.includes(' ') ? [...first.split(' '), ...others] : given;
  const path: string[] = [];
  for (const word of words) {
    if (word.startsWith('-')) break;
    const before = path.length;
    path.push(word);
    const below = COMMANDS.filter((command) => beginsWith(command.path, path));
    if (below.length === 0) return { kind: 'unknown', path: path.slice(0, before), word };
    const listing = below.find((command) => command.path.length === path.length);
    // A command may have others below it, which their word alone tells from its argument.
    const next = words[path.length];
    const goesOn = next !== undefined && below.some((command) => command.path[path.length] === next);
    if (listing !== undefined && !goesOn) return { kind: 'command', listing, rest: words.slice(path.length) };
  }
  return { kind: 'group', path };
}
