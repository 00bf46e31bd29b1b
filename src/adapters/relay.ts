import type { Readable } from 'node:stream';
import { systemCode } from './atomic-file.ts';
import type { Mask } from './masking/mask.ts';

/** Bytes on their way from a program to where our own output goes. */
export interface Relay {
  /** Resolves when all was passed on, when nobody reads on, or after `stop`. Rejects with the failure of a write. */
  readonly ended: Promise<void>;
  /** Another value than before where something was passed on meanwhile; undefined while a write waits for its reader. */
  progress(): number | undefined;
  /** Passes nothing on any more. */
  stop(): void;
}

type Write = (bytes: Uint8Array) => Promise<'written' | 'closed'>;

/** True where the source itself broke or was closed: it has said all that it will. */
function isBroken(thrown: unknown): boolean {
  return systemCode(thrown) !== undefined || (thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_STREAM_PREMATURE_CLOSE');
}

/**
 * Passes `source` through `mask` to `write`, a chunk or two at a time, so that a slow reader slows the program down and nothing piles up.
 * Where nobody reads on, the source is closed: the program then meets a closed pipe, as it would without us.
 */
export function relay(source: Readable, mask: Mask, write: Write): Relay {
  let passed = 0;
  let writing = false;
  let stopped = false;

  const give = async (pieces: readonly Buffer[]): Promise<'written' | 'closed'> => {
    const [first] = pieces;
    if (first === undefined) return 'written';
    writing = true;
    let outcome: 'written' | 'closed' = 'closed';
    try {
      outcome = await write(pieces.length === 1 ? first : Buffer.concat(pieces));
    } finally {
      writing = false;
      if (outcome === 'closed') source.destroy();
    }
    return outcome;
  };

  const run = async (): Promise<void> => {
    let given: Promise<'written' | 'closed'> = Promise.resolve('written');
    try {
      for await (const chunk of source) {
        passed += 1;
        if (!Buffer.isBuffer(chunk)) continue;
        // The next chunk is masked while the one before is being written.
        const pieces = mask.pass(chunk);
        if ((await given) === 'closed') return;
        given = give(pieces);
        // What becomes of it is asked for with the next chunk, or at the end.
        given.catch(() => undefined);
      }
    } catch (thrown) {
      if (!isBroken(thrown)) throw thrown;
    }
    if (!stopped && (await given) === 'written') await give(mask.end());
  };

  return {
    ended: run(),
    progress: () => (writing ? undefined : passed),
    stop: () => {
      stopped = true;
      source.destroy();
    },
  };
}
