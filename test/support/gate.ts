import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A server before another one, which lets no request through until it is told to: it is slow for exactly as long as a test wants. */
export interface Gate {
  readonly origin: string;
  /** Requests that wait. */
  waiting(): number;
  /** Lets so many through that wait, now or as they come; all of them unless it is said. */
  open(count?: number): void;
  /** Lets none through any more. */
  shut(): void;
  close(): Promise<void>;
}

async function pass(request: IncomingMessage, response: ServerResponse, to: string): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  const { host: _ours, connection: _kept, ...headers } = request.headers;
  const reply = await fetch(to + (request.url ?? ''), {
    method: request.method ?? 'GET',
    headers: Object.entries(headers).flatMap(([name, value]): Array<[string, string]> => (typeof value === 'string' ? [[name, value]] : [])),
    ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  });
  response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? 'application/json' });
  response.end(await reply.text());
}

export async function startGate(to: string): Promise<Gate> {
  const held: Array<() => void> = [];
  let free = 0;
  const server = createServer((request, response) => {
    const go = (): void => void pass(request, response, to).catch(() => response.destroy());
    if (free === 0) held.push(go);
    else {
      free -= 1;
      go();
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the gate has no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    waiting: () => held.length,
    open: (count = Number.POSITIVE_INFINITY) => {
      free += count;
      while (free > 0 && held.length > 0) {
        free -= 1;
        held.shift()?.();
      }
    },
    shut: () => void (free = 0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
