import type { Clock } from '../../model/clock.ts';
import type { Acquired, Lock, LockOptions } from '../../model/lock.ts';
import type { Random } from '../../model/random.ts';
import { Failure } from '../../model/failure.ts';

export interface LockWorld {
  /** The folder of the locks; made with 0700 if it is missing and its parent's parent is there. Null: this user has no home, and every `acquire` is `refused`. */
  readonly dir: string | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly platform: NodeJS.Platform;
}

/**
 * A lock between all processes of this user on this machine. Whether a holder lives is told by the kernel: it keeps a socket
 * open (on Windows a named pipe), which is closed with the process, however that ends. No pid and no age is looked at, so a
 * stopped process keeps its lock and a killed one loses it at once.
 *
 * `acquire` throws `timed-out` after `waitMs`, `cancelled` when the signal is aborted, and `refused` when the folder cannot be
 * used or trusted. Windows is written by the documentation and has not been tried.
 */
export function createLock(world: LockWorld): Lock {
  async function acquireUnless<Found>(name: string, options: LockOptions, look: () => Promise<Found | undefined>): Promise<Acquired<Found>> {
    if (world.dir === null) {
      throw new Failure('refused', {
        detail: 'The password database has no home folder for this user, so there is no safe place for a lock between processes.',
        hint: 'Run as a user with a home folder, or use an API key from a variable, which needs no lock.',
      });
    }
    // Waiting and sockets are loaded by those who lock, not at start.
    const { createHash } = await import('node:crypto');
    const stem = createHash('sha256').update(name).digest('hex').slice(0, 24);
    if (world.platform === 'win32') {
      const { acquirePipe } = await import('./pipe.ts');
      const folder = createHash('sha256').update(world.dir).digest('hex').slice(0, 16);
      return acquirePipe(`\\\\.\\pipe\\keywright-${folder}-${stem}`, world.clock, options, look);
    }
    const { acquireFile } = await import('./file-lock.ts');
    return acquireFile({ dir: world.dir, clock: world.clock, random: world.random, platform: world.platform }, stem, options, look);
  }

  return {
    acquire: async (name, options) => {
      const acquired = await acquireUnless<never>(name, options, async () => undefined);
      return acquired.kind === 'held' ? acquired.held : acquired.found;
    },
    acquireUnless,
  };
}
