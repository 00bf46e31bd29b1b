import type { OAuthSession } from '../model/credentials.ts';
import type { Deps, HeldLock } from '../model/deps.ts';
import { failedWith } from '../model/failure.ts';
import { rfc3339 } from '../render/time.ts';
import { lockName, withCredentialLock } from './credential-lock.ts';
import { issuerOf } from './issuer.ts';
import { readStored, sessionEnded, storeOf, type StoredPlace } from './stored.ts';

/** RFC 6749 names no margin; a minute covers a slow request and a clock that is a little off. */
const REFRESH_EARLY_MS = 60_000;

export type SessionDeps = Pick<Deps, 'store' | 'env' | 'lock' | 'clock' | 'interrupted' | 'bulkHttp' | 'accounts' | 'journal' | 'output'>;

/** Whether the access token has expired or is about to. A token whose end is unknown is used until the provider refuses it. */
export function isStale(session: OAuthSession, now: number): boolean {
  return session.expiresAt !== null && session.expiresAt - REFRESH_EARLY_MS <= now;
}

/** The index is told of the new expiry for status and completion only, so a failure to write it is none of the session. */
async function noteExpiry(place: StoredPlace, session: OAuthSession, deps: SessionDeps): Promise<void> {
  if (place.record === undefined) return;
  const record = { ...place.record, expiresAt: session.expiresAt === null ? null : rfc3339(session.expiresAt), scopes: session.scopes };
  await deps.accounts.write(record).catch(() => deps.output.debug('the account index could not be written'));
}

async function lostLock(held: HeldLock): Promise<'ours' | 'lost'> {
  try {
    await held.stillOurs();
    return 'ours';
  } catch (thrown) {
    if (failedWith(thrown, 'refused')) return 'lost';
    throw thrown;
  }
}

async function readSession(place: StoredPlace, deps: SessionDeps): Promise<OAuthSession> {
  const stored = await readStored(place, deps);
  if (stored.kind === 'oauth') return stored;
  throw sessionEnded(place.target, place.address.account, 'a key was stored in its place meanwhile');
}

/**
 * Gives a session that `stillStale` does not object to, refreshing it at most once on this machine.
 *
 * Under the lock of the credential the store is read again, since another process may just have refreshed it. The new
 * tokens are stored before anybody uses them, and neither the request nor the write is cancelled by Ctrl-C: a rotated
 * token exists only in that reply. An interrupted refresh is `cancelled` once they are stored. `invalid_grant` clears the entry only where the store still holds the token that was
 * sent. Offline, a limit or a 5xx leaves everything as it is.
 *
 * A journal line stands from before the request until the new tokens are stored. One that is found there for the token at
 * hand tells of a refresh that never came to its end; the token is tried once all the same, since the server may not have
 * seen it, and if it is spent the failure says why.
 */
export async function refreshedSession(place: StoredPlace, stillStale: (session: OAuthSession) => boolean, deps: SessionDeps): Promise<OAuthSession> {
  return withCredentialLock(place.address, deps, async (held) => {
    const before = await readSession(place, deps);
    if (!stillStale(before)) return before;
    const { refreshToken } = before;
    const ended = (why: string) => sessionEnded(place.target, place.address.account, why);
    if (refreshToken === null) throw ended('its access token expired and the provider gave no refresh token');
    if (issuerOf(place.target).href !== new URL(before.issuer).href)
      throw ended('the definition of the provider names another issuer than the one that it began with');

    const http = await deps.bulkHttp();
    const store = await storeOf(place, deps);
    const holdsWhatWasSent = async (): Promise<boolean> => {
      const now = await store.read(place.address);
      return now?.kind === 'oauth' && now.refreshToken !== null && now.refreshToken.equals(refreshToken);
    };
    // The OAuth library is loaded only now: most commands find a fresh token.
    const { refresh, tokenHash } = await import('../oauth/token-endpoint.ts');
    const journalled = await deps.journal.read(lockName(place.address));
    const hash = await tokenHash(refreshToken);
    await held.stillOurs();
    await deps.journal.write(lockName(place.address), { tokenHash: hash, at: deps.clock.now() });
    const outcome = await refresh(http, before, refreshToken, () => deps.clock.now());
    switch (outcome.kind) {
      case 'refreshed':
        // Without the lock somebody else may have signed in meanwhile; only the token that was traded may be replaced.
        if ((await lostLock(held)) === 'lost' && !(await holdsWhatWasSent())) return readSession(place, deps);
        await store.write(place.address, outcome.session);
        await deps.journal.clear(lockName(place.address));
        await noteExpiry(place, outcome.session, deps);
        // The tokens are safe. Whoever pressed Ctrl-C meanwhile wants nothing to be begun with them.
        deps.interrupted.throwIfAborted();
        return outcome.session;
      case 'client-unknown':
        await deps.journal.clear(lockName(place.address));
        throw ended('the provider no longer knows the client that signed in');
      case 'grant-ended':
        await deps.journal.clear(lockName(place.address));
        if (!(await holdsWhatWasSent())) return readSession(place, deps);
        await store.delete(place.address);
        await deps.accounts.delete(place.address);
        throw ended(
          journalled?.tokenHash === hash
            ? `its refresh token was spent by a refresh that began at ${rfc3339(journalled.at)} and was cut off before the answer could be stored`
            : 'the provider no longer accepts its refresh token',
        );
    }
  });
}
