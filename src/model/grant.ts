/** Where a grant was written into a client's configuration. */
export interface WiredPlace {
  /** The id of the client's row, such as `claude-code`. */
  readonly client: string;
  /** Absolute. */
  readonly path: string;
}

/**
 * What an agent may do, and until when: a narrow key of its own, never the person's. The id is ours and survives rotation. The key lies
 * in the store under the grant's origin and id, so that a record that somebody edits leads to no key, or to the same place.
 */
export interface GrantRecord {
  /** Random, 12 letters and digits. */
  readonly id: string;
  readonly agent: string;
  readonly device: string;
  readonly provider: string;
  readonly origin: string;
  /** The stored account whose credential made it, and can renew it; null for a key in a variable. Absent in records of an older version. */
  readonly account?: string | null;
  /** The provider's MCP server, as it was when the grant was made; null where it has none. */
  readonly mcpUrl: string | null;
  readonly scopes: readonly string[];
  /** The key behind it; another one after each rotation. */
  readonly keyId: string;
  readonly keyName: string;
  readonly store: 'keychain' | 'file';
  /** Whether the server knows the agent, or only we do. */
  readonly agentKnownTo: 'server' | 'us';
  /** Whether the bridge may renew it when it is near its end. */
  readonly renew: 'allowed' | 'not-allowed';
  /** RFC 3339; null where keys of the provider do not end. */
  readonly expiresAt: string | null;
  readonly createdAt: string;
  /** RFC 3339; when the bridge last used it here. */
  readonly lastUsedAt: string | null;
  readonly wired: readonly WiredPlace[];
}

/** The grants that were made on this machine: a small file each in the state folder, 0600, no secret in them. */
export interface GrantIndex {
  /** By the time that they were made. What cannot be read is passed over. */
  list(): Promise<readonly GrantRecord[]>;
  find(id: string): Promise<GrantRecord | undefined>;
  write(record: GrantRecord): Promise<void>;
  /** Sets `lastUsedAt`, in Unix milliseconds, beside the record, so that it undoes no change that somebody else makes at that moment. */
  markUsed(id: string, at: number): Promise<void>;
  delete(id: string): Promise<void>;
}

/** The last part of its life in which a grant is near its end: a thirty-day grant for its last six days, one of eight hours for the last hour and a half. */
const LAST_PART = 1 / 5;

/**
 * Whether a grant still lives and is in the last fifth of its span: then it is marked in lists, and the bridge renews it where it may. `now`
 * is in Unix milliseconds. A grant without an end never is.
 */
export function isNearEnd({ createdAt, expiresAt }: Pick<GrantRecord, 'createdAt' | 'expiresAt'>, now: number): boolean {
  if (expiresAt === null) return false;
  const end = Date.parse(expiresAt);
  return now < end && end - now < (end - Date.parse(createdAt)) * LAST_PART;
}

/** The name of a grant's entry in the store, in the place of an account's name, which never has a colon. */
export function grantAccount(id: string): string {
  return `grant:${id}`;
}
