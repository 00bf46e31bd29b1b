import { type Authority, fixedAuthority } from '../api/authority.ts';
import type { OAuthSession, StoredCredential } from '../model/credentials.ts';
import { FAILURES, failedWith, isFailure } from '../model/failure.ts';
import { proofs } from './proofs.ts';
import { refuseExpired, said } from './refusal.ts';
import type { SessionDeps } from './session.ts';
import { isStale } from './stale.ts';
import { placeNow, readStored, sessionEnded, signedOut, type StoredPlace } from './stored.ts';

function sessionAuthority(place: StoredPlace, first: OAuthSession, deps: SessionDeps): Authority {
  let session = first;
  const proofFor = proofs();
  return {
    get sendWithProof() {
      return proofFor(session);
    },
    secret: async () => {
      // Most commands find a fresh token, and need nothing of what makes a new one.
      if (!isStale(session, deps.clock.now())) return session.accessToken;
      try {
        const { refreshedSession } = await import('./session.ts');
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
      const { refreshedSession } = await import('./session.ts');
      // A newer token that the store holds may have expired too by now.
      session = await refreshedSession(place, (read) => read.accessToken.equals(rejected) || isStale(read, deps.clock.now()), deps);
      return session.accessToken;
    },
    ended: (serverWords) => sessionEnded(place.target, place.address.account, `the provider no longer accepts its access token${said(serverWords)}`),
  };
}

function authorityFor(place: StoredPlace, stored: StoredCredential, deps: SessionDeps): Authority {
  if (stored.kind === 'oauth') return sessionAuthority(place, stored, deps);
  const { provider } = place.target;
  refuseExpired(stored.key, `What is stored for ${provider.name}`, `Sign in with a new one: keywright login ${provider.id} --with-token`, deps);
  return fixedAuthority(stored.key, (serverWords) =>
    sessionEnded(place.target, place.address.account, `the provider no longer accepts the stored key${said(serverWords)}`),
  );
}

/**
 * Reads without the lock, so that a fresh token costs nothing more. An entry that is gone may have been moved to the other store,
 * or signed out, since the index was read; then the index says so by now.
 */
async function readUnlocked(place: StoredPlace, deps: SessionDeps): Promise<StoredCredential> {
  try {
    return await readStored(place, deps);
  } catch (thrown) {
    if (place.record === undefined || !failedWith(thrown, 'keychain-locked')) throw thrown;
    const now = await placeNow(place, deps);
    if (now.record === undefined) throw signedOut(place.target, place.address.account);
    if (now.record.store === place.record.store) throw thrown;
    return readStored(now, deps);
  }
}

/** The authority behind what is stored at a place: the key as it is, or a session that is refreshed when needed. */
export async function storedAuthority(place: StoredPlace, deps: SessionDeps): Promise<Authority> {
  return authorityFor(place, await readUnlocked(place, deps), deps);
}
