import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { after } from '../../../src/adapters/clock.ts';

/** Keeps the process from looking at anything, as a write to a reader does that reads no further. */
const standStill = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

it('acts when the time is up, and not where it is called off', async () => {
  const acted: string[] = [];
  after(10, () => acted.push('first'));
  after(10, () => acted.push('second'))();
  while (acted.length === 0) await pause(5);
  await pause(30);
  expect(acted).toEqual(['first']);
});

it('begins anew where the process itself stood still when the time was up, and can be called off then too', async () => {
  const acted: string[] = [];
  after(400, () => acted.push('one'));
  const end = after(400, () => acted.push('two'));
  standStill(1_000);
  await pause(0);
  await new Promise(setImmediate);
  expect(acted).toEqual([]);
  end();
  while (acted.length === 0) await pause(20);
  expect(acted).toEqual(['one']);
});
