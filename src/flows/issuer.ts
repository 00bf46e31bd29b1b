import type { Target } from '../api/target.ts';
import { Failure } from '../model/failure.ts';

/** What this program is called on the pages of a provider. */
export const CLIENT_NAME = 'keywright';

/** The authorization server of a provider, as its definition names it: a path on the API's origin. */
export function issuerOf(target: Target): URL {
  const { oauth, name, keys } = target.provider;
  if (oauth === null) {
    throw new Failure('usage', {
      detail: `${name} has no browser sign-in.`,
      hint: `Sign in with a key: keywright login ${target.provider.id} --with-token${keys.dashboard === null ? '' : `   (keys are made at ${keys.dashboard})`}`,
    });
  }
  if (oauth.server.kind !== 'path') return new URL(oauth.server.issuer);
  return new URL(oauth.server.path === '' ? '/' : oauth.server.path, target.origin);
}
