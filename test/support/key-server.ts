import { createServer } from 'node:http';

/** The provider "Bolt" of docs/providers.md: keys alone, made by hand. */
export interface KeyServer {
  readonly origin: string;
  /** The key of the one person that there is. */
  readonly key: string;
  stop(): Promise<void>;
}

const KEY = `bolt-${'0123456789abcdef'.repeat(3).slice(0, 40)}`;

/** Starts it. */
export async function startKeyServer(): Promise<KeyServer> {
  const keys = new Map([['1', { id: 1, title: 'by hand', created: '2026-01-02T03:04:05Z' }]]);
  const server = createServer(({ method, url, headers }, response) => {
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (headers.authorization !== `Bearer ${KEY}`) return send(401, { problem: 'Who are you?' });
    if (url === '/api/me') return send(200, { login: 'bolt-person' });
    if (method === 'GET' && url === '/api/keys') return send(200, [...keys.values()]);
    const id = /^\/api\/keys\/([0-9]+)$/.exec(url ?? '')?.[1] ?? '';
    return method === 'DELETE' && keys.delete(id) ? send(200, {}) : send(404, { problem: 'There is no such thing.' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP listener has a port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    key: KEY,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
