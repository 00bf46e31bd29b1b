/**
 * What ends work early, with the error to throw as its reason. There is one for each request, and an `AbortSignal` in its place leaves more
 * than half a kilobyte behind in the memory for what stays, which nothing but a full collection takes back: ten thousand revoked keys took
 * 7 MB more. Any number may watch it.
 */
export interface Ending {
  readonly aborted: boolean;
  readonly reason: unknown;
  /** Calls `act`, which must not throw, when it is aborted, at once where it was; the returned function takes that back. */
  watch(act: () => void): () => void;
}

/** An ending, and what brings it about. Only the first reason counts. */
export function createEnding(): { readonly signal: Ending; readonly abort: (reason: unknown) => void } {
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

/** Follows `source`, which is meant to be listened to by a few, for as many as there are requests at once. */
export function relay(source: AbortSignal | Ending): Ending {
  if ('watch' in source) return source;
  const { signal, abort } = createEnding();
  watch(source, () => abort(source.reason));
  return signal;
}

/** The outcome of `work`, or a rejection with the signal's reason as soon as that is aborted. `work` is left to end by itself. */
export async function untilAborted<T>(work: Promise<T>, signal: Ending): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const stop = signal.watch(() => reject(signal.reason));
    const over =
      <Outcome>(settle: (outcome: Outcome) => void) =>
      (outcome: Outcome): void => {
        stop();
        settle(outcome);
      };
    work.then(over(resolve), over(reject));
  });
}
