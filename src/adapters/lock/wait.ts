import type { Clock } from '../../model/clock.ts';
import type { LockOptions } from '../../model/lock.ts';
import { createEnding, watch } from '../../model/ending.ts';
import { Failure } from '../../model/failure.ts';
import type { Busy } from './liveness.ts';

/** A holder that goes closes its socket, which wakes us. This look at the file is a net below that; fifty that wait look fifty times. */
const LOOK_AGAIN_MS = 1_000;

/** The same where we have no connection to the holder and nothing wakes us. */
const LOOK_AGAIN_BLINDLY_MS = 250;

/** The reason to end a sleep; nobody reads it. Many that wait are woken at once, and a signal of Node with an error in it took each of them longer than its look at the lock. */
const WOKEN = 'woken';

/** The time that one `acquire` may spend on waiting. */
export interface Wait {
  /** Returns when it is worth trying again, and why. Throws `timed-out` when the time is up, `cancelled` when the signal was aborted. */
  for(holder: Busy): Promise<'gone' | 'again'>;
  /** Lets go of the timer. */
  end(): void;
}

/** Starts the time. `path` is the lock's file, for the error text. One timer measures the whole wait, so that a clock that is set meanwhile does no harm. */
export function startWait(clock: Clock, options: LockOptions, path: string): Wait {
  throwIfCancelled(options);
  const over = createEnding();
  const forget = options.signal && watch(options.signal, () => over.abort(WOKEN));
  const timeIsUp = clock.sleep(options.waitMs, over.signal).then(
    () => 'time-is-up' as const,
    () => 'stopped' as const,
  );
  return {
    for: async (holder) => {
      const next = createEnding();
      const gone = holder.kind === 'alive' && holder.gone !== null ? [holder.gone.then(() => 'gone' as const)] : [];
      const pause = clock.sleep(gone.length > 0 ? LOOK_AGAIN_MS : LOOK_AGAIN_BLINDLY_MS, next.signal).then(
        () => 'again' as const,
        () => 'stopped' as const,
      );
      // With no time to wait at all the answer is due at once.
      const first = options.waitMs <= 0 ? 'time-is-up' : await Promise.race([timeIsUp, pause, ...gone]);
      next.abort(WOKEN);
      if (holder.kind === 'alive') holder.hangUp();
      throwIfCancelled(options);
      if (first === 'time-is-up') throw timedOut(holder, options.waitMs, path);
      return first === 'gone' ? 'gone' : 'again';
    },
    end: () => {
      forget?.();
      over.abort(WOKEN);
    },
  };
}

function throwIfCancelled(options: LockOptions): void {
  if (options.signal?.aborted === true) throw new Failure('cancelled', { detail: 'Waiting for another keywright process was cancelled.' });
}

function timedOut(holder: Busy, waitMs: number, path: string): Failure {
  const waited = `Waited ${waitMs < 1000 ? `${waitMs} ms` : `${Math.round(waitMs / 1000)} s`} for a lock`;
  if (holder.kind === 'elsewhere') {
    return new Failure('timed-out', {
      detail: `${waited} that a keywright process on another machine holds, or left behind there (${hostWords(holder.host)}).`,
      hint: `If no keywright runs on that machine, delete ${path} and try again.`,
    });
  }
  return new Failure('timed-out', {
    detail: `${waited} that another keywright process on this machine holds.`,
    hint: 'Let that process finish, or end it if it is stuck or stopped, and try again.',
  });
}

/** The host's name out of a record, fit to print. */
function hostWords(host: string): string {
  return /^[A-Za-z0-9._-]{1,64}/.exec(host)?.[0] ?? 'unnamed';
}
