import type { ApiKey, CreatedKey, KeyRequest, RevokeOutcome } from '../model/api-key.ts';
import type { Identity } from '../model/credentials.ts';

/** One request of a dialect, without its credential: a path below the base URL and a JSON body. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly maxBytes?: number;
}

/** What a server said about a failure, taken out of its body. Not yet safe to print. */
export interface ServerError {
  readonly code: string | null;
  readonly message: string | null;
}

/** How a key value looks; checked before a bare variable is trusted and before a new key is handed on. */
export interface KeyPattern {
  readonly prefix: string;
  readonly alphabet: 'hex' | 'base64url' | 'alphanumeric';
  /** Characters after the prefix. */
  readonly length: number;
}

/**
 * A vendor: facts and small functions that turn our words into its requests and its replies into our words.
 * What a vendor cannot do is `null`. No code outside the registry asks which vendor it is.
 * Every `read` takes the parsed JSON body of a 2xx reply (undefined where it was empty) and throws `unexpected-answer` naming the field that does not fit.
 */
export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  /** `MEMAX` for `MEMAX_API_KEY` and `MEMAX_API_URL`. */
  readonly envPrefix: string;
  readonly key: KeyPattern;
  /** The header that carries a credential, by the credential's value. */
  readonly authHeader: (value: string) => readonly [name: string, value: string];
  readonly oauth: ProviderOAuth | null;
  readonly identity: { readonly call: Call; readonly read: (body: unknown) => Identity } | null;
  readonly keys: {
    /** Where keys are made by hand; shown where `create` is null. */
    readonly dashboard: string | null;
    readonly create: {
      readonly call: (request: KeyRequest, now: number) => Call;
      readonly read: (body: unknown, request: KeyRequest) => CreatedKey;
      readonly expiry: 'days' | 'none';
    } | null;
    readonly list: { readonly call: Call; readonly read: (body: unknown) => readonly ApiKey[] } | null;
    readonly revoke: { readonly call: (id: string) => Call; readonly read: (id: string, body: unknown) => RevokeOutcome } | null;
  };
  readonly readError: (body: unknown) => ServerError;
}

export interface ProviderOAuth {
  /** Path below the base URL's origin under which the server publishes its metadata (RFC 8414); `''` where the issuer is the origin. */
  readonly issuerPath: string;
  readonly clientName: string;
  readonly scopes: readonly string[];
}
