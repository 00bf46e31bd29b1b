import type { OAuthSession } from '../model/credentials.ts';
import type { CredentialStore } from '../model/credential-store.ts';
import type { Deps } from '../model/deps.ts';
import type { HeldLock } from '../model/lock.ts';
import { failedWith } from '../model/failure.ts';
import { rfc3339 } from '../render/time.ts';
import { lockName, unlessDone } from './credential-lock.ts';
import { changedSince } from './issuer.ts';
import { placeNow, readStored, sessionEnded, storeOf, type StoredPlace } from './stored.ts';

/** A request lives for half a minute; a server may get to work on one later than that. After this nothing comes of a refresh that was cut off. */
const LATE_MS = 5 * 60_000;

export type SessionDeps = Pick<Deps, 'store' | 'env' | 'lock' | 'clock' | 'interrupted' | 'bulkHttp' | 'accounts' | 'journal' | 'output'>;

/**
 * The index is told of the new expiry for status and completion only, so a failure to write it is none of the session. The
 * record is read again: a sign-in that was finished while we waited for the lock may have put the account into another store.
 */
async function noteExpiry(place: StoredPlace, store: CredentialStore, session: OAuthSession, deps: SessionDeps): Promise<void> {
  try {
    const record = await deps.accounts.find(place.address);
    if (record?.kind !== 'oauth' || record.store !== store.name) return;
    await deps.accounts.write({ ...record, expiresAt: session.expiresAt === null ? null : rfc3339(session.expiresAt), scopes: session.scopes });
  } catch {
    deps.output.debug('the account index could not be written');
  }
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

/**
 * Reads the session under the lock, from where the index says that it is now. Whoever held the lock before us may have signed
 * out, found the session at its end, or put it into the other store.
 */
async function readSession(place: StoredPlace, deps: SessionDeps): Promise<{ readonly session: OAuthSession; readonly now: StoredPlace }> {
  const ended = (why: string) => sessionEnded(place.target, place.address.account, why);
  const now = await placeNow(place, deps);
  if (place.record !== undefined && now.record === undefined) {
    throw ended('another keywright process signed it out, or was told by the provider that it is over');
  }
  const stored = await readStored(now, deps);
  if (stored.kind === 'oauth') return { session: stored, now };
  throw ended('a key was stored in its place meanwhile');
}

/**
 * Reads the session without the lock after somebody who held it has gone, as any command does that begins now. Undefined where that does
 * not give one to use: then the lock is needed after all, also to conclude that a session is over and to tell why.
 */
async function refreshedByOther(place: StoredPlace, stillStale: (session: OAuthSession) => boolean, deps: SessionDeps): Promise<OAuthSession | undefined> {
  try {
    const { session } = await readSession(place, deps);
    return stillStale(session) ? undefined : session;
  } catch {
    // Whatever keeps us from reading is met again under the lock.
    return undefined;
  }
}

/**
 * Gives a session that `stillStale` does not object to, refreshing it at most once on this machine.
 *
 * Under the lock of the credential the store is read again, since another process may just have refreshed it. Who waited for one that
 * did need not take the lock: of fifty that wait, each would otherwise wait for all before it, to learn what the first could have told. The new
 * tokens are stored before anybody uses them, and neither the request nor the write is cancelled by Ctrl-C: a rotated
 * token exists only in that reply. An interrupted refresh is `cancelled` once they are stored. `invalid_grant` clears the
 * entry only where the store still holds the token that was sent. Offline, a limit or a 5xx leaves everything as it is.
 *
 * A journal line stands from before the request until the new tokens are stored. One that is found there for the token at
 * hand tells of a refresh that never came to its end; the token is tried once all the same, since the server may not have
 * seen it, and if it is spent the failure says why. Where the server may see it late, after ours, the line passes on to the
 * new token: a server that takes the late one for theft ends the new session too, and that failure shall say why as well.
 */
export async function refreshedSession(place: StoredPlace, stillStale: (session: OAuthSession) => boolean, deps: SessionDeps): Promise<OAuthSession> {
  const look = () => refreshedByOther(place, stillStale, deps);
  return unlessDone(place.address, deps, look, async (held) => {
    const { session: before, now } = await readSession(place, deps);
    if (!stillStale(before)) return before;
    const { refreshToken } = before;
    const ended = (why: string) => sessionEnded(place.target, place.address.account, why);
    if (refreshToken === null) throw ended('its access token expired and the provider gave no refresh token');
    const changed = changedSince(before, place.target);
    if (changed !== undefined) throw ended(changed);

    const http = await deps.bulkHttp();
    const store = await storeOf(now, deps);
    const holdsWhatWasSent = async (): Promise<boolean> => {
      const found = await store.read(place.address);
      return found?.kind === 'oauth' && found.refreshToken !== null && found.refreshToken.equals(refreshToken);
    };
    // The OAuth library is loaded only now: most commands find a fresh token.
    const { refresh, tokenHash } = await import('../oauth/token-endpoint.ts');
    const journalName = lockName(place.address);
    const hash = await tokenHash(refreshToken);
    const line = await deps.journal.read(journalName);
    const cutOff = line?.tokenHash === hash ? line : undefined;
    /** What becomes of the line is no reason to fail: the tokens are as they are, and a line for another token is overlooked. */
    const settle = async (next: OAuthSession | undefined): Promise<void> => {
      const heir = cutOff !== undefined && deps.clock.now() - cutOff.at < LATE_MS ? next?.refreshToken : undefined;
      try {
        if (cutOff === undefined || heir === undefined || heir === null) await deps.journal.clear(journalName);
        else await deps.journal.write(journalName, { tokenHash: await tokenHash(heir), at: cutOff.at });
      } catch {
        deps.output.debug('the refresh journal could not be cleared');
      }
    };
    // Nothing has happened yet, so this is the last moment at which an interrupted command can simply stop.
    deps.interrupted.throwIfAborted();
    await held.stillOurs();
    await deps.journal.write(journalName, { tokenHash: hash, at: deps.clock.now() });
    const outcome = await refresh(http, before, refreshToken, () => deps.clock.now(), place.target.provider.oauth?.scopeSeparator);
    switch (outcome.kind) {
      case 'refreshed':
        // Without the lock somebody else may have signed in meanwhile; only the token that was traded may be replaced.
        if ((await lostLock(held)) === 'lost' && !(await holdsWhatWasSent())) return (await readSession(place, deps)).session;
        await store.write(place.address, outcome.session);
        await settle(outcome.session);
        await noteExpiry(place, store, outcome.session, deps);
        // The tokens are safe. Whoever pressed Ctrl-C meanwhile wants nothing to be begun with them.
        deps.interrupted.throwIfAborted();
        if (outcome.unfit !== undefined) throw outcome.unfit;
        return outcome.session;
      case 'client-unknown':
        await settle(undefined);
        throw ended('the provider no longer knows the client that signed in');
      case 'grant-ended':
        if (!(await holdsWhatWasSent())) {
          await settle(undefined);
          return (await readSession(place, deps)).session;
        }
        // Without the lock another process may be about to store what the server gave it for this token.
        await held.stillOurs();
        await store.delete(place.address);
        await deps.accounts.delete(place.address).catch(() => deps.output.debug('the account index could not be written'));
        // Last, so that a command that is killed here leaves the reason to the next one.
        await settle(undefined);
        throw ended(
          cutOff === undefined
            ? 'the provider no longer accepts its refresh token'
            : `its refresh token was spent by a refresh that began at ${rfc3339(cutOff.at)} and was cut off before the answer could be stored`,
        );
    }
  });
}
