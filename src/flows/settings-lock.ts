import type { Deps } from '../model/deps.ts';
import type { MachineDefaults } from '../model/settings.ts';

/** Two commands that choose at the same time must not drop each other's choice. */
const LOCK_NAME = 'keywright|settings';

/** Reading and writing a small file takes milliseconds; whoever holds it longer is stuck. */
const LOCK_WAIT_MS = 10_000;

/** Changes the defaults of this machine while no other process does. */
export async function changeDefaults(
  change: (before: MachineDefaults) => MachineDefaults,
  deps: Pick<Deps, 'settings' | 'lock' | 'interrupted'>,
): Promise<MachineDefaults> {
  const held = await deps.lock.acquire(LOCK_NAME, { waitMs: LOCK_WAIT_MS, signal: deps.interrupted });
  try {
    return await deps.settings.update(change);
  } finally {
    await held.release();
  }
}
