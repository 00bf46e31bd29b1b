import type { Authority } from '../api/authority.ts';
import type { OAuthSession, StoredCredential } from '../model/credentials.ts';
import { FAILURES, Failure, isFailure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';
import type { Resolution } from './resolve.ts';
import { isStale, refreshedSession, type SessionDeps } from './session.ts';
import { readStored, sessionEnded, type StoredPlace } from './stored.ts';

const said = (serverWords: string): string => (serverWords === '' ? '' : ` (it says: ${serverWords})`);

function keyAuthority(key: Secret, ended: (serverWords: string) => Failure): Authority {
  return { secret: async () => key, renew: async () => null, ended };
}

function sessionAuthority(place: StoredPlace, first: OAuthSession, deps: SessionDeps): Authority {
  let session = first;
  return {
    secret: async () => {
      if (!isStale(session, deps.clock.now())) return session.accessToken;
      try {
        session = await refreshedSession(place, (read) => isStale(read, deps.clock.now()), deps);
      } catch (thrown) {
        // Refreshing begins a minute early: while the old token still holds, trouble on the way need not stop anybody.
        const retryable = isFailure(thrown) && FAILURES[thrown.code].retry && thrown.code !== 'keychain-locked';
        if (!retryable || session.expiresAt === null || session.expiresAt <= deps.clock.now()) throw thrown;
      }
      return session.accessToken;
    },
    renew: async (rejected) => {
      if (session.refreshToken === null) return null;
      session = await refreshedSession(place, (read) => read.accessToken.equals(rejected), deps);
      return session.accessToken;
    },
    ended: (serverWords) => sessionEnded(place.target, place.address.account, `the provider no longer accepts its access token${said(serverWords)}`),
  };
}

function storedAuthority(place: StoredPlace, stored: StoredCredential, deps: SessionDeps): Authority {
  if (stored.kind === 'oauth') return sessionAuthority(place, stored, deps);
  return keyAuthority(stored.key, (serverWords) =>
    sessionEnded(place.target, place.address.account, `the provider no longer accepts the stored key${said(serverWords)}`),
  );
}

/** The authority behind a resolution: a variable's key as it is, or what the store holds, refreshed when needed. */
export async function authorityOf(resolution: Resolution, deps: SessionDeps): Promise<Authority> {
  const { target, source } = resolution;
  if (source.kind === 'stored') {
    const place = { target, address: source.address, record: source.record };
    return storedAuthority(place, await readStored(place, deps), deps);
  }
  return keyAuthority(
    source.key,
    (serverWords) =>
      new Failure('session-ended', {
        detail: `${target.provider.name} does not accept the key in ${source.name}${said(serverWords)}.`,
        hint: `Set ${source.name} to a valid key, or unset it and run: keywright login ${target.provider.id}`,
      }),
  );
}
