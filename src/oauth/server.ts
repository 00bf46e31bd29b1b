import { allowInsecureRequests, Configuration, customFetch, dynamicClientRegistration, None, type ServerMetadata } from 'openid-client';
import type { Http } from '../model/deps.ts';
import { Failure } from '../model/failure.ts';
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

/**
 * Finds the server's metadata (RFC 8414) and registers this program there as a public native client (RFC 7591) with the
 * exact redirect address of a listener that is already bound. PKCE with S256 must be offered (OAuth 2.1, section 7.5.2).
 */
export async function registerClient(http: Http, issuer: URL, clientName: string, redirectUri: string, scopes: readonly string[]): Promise<Configuration> {
  let config: Configuration;
  try {
    config = await dynamicClientRegistration(
      issuer,
      {
        client_name: clientName,
        redirect_uris: [redirectUri],
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
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
  if (!server.code_challenge_methods_supported?.includes('S256')) {
    throw new Failure('unexpected-answer', {
      detail: `The authorization server of ${issuer.origin} does not offer PKCE with S256, without which a sign-in can be stolen.`,
      hint: 'Sign in with a key instead: keywright login --with-token.',
    });
  }
  return config;
}

/** What is kept of a server after a sign-in. */
export function pinnedServer(config: Configuration): PinnedServer {
  const server = config.serverMetadata();
  if (server.token_endpoint === undefined) throw new Failure('unexpected-answer', { detail: 'The authorization server names no token endpoint.' });
  return {
    issuer: server.issuer,
    clientId: config.clientMetadata().client_id,
    tokenEndpoint: server.token_endpoint,
    revocationEndpoint: server.revocation_endpoint ?? null,
  };
}

/** The library's view of a pinned server: no discovery, nothing but what was kept at sign-in. */
export function configurationOf(http: Http, pinned: RevokingServer & Partial<PinnedServer>, reread?: Reread): Configuration {
  const metadata: ServerMetadata = {
    issuer: pinned.issuer,
    ...(pinned.tokenEndpoint === undefined ? {} : { token_endpoint: pinned.tokenEndpoint }),
    ...(pinned.revocationEndpoint === null ? {} : { revocation_endpoint: pinned.revocationEndpoint }),
  };
  const config = new Configuration(metadata, pinned.clientId, { token_endpoint_auth_method: 'none' }, None());
  config[customFetch] = asFetch(http, reread);
  permitLoopback(config);
  return config;
}
