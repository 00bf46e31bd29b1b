/** The scopes that the vendor's docs name; that there are no others is our assumption. */
export const SCOPES = ['chat:read', 'chat:write', 'agents:read'] as const;

export const ROLES = ['admin', 'member'] as const;

export type Role = (typeof ROLES)[number];

/** What a member of an organization may do; a role that nobody knows may do nothing. That members only read is our assumption. */
export function scopesOfRole(role: string): readonly string[] {
  switch (role) {
    case 'admin':
      return SCOPES;
    case 'member':
      return SCOPES.filter((scope) => scope.endsWith(':read'));
    default:
      return [];
  }
}
