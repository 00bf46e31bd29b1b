import type { Secret } from './secret.ts';

/** An API key as a list shows it: everything but the key. Times are RFC 3339 in UTC; null means "the provider does not say" or "never". */
export interface ApiKey {
  readonly id: string;
  readonly name: string | null;
  /** The first characters of the key, where the provider tells them. */
  readonly prefix: string | null;
  readonly scopes: readonly string[];
  /** The agent that the key was made for; null for a plain key. */
  readonly agent: string | null;
  /** The ids of the hubs that it is confined to; empty where it reaches all that its owner does, or the provider has no hubs. */
  readonly hubs: readonly string[];
  readonly trust: string | null;
  readonly createdAt: string | null;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
}

/** What is worth a look about a key. Permanent: programs read it in JSON. */
export type KeyMark = 'stale' | 'expires-soon' | 'expired';

/** A key with what is worth a look about it. */
export interface MarkedKey extends ApiKey {
  readonly marks: readonly KeyMark[];
}

/** A key that was just made. `key` is shown by the provider this once. */
export interface CreatedKey extends ApiKey {
  readonly key: Secret;
}

/** What to make. `expiresAt` is Unix milliseconds; no scopes means the provider's usual ones. */
export interface KeyRequest {
  /** Null for a key without a name, where the provider allows it. */
  readonly name: string | null;
  readonly scopes: readonly string[];
  readonly agent: string | null;
  readonly hubs: readonly string[];
  readonly trust: string | null;
  readonly expiresAt: number | null;
}

/** What became of one key that was to be revoked. */
export type RevokeOutcome =
  | { readonly id: string; readonly kind: 'revoked' }
  | { readonly id: string; readonly kind: 'already-gone' }
  | { readonly id: string; readonly kind: 'failed'; readonly why: string };
