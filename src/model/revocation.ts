import type { StoreName } from './credentials.ts';
import { Secret } from './secret.ts';

/** A token that its server has still to revoke, with all that RFC 7009 section 2.1 needs. A public client proves nothing else there, so no key is kept. */
export interface PendingRevocation {
  readonly token: Secret;
  readonly kind: TokenKind;
  readonly issuer: string;
  readonly clientId: string;
  readonly revocationEndpoint: string;
}

export type TokenKind = 'refresh_token' | 'access_token';

/** What is known of a waiting revocation without opening the store: no secret. Times are Unix milliseconds. */
export interface QueuedRevocation {
  /** The name of the note that holds the `PendingRevocation`. */
  readonly name: string;
  readonly store: StoreName;
  readonly provider: string;
  readonly origin: string;
  readonly account: string;
  readonly kind: TokenKind;
  readonly queuedAt: number;
  /** When the token ends by itself; null where that is unknown. */
  readonly tokenEndsAt: number | null;
  /** No try before it. */
  readonly nextTryAt: number;
  readonly tries: number;
}

/** Which revocations wait, in the state folder. Reading is lenient and never throws: a record that cannot be read is as good as none; writing is atomic. */
export interface RevocationIndex {
  list(): Promise<readonly QueuedRevocation[]>;
  /** `refused` where the folder does not allow it. */
  write(record: QueuedRevocation): Promise<void>;
  delete(name: string): Promise<void>;
}

/** A change that an older keywright would misread gets the next number. */
const FORMAT = 1;

/** The text of the note. */
export function encodeRevocation(pending: PendingRevocation): Secret {
  const { token, kind, issuer, clientId, revocationEndpoint } = pending;
  return new Secret(JSON.stringify({ v: FORMAT, kind, token: token.reveal(), issuer, client_id: clientId, revocation_endpoint: revocationEndpoint }));
}

/** Reads what `encodeRevocation` wrote; undefined for anything else, such as what a newer keywright wrote. */
export function decodeRevocation(text: Secret): PendingRevocation | undefined {
  const { v, kind, token, issuer, client_id: clientId, revocation_endpoint: revocationEndpoint } = fieldsOf(text.reveal());
  if (v !== FORMAT || (kind !== 'refresh_token' && kind !== 'access_token')) return undefined;
  if (typeof token !== 'string' || typeof issuer !== 'string' || typeof clientId !== 'string' || typeof revocationEndpoint !== 'string') return undefined;
  return { token: new Secret(token), kind, issuer, clientId, revocationEndpoint };
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // The parser's message quotes the text, so it must not become a cause.
    return {};
  }
}
