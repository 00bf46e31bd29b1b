import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A request as a server got it. `connection` counts the server's connections from 1. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly connection: number;
}

export interface RunningServer {
  readonly port: number;
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** Connections that are open now. */
  readonly open: ReadonlySet<Socket>;
  /** How many connections there have been. */
  readonly connections: () => number;
  stop(): Promise<void>;
}

async function listen(server: Server): Promise<RunningServer> {
  const open = new Set<Socket>();
  let count = 0;
  server.on('connection', (socket: Socket) => {
    count += 1;
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    open,
    connections: () => count,
    stop: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export type Answer = (request: Seen, response: ServerResponse, nth: number) => void;

/** An HTTP server that keeps what it saw. `answer` gets the request, the response and the request's number from 1. */
export async function startHttp(answer: Answer): Promise<RunningServer & { readonly seen: readonly Seen[] }> {
  const seen: Seen[] = [];
  const numbers = new Map<Socket, number>();
  const listener: RequestListener = (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const number = numbers.get(request.socket) ?? numbers.size + 1;
      numbers.set(request.socket, number);
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(parts).toString('utf8'),
        connection: number,
      };
      seen.push(one);
      answer(one, response, seen.length);
    });
  };
  return { ...(await listen(createHttpServer(listener))), seen };
}

/** A server that speaks nothing by itself. */
export async function startTcp(onConnection: (socket: Socket, nth: number) => void): Promise<RunningServer> {
  let count = 0;
  return await listen(createTcpServer((socket) => onConnection(socket, (count += 1))));
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = await startTcp(() => undefined);
  await server.stop();
  return server.port;
}

/** Resolves as soon as `holds`; the test's own time limit ends a wait that is in vain. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}
