import { systemCode } from './system-code.ts';
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

/** Where the bytes come from: a stream, or something as simple. A chunk is good until the next one is asked for. */
export interface Source extends AsyncIterable<unknown> {
  /** Closes it. Whoever waits for the next chunk learns that there is none. */
  destroy(): void;
}

type Write = (bytes: Uint8Array) => Promise<'written' | 'closed'>;

/** True where the source itself broke or was closed: it has said all that it will. */
function isBroken(thrown: unknown): boolean {
  return systemCode(thrown) !== undefined || (thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_STREAM_PREMATURE_CLOSE');
}

/**
 * Passes `source` through `mask` to `write`, chunk by chunk, so that a slow reader slows the program down and nothing piles up. Where nobody
 * reads on, the source is closed: the program then meets a closed pipe, as it would without us.
 */
export function relay(source: Source, mask: Mask, write: Write): Relay {
  let passed = 0;
  let writing = false;
  let stopped = false;

  const give = async (pieces: readonly Buffer[]): Promise<'written' | 'closed'> => {
    writing = true;
    let outcome: 'written' | 'closed' = 'written';
    try {
      for (const piece of pieces) if (outcome === 'written') outcome = await write(piece);
      return outcome;
    } catch (thrown) {
      outcome = 'closed';
      throw thrown;
    } finally {
      writing = false;
      if (outcome === 'closed') source.destroy();
    }
  };

  const run = async (): Promise<void> => {
    let outcome: 'written' | 'closed' = 'written';
    try {
      for await (const chunk of source) {
        passed += 1;
        if (!Buffer.isBuffer(chunk)) continue;
        outcome = await give(mask.pass(chunk));
        if (outcome === 'closed') return;
      }
    } catch (thrown) {
      if (!isBroken(thrown)) throw thrown;
    }
    if (!stopped) await give(mask.end());
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
