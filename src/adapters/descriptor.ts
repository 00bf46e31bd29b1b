import { write as writeSome } from 'node:fs';
import type { Clock } from '../model/deps.ts';
import { Failure } from '../model/failure.ts';
import { systemCode } from './atomic-file.ts';

/** Pause before a descriptor that another program has made non-blocking is tried again. */
const FULL_MS = 2;

type Some = { readonly kind: 'some'; readonly bytes: number } | { readonly kind: 'failed'; readonly error: Error };

function writeOnce(descriptor: 1 | 2, bytes: Uint8Array): Promise<Some> {
  return new Promise((resolve) => {
    writeSome(descriptor, bytes, (error, written) => resolve(error === null ? { kind: 'some', bytes: written } : { kind: 'failed', error }));
  });
}

/**
 * Writes all of the bytes; `closed` where nobody reads on. While a reader is slow everything else goes on: the write waits in a thread
 * of its own, and the descriptor stays blocking, since others may share it. Anything else, such as a full disk, is `refused`.
 */
export async function writeAll(descriptor: 1 | 2, bytes: Uint8Array, clock: Clock): Promise<'written' | 'closed'> {
  for (let rest = bytes; rest.length > 0;) {
    const outcome = await writeOnce(descriptor, rest);
    if (outcome.kind === 'some') rest = rest.subarray(outcome.bytes);
    else {
      const code = systemCode(outcome.error);
      if (code === 'EPIPE') return 'closed';
      if (code !== 'EAGAIN') {
        throw new Failure('refused', {
          detail: `The program's output cannot be written (${code ?? 'unknown'}).`,
          hint: 'Make room where it goes, or send it elsewhere.',
          cause: outcome.error,
        });
      }
      await clock.sleep(FULL_MS);
    }
  }
  return 'written';
}
