import { Failure, isFailure } from '../../model/failure.ts';
import { after } from '../clock.ts';

/**
 * What ends work early, with the error to throw as its reason. There is one for each request, and an `AbortSignal` in its place leaves more
 * than half a kilobyte behind in the memory for what stays, which nothing but a full collection takes back: ten thousand revoked keys took
 * 7 MB more. Any number may watch it.
 */
export interface Ending {
  readonly aborted: boolean;
  readonly reason: unknown;
  /** Calls `act` when it is aborted, at once where it was; the returned function takes that back. */
  watch(act: () => void): () => void;
}

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

function createEnding(): { readonly signal: Ending; readonly abort: (reason: unknown) => void } {
  const watching = new Set<() => void>();
  const signal: { aborted: boolean; reason: unknown } & Pick<Ending, 'watch'> = {
    aborted: false,
    reason: undefined,
    watch: (act) => {
      if (signal.aborted) act();
      else watching.add(act);
      return () => void watching.delete(act);
    },
  };
  const abort = (reason: unknown): void => {
    // The first reason counts.
    if (signal.aborted) return;
    signal.aborted = true;
    signal.reason = reason;
    const told = [...watching];
    watching.clear();
    for (const act of told) act();
  };
  return { signal, abort };
}

/** Calls `act` when `source` is aborted, at once where it was; the returned function takes that back. */
export function watch(source: AbortSignal | Ending, act: () => void): () => void {
  if ('watch' in source) return source.watch(act);
  if (source.aborted) act();
  else source.addEventListener('abort', act, { once: true });
  return () => source.removeEventListener('abort', act);
}

/** The same for whoever takes nothing else, such as a package. */
export function abortSignalOf(ending: Ending): AbortSignal {
  const controller = new AbortController();
  ending.watch(() => controller.abort(ending.reason));
  return controller.signal;
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

/** Follows `source`, which is meant to be listened to by a few, for as many as there are requests at once. */
export function relay(source: AbortSignal): Ending {
  const { signal, abort } = createEnding();
  watch(source, () => abort(source.reason));
  return signal;
}

/** The outcome of `work`, or a rejection with the signal's reason as soon as that is aborted. `work` is left to end by itself. */
export async function untilAborted<T>(work: Promise<T>, signal: Ending): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const stop = signal.watch(() => reject(signal.reason));
    work.then(resolve, reject).finally(stop);
  });
}

/** `30 s`, `150 ms`. */
export function spanText(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}
