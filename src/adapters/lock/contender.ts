import { lstatSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Random } from '../../model/random.ts';
import { systemCode } from '../system-code.ts';
import { distrusted, type LockFolder } from './folder.ts';
import { type Machine, recordText } from './record.ts';
import { removeName } from './remove.ts';

/** Random bytes of a nonce: 16 characters. */
const NONCE_BYTES = 12;

/** The longest name of a socket in the folder. */
export const LONGEST_SOCKET_NAME = 18;

/** The names of a contender's own files. */
export const namesOf = (nonce: string): { readonly record: string; readonly fresh: string; readonly socket: string } => ({
  record: `${nonce}.r`,
  fresh: `${nonce}.t`,
  socket: `${nonce}.s`,
});

/** One attempt of this process to hold a lock: its record, and a socket that proves to others that it lives. */
export interface Contender {
  readonly nonce: string;
  /** The file whose further names are locks and claims. */
  readonly record: string;
  /** Closes the socket, which wakes all who wait for it, and removes the contender's own files. */
  leave(): Promise<void>;
}

/**
 * Enters the folder. The order is what makes judging and sweeping safe: a socket is opened under the name `.t`, and only once it
 * listens (a bound socket that does not listen yet refuses like a dead one) it is called `.s`. So a `.s` that refuses is dead, and
 * whoever links its record to a lock has a `.s`.
 */
export async function enter(folder: LockFolder, random: Random, machine: Machine): Promise<Contender> {
  const nonce = random.token(NONCE_BYTES);
  const names = namesOf(nonce);
  const record = folder.path(names.record);
  const connections = new Set<Socket>();
  const server = createServer((connection) => keep(connection, connections));
  let named = false;
  const leave = async (): Promise<void> => {
    // The socket's name goes first: who finds it after being woken knows that we were killed. We hold nothing any more that could be judged by it.
    removeName(folder.path(named ? names.socket : names.fresh));
    await close(server, connections);
    // The record goes last: a sweeper that finds a socket without one leaves it alone.
    removeName(record);
  };
  try {
    writeFileSync(record, recordText(nonce, machine), { flag: 'wx', mode: 0o600 });
    // The system names the owner of a new file after us: so the folder is ours if its owner is the same.
    if (lstatSync(record).uid !== folder.owner) throw distrusted(folder.path(''), 'belongs to another user', 'Run keywright as the owner of this home folder.');
    await listen(server, folder.socketPath(names.fresh));
    renameSync(folder.path(names.fresh), folder.path(names.socket));
    named = true;
  } catch (error) {
    await leave();
    throw error;
  }
  return { nonce, record, leave };
}

/** True for the error of a contender whose new files a sweeper took for litter: enter again. */
export function wasSweptAway(error: unknown): boolean {
  return systemCode(error) === 'ENOENT';
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path }, () => {
      server.off('error', reject);
      // Accepting may fail when file descriptors run out. Those who wait stay in the queue, which is as good.
      server.on('error', () => undefined);
      server.unref();
      resolve();
    });
  });
}

/** A connection is a process that waits for us to go. It says nothing, and does not keep us running. */
function keep(connection: Socket, connections: Set<Socket>): void {
  connections.add(connection);
  connection.unref();
  connection.on('error', () => undefined);
  connection.on('close', () => connections.delete(connection));
  connection.resume();
}

function close(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const connection of connections) connection.destroy();
  });
}
