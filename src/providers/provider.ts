import type { ApiKey, CreatedKey, KeyRequest, RevokeOutcome } from '../model/api-key.ts';
import type { ClientToken, ClientTokenRequest, CreatedClientToken } from '../model/client-token.ts';
import type { Identity } from '../model/credentials.ts';

/** One request of a dialect, without its credential: a path below the base URL and a JSON body. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly maxBytes?: number;
}

/** What a server said about a failure, taken out of its body. Not yet safe to print. */
export interface ServerError {
  readonly code: string | null;
  readonly message: string | null;
  /** What the vendor's support asks for. */
  readonly requestId: string | null;
}

/** How a value looks. Data and no regular expression, since it may come from a file that somebody else wrote. */
export interface KeyPattern {
  readonly prefix: string;
  readonly alphabet: 'hex' | 'base64url' | 'alphanumeric';
  /** Characters after the prefix; a span where the vendor does not say how many. */
  readonly length: number | { readonly min: number; readonly max: number };
}

/** The header that carries a credential: its value follows the scheme, or stands alone. */
export interface HeaderRule {
  /** Lower case. */
  readonly name: string;
  readonly scheme: 'Bearer' | 'Token' | null;
}

/** One kind of credential that a vendor takes. Kinds are told apart by how a value looks. */
export interface CredentialKind {
  /** Permanent: programs read it in JSON. */
  readonly id: string;
  /** With its article, to stand in a sentence: "an API key". */
  readonly name: string;
  /** `jwt`: a JSON Web Token (RFC 7519), which tells its expiry and its owner by itself. */
  readonly looks: KeyPattern | 'jwt';
  readonly header: HeaderRule;
  /** Whether every request has to name a project beside it. */
  readonly project: 'required' | 'not-needed';
}

/**
 * How a server says who somebody is. `read` is null where it does not say, and a good answer only proves the credential.
 * Statuses of `alsoProvedBy` prove it too; with one of `unprovedBy` nothing is known, and the credential is taken on trust.
 */
export interface IdentityRule {
  readonly call: Call;
  readonly read: ((body: unknown) => Identity) | null;
  readonly alsoProvedBy: readonly number[];
  readonly unprovedBy: readonly number[];
}

/** Names inside of each other, outermost first, that lead to a value in a JSON body. */
export type FieldPath = readonly string[];

/**
 * How long lists are cut into pages. `numbers`: pages are counted from 1, and every page says how many there are, so that
 * several can be fetched at once. `cursor`: every page names the next one, by a value that goes into the query.
 */
export type Paging =
  | {
      readonly kind: 'numbers';
      readonly page: string;
      readonly size: string;
      readonly largest: number;
      readonly totalPages: FieldPath;
      readonly items: FieldPath;
    }
  | {
      readonly kind: 'cursor';
      readonly cursor: string;
      /** Null where the server alone decides how long a page is. */
      readonly size: string | null;
      readonly largest: number;
      readonly next: FieldPath;
      readonly items: FieldPath;
    };

/** A scope, and what it allows in a few words; null where the vendor does not say. */
export interface ScopeChoice {
  readonly scope: string;
  readonly allows: string | null;
}

/** What can be said when a key is made. What a vendor has no word for is null or `no`, and asking for it is a `usage` failure. */
export interface KeyTakes {
  readonly name: 'required' | 'optional';
  /** In characters. */
  readonly longestName: number;
  /** Whether a key is refused that is asked for without a scope. */
  readonly scope: 'required' | 'optional';
  /** The scopes that are known, to be offered; others are passed on as they are. Null where keys have no scopes. */
  readonly scopes: readonly ScopeChoice[] | null;
  /** The scopes of `--read-only`. */
  readonly readOnly: readonly string[] | null;
  readonly expiry: 'days' | 'seconds' | 'none';
  readonly agent: 'yes' | 'no';
  readonly hubs: 'yes' | 'no';
  /** The levels that there are. */
  readonly trust: readonly string[] | null;
}

export interface KeyOperations {
  /** Where keys are made by hand; shown where an operation is null. */
  readonly dashboard: string | null;
  /** Makes a credential of the vendor's first kind. */
  readonly create: {
    readonly takes: KeyTakes;
    readonly call: (request: KeyRequest, now: number) => Call;
    readonly read: (body: unknown, request: KeyRequest) => CreatedKey;
  } | null;
  readonly list: {
    /** Without the parameters of paging. */
    readonly call: Call;
    /** Null where one reply holds all. */
    readonly paging: Paging | null;
    /** `untold`: nobody can know from the list which keys are in use, so none of them counts as long unused. */
    readonly lastUse: 'told' | 'untold';
    /** Whether it tells how each key begins, so that one's own can be recognised. */
    readonly prefix: 'told' | 'untold';
    /** One page. */
    readonly read: (body: unknown) => readonly ApiKey[];
  } | null;
  readonly revoke: { readonly call: (id: string) => Call; readonly read: (id: string, body: unknown) => RevokeOutcome } | null;
}

/** Short-lived tokens for browsers and apps, made out of a stronger credential. */
export interface ClientTokenOperations {
  /** In seconds. */
  readonly lifetime: { readonly usual: number; readonly shortest: number; readonly longest: number };
  readonly permissions: readonly ScopeChoice[];
  readonly create: { readonly call: (request: ClientTokenRequest) => Call; readonly read: (body: unknown) => CreatedClientToken };
  /** Asked with the client token itself. */
  readonly show: { readonly call: Call; readonly read: (body: unknown) => ClientToken };
  readonly revoke: { readonly call: (id: string) => Call; readonly read: (id: string, body: unknown) => RevokeOutcome };
}

/** The facts of a definition that `providers show` lists, and that can be marked as assumed. */
export type Fact =
  | 'base-url'
  | 'key-variable'
  | 'url-variable'
  | 'project-variable'
  | 'credentials'
  | 'oauth'
  | 'identity'
  | 'create-key'
  | 'list-keys'
  | 'revoke-key'
  | 'client-tokens'
  | 'paging'
  | 'errors'
  | 'scopes';

/**
 * A vendor: facts and small functions that turn our words into its requests and its replies into our words.
 * What a vendor cannot do is `null`. No code outside the registry asks which vendor it is.
 * Every `read` takes the parsed JSON body of a 2xx reply (undefined where it was empty) and throws `unexpected-answer` naming the field that does not fit.
 */
export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly origin: 'built-in' | 'own';
  readonly baseUrl: string;
  /** `MEMAX` for `MEMAX_API_KEY`, `MEMAX_API_URL` and, where there are projects, `MEMAX_PROJECT`. */
  readonly envPrefix: string;
  /** The first is the API key that `keys.create` makes, or that the dashboard gives. */
  readonly credentials: readonly [CredentialKind, ...CredentialKind[]];
  /** The header that names the project; null where there are none. */
  readonly project: { readonly header: string; readonly pattern: KeyPattern } | null;
  readonly oauth: ProviderOAuth | null;
  readonly identity: IdentityRule | null;
  readonly keys: KeyOperations;
  readonly clientTokens: ClientTokenOperations | null;
  /** The remote MCP server, below the base URL, and the least that its tools need; null where there is none. */
  readonly mcp: { readonly path: string; readonly scopes: readonly string[] } | null;
  /** How lists outside the key list are cut into pages, for `api --paginate`; null where nobody says. */
  readonly paging: Paging | null;
  /** A reply header whose text is to be shown to the person. Lower case. */
  readonly warningHeader: string | null;
  /** What a status means at this vendor where it differs from what it means elsewhere; the sentence stands as the hint. */
  readonly statusHints: Readonly<Partial<Record<number, string>>>;
  readonly readError: (body: unknown) => ServerError;
  /** Facts that no document of the vendor states, with what is assumed and why. */
  readonly assumed: Readonly<Partial<Record<Fact, string>>>;
}

/** Where the authorization server is: a path below the API's origin, which moves with it, or an address of its own. */
export type AuthorizationServer =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'issuer'; readonly issuer: string }
  /** Without metadata (RFC 8414): the endpoints by hand. */
  | {
      readonly kind: 'endpoints';
      readonly issuer: string;
      readonly authorizationEndpoint: string;
      readonly tokenEndpoint: string;
      readonly revocationEndpoint: string | null;
      readonly deviceAuthorizationEndpoint: string | null;
    };

/** Who we are to the authorization server: registered anew for each sign-in (RFC 7591), or known by an id that the vendor gave. */
export type OAuthClient =
  | { readonly kind: 'register'; readonly name: string }
  /** `port`: of the redirect address that was registered; null where any port will do (RFC 8252 section 7.3). */
  | { readonly kind: 'fixed'; readonly clientId: string; readonly port: number | null };

export interface ProviderOAuth {
  readonly server: AuthorizationServer;
  readonly client: OAuthClient;
  readonly scopes: readonly string[];
  /** RFC 6749 section 3.3 says a space; some servers want a comma. */
  readonly scopeSeparator: ' ' | ',';
}
