/** Every single permission, as the vendor lists them. */
export const PERMISSIONS = [
  'memory:read',
  'memory:write',
  'memory:delete',
  'topic:read',
  'topic:write',
  'dream:read',
  'dream:run',
  'hub:read',
  'hub:members:read',
  'hub:manage',
  'settings:read',
  'settings:write',
  'config:read',
  'config:write',
  'chat:read',
  'chat:write',
  'account:delete',
] as const;

/** Bundle to permissions. The vendor names the bundles and not what is in them: their contents are our assumption. */
const BUNDLES: Readonly<Record<string, readonly string[]>> = {
  read: ['memory:read', 'topic:read', 'dream:read', 'hub:read', 'hub:members:read', 'chat:read'],
  write: ['memory:write', 'topic:write', 'chat:write'],
  organize: ['topic:write', 'dream:run'],
  delete: ['memory:delete'],
  'agent-sync': ['config:read', 'config:write'],
};

export const DEFAULT_SCOPES: readonly string[] = ['read', 'write'];

const KNOWN: ReadonlySet<string> = new Set(PERMISSIONS);

export type Expansion = { readonly kind: 'permissions'; readonly permissions: readonly string[] } | { readonly kind: 'unknown'; readonly name: string };

/** Bundles and single permissions as single permissions, each once. */
export function expandScopes(names: readonly string[]): Expansion {
  const permissions = new Set<string>();
  for (const name of names) {
    const expanded = Object.hasOwn(BUNDLES, name) ? BUNDLES[name] : KNOWN.has(name) ? [name] : undefined;
    if (expanded === undefined) return { kind: 'unknown', name };
    for (const permission of expanded) permissions.add(permission);
  }
  return { kind: 'permissions', permissions: [...permissions] };
}

/** OAuth scopes, and what they let a client do (shown on the consent page). */
export const OAUTH_SCOPES = {
  'memax:read': 'Read your memories, topics, chats and settings, and see your hubs and their members',
  'memax:write': 'Add, change and delete memories, topics, chats and settings, manage your hubs, and create and revoke API keys with those rights',
} as const;

/** `memax:read` stands for everything that only reads, `memax:write` for the rest. */
export function permissionsOfOAuth(scopes: readonly string[]): readonly string[] {
  const wanted = new Set(scopes);
  return PERMISSIONS.filter((permission) => wanted.has(permission.endsWith(':read') ? 'memax:read' : 'memax:write'));
}
