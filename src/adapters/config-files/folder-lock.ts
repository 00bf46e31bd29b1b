import { mkdir, rmdir, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../model/clock.ts';
import { Failure } from '../../model/failure.ts';
import { systemCode } from '../system-code.ts';
import { inWords } from '../system-words.ts';

/*
 * A lock in the manner of the npm package proper-lockfile: who makes the folder holds it, its time is kept young, and one that
 * has grown old was left by somebody who died. It is weaker than our own locks and only for files whose owner locks them so;
 * who writes under it compares once more before the file is replaced.
 */

/** The default of proper-lockfile, for both figures. */
const STALE_MS = 10_000;
const REFRESH_MS = STALE_MS / 2;

const TRY_AGAIN_MS = 50;

/** Longer than a lock that was left behind takes to grow old. */
const WAIT_MS = STALE_MS + 5_000;

interface LockWorld {
  readonly clock: Clock;
  readonly interrupted: AbortSignal;
}

async function ageOf(folder: string, clock: Clock): Promise<number> {
  const found = await stat(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  return found === undefined ? 0 : clock.now() - found.mtimeMs;
}

/** Makes the folder, or says that it is there. */
async function make(folder: string): Promise<'made' | 'taken'> {
  try {
    await mkdir(folder);
    return 'made';
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return 'taken';
    throw error;
  }
}

async function removeFolder(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
  });
}

async function waitFor(folder: string, { clock, interrupted }: LockWorld): Promise<void> {
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  for (const end = clock.now() + WAIT_MS; (await make(folder)) === 'taken';) {
    if ((await ageOf(folder, clock)) > STALE_MS) {
      await removeFolder(folder);
    } else if (clock.now() > end) {
      throw new Failure('timed-out', {
        detail: `Another program keeps ${folder}, so that nobody else writes the file.`,
        hint: 'Close it, or try again later.',
      });
    } else {
      await clock.sleep(TRY_AGAIN_MS, interrupted);
    }
  }
}

async function take(folder: string, world: LockWorld): Promise<void> {
  try {
    await waitFor(folder, world);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw new Failure('refused', { detail: `The lock ${folder} cannot be taken: ${inWords(systemCode(error))}.`, cause: error });
  }
}

/** Does `work` while the lock folder is ours. `timed-out` where somebody keeps it young for longer than we wait. */
export async function withFolderLock<Result>(folder: string, work: () => Promise<Result>, world: LockWorld): Promise<Result> {
  await take(folder, world);
  const ended = new AbortController();
  const keepYoung = async (): Promise<void> => {
    for (;;) {
      await world.clock.sleep(REFRESH_MS, ended.signal);
      const now = world.clock.now() / 1000;
      await utimes(folder, now, now);
    }
  };
  // It ends by being told to; that the folder is gone shows when the work ends.
  const refreshing = keepYoung().catch(() => undefined);
  try {
    return await work();
  } finally {
    ended.abort();
    await refreshing;
    await removeFolder(folder);
  }
}
