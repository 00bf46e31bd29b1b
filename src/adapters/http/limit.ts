import { Failure, isFailure } from '../../model/failure.ts';
import { after } from '../clock.ts';
import { createEnding, type Ending, watch } from '../../model/ending.ts';

export interface Limit {
  readonly signal: Ending;
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
  readonly sources: ReadonlyArray<AbortSignal | Ending | undefined>;
}

/**
 * A signal that is aborted when the time is up or a source is aborted, with the error to throw as its reason.
 * The time is real time, also where the clock of the world is not: it guards against sockets, and those are real.
 * Written out instead of `AbortSignal.any`, which keeps every signal alive that was ever made from a long-lived source, and of
 * `AbortSignal.timeout`, whose timers live on until they fire: ten thousand requests would drag them all along.
 */
export function startLimit(options: LimitOptions): Limit {
  const { signal, abort } = createEnding();
  const watching = [after(Math.max(Math.ceil(options.ms), 0), () => abort(options.whenUp()))];
  for (const source of options.sources) {
    if (source !== undefined) watching.push(watch(source, () => abort(reasonOf(source, options.host))));
  }
  return {
    signal,
    end: () => {
      for (const stop of watching) stop();
    },
  };
}

/** A signal's reason as a failure: one of ours as it is, a caller's own time limit as `timed-out`, all else as `cancelled`. */
function reasonOf(source: AbortSignal | Ending, host: string): Error {
  const reason: unknown = source.reason;
  if (isFailure(reason)) return reason;
  if (reason instanceof Error && reason.name === 'TimeoutError') {
    return new Failure('timed-out', { detail: `${host} did not answer in time.`, hint: 'Check the network, then try again.' });
  }
  return new Failure('cancelled', { detail: `The request to ${host} was interrupted.` });
}

/** `30 s`, `150 ms`. */
export function spanText(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}
