import type { Clock } from '../../model/clock.ts';
import type { CredentialStore } from '../../model/credential-store.ts';
import type { GrantIndex, GrantRecord } from '../../model/grant.ts';
import type { HttpStream } from '../../model/http-stream.ts';
import type { StoreName } from '../../model/credentials.ts';

/** What a bridge needs of the world. */
export interface BridgeWorld {
  /** What the client says: lines of JSON, cut anywhere. Ends where the client goes. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Writes one line. Resolves when there is room for the next one, so that a slow client slows the server. */
  readonly write: (line: string) => Promise<'written' | 'closed'>;
  readonly grants: Pick<GrantIndex, 'find' | 'markUsed'>;
  /** Nobody is ever asked by it, and it does not wait for long. */
  readonly store: (name: StoreName) => Promise<Pick<CredentialStore, 'read'>>;
  readonly http: HttpStream;
  /** Begins the renewal of a grant beside the traffic, which does not wait for it; nothing is done where one was begun a short while ago. */
  readonly renew: (record: GrantRecord) => Promise<void>;
  readonly clock: Clock;
  /** A line for the client's log, never with a secret in it. */
  readonly warn: (line: string) => void;
  readonly interrupted: AbortSignal;
}
