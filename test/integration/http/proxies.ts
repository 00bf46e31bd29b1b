import { connect, type Socket } from 'node:net';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RunningProxy {
  readonly port: number;
  /** What was asked of it: the target of each CONNECT and the credentials that came along. */
  readonly asked: ReadonlyArray<readonly [target: string, authorization: string | undefined]>;
  /** Requests that were no CONNECT; there must be none. */
  readonly plain: readonly string[];
  stop(): Promise<void>;
}

/** What a proxy does with CONNECT: lead to a loopback port, answer with a raw text, hang up, or say nothing. */
export type ProxyManner =
  | { readonly kind: 'lead'; readonly port: number }
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'hang-up' }
  | { readonly kind: 'silent' };

export async function startProxy(manner: ProxyManner): Promise<RunningProxy> {
  const asked: Array<readonly [string, string | undefined]> = [];
  const plain: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((request, response) => {
    plain.push(request.url ?? '');
    response.end();
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  });
  server.on('connect', (request, client: Socket) => {
    asked.push([request.url ?? '', request.headers['proxy-authorization']]);
    if (manner.kind === 'hang-up') client.destroy();
    if (manner.kind === 'answer') client.end(manner.text);
    if (manner.kind === 'lead') {
      const upstream = connect(manner.port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        client.pipe(upstream).pipe(client);
      });
      upstream.on('error', () => client.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    plain,
    stop: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
