import { describe, expect, it } from 'vitest';

import { abortSignalOf, relay, untilAborted, watch } from '../../../../src/model/ending.ts';
import { startLimit } from '../../../../src/adapters/http/limit.ts';
import { Failure } from '../../../../src/model/failure.ts';

/** Longer than any test takes. */
const LONG_MS = 600_000;

const why = (name: string): Failure => new Failure('timed-out', { detail: name });
const limitOf = (ms: number, ...sources: readonly AbortSignal[]) => startLimit({ ms, whenUp: () => why('time'), host: 'a.test', sources });

describe('a limit of a request', () => {
  it('ends by its time, with the reason for that', async () => {
    const limit = limitOf(1);
    await new Promise<void>((resolve) => void limit.signal.watch(resolve));
    expect([limit.signal.aborted, limit.signal.reason]).toEqual([true, why('time')]);
  });

  it('keeps the first of several reasons, and tells each watcher once', () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const limit = limitOf(LONG_MS, one.signal, other.signal);
    const told: unknown[] = [];
    limit.signal.watch(() => told.push(limit.signal.reason));
    one.abort(why('one'));
    other.abort(why('other'));
    limit.end();
    expect([limit.signal.reason, told]).toEqual([why('one'), [why('one')]]);
  });

  it('is over when its work is over: nothing ends it any more, neither time nor a source', async () => {
    const source = new AbortController();
    const limit = limitOf(1, source.signal);
    limit.end();
    source.abort(why('source'));
    await new Promise<void>((resolve) => void startLimit({ ms: 20, whenUp: () => why('later'), host: 'a.test', sources: [] }).signal.watch(resolve));
    expect(limit.signal.aborted).toBe(false);
  });

  it('ends at once by a source that was aborted before, and calls who watches later at once', () => {
    const limit = limitOf(LONG_MS, AbortSignal.abort(why('before')));
    let called = 0;
    limit.signal.watch(() => (called += 1));
    limit.end();
    expect([called, limit.signal.reason]).toEqual([1, why('before')]);
  });

  it('calls nobody who watches no longer', () => {
    const source = new AbortController();
    const limit = limitOf(LONG_MS, source.signal);
    let called = 0;
    limit.signal.watch(() => (called += 1))();
    watch(source.signal, () => (called += 1))();
    source.abort(why('source'));
    limit.end();
    expect(called).toBe(0);
  });

  it('is a signal of Node for who takes nothing else, and can be followed', () => {
    const source = new AbortController();
    const following = abortSignalOf(relay(source.signal));
    source.abort(why('source'));
    expect([following.aborted, following.reason]).toEqual([true, why('source')]);
  });

  it('gives up work that does not end, and stops watching work that does', async () => {
    const source = new AbortController();
    const limit = limitOf(LONG_MS, source.signal);
    const watching = { count: 0 };
    const counted = {
      aborted: false,
      reason: undefined,
      watch: (act: () => void) => {
        watching.count += 1;
        const stop = limit.signal.watch(act);
        return () => {
          watching.count -= 1;
          stop();
        };
      },
    };
    expect(await untilAborted(Promise.resolve('done'), counted)).toBe('done');
    await Promise.resolve();
    expect(watching.count).toBe(0);
    const never = untilAborted(new Promise(() => undefined), limit.signal);
    source.abort(why('source'));
    limit.end();
    await expect(never).rejects.toEqual(why('source'));
  });
});
