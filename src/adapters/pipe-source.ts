import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';
import type { Source } from './relay.ts';

/** What a pipe holds on Linux (`man 7 pipe`), so that one read takes all that is there. */
const PIPE_BYTES = 64 * 1024;

/** Chunks that may wait, so that the program can go on writing for a while when whoever reads behind us is busy. */
const MOST_WAITING = 3;

type End = { readonly kind: 'ended' } | { readonly kind: 'failed'; readonly error: Error };

/**
 * Reads a pipe, chunk by chunk, for one reader. A chunk is good until the next one is asked for: a few places are used again and again,
 * where a stream of Node makes one for each chunk. The descriptor is closed at the end.
 */
export function pipeSource(descriptor: number): Source {
  // One is being filled and one is with the reader, beside those that wait.
  const places = Array.from({ length: MOST_WAITING + 2 }, () => Buffer.allocUnsafeSlow(PIPE_BYTES));
  const waiting: Buffer[] = [];
  let turn = 0;
  let end: End | undefined;
  let wake = (): void => undefined;

  // The types know `onread` only where a socket connects; the constructor is what reads it.
  const options: SocketConstructorOpts & ConnectOpts = {
    fd: descriptor,
    readable: true,
    writable: false,
    onread: {
      buffer: () => {
        turn = (turn + 1) % places.length;
        return places[turn] ?? Buffer.allocUnsafeSlow(PIPE_BYTES);
      },
      callback: (length, { buffer, byteOffset }) => {
        waiting.push(Buffer.from(buffer, byteOffset, length));
        wake();
        return waiting.length < MOST_WAITING;
      },
    },
  };
  const socket = new Socket(options);
  const endAs = (how: End): void => {
    end ??= how;
    wake();
  };
  socket.on('error', (error) => endAs({ kind: 'failed', error }));
  socket.on('end', () => endAs({ kind: 'ended' }));
  socket.on('close', () => endAs({ kind: 'ended' }));
  socket.resume();

  const next = async (): Promise<IteratorResult<Buffer, undefined>> => {
    for (;;) {
      const chunk = waiting.shift();
      if (chunk !== undefined) {
        if (waiting.length === MOST_WAITING - 1) socket.resume();
        return { done: false, value: chunk };
      }
      if (end?.kind === 'failed') throw end.error;
      if (end !== undefined) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    [Symbol.asyncIterator]: () => ({ next }),
    destroy: () => {
      waiting.length = 0;
      socket.destroy();
    },
  };
}
