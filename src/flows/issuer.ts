import type { Target } from '../api/target.ts';
import type { OAuthSession } from '../model/credentials.ts';
import { Failure } from '../model/failure.ts';
import type { SignInServer } from '../oauth/server.ts';

/** The authorization server of a provider, as its definition names it: a path on the API's origin, an issuer elsewhere, or fixed endpoints. */
export function serverOf(target: Target): SignInServer {
  const { oauth, name, keys } = target.provider;
  if (oauth === null) {
    throw new Failure('usage', {
      detail: `${name} has no browser sign-in.`,
      hint: `Sign in with a key: keywright login ${target.provider.id} --with-token${keys.dashboard === null ? '' : `   (keys are made at ${keys.dashboard})`}`,
    });
  }
  const { server, client, scopeSeparator } = oauth;
  switch (server.kind) {
    case 'path':
      return { place: { kind: 'metadata', issuer: new URL(server.path === '' ? '/' : server.path, target.origin), forms: ['oauth2'] }, client, scopeSeparator };
    case 'issuer':
      return { place: { kind: 'metadata', issuer: new URL(server.issuer), forms: ['oauth2', 'oidc'] }, client, scopeSeparator };
    case 'endpoints':
      return { place: server, client, scopeSeparator };
  }
}

/**
 * Why a session cannot go on with the definition as it is now, to stand in a sentence; undefined where it can. A session belongs to the
 * server and the client that it began with: a definition that was changed afterwards must not draw its tokens elsewhere.
 */
export function changedSince(session: Pick<OAuthSession, 'issuer' | 'tokenEndpoint' | 'clientId'>, target: Target): string | undefined {
  const { place, client } = serverOf(target);
  const changed = (what: string): string => `the definition of the provider names another ${what} than the one that it began with`;
  const issuer = place.kind === 'metadata' ? place.issuer.href : new URL(place.issuer).href;
  if (issuer !== new URL(session.issuer).href) return changed('issuer');
  if (place.kind === 'endpoints' && new URL(place.tokenEndpoint).href !== session.tokenEndpoint) return changed('token endpoint');
  if (client.kind === 'fixed' && client.clientId !== session.clientId) return changed('client');
  return undefined;
}
