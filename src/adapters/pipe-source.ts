import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';
import { ownPlaces, PLACE_BYTES } from './masking/places.ts';
import type { Source } from './relay.ts';

type End = { readonly kind: 'ended' } | { readonly kind: 'failed'; readonly error: Error };

/**
 * Reads a pipe, chunk by chunk, for one reader. A chunk is good until the next one is asked for: a few places are used again and again,
 * where a stream of Node makes one for each chunk. The descriptor is closed at the end.
 */
export function pipeSource(descriptor: number, places: readonly Buffer[] = ownPlaces()): Source {
  // One is being filled and one is with the reader, beside those that wait.
  const mostWaiting = places.length - 2;
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
        return places[turn] ?? Buffer.allocUnsafeSlow(PLACE_BYTES);
      },
      callback: (length, { buffer, byteOffset }) => {
        waiting.push(Buffer.from(buffer, byteOffset, length));
        wake();
        return waiting.length < mostWaiting;
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
        if (waiting.length === mostWaiting - 1) socket.resume();
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
