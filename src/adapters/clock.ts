import type { Clock } from '../model/clock.ts';
import { type Ending, watch } from '../model/ending.ts';

/** The longest time that one timer can take; Node fires a longer one at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The real clock. It is the only place of the program that starts a timer for a wait. */
export function createClock(): Clock {
  return {
    now: () => Date.now(),
    sleep: async (ms, signal) => {
      for (let left = ms; left > 0; left -= LONGEST_TIMER_MS) await oneTimer(Math.min(left, LONGEST_TIMER_MS), signal);
      if (signal?.aborted === true) throw signal.reason;
    },
  };
}

function oneTimer(ms: number, signal: AbortSignal | Ending | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const timer = setTimeout(() => {
      forget?.();
      resolve();
    }, ms);
    const forget =
      signal &&
      watch(signal, () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
  });
}

/** A timer that fires so much later than it should was held up by us, such as by a write to somebody who reads no further. */
const HELD_UP_MS = 250;

/**
 * Calls `act` after `ms`, unless the returned function is called before. It keeps no process alive. Where the process itself stood still
 * when the time was up, the time begins anew: what came meanwhile was not looked at yet.
 */
export function after(ms: number, act: () => void): () => void {
  const span = Math.min(ms, LONGEST_TIMER_MS);
  let timer = start();
  function start(): NodeJS.Timeout {
    const due = Date.now() + span;
    const begun = setTimeout(() => {
      if (Date.now() - due < HELD_UP_MS) act();
      else timer = start();
    }, span);
    return begun.unref();
  }
  return () => clearTimeout(timer);
}

/** Resolves when everything has run that waits for nothing but its turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** Calls `tick` every `ms` until the returned function is called. It keeps no process alive. */
export function every(ms: number, tick: () => void): () => void {
  const timer = setInterval(tick, ms);
  timer.unref();
  return () => clearInterval(timer);
}
