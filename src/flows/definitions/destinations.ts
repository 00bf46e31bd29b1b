import type { Provider } from '../../providers/provider.ts';

/** An address that a definition makes us talk to, and what goes there. */
export interface Destination {
  readonly address: string;
  readonly what: string;
}

function signInDestinations({ oauth }: Provider): readonly Destination[] {
  if (oauth === null) return [];
  const { server } = oauth;
  switch (server.kind) {
    case 'path':
      return [];
    case 'issuer':
      return [{ address: server.issuer, what: 'you sign in there, or where its metadata says' }];
    case 'endpoints':
      return [
        { address: server.authorizationEndpoint, what: 'you sign in there' },
        { address: server.tokenEndpoint, what: 'tokens come from there' },
        ...(server.revocationEndpoint === null ? [] : [{ address: server.revocationEndpoint, what: 'tokens are revoked there' }]),
        ...(server.deviceAuthorizationEndpoint === null
          ? []
          : [{ address: server.deviceAuthorizationEndpoint, what: 'codes for other devices come from there' }]),
      ];
  }
}

/** Every address that a definition names, the API first. */
export function destinationsOf(provider: Provider): readonly Destination[] {
  const { baseUrl, envPrefix } = provider;
  return [{ address: baseUrl, what: `keys and tokens are sent there, and whatever stands in ${envPrefix}_API_KEY` }, ...signInDestinations(provider)];
}
