import type { Secret } from './secret.ts';

/** What to make. `serverContext` is for the server alone: it is a secret and is never shown again. */
export interface ClientTokenRequest {
  readonly publicMetadata: Readonly<Record<string, unknown>> | null;
  /** JSON text of an object. */
  readonly serverContext: Secret | null;
  readonly ttlSeconds: number;
  readonly permissions: readonly string[];
}

/** A client token that was just made. `token` is shown by the provider this once. Times are RFC 3339 in UTC. */
export interface CreatedClientToken {
  readonly id: string;
  readonly token: Secret;
  readonly expiresAt: string | null;
}

/** What a client token says of itself to whoever holds it. */
export interface ClientToken {
  readonly projectId: string | null;
  readonly publicMetadata: Readonly<Record<string, unknown>> | null;
}
