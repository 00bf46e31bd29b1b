import { type Access, tellOnce } from '../api/access.ts';
import { type Authority, fixedAuthority } from '../api/authority.ts';
import { expiredToken } from '../api/jwt.ts';
import type { OAuthSession, StoredCredential } from '../model/credentials.ts';
import type { Deps } from '../model/deps.ts';
import type { Http } from '../model/http.ts';
import { FAILURES, Failure, failedWith, isFailure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';
import type { proofSender } from '../oauth/dpop.ts';
import type { Resolution } from './resolve.ts';
import { isStale, refreshedSession, type SessionDeps } from './session.ts';
import { placeNow, readStored, sessionEnded, signedOut, type StoredPlace } from './stored.ts';

const said = (serverWords: string): string => (serverWords === '' ? '' : ` (it says: ${serverWords})`);

/**
 * How the requests of a session are sent where its tokens are bound to a key; null where they are not. It is asked anew for each request, since the
 * session may meanwhile have been refreshed, or replaced by one with another key or none.
 */
export function proofs(): (session: OAuthSession) => Authority['sendWithProof'] {
  let sender: { readonly key: Secret; readonly send: Promise<ReturnType<typeof proofSender>> } | undefined;
  return (session) => {
    const { dpopKey } = session;
    if (dpopKey === undefined) return null;
    return async (http, request) => {
      if (sender === undefined || !sender.key.equals(dpopKey)) {
        sender = { key: dpopKey, send: import('../oauth/dpop.ts').then((dpop) => dpop.proofSender(dpopKey)) };
      }
      return (await sender.send)(http, session, request);
    };
  };
}

function sessionAuthority(place: StoredPlace, first: OAuthSession, deps: SessionDeps): Authority {
  let session = first;
  const proofFor = proofs();
  return {
    get sendWithProof() {
      return proofFor(session);
    },
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
      // A newer token that the store holds may have expired too by now.
      session = await refreshedSession(place, (read) => read.accessToken.equals(rejected) || isStale(read, deps.clock.now()), deps);
      return session.accessToken;
    },
    ended: (serverWords) => sessionEnded(place.target, place.address.account, `the provider no longer accepts its access token${said(serverWords)}`),
  };
}

/** A token that says itself that it is over need not be shown to anybody to learn it. */
function refuseExpired(token: Secret, whence: string, hint: string, deps: SessionDeps): void {
  const expired = expiredToken(token, deps.clock.now(), whence, hint);
  if (expired !== undefined) throw expired;
}

function storedAuthority(place: StoredPlace, stored: StoredCredential, deps: SessionDeps): Authority {
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

/** How a command speaks to the provider that it decided on: one request at a time, unless `http` is another way. */
export async function accessOf(resolution: Resolution, deps: SessionDeps & Pick<Deps, 'http'>, http: Http = deps.http): Promise<Access> {
  const { target } = resolution;
  return { http, target, authority: await authorityOf(resolution, deps), heard: tellOnce(target.provider.name, (line) => deps.output.warn(line)) };
}

/** The authority behind a resolution: a variable's key as it is, or what the store holds, refreshed when needed. */
export async function authorityOf(resolution: Resolution, deps: SessionDeps): Promise<Authority> {
  const { target, source } = resolution;
  if (source.kind === 'stored') {
    const place = { target, address: source.address, record: source.record };
    return storedAuthority(place, await readUnlocked(place, deps), deps);
  }
  refuseExpired(source.key, `What ${source.name} holds`, `Set ${source.name} to a new one.`, deps);
  return fixedAuthority(
    source.key,
    (serverWords) =>
      new Failure('session-ended', {
        detail: `${target.provider.name} does not accept the key in ${source.name}${said(serverWords)}.`,
        hint: `Set ${source.name} to a valid key, or unset it and run: keywright login ${target.provider.id}`,
      }),
  );
}
