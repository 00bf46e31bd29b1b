import { setMaxListeners } from 'node:events';
import { Failure, isFailure } from '../../model/failure.ts';
import { after } from '../clock.ts';

export interface Limit {
  readonly signal: AbortSignal;
  /** Stops watching. To be called when the work is over, however it ended. */
  end(): void;
}

export interface LimitOptions {
  readonly ms: number;
  /** Makes the reason of the signal when the time is up. */
  readonly whenUp: () => Error;
  /** Who is asked, for the failure when `sources` end it. */
  readonly host: string;
  /** Signals that end the work early. */
  readonly sources: ReadonlyArray<AbortSignal | undefined>;
}

/**
 * A signal that is aborted when the time is up or a source is aborted, with the error to throw as its reason.
 * The time is real time, also where the clock of the world is not: it guards against sockets, and those are real.
 * Written out instead of `AbortSignal.any`, which keeps every signal alive that was ever made from a long-lived source, and of
 * `AbortSignal.timeout`, whose timers live on until they fire: ten thousand requests would drag them all along.
 */
export function startLimit(options: LimitOptions): Limit {
  const controller = new AbortController();
  const endings = [after(Math.max(Math.ceil(options.ms), 0), () => controller.abort(options.whenUp()))];
  const watch = (source: AbortSignal, act: () => void): void => {
    if (source.aborted) return act();
    source.addEventListener('abort', act, { once: true });
    endings.push(() => source.removeEventListener('abort', act));
  };
  for (const source of options.sources) {
    if (source !== undefined) watch(source, () => controller.abort(reasonOf(source, options.host)));
  }
  return {
    signal: controller.signal,
    end: () => {
      for (const end of endings) end();
    },
  };
}

/** A signal's reason as a failure: one of ours as it is, a caller's own time limit as `timed-out`, all else as `cancelled`. */
function reasonOf(source: AbortSignal, host: string): Error {
  const reason: unknown = source.reason;
  if (isFailure(reason)) return reason;
  if (reason instanceof Error && reason.name === 'TimeoutError') {
    return new Failure('timed-out', { detail: `${host} did not answer in time.`, hint: 'Check the network, then try again.' });
  }
  return new Failure('cancelled', { detail: `The request to ${host} was interrupted.` });
}

/** A signal that follows `source` and may have any number of listeners: as many as there are requests at once. */
export function relay(source: AbortSignal): AbortSignal {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  if (source.aborted) controller.abort(source.reason);
  else source.addEventListener('abort', () => controller.abort(source.reason), { once: true });
  return controller.signal;
}

/** The outcome of `work`, or a rejection with the signal's reason as soon as that is aborted. `work` is left to end by itself. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** `30 s`, `150 ms`. */
export function spanText(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}
