import { describe, expect, it } from 'vitest';
import { inPool, type Step } from '../../../../src/flows/clean-up/pool.ts';
import { Failure } from '../../../../src/model/failure.ts';

const NEVER = new AbortController().signal;
const done = (outcome: string): Step<string> => ({ kind: 'done', outcome });

/** Work that ends when it is told to. */
function byHand(): {
  readonly begun: string[];
  readonly end: Map<string, (step: Step<string>) => void>;
  readonly work: (item: string) => Promise<Step<string>>;
} {
  const begun: string[] = [];
  const end = new Map<string, (step: Step<string>) => void>();
  return {
    begun,
    end,
    work: (item) => {
      begun.push(item);
      return new Promise((resolve) => void end.set(item, resolve));
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a pool', () => {
  it('waits for nobody: a slow item holds up only the worker that has it', async () => {
    const { begun, end, work } = byHand();
    const all = inPool(['slow', 'b', 'c', 'd'], { atOnce: 2, signal: NEVER }, work);
    expect(begun).toEqual(['slow', 'b']);
    for (const item of ['b', 'c', 'd']) {
      end.get(item)?.(done(item.toUpperCase()));
      await settled();
    }
    expect(begun).toEqual(['slow', 'b', 'c', 'd']);
    end.get('slow')?.(done('SLOW'));
    expect(await all).toEqual({ outcomes: ['SLOW', 'B', 'C', 'D'], left: [], stopped: null });
  });

  it('begins nothing after a stop, waits for what is under way, and says what is left', async () => {
    const { begun, end, work } = byHand();
    const why = new Failure('session-ended', { detail: 'over' });
    const all = inPool(['a', 'b', 'c', 'd'], { atOnce: 2, signal: NEVER }, work);
    end.get('a')?.({ kind: 'stop', why });
    await settled();
    expect(begun).toEqual(['a', 'b']);
    end.get('b')?.(done('B'));
    expect(await all).toEqual({ outcomes: ['B'], left: ['a', 'c', 'd'], stopped: why });
  });

  it('begins nothing once the signal is aborted, and nothing at all if it was', async () => {
    const { begun, end, work } = byHand();
    const controller = new AbortController();
    const all = inPool(['a', 'b', 'c'], { atOnce: 2, signal: controller.signal }, work);
    controller.abort();
    end.get('a')?.(done('A'));
    end.get('b')?.(done('B'));
    expect(await all).toEqual({ outcomes: ['A', 'B'], left: ['c'], stopped: null });
    expect(await inPool(['a'], { atOnce: 2, signal: controller.signal }, work)).toEqual({ outcomes: [], left: ['a'], stopped: null });
    expect(begun).toEqual(['a', 'b']);
  });

  it('throws what nobody foresaw, when all others have ended', async () => {
    const { begun, end, work } = byHand();
    const all = inPool(['a', 'b', 'c'], { atOnce: 2, signal: NEVER }, (item) => (item === 'a' ? Promise.reject(new TypeError('oh')) : work(item)));
    const ended: { how?: unknown } = {};
    const watched = all.catch((thrown: unknown) => void (ended.how = thrown));
    await settled();
    expect([begun, ended.how]).toEqual([['b'], undefined]);
    end.get('b')?.(done('B'));
    await watched;
    expect([begun, ended.how]).toEqual([['b'], new TypeError('oh')]);
  });

  it('is nothing for nothing', async () => {
    expect(await inPool([], { atOnce: 16, signal: NEVER }, async () => done('x'))).toEqual({ outcomes: [], left: [], stopped: null });
  });
});
