import type { Secret } from './secret.ts';

/**
 * What a sign-in through OAuth leaves behind. It lives in the store only. The client id, the issuer and the endpoints are
 * those that the sign-in used: a refresh goes there and nowhere else, whatever a definition says later.
 */
export interface OAuthSession {
  readonly kind: 'oauth';
  readonly issuer: string;
  readonly clientId: string;
  readonly tokenEndpoint: string;
  /** RFC 7009; null where the server publishes none. */
  readonly revocationEndpoint: string | null;
  readonly accessToken: Secret;
  /** Null where the server gave none: the session then ends with its access token. */
  readonly refreshToken: Secret | null;
  /** Unix milliseconds; null where the server did not say (RFC 6749 section 5.1 only recommends `expires_in`). */
  readonly expiresAt: number | null;
  readonly scopes: readonly string[];
  /** Unix milliseconds of the reply that brought these tokens. */
  readonly obtainedAt: number;
  /**
   * The private key that the tokens are bound to (RFC 9449), as a JWK in JSON; absent for bearer tokens. It lives and dies
   * with the tokens: without it they are worth nothing.
   */
  readonly dpopKey?: Secret;
}

/** A key or token that the person brought along (`login --with-token`). */
export interface StoredKey {
  readonly kind: 'key';
  readonly key: Secret;
  readonly obtainedAt: number;
}

export type StoredCredential = OAuthSession | StoredKey;

/** Which entry of a store is meant. A credential belongs to the origin that issued it. */
export interface CredentialAddress {
  /** `URL.origin` of the provider's API. */
  readonly origin: string;
  /** The local name of an identity; `default` unless the person chose one. */
  readonly account: string;
}

export const DEFAULT_ACCOUNT = 'default';

/** The name of an entry inside the store's service. */
export function entryName(address: CredentialAddress): string {
  return `${address.origin}|${address.account}`;
}

/**
 * What is known of an account without opening a store: no secret, one file per account, written before the store entry.
 * A store that has no entry for an account that this index knows is locked or was emptied by hand; it is not "signed out".
 */
export interface AccountRecord {
  readonly provider: string;
  readonly origin: string;
  readonly account: string;
  readonly kind: StoredCredential['kind'];
  readonly store: StoreName;
  /** RFC 3339. */
  readonly signedInAt: string;
  /** RFC 3339, of the access token; null where unknown. */
  readonly expiresAt: string | null;
  readonly scopes: readonly string[];
  readonly identity: Identity | null;
}

export type StoreName = 'keychain' | 'file';

/** Who the provider says one is. */
export interface Identity {
  readonly id: string;
  /** What a person recognises: an e-mail address, a name, or the id again. */
  readonly label: string;
  /** The spaces that one has access to, where the provider has such. Not kept in an account's record. */
  readonly hubs?: readonly Hub[];
}

/** A space that keys can be confined to. */
export interface Hub {
  readonly id: string;
  readonly name: string | null;
  readonly role: string | null;
}
