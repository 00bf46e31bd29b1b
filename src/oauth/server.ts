import { allowInsecureRequests, ClientError, Configuration, customFetch, discovery, dynamicClientRegistration, None, type ServerMetadata } from 'openid-client';
import type { Http } from '../model/http.ts';
import { Failure } from '../model/failure.ts';
import { isLoopback } from '../model/loopback.ts';
import type { AuthorizationServer, ProviderOAuth } from '../providers/provider.ts';
import { safeAddress } from './address.ts';
import { asFetch, failureBehind, type Reread } from './as-fetch.ts';
import { oauthFailure, serverTrouble } from './failures.ts';

/** What a refresh or a revocation needs to know of a server; kept with the session and pinned to it. */
export interface PinnedServer {
  readonly issuer: string;
  readonly clientId: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint: string | null;
}

/** What of it a revocation needs. */
export type RevokingServer = Pick<PinnedServer, 'issuer' | 'clientId' | 'revocationEndpoint'>;

/** Plain http is for this machine only: the library insists on https unless told so for one configuration. */
function permitLoopback(config: Configuration): void {
  if (isLoopback(new URL(config.serverMetadata().issuer).hostname)) allowInsecureRequests(config);
}

/** How a client will get its tokens: by a redirect to exactly this address, or by a code that a person confirms elsewhere (RFC 8628). */
export type ClientUse = { readonly kind: 'redirect'; readonly redirectUri: string } | { readonly kind: 'device' };

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

function useMetadata(use: ClientUse) {
  return use.kind === 'redirect'
    ? { redirect_uris: [use.redirectUri], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] }
    : { redirect_uris: [], grant_types: [DEVICE_GRANT, 'refresh_token'], response_types: [] };
}

/**
 * An authorization server at which one signs in, and who we are to it. Where `metadata` says so its metadata is also looked for where
 * OpenID Connect Discovery puts it, and not only where RFC 8414 section 3.1 does.
 */
export interface SignInServer extends Pick<ProviderOAuth, 'client' | 'scopeSeparator'> {
  readonly place:
    { readonly kind: 'metadata'; readonly issuer: URL; readonly forms: readonly Form[] } | Extract<AuthorizationServer, { readonly kind: 'endpoints' }>;
}

export type Form = 'oauth2' | 'oidc';

/** The name of the server, to stand in sentences and to be kept with a session. */
export function issuerOfServer({ place }: Pick<SignInServer, 'place'>): URL {
  return place.kind === 'metadata' ? place.issuer : new URL(place.issuer);
}

/** A server without metadata as the library knows servers. */
function fixedMetadata(place: Extract<SignInServer['place'], { kind: 'endpoints' }>): ServerMetadata {
  return {
    issuer: place.issuer,
    authorization_endpoint: place.authorizationEndpoint,
    token_endpoint: place.tokenEndpoint,
    ...(place.revocationEndpoint === null ? {} : { revocation_endpoint: place.revocationEndpoint }),
    ...(place.deviceAuthorizationEndpoint === null ? {} : { device_authorization_endpoint: place.deviceAuthorizationEndpoint }),
  };
}

const PUBLIC = { token_endpoint_auth_method: 'none' };

/** Tries the forms in turn. The first one's failure is told; what failed on the way to a server is no reason to look elsewhere. */
async function withForms<T>(forms: readonly Form[], work: (algorithm: Form) => Promise<T>): Promise<T> {
  const [first = 'oauth2', ...others] = forms;
  try {
    return await work(first);
  } catch (thrown) {
    if (!(thrown instanceof ClientError) || failureBehind(thrown) !== undefined || (serverTrouble(thrown) ?? 0) >= 500) throw thrown;
    for (const other of others) {
      try {
        return await work(other);
      } catch {
        // The failure of the form that RFC 8414 asks for is told.
      }
    }
    throw thrown;
  }
}

/** The server as a client with this id sees it. */
async function knownClient(http: Http, { place }: SignInServer, clientId: string): Promise<Configuration> {
  if (place.kind === 'endpoints') {
    const config = new Configuration(fixedMetadata(place), clientId, PUBLIC, None());
    config[customFetch] = asFetch(http);
    permitLoopback(config);
    return config;
  }
  return withForms(place.forms, (algorithm) => discovery(place.issuer, clientId, PUBLIC, None(), discoveryOptions(http, place.issuer, algorithm)));
}

function discoveryOptions(http: Http, issuer: URL, algorithm: Form) {
  return { algorithm, [customFetch]: asFetch(http), ...(isLoopback(issuer.hostname) ? { execute: [allowInsecureRequests] } : {}) };
}

/** A client that is registered for this use alone. */
async function newClient(http: Http, server: SignInServer, name: string, use: ClientUse, scopes: readonly string[]): Promise<Configuration> {
  const { place, scopeSeparator } = server;
  if (place.kind === 'endpoints') throw new Failure('bug', { detail: 'A client was to be registered at a server without metadata.' });
  const { issuer } = place;
  const metadata = {
    client_name: name,
    ...useMetadata(use),
    application_type: 'native',
    ...PUBLIC,
    scope: scopes.join(scopeSeparator),
  };
  return withForms(place.forms, (algorithm) => dynamicClientRegistration(issuer, metadata, None(), discoveryOptions(http, issuer, algorithm)));
}

async function prepared(server: SignInServer, work: () => Promise<Configuration>): Promise<Configuration> {
  try {
    return await work();
  } catch (thrown) {
    throw oauthFailure(thrown, `prepare the sign-in at ${issuerOfServer(server).origin}`);
  }
}

/** Whether the server lets a person confirm a sign-in on another device (RFC 8628 section 4), by its metadata or its definition. Nothing is registered. */
export async function deviceOffer(http: Http, server: SignInServer): Promise<'offered' | 'not-offered'> {
  const config = await prepared(server, () => knownClient(http, server, 'not-registered'));
  return typeof config.serverMetadata().device_authorization_endpoint === 'string' ? 'offered' : 'not-offered';
}

/**
 * Finds the server (RFC 8414, or OpenID Connect Discovery where that may be) and makes this program its public native client: by
 * registering for this use (RFC 7591), or under the id that it has there. A redirect address is that of a listener that is already
 * bound, or has been. For a redirect the metadata must offer PKCE with S256 (OAuth 2.1, section 7.5.2); where there is no metadata
 * PKCE is used all the same, and a server that does not know it passes over it (RFC 6749 section 3.1).
 */
export async function prepareClient(http: Http, server: SignInServer, use: ClientUse, scopes: readonly string[]): Promise<Configuration> {
  const { client, place } = server;
  const config = await prepared(server, () =>
    client.kind === 'fixed' ? knownClient(http, server, client.clientId) : newClient(http, server, client.name, use, scopes),
  );
  // Looked at before anybody signs in: tokens that cannot be refreshed at a safe place are not asked for.
  pinnedServer(config);
  const methods = config.serverMetadata().code_challenge_methods_supported;
  if (use.kind === 'redirect' && place.kind === 'metadata' && !(Array.isArray(methods) && methods.includes('S256'))) {
    throw new Failure('unexpected-answer', {
      detail: `The authorization server of ${place.issuer.origin} does not offer PKCE with S256, without which a sign-in can be stolen.`,
      hint: 'Sign in with a key instead: keywright login --with-token.',
    });
  }
  return config;
}

/**
 * What is kept of a server after a sign-in. `unexpected-answer` where its token endpoint is no address to which secrets may be sent;
 * such a revocation endpoint is as good as none.
 */
export function pinnedServer(config: Configuration): PinnedServer {
  const server = config.serverMetadata();
  if (server.token_endpoint === undefined) throw new Failure('unexpected-answer', { detail: 'The authorization server names no token endpoint.' });
  const token = safeAddress(server.token_endpoint);
  if (token.kind === 'unsafe') {
    throw new Failure('unexpected-answer', {
      detail: `The token endpoint of the authorization server ${token.why}.`,
      hint: 'Check the API address and the provider.',
    });
  }
  const revocation = safeAddress(server.revocation_endpoint);
  return {
    issuer: server.issuer,
    clientId: config.clientMetadata().client_id,
    tokenEndpoint: token.href,
    revocationEndpoint: revocation.kind === 'safe' ? revocation.href : null,
  };
}

/**
 * The library's view of a pinned server: no discovery, nothing but what was kept at sign-in. `namesItself`: the server promised to name
 * itself in redirects (RFC 9207).
 */
export function configurationOf(http: Http, pinned: RevokingServer & Partial<PinnedServer>, reread?: Reread, namesItself?: boolean): Configuration {
  const metadata: ServerMetadata = {
    issuer: pinned.issuer,
    ...(pinned.tokenEndpoint === undefined ? {} : { token_endpoint: pinned.tokenEndpoint }),
    ...(pinned.revocationEndpoint === null ? {} : { revocation_endpoint: pinned.revocationEndpoint }),
    ...(namesItself === undefined ? {} : { authorization_response_iss_parameter_supported: namesItself }),
  };
  const config = new Configuration(metadata, pinned.clientId, PUBLIC, None());
  config[customFetch] = asFetch(http, reread);
  permitLoopback(config);
  return config;
}
