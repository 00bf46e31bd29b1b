import type { Clock } from '../../model/clock.ts';
import type { Failure } from '../../model/failure.ts';
import type { Entries } from './entries.ts';
import { failureOfLibrary, keychainFailure } from './failures.ts';
import type { NativeKeychain } from './native.ts';
import { storable } from './storable.ts';

export interface InProcessOptions {
  readonly clock: Clock;
  readonly limitMs: number;
  /** See `KeychainWorld`. */
  readonly lastWords: (failure: Failure) => void;
}

/**
 * The entries of a service through the library in this process: the fast way.
 *
 * A call of the library that hangs cannot be cut off: it sits in a thread of the pool, and Node waits for that thread at every
 * kind of exit. So at the limit the process says `timed-out` as its last words and kills itself (SIGKILL; 137 in a shell).
 */
export function entriesInProcess(native: NativeKeychain, service: string, options: InProcessOptions): Entries {
  return {
    get: async (name) => {
      const account = storable(name);
      return (await watched(options, () => native.getPassword(service, account))) ?? undefined;
    },
    set: async (name, value) => {
      const [account, password] = [storable(name), storable(value)];
      await watched(options, () => native.setPassword(service, account, password));
    },
    delete: async (name) => {
      const account = storable(name);
      return (await watched(options, () => native.deletePassword(service, account))) ? 'deleted' : 'absent';
    },
  };
}

async function watched<T>(options: InProcessOptions, call: () => Promise<T>): Promise<T> {
  const answered = new AbortController();
  void options.clock.sleep(options.limitMs, answered.signal).then(
    () => {
      options.lastWords(keychainFailure('silent'));
      process.kill(process.pid, 'SIGKILL');
    },
    () => undefined,
  );
  try {
    return await call();
  } catch (thrown) {
    throw failureOfLibrary(thrown instanceof Error ? thrown.message : String(thrown));
  } finally {
    answered.abort();
  }
}
