import { constants, openSync, write as writeSome, writeSync } from 'node:fs';
import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import type { StreamKind } from '../model/results.ts';
import { systemCode } from './atomic-file.ts';

type Output = 1 | 2;

export interface OutputsWorld {
  readonly leadsTo: Readonly<Record<Output, StreamKind>>;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
}

/** Writes all of the bytes; `closed` where nobody reads on. `refused` for anything else, such as a full disk. */
export type WriteAll = (output: Output, bytes: Uint8Array) => Promise<'written' | 'closed'>;

/** Pause before a descriptor that another program has made non-blocking is tried again. */
const FULL_MS = 2;

type Outcome = { readonly kind: 'some'; readonly bytes: number } | { readonly kind: 'failed'; readonly code: string };

/**
 * A descriptor that never holds us up, for what leads to a file or a pipe: a pipe is opened once more, since to make the one that we have
 * non-blocking would make it so for everybody who shares it. Undefined where that cannot be, such as with a socket.
 */
function quickWay(output: Output, { leadsTo, platform }: OutputsWorld): number | undefined {
  if (leadsTo[output] === 'file') return output;
  if (leadsTo[output] !== 'pipe' || platform !== 'linux') return undefined;
  try {
    return openSync(`/proc/self/fd/${output}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

const failed = (error: unknown): Outcome => ({ kind: 'failed', code: systemCode(error) ?? 'unknown' });

function writeNow(descriptor: number, bytes: Uint8Array): Outcome {
  try {
    return { kind: 'some', bytes: writeSync(descriptor, bytes) };
  } catch (error) {
    return failed(error);
  }
}

/** Waits for a slow reader in a thread of its own, so that everything else goes on meanwhile. */
function writePatiently(descriptor: number, bytes: Uint8Array): Promise<Outcome> {
  return new Promise((resolve) => {
    writeSome(descriptor, bytes, (error, written) => resolve(error === null ? { kind: 'some', bytes: written } : failed(error)));
  });
}

function notWritten(code: string): Failure {
  return new Failure('refused', {
    detail: `The program's output cannot be written (${code}).`,
    hint: 'Make room where it goes, or send it elsewhere.',
  });
}

/**
 * Writes to our outputs without ever holding up the rest of the program. What fits is written at once, which is several times as fast;
 * only where a reader is slow does a thread wait for it.
 */
export function createWriteAll(world: OutputsWorld): WriteAll {
  const quick = new Map<Output, number | undefined>();
  return async (output, bytes) => {
    if (!quick.has(output)) quick.set(output, quickWay(output, world));
    const now = quick.get(output);
    let way: 'now' | 'patiently' = now === undefined ? 'patiently' : 'now';
    for (let rest = bytes; rest.length > 0;) {
      const outcome = way === 'now' && now !== undefined ? writeNow(now, rest) : await writePatiently(output, rest);
      if (outcome.kind === 'some') rest = rest.subarray(outcome.bytes);
      else if (outcome.code === 'EPIPE') return 'closed';
      else if (outcome.code !== 'EAGAIN') throw notWritten(outcome.code);
      else if (way === 'now') way = 'patiently';
      else await world.clock.sleep(FULL_MS);
    }
    return 'written';
  };
}
