import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../model/clock.ts';
import type { Acquired, HeldLock, LockOptions } from '../../model/lock.ts';
import { Failure } from '../../model/failure.ts';
import { systemCode } from '../system-code.ts';
import { alive, type Busy, connect } from './liveness.ts';
import { startWait } from './wait.ts';

/**
 * The lock of Windows: the first to listen on a named pipe holds it, and the system takes the name away with the process.
 * `address` is any name that only one process can listen on and that goes with it; a test uses an abstract socket of Linux.
 * Not tried on Windows itself. Another user of the machine could hold the name to be in the way; it then is `timed-out`.
 */
export async function acquirePipe<Found>(
  address: string,
  clock: Clock,
  options: LockOptions,
  look: () => Promise<Found | undefined>,
): Promise<Acquired<Found>> {
  const wait = startWait(clock, options, address);
  try {
    for (;;) {
      const held = await tryListen(address);
      if (held !== undefined) return { kind: 'held', held };
      const holder = await find(address);
      const found = holder !== undefined && (await wait.for(holder)) === 'gone' ? await look() : undefined;
      if (found !== undefined) return { kind: 'found', found };
    }
  } finally {
    wait.end();
  }
}

async function find(address: string): Promise<Busy | undefined> {
  const answer = await connect(address);
  if (answer.kind === 'connected') return alive(answer.socket);
  if (answer.code === 'ENOENT' || answer.code === 'ECONNREFUSED' || answer.code === 'ECONNRESET') return undefined;
  return { kind: 'alive', gone: null, hangUp: () => undefined };
}

function tryListen(address: string): Promise<HeldLock | undefined> {
  const connections = new Set<Socket>();
  const server = createServer((connection) => {
    connections.add(connection);
    connection.unref();
    connection.on('error', () => undefined);
    connection.on('close', () => connections.delete(connection));
    connection.resume();
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (systemCode(error) === 'EADDRINUSE' || systemCode(error) === 'EACCES') resolve(undefined);
      else reject(new Failure('refused', { detail: `The lock pipe ${address} cannot be opened (${systemCode(error) ?? 'unknown'}).`, cause: error }));
    });
    server.listen({ path: address, exclusive: true }, () => {
      server.unref();
      resolve(held(server, connections, address));
    });
  });
}

function held(server: Server, connections: ReadonlySet<Socket>, address: string): HeldLock {
  return {
    stillOurs: async () => {
      if (!server.listening)
        throw new Failure('refused', { detail: `The lock pipe ${address} is no longer held by this process.`, hint: 'Run the command again.' });
    },
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.destroy();
      }),
  };
}
