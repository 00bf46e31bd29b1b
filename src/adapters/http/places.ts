import { type Ending, untilAborted } from '../../model/ending.ts';

/** So many at once; the others wait in the order in which they came. */
export interface Places {
  /** Resolves when there is a place; rejects with the signal's reason as soon as that is aborted, and takes none then. */
  take(signal: Ending): Promise<void>;
  leave(): void;
}

export function createPlaces(most: number): Places {
  const waiting: Array<() => void> = [];
  let taken = 0;

  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) taken -= 1;
    else next();
  }

  return {
    leave,
    async take(signal) {
      if (taken < most) {
        taken += 1;
        return;
      }
      let go: () => void = () => undefined;
      const called = new Promise<void>((resolve) => waiting.push((go = resolve)));
      try {
        await untilAborted(called, signal);
      } catch (reason) {
        const at = waiting.indexOf(go);
        // Called in the same moment: the place is somebody else's now.
        if (at === -1) leave();
        else waiting.splice(at, 1);
        throw reason;
      }
    },
  };
}
