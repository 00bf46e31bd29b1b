import type { Deps } from '../../model/deps.ts';
import type { HeldLock } from '../../model/lock.ts';
import type { EphemeralRecord } from '../../model/ephemeral.ts';
import { isFailure } from '../../model/failure.ts';

/** The lock that says that whoever made the key of a record lives and will revoke it. */
export const ownerLock = (id: string): string => `ephemeral|${id}`;

/** What finds a key again whose owner was killed: a record, and the owner's lock. */
export interface Guard {
  /** Adds the key's id, with which it need not be looked for in a list. */
  know(keyId: string): Promise<void>;
  /** `done`: there is nothing to find any more. `left`: a later command shall try. */
  end(how: 'done' | 'left'): Promise<void>;
}

export type GuardDeps = Pick<Deps, 'lock' | 'ephemerals' | 'output'>;

/** What a record that cannot be kept means depends on when the key ends by itself. */
const meaning = ({ endsAt }: EphemeralRecord): string => (endsAt === null ? 'nothing would revoke it' : 'it would live on until it expires');

/**
 * Takes the lock and writes the record, in this order: a record whose lock is free tells of a dead owner. Where that cannot be done,
 * such as with a home folder that cannot be written, it is said once and the program runs without: only a SIGKILL makes a difference.
 */
export async function guardKey(record: EphemeralRecord, deps: GuardDeps): Promise<Guard> {
  let held: HeldLock | undefined;
  try {
    held = await deps.lock.acquire(ownerLock(record.id), { waitMs: 0 });
    await deps.ephemerals.write(record);
  } catch (thrown) {
    await held?.release();
    if (!isFailure(thrown)) throw thrown;
    deps.output.warn(`No record of the key for this run can be kept; if keywright itself is killed (SIGKILL), ${meaning(record)}. ${thrown.detail}`);
    return { know: async () => undefined, end: async () => undefined };
  }
  const lock = held;
  /** None of it is worth a failure of the program that runs: what stays behind is looked at again by a later command. */
  const quietly = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      deps.output.debug(`the record of a key could not be ${what}: ${thrown.detail}`);
    }
  };
  return {
    know: (keyId) => quietly('completed', () => deps.ephemerals.write({ ...record, keyId })),
    end: async (how) => {
      if (how === 'done') await quietly('removed', () => deps.ephemerals.delete(record.id));
      await quietly('released', () => lock.release());
    },
  };
}
