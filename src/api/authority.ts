import type { Http, HttpReply, HttpRequest } from '../model/http.ts';
import type { Failure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';

/** The right to make requests: where the credential of a request comes from, and what a 401 means for it. */
export interface Authority {
  /** The credential to send now; refreshed first where it can be and is about to expire. */
  secret(): Promise<Secret>;
  /**
   * Called once after a 401. Gives another credential to try the same request with, or null where there is none.
   * A session is refreshed, unless the store already holds a newer token than the rejected one.
   */
  renew(rejected: Secret): Promise<Secret | null>;
  /** The failure to give when the provider's 401 is final. `serverWords` are what the provider said, safe to show. */
  ended(serverWords: string): Failure;
  /**
   * Sends a request with a proof of possession beside the credential (RFC 9449); null where the credential alone is enough.
   * A credential that needs a proof is worth nothing to another program.
   */
  readonly sendWithProof: ((http: Http, request: HttpRequest) => Promise<HttpReply>) | null;
}

/** The authority of a credential that cannot be renewed, such as a key. */
export function fixedAuthority(secret: Secret, ended: (serverWords: string) => Failure, sendWithProof: Authority['sendWithProof'] = null): Authority {
  return { secret: async () => secret, renew: async () => null, ended, sendWithProof };
}
