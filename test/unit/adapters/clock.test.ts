import { getEventListeners } from 'node:events';

import { describe, expect, it } from 'vitest';
import { createClock } from '../../../src/adapters/clock.ts';
import { createEnding } from '../../../src/model/ending.ts';

const clock = createClock();

describe('the clock', () => {
  it('tells the time in Unix milliseconds', () => {
    const before = Date.now();
    const told = clock.now();
    expect(told).toBeGreaterThanOrEqual(before);
    expect(told).toBeLessThanOrEqual(Date.now());
  });

  it('sleeps as long as asked', async () => {
    const start = performance.now();
    await clock.sleep(30);
    // A timer counts whole milliseconds, and may so fire a little early by this clock.
    expect(performance.now() - start).toBeGreaterThan(28);
  });

  it('is woken by an ending with its reason, before and during the sleep', async () => {
    const { signal, abort } = createEnding();
    const sleeping = clock.sleep(60_000, signal);
    abort('enough');
    await expect(sleeping).rejects.toBe('enough');
    await expect(clock.sleep(60_000, signal)).rejects.toBe('enough');
    await expect(clock.sleep(0, signal)).rejects.toBe('enough');
  });

  it('leaves nobody behind who still watches once it has slept', async () => {
    const stop = new AbortController();
    const { signal } = createEnding();
    let watching = 0;
    const counted = {
      ...signal,
      watch: (act: () => void) => {
        watching += 1;
        const forget = signal.watch(act);
        return () => {
          watching -= 1;
          forget();
        };
      },
    };
    for (let nights = 0; nights < 5; nights += 1) {
      await clock.sleep(1, stop.signal);
      await clock.sleep(1, counted);
    }
    expect([getEventListeners(stop.signal, 'abort').length, watching]).toEqual([0, 0]);
  });

  it('is woken by the signal with its reason, before and during the sleep', async () => {
    const reason = new Error('enough');
    await expect(clock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(clock.sleep(0, AbortSignal.abort(reason))).rejects.toBe(reason);
    const stop = new AbortController();
    const sleeping = clock.sleep(60_000, stop.signal);
    stop.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });

  it('does not wake at once from a sleep longer than a timer can take', async () => {
    const stop = new AbortController();
    const sleeping = clock.sleep(2 ** 31 + 10, stop.signal).then(
      () => 'woke',
      () => 'stopped',
    );
    await clock.sleep(30);
    stop.abort();
    expect(await sleeping).toBe('stopped');
  });
});
