import { constants, openSync, write as writeSome, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import type { StreamKind } from '../model/results.ts';
import { systemCode } from './system-code.ts';

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

/** How an output is written to without ever holding up the rest of the program. */
type Way =
  /** A file takes all that it is given. */
  | { readonly kind: 'at-once' }
  /** A pipe of our own takes what fits, and the rest when there is room. */
  | { readonly kind: 'socket'; readonly socket: Socket }
  /** Anything else may hold up whoever writes, so a thread does. */
  | { readonly kind: 'patiently' };

/**
 * A pipe is opened once more, since to make the one that we have non-blocking would make it so for everybody who shares it. Undefined where
 * that cannot be, such as with a socket.
 */
function pipeOnceMore(output: Output): Socket | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(`/proc/self/fd/${output}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  const socket = new Socket({ fd: descriptor, readable: false, writable: true });
  // A write says itself how it ended.
  socket.on('error', () => undefined);
  return socket.unref();
}

function wayOf(output: Output, { leadsTo, platform }: OutputsWorld): Way {
  if (leadsTo[output] === 'file') return { kind: 'at-once' };
  const socket = leadsTo[output] === 'pipe' && platform === 'linux' ? pipeOnceMore(output) : undefined;
  return socket === undefined ? { kind: 'patiently' } : { kind: 'socket', socket };
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

/** All of it, which spares the exception that a full pipe is otherwise. */
function writeToSocket(socket: Socket, bytes: Uint8Array): Promise<Outcome> {
  // A write that failed has closed it.
  if (socket.destroyed) return Promise.resolve({ kind: 'failed', code: 'EPIPE' });
  return new Promise((resolve) => {
    socket.write(bytes, (error) => resolve(error === null || error === undefined ? { kind: 'some', bytes: bytes.length } : failed(error)));
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
 * only where a reader is slow is it waited for.
 */
export function createWriteAll(world: OutputsWorld): WriteAll {
  const ways = new Map<Output, Way>();
  return async (output, bytes) => {
    const way = ways.get(output) ?? wayOf(output, world);
    ways.set(output, way);
    for (let rest = bytes, patience: 'none' | 'some' = 'none'; rest.length > 0;) {
      let outcome: Outcome;
      if (way.kind === 'socket') outcome = await writeToSocket(way.socket, rest);
      else if (way.kind === 'at-once' && patience === 'none') outcome = writeNow(output, rest);
      else outcome = await writePatiently(output, rest);
      if (outcome.kind === 'some') rest = rest.subarray(outcome.bytes);
      else if (outcome.code === 'EPIPE') return 'closed';
      else if (outcome.code !== 'EAGAIN') throw notWritten(outcome.code);
      else if (patience === 'none') patience = 'some';
      else await world.clock.sleep(FULL_MS);
    }
    return 'written';
  };
}
