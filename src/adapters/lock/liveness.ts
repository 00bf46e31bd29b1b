import { createConnection, type Socket } from 'node:net';
import { systemCode } from '../system-code.ts';
import { namesOf } from './contender.ts';
import type { LockFolder } from './folder.ts';
import type { LockRecord, Machine } from './record.ts';

/** What the kernel says of the process that wrote a record. */
export type Verdict = Busy | { readonly kind: 'dead'; readonly why: 'socket-refuses' | 'no-socket' | 'no-record' };

/** A holder that must be waited for. */
export type Busy =
  | Alive
  /** The record is of another machine that shares this folder; nothing can be proved from here. */
  | { readonly kind: 'elsewhere'; readonly host: string };

interface Alive {
  readonly kind: 'alive';
  /** Resolves when the holder's socket closes; null where its queue is full and no connection could be had. */
  readonly gone: Promise<void> | null;
  /** Gives the connection back. */
  hangUp(): void;
}

type Answer = { readonly kind: 'connected'; readonly socket: Socket } | { readonly kind: 'failed'; readonly code: string | undefined };

/**
 * Judges a holder by connecting to its socket. The kernel completes a connection also for a process that is stopped or busy,
 * refuses it from the moment a process is gone (its files are closed after its last system call), and says EAGAIN where the
 * queue is full. Outside Linux a full queue refuses as well: there more than about a hundred processes that wait for one
 * stopped holder would be misled.
 */
export async function judge(record: LockRecord, folder: LockFolder, machine: Machine): Promise<Verdict> {
  if (!record.whole) return { kind: 'dead', why: 'no-record' };
  const answer = await connect(folder.socketPath(namesOf(record.nonce).socket));
  if (answer.kind === 'connected') return alive(answer.socket);
  // It was there a moment ago and closed with us in its queue. The next look will tell.
  if (answer.code === 'ECONNRESET') return { kind: 'alive', gone: Promise.resolve(), hangUp: () => undefined };
  if (answer.code !== 'ECONNREFUSED' && answer.code !== 'ENOENT') return { kind: 'alive', gone: null, hangUp: () => undefined };
  const provable = (record.boot !== '' && record.boot === machine.boot) || record.host === machine.host;
  if (!provable) return { kind: 'elsewhere', host: record.host };
  return { kind: 'dead', why: answer.code === 'ENOENT' ? 'no-socket' : 'socket-refuses' };
}

/** Connects, and gives the error code rather than throwing it. */
export function connect(path: string): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = createConnection({ path });
    socket.once('connect', () => resolve({ kind: 'connected', socket }));
    // It stays on for later: a connection may break by an error too.
    socket.on('error', (error) => resolve({ kind: 'failed', code: systemCode(error) }));
  });
}

/** A living holder that we are connected to. */
export function alive(socket: Socket): Alive {
  const gone = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  socket.resume();
  return { kind: 'alive', gone, hangUp: () => socket.destroy() };
}
