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

/** Finds the command that the first words name. Flags before it are not looked through: `keywright auth token --json`. */
export function lookUp(words: readonly string[]): Lookup {
  const path: string[] = [];
  for (const word of words) {
    if (word.startsWith('-')) break;
    const next = [...path, word];
    const listing = COMMANDS.find((command) => command.path.join(' ') === next.join(' '));
    // A command may have others below it, which their word alone tells from its argument.
    const goesOn = COMMANDS.some(
      ({ path: longer }) => longer.length > next.length && [...next, words[next.length]].every((part, index) => longer[index] === part),
    );
    if (listing !== undefined && !goesOn) return { kind: 'command', listing, rest: words.slice(next.length) };
    if (!COMMANDS.some((command) => next.every((part, index) => command.path[index] === part))) return { kind: 'unknown', path, word };
    path.push(word);
  }
  return { kind: 'group', path };
}
