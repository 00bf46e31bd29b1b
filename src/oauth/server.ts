import { allowInsecureRequests, Configuration, customFetch, discovery, dynamicClientRegistration, None, type ServerMetadata } from 'openid-client';
import type { Http } from '../model/deps.ts';
import { Failure } from '../model/failure.ts';
import { safeAddress } from './address.ts';
import { asFetch, type Reread } from './as-fetch.ts';
import { isLoopback } from '../model/loopback.ts';
import { oauthFailure } from './failures.ts';

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

/** Whether the server lets a person confirm a sign-in on another device (RFC 8628 section 4), by its metadata. Nothing is registered. */
export async function deviceOffer(http: Http, issuer: URL): Promise<'offered' | 'not-offered'> {
  try {
    const execute = isLoopback(issuer.hostname) ? { execute: [allowInsecureRequests] } : {};
    const config = await discovery(issuer, 'not-registered', undefined, None(), { algorithm: 'oauth2', [customFetch]: asFetch(http), ...execute });
    return typeof config.serverMetadata().device_authorization_endpoint === 'string' ? 'offered' : 'not-offered';
  } catch (thrown) {
    throw oauthFailure(thrown, `prepare the sign-in at ${issuer.origin}`);
  }
}

/**
 * Finds the server's metadata (RFC 8414) and registers this program there as a public native client (RFC 7591) for this use.
 * A redirect address is that of a listener that is already bound, or has been. For a redirect PKCE with S256 must be offered (OAuth 2.1, section 7.5.2).
 */
export async function registerClient(http: Http, issuer: URL, clientName: string, use: ClientUse, scopes: readonly string[]): Promise<Configuration> {
  let config: Configuration;
  try {
    config = await dynamicClientRegistration(
      issuer,
      {
        client_name: clientName,
        ...useMetadata(use),
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        scope: scopes.join(' '),
      },
      None(),
      {
        algorithm: 'oauth2',
        [customFetch]: asFetch(http),
        ...(isLoopback(issuer.hostname) ? { execute: [allowInsecureRequests] } : {}),
      },
    );
  } catch (thrown) {
    throw oauthFailure(thrown, `prepare the sign-in at ${issuer.origin}`);
  }
  const server = config.serverMetadata();
  // Looked at before anybody signs in: tokens that cannot be refreshed at a safe place are not asked for.
  pinnedServer(config);
  const methods = server.code_challenge_methods_supported;
  if (use.kind === 'redirect' && !(Array.isArray(methods) && methods.includes('S256'))) {
    throw new Failure('unexpected-answer', {
      detail: `The authorization server of ${issuer.origin} does not offer PKCE with S256, without which a sign-in can be stolen.`,
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
  const config = new Configuration(metadata, pinned.clientId, { token_endpoint_auth_method: 'none' }, None());
  config[customFetch] = asFetch(http, reread);
  permitLoopback(config);
  return config;
}
