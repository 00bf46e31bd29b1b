import type { ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createKeptHttp } from '../../../src/adapters/http/kept-requests.ts';
import { createManyRequestsHttp } from '../../../src/adapters/http/many-requests.ts';
import { createOneRequestHttp } from '../../../src/adapters/http/one-request.ts';
import type { HttpRequest } from '../../../src/model/http.ts';
import { type RunningServer, startHttp, until } from './servers.ts';
import { failureOf, testWorld } from './worlds.ts';

const cleanups: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function kept<T extends RunningServer>(server: T): T {
  cleanups.push(server.stop);
  return server;
}

describe('connections', () => {
  it('one-request takes a new connection for each request and closes it', async () => {
    const server = kept(await startHttp((_, response) => response.end('ok')));
    const http = createOneRequestHttp(testWorld().world);
    await http.send({ method: 'GET', url: server.origin });
    await http.send({ method: 'GET', url: server.origin });
    await until(() => server.open.size === 0);
    expect(server.seen.map((each) => [each.connection, each.headers.connection])).toEqual([
      [1, 'close'],
      [2, 'close'],
    ]);
  });
});

describe('a reply that comes before the request was read', () => {
  it('leaves no connection behind that waits for the rest to be read', async () => {
    const peers: Socket[] = [];
    const server = createServer((peer) => {
      peers.push(peer);
      peer.on('error', () => undefined);
      peer.once('data', () => {
        peer.pause();
        peer.write('HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno');
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    cleanups.push(async () => {
      for (const peer of peers) peer.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const begun: Socket[] = [];
    const http = createOneRequestHttp({ ...testWorld().world, begun: (socket) => begun.push(socket) });
    const reply = await http.send({ method: 'POST', url: `http://127.0.0.1:${address.port}/`, body: 'x'.repeat(8_000_000) });
    expect([reply.status, reply.body]).toEqual([413, 'no']);
    expect(begun.map(({ destroyed }) => destroyed)).toEqual([true]);
  });
});

describe('a long run of kept-requests', () => {
  it('is told once, at its tenth request', async () => {
    const server = kept(await startHttp((_, response) => response.end('ok')));
    const told: number[] = [];
    const whenMany = async (): Promise<void> => void told.push(server.seen.length);
    const http = createKeptHttp({ ...testWorld().world, whenMany });
    cleanups.push(() => http.close());
    for (let nth = 0; nth < 25; nth += 1) await http.send({ method: 'GET', url: server.origin });
    expect([told, server.seen.length]).toEqual([[9], 25]);
  });
});

describe.each([
  ['kept-requests', createKeptHttp],
  ['many-requests', createManyRequestsHttp],
] as const)('connections of %s', (_, create) => {
  it('keeps connections for what may be repeated', async () => {
    const server = kept(await startHttp((_, response) => response.end('ok')));
    const http = create(testWorld().world);
    cleanups.push(() => http.close());
    for (let nth = 0; nth < 20; nth += 1) await http.send({ method: nth % 2 === 0 ? 'GET' : 'DELETE', url: server.origin });
    expect(server.seen).toHaveLength(20);
    // The pool of undici opens a second one while the first is being put back; never one for each request.
    expect(server.connections()).toBeLessThan(5);
  });

  it('has at most 16 connections to one origin, with one request at a time on each', async () => {
    const held: ServerResponse[] = [];
    const server = kept(
      await startHttp((_, response, nth) => {
        held.push(response);
        // Nobody is answered before all connections are busy, so that fewer of them would never end.
        if (held.length === 16 || nth === 60) for (const each of held.splice(0)) each.end('ok');
      }),
    );
    const http = create(testWorld().world);
    cleanups.push(() => http.close());
    await Promise.all(Array.from({ length: 60 }, () => http.send({ method: 'GET', url: server.origin })));
    expect([server.seen.length, server.connections()]).toEqual([60, 16]);
  });

  it.each([
    ['POST', 'idempotent'],
    ['GET', 'never'],
  ] as const)('gives %s with retry %s a connection of its own', async (method, retry) => {
    const server = kept(await startHttp((_, response) => response.end('ok')));
    const http = create(testWorld().world);
    cleanups.push(() => http.close());
    await http.send({ method: 'GET', url: server.origin });
    for (let nth = 0; nth < 3; nth += 1) await http.send({ method, url: server.origin, retry });
    expect(server.seen.map((each) => each.connection)).toEqual([1, 2, 3, 4]);
  });

  it('survives that the server closes a kept connection just then', async () => {
    const request: Omit<HttpRequest, 'url'> = { method: 'DELETE' };
    const seenOn = new Map<number, number>();
    const server = kept(
      await startHttp((seen, response) => {
        const nth = (seenOn.get(seen.connection) ?? 0) + 1;
        seenOn.set(seen.connection, nth);
        if (nth > 1) response.socket?.destroy();
        else response.end('ok');
      }),
    );
    const { world, debug } = testWorld();
    const http = create(world);
    cleanups.push(() => http.close());
    for (let nth = 0; nth < 6; nth += 1) expect((await http.send({ ...request, url: server.origin })).status).toBe(200);
    expect(debug.filter((line) => line.includes('ECONNRESET')).length).toBeGreaterThan(0);
  });

  it('works again after close, and close ends what is under way', async () => {
    const server = kept(
      await startHttp((seen, response) => {
        if (seen.path === '/ok') response.end('ok');
      }),
    );
    const http = create(testWorld().world);
    cleanups.push(() => http.close());
    const failing = failureOf(http.send({ method: 'POST', url: `${server.origin}/never` }));
    await until(() => server.seen.length === 1);
    await http.close();
    expect((await failing).code).toBe('unreachable');
    expect((await http.send({ method: 'GET', url: `${server.origin}/ok` })).body).toBe('ok');
  });
});
