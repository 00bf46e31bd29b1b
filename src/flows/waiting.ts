import type { Deps } from '../model/deps.ts';
import { Failure } from '../model/failure.ts';

/** Tells that `work` is waited for: in a terminal while it lasts, elsewhere as a note. */
export async function during<Result>(title: string, { output }: Pick<Deps, 'output'>, work: () => Promise<Result>): Promise<Result> {
  const waiting = output.progress(title, 'said');
  try {
    return await work();
  } finally {
    waiting.end();
  }
}

/**
 * Runs `work` with a signal that is aborted when the person interrupts, when `ms` have passed (with `timed-out` in the
 * words of `tooLong`), and when the work is over, so that whatever still waits inside ends with it.
 */
export async function withLimit<Result>(
  ms: number,
  tooLong: Failure,
  deps: Pick<Deps, 'clock' | 'interrupted'>,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const over = new AbortController();
  const limit = new AbortController();
  const signal = AbortSignal.any([deps.interrupted, limit.signal, over.signal]);
  deps.clock.sleep(ms, over.signal).then(
    () => limit.abort(tooLong),
    () => undefined,
  );
  try {
    return await work(signal);
  } finally {
    over.abort(new Failure('cancelled', { detail: 'The wait is over.' }));
  }
}
