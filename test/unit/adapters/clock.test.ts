import { describe, expect, it } from 'vitest';
import { createClock } from '../../../src/adapters/clock.ts';

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
