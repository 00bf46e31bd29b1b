import type { Clock } from '../../src/model/clock.ts';
import { watch } from '../../src/model/ending.ts';

export interface MovingClock extends Clock {
  /** Time passes at once, by so many milliseconds: whoever sleeps until then wakes. */
  advance(ms: number): void;
}

/** The real clock, which can be moved on. */
export function createMovingClock(): MovingClock {
  let ahead = 0;
  const looks = new Set<() => void>();
  const now = (): number => Date.now() + ahead;
  return {
    now,
    advance(ms) {
      ahead += ms;
      for (const look of looks) look();
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason as Error);
        const end = now() + ms;
        let timer: NodeJS.Timeout | undefined;
        const leave = (): void => {
          clearTimeout(timer);
          looks.delete(look);
          forget?.();
        };
        const look = (): void => {
          clearTimeout(timer);
          const left = end - now();
          if (left > 0) {
            timer = setTimeout(look, left);
            return;
          }
          leave();
          resolve();
        };
        const forget =
          signal &&
          watch(signal, () => {
            leave();
            reject(signal.reason as Error);
          });
        looks.add(look);
        look();
      }),
  };
}
