import type { CreatedKey } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure, type FailureCode, type FailureParts, isFailure } from '../../model/failure.ts';
import type { Secret } from '../../model/secret.ts';
import type { Provider } from '../../providers/provider.ts';

/** `raw`: the key and a line end. `env`: a line that a shell and dotenv read. `json`: an object. */
export type SinkFormat = 'raw' | 'env' | 'json';

export interface Delivery {
  readonly key: CreatedKey;
  readonly provider: Provider;
  /** That other sinks did not take it, for a sink that prints JSON: it then says so in the same object. */
  readonly missed?: Failure;
}

/** A sink that was checked and is ready to take a key. */
export interface ReadySink {
  /** As it was named, paths absolute: to be journalled, shown, and read again by `readySinks`. No secret in it. */
  readonly name: string;
  /**
   * What lay there before, where it can be brought back (file, env-file); null for a sink whose old value nobody can read.
   * `nothing`: there was nothing. Call it right before `deliver`.
   */
  readonly before: (() => Promise<Secret | 'nothing'>) | null;
  /** Hands the key over. A failure says with `data.may_have_it` (true or false) whether the sink may have the key all the same. */
  deliver(delivery: Delivery): Promise<void>;
  /** Puts back what `before` gave. `refused` for a sink without `before`. */
  restore(before: Secret | 'nothing'): Promise<void>;
}

export type DeliverDeps = Pick<Deps, 'env' | 'results' | 'children' | 'keyFiles' | 'system' | 'interrupted'>;

/** What became of a delivery: which sinks took the key, and why the others did not. */
export interface Delivered {
  readonly took: readonly string[];
  readonly failed: ReadonlyArray<{ readonly name: string; readonly failure: Failure }>;
}

/** The failure of a sink that did not take the key, as far as that is known. */
export function untaken(code: FailureCode, parts: Omit<FailureParts, 'data'>, mayHaveIt: boolean): Failure {
  return new Failure(code, { ...parts, data: { may_have_it: mayHaveIt } });
}

/** Whether a sink that failed may have the key all the same. */
export function mayHaveIt(failure: Failure): boolean {
  return failure.data?.['may_have_it'] === true;
}

/** For sinks whose old value nobody can read. */
export function cannotRestore(name: string): () => Promise<never> {
  return async () => {
    throw new Failure('refused', { detail: `What ${name} held before cannot be brought back.` });
  };
}

/** Whatever a sink throws is told as a failure: a key that exists must not be lost to a fault of ours. */
function asFailure(thrown: unknown): Failure {
  if (isFailure(thrown)) return thrown;
  return untaken(
    'bug',
    { detail: `An unforeseen ${thrown instanceof Error ? thrown.name : typeof thrown} came while the key was handed over.`, cause: thrown },
    true,
  );
}

/** Delivers to every sink in their order, whatever becomes of the others. Never throws. */
export async function deliverTo(sinks: readonly ReadySink[], delivery: Delivery): Promise<Delivered> {
  const took: string[] = [];
  const failed: { name: string; failure: Failure }[] = [];
  for (const sink of sinks) {
    try {
      await sink.deliver(delivery);
      took.push(sink.name);
    } catch (thrown) {
      failed.push({ name: sink.name, failure: asFailure(thrown) });
    }
  }
  return { took, failed };
}
