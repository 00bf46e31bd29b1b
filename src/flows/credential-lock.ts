import { type CredentialAddress, entryName } from '../model/credentials.ts';
import type { Deps } from '../model/deps.ts';
import type { HeldLock } from '../model/lock.ts';

/** The lock has the scope of the credential: the same for every process that can see the same entry. */
const LOCK_SERVICE = 'keywright';

/** The name under which a credential is locked and its refresh journalled. */
export function lockName(address: CredentialAddress): string {
  return `${LOCK_SERVICE}|${entryName(address)}`;
}

/** Longer than a refresh can take with all its time limits, so that a waiter outlives a slow holder. */
const LOCK_WAIT_MS = 60_000;

/** Does `work` while no other process on this machine touches this credential. */
export async function withCredentialLock<Result>(
  address: CredentialAddress,
  deps: Pick<Deps, 'lock' | 'interrupted'>,
  work: (held: HeldLock) => Promise<Result>,
): Promise<Result> {
  const held = await deps.lock.acquire(lockName(address), { waitMs: LOCK_WAIT_MS, signal: deps.interrupted });
  try {
    return await work(held);
  } finally {
    await held.release();
  }
}

/**
 * As `withCredentialLock`, for work that somebody else may have done while we waited: what `look` finds after a holder has gone is the result,
 * and the lock is not taken.
 */
export async function unlessDone<Result>(
  address: CredentialAddress,
  deps: Pick<Deps, 'lock' | 'interrupted'>,
  look: () => Promise<Result | undefined>,
  work: (held: HeldLock) => Promise<Result>,
): Promise<Result> {
  const acquired = await deps.lock.acquireUnless(lockName(address), { waitMs: LOCK_WAIT_MS, signal: deps.interrupted }, look);
  if (acquired.kind === 'found') return acquired.found;
  try {
    return await work(acquired.held);
  } finally {
    await acquired.held.release();
  }
}
