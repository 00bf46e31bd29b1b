import type { LeftoverDeps } from '../run/leftovers.ts';
import type { RetryDeps } from './try-again.ts';

/*
 * What commands do on the side, after their own work. Nearly every one finds nothing to do, and loads nothing for it.
 */

/** Tries again what could not be revoked before; see `tryAgain`. */
async function retryRevocations(deps: RetryDeps): Promise<void> {
  const waiting = await deps.revocations.list();
  if (waiting.length === 0) return;
  const { tryAgain } = await import('./try-again.ts');
  await tryAgain(waiting, deps);
}

/** Revokes what killed runs left behind, and says so. */
export async function tidyLeftovers(deps: LeftoverDeps): Promise<void> {
  if ((await deps.ephemerals.list()).length === 0) return;
  const { revokeLeftovers } = await import('../run/leftovers.ts');
  for (const line of await revokeLeftovers(deps)) deps.output.note(line);
}

/** Does the work of a command, and then, whatever came of it, gives old revocations and the keys of killed runs their chance. */
export async function thenRetryRevocations<Result>(deps: RetryDeps & LeftoverDeps, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } finally {
    await Promise.all([retryRevocations(deps), tidyLeftovers(deps)]);
  }
}
