import { afterEach, describe, expect, it } from 'vitest';
import { watch } from '../../../src/model/ending.ts';
import type { Http, HttpRequest } from '../../../src/model/http.ts';
import { type Answer, closedPort, type RunningServer, startHttp, startTcp, until } from './servers.ts';
import { ENGINES, failureOf, START, testWorld, type TestWorld, type WorldOptions } from './worlds.ts';

const cleanups: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function kept<T extends RunningServer>(server: T): T {
  cleanups.push(server.stop);
  return server;
}

const ok: Answer = (_, response) => response.end('{"ok":true}');
const never: Answer = () => undefined;

describe.each(ENGINES)('Http, engine %s', (_engine, create) => {
  function setUp(options: WorldOptions = {}): TestWorld & { http: Http } {
    const made = testWorld(options);
    const http = create(made.world);
    cleanups.push(() => http.close());
    return { ...made, http };
  }

  describe('what is sent and what comes back', () => {
    it('sends method, path, headers and body, and gives status, joined headers and UTF-8 text', async () => {
      const server = kept(
        await startHttp((_, response) => {
          response.writeHead(201, [
            ['Content-Type', 'application/json'],
            ['X-Part', 'a'],
            ['x-part', 'b'],
            ['Connection', 'close'],
            ['Date', 'then'],
          ]);
          response.end('{"name":"Gr\u00fc\u00dfe \u2603"}');
        }),
      );
      const { http } = setUp();
      const reply = await http.send({
        method: 'POST',
        url: `${server.origin}/v1/keys?page=2&q=%20#part`,
        headers: { 'X-Trace': 't1', 'Content-Type': 'application/json' },
        body: '{"a":"\u00e4"}',
      });
      expect(reply.status).toBe(201);
      expect(reply.body).toBe('{"name":"Gr\u00fc\u00dfe \u2603"}');
      expect(reply.headers).toMatchObject({ 'content-type': 'application/json', 'x-part': 'a, b' });
      expect(server.seen).toEqual([
        {
          method: 'POST',
          path: '/v1/keys?page=2&q=%20',
          body: '{"a":"\u00e4"}',
          connection: 1,
          headers: {
            host: `127.0.0.1:${server.port}`,
            'user-agent': 'keywright/0.0.0-test',
            accept: 'application/json',
            'accept-encoding': 'identity',
            'content-length': '10',
            'content-type': 'application/json',
            'x-trace': 't1',
            connection: 'close',
          },
        },
      ]);
    });

    it.each([
      ['GET', undefined],
      ['HEAD', undefined],
      ['DELETE', undefined],
      ['POST', '0'],
      ['PUT', '0'],
      ['PATCH', '0'],
    ] as const)('sends %s without a body', async (method, length) => {
      const server = kept(await startHttp((_, response) => response.writeHead(204).end()));
      const { http } = setUp();
      const reply = await http.send({ method, url: `${server.origin}/x` });
      expect([reply.status, reply.body]).toEqual([204, '']);
      expect(server.seen.map((each) => [each.method, each.headers['content-length']])).toEqual([[method, length]]);
    });

    it('lets the caller choose accept and user-agent, never what belongs to the connection', async () => {
      const server = kept(await startHttp(ok));
      const { http } = setUp();
      await http.send({
        method: 'GET',
        url: server.origin,
        headers: { Accept: 'text/plain', 'User-Agent': 'other', Host: 'evil.example', 'Accept-Encoding': 'gzip', 'Content-Length': '7' },
      });
      expect(server.seen[0]?.headers).toMatchObject({
        accept: 'text/plain',
        'user-agent': 'other',
        host: `127.0.0.1:${server.port}`,
        'accept-encoding': 'identity',
      });
      expect(server.seen[0]?.headers).not.toHaveProperty('content-length');
    });

    it('drops a byte order mark and gives an error status as a reply', async () => {
      const server = kept(await startHttp((_, response) => response.writeHead(404).end('\ufeff{}')));
      const { http } = setUp();
      expect(await http.send({ method: 'GET', url: server.origin })).toMatchObject({ status: 404, body: '{}' });
    });

    it('reads the headers of a HEAD whose body would be too long or compressed', async () => {
      const server = kept(await startHttp((_, response) => response.writeHead(200, { 'content-length': '99999', 'content-encoding': 'gzip' }).end()));
      const { http } = setUp({ limits: { maxBytes: 10 } });
      expect(await http.send({ method: 'HEAD', url: server.origin })).toMatchObject({ status: 200, body: '', headers: { 'content-length': '99999' } });
    });

    it('skips informational replies', async () => {
      const server = kept(
        await startHttp((_, response) => {
          response.writeProcessing();
          response.end('done');
        }),
      );
      const { http } = setUp();
      expect(await http.send({ method: 'GET', url: server.origin })).toMatchObject({ status: 200, body: 'done' });
    });

    it('sends 40 requests at once and warns of nothing', async () => {
      const warnings: string[] = [];
      const note = (warning: Error): void => void warnings.push(warning.name);
      process.on('warning', note);
      const server = kept(await startHttp((_, response) => void setTimeout(() => response.end('ok'), 5)));
      const { http } = setUp();
      const replies = await Promise.all(Array.from({ length: 40 }, () => http.send({ method: 'GET', url: server.origin })));
      process.off('warning', note);
      expect(replies.map((each) => each.body)).toEqual(Array.from({ length: 40 }, () => 'ok'));
      expect(warnings).toEqual([]);
    });
  });

  describe('what is never sent', () => {
    it.each([
      ['http://api.example.test/v1', 'Plain http to api.example.test would send the credential unprotected.'],
      ['http://192.0.2.1:8080/', 'Plain http to 192.0.2.1:8080 would send the credential unprotected.'],
      ['ftp://127.0.0.1/', 'ftp: is not a protocol that is spoken here.'],
      ['file:///etc/passwd', 'file: is not a protocol that is spoken here.'],
      ['no address', 'The address of the request is not a URL.'],
      ['https://me:SECRET-7f3a@api.example.test/', 'The address at api.example.test holds a user name or a password.'],
    ])('refuses %s', async (url, detail) => {
      const { http, debug } = setUp();
      const failure = await failureOf(http.send({ method: 'GET', url }));
      expect([failure.code, failure.detail]).toEqual(['refused', detail]);
      expect(debug).toEqual([]);
    });

    it.each([['a line\r\nx: y'], ['a \u201cquoted\u201d value'], ['nul\u0000']])('refuses the header value %j without showing it', async (value) => {
      const server = kept(await startHttp(ok));
      const { http } = setUp();
      const failure = await failureOf(http.send({ method: 'GET', url: server.origin, headers: { Authorization: value } }));
      expect([failure.code, failure.detail]).toEqual(['usage', 'The header authorization holds characters that cannot be sent.']);
      expect(server.connections()).toBe(0);
    });

    it('refuses a header name that is none', async () => {
      const server = kept(await startHttp(ok));
      const { http } = setUp();
      expect((await failureOf(http.send({ method: 'GET', url: server.origin, headers: { 'a b': 'c' } }))).code).toBe('usage');
      expect(server.connections()).toBe(0);
    });
  });

  describe('the body limit', () => {
    it('takes a body of exactly the limit', async () => {
      const server = kept(await startHttp((_, response) => response.end('x'.repeat(100))));
      const { http } = setUp();
      expect((await http.send({ method: 'GET', url: server.origin, maxBytes: 100 })).body).toHaveLength(100);
    });

    it('refuses a longer one by its announced length, once, and closes the connection', async () => {
      const server = kept(await startHttp((_, response) => response.writeHead(200, { 'content-length': '101' }).write('x')));
      const { http } = setUp();
      const failure = await failureOf(http.send({ method: 'GET', url: server.origin, maxBytes: 100 }));
      expect([failure.code, failure.detail]).toEqual(['unexpected-answer', `The reply of 127.0.0.1:${server.port} is longer than 100 bytes.`]);
      await until(() => server.open.size === 0);
      expect(server.seen).toHaveLength(1);
    });

    it('stops an endless body soon after the limit, without holding it', async () => {
      const chunk = Buffer.alloc(16_384, 'x');
      let written = 0;
      const server = kept(
        await startHttp((_, response) => {
          const pour = (): void => {
            if (response.destroyed) return;
            written += chunk.length;
            if (response.write(chunk)) setImmediate(pour);
            else response.once('drain', pour);
          };
          pour();
        }),
      );
      const { http } = setUp();
      expect((await failureOf(http.send({ method: 'GET', url: server.origin }))).code).toBe('unexpected-answer');
      await until(() => server.open.size === 0);
      // 1 MB is the default limit; the rest is what sockets and streams of both sides hold.
      expect(written).toBeGreaterThan(1_000_000);
      expect(written).toBeLessThan(30_000_000);
    });

    it('refuses a compressed reply and closes the connection', async () => {
      const server = kept(await startHttp((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).write('zip')));
      const { http } = setUp();
      const failure = await failureOf(http.send({ method: 'GET', url: server.origin }));
      expect([failure.code, failure.detail]).toEqual([
        'unexpected-answer',
        `127.0.0.1:${server.port} sent a compressed reply although a plain one was asked for.`,
      ]);
      await until(() => server.open.size === 0);
    });
  });

  describe('retries', () => {
    it.each(['GET', 'HEAD', 'PUT', 'DELETE'] as const)('tries %s three times and then gives the error status as it is', async (method) => {
      const server = kept(await startHttp((_, response) => response.writeHead(503).end()));
      const { http, sleeps } = setUp();
      expect((await http.send({ method, url: server.origin })).status).toBe(503);
      expect(server.seen).toHaveLength(3);
      expect(sleeps).toEqual([300, 600]);
    });

    it.each([429, 502, 503, 504])('is cured of status %i by another try', async (status) => {
      const server = kept(await startHttp((_, response, nth) => response.writeHead(nth === 1 ? status : 200).end('now')));
      const { http } = setUp();
      expect(await http.send({ method: 'DELETE', url: server.origin })).toMatchObject({ status: 200, body: 'now' });
      expect(server.seen).toHaveLength(2);
    });

    it('gives a 429 back at once to whoever waits for more than this request, and is cured of all else', async () => {
      const server = kept(await startHttp((_, response, nth) => response.writeHead(nth === 1 ? 503 : 429, { 'retry-after': '1' }).end()));
      const { http } = setUp();
      expect((await http.send({ method: 'DELETE', url: server.origin, retry: 'except-429' })).status).toBe(429);
      expect(server.seen).toHaveLength(2);
    });

    it.each([400, 401, 404, 408, 500, 501])('does not repeat after status %i', async (status) => {
      const server = kept(await startHttp((_, response) => response.writeHead(status).end()));
      const { http } = setUp();
      expect((await http.send({ method: 'GET', url: server.origin })).status).toBe(status);
      expect(server.seen).toHaveLength(1);
    });

    it.each([
      ['POST', 'idempotent'],
      ['PATCH', 'idempotent'],
      ['GET', 'never'],
      ['DELETE', 'never'],
    ] as const)('sends %s with retry %s once, whatever happens', async (method, retry) => {
      const busy = kept(await startHttp((_, response) => response.writeHead(503, { 'retry-after': '0' }).end()));
      const cut = kept(await startHttp((_, response) => response.socket?.destroy()));
      const { http, sleeps } = setUp();
      expect((await http.send({ method, url: busy.origin, retry })).status).toBe(503);
      expect((await failureOf(http.send({ method, url: cut.origin, retry }))).code).toBe('unreachable');
      expect([busy.seen.length, cut.seen.length, sleeps]).toEqual([1, 1, []]);
    });

    it('tries a cut connection three times, then says so', async () => {
      const server = kept(await startHttp((_, response) => response.socket?.destroy()));
      const { http } = setUp();
      const failure = await failureOf(http.send({ method: 'GET', url: server.origin }));
      expect([failure.code, failure.detail]).toEqual(['unreachable', `127.0.0.1:${server.port}: the connection was cut (ECONNRESET).`]);
      expect(failure.hint).toContain('HTTPS_PROXY');
      expect(server.seen).toHaveLength(3);
    });

    it.each([
      ['by length', { 'content-length': '100' }],
      ['in chunks', { 'transfer-encoding': 'chunked' }],
    ])('tries half a body (%s) three times, then says that it was cut off', async (_, headers) => {
      const server = kept(
        await startHttp((__, response) => {
          response.writeHead(200, headers);
          response.write('{"half":', () => response.socket?.destroy());
        }),
      );
      const { http } = setUp();
      const failure = await failureOf(http.send({ method: 'GET', url: server.origin }));
      expect([failure.code, failure.detail]).toEqual(['unexpected-answer', `The reply of 127.0.0.1:${server.port} was cut off before its end.`]);
      expect(server.seen).toHaveLength(3);
    });

    it('gets a whole body after half of one', async () => {
      const server = kept(
        await startHttp((_, response, nth) => {
          if (nth === 2) response.end('whole');
          else response.writeHead(200, { 'content-length': '100' }).write('half', () => response.socket?.destroy());
        }),
      );
      const { http } = setUp();
      expect((await http.send({ method: 'GET', url: server.origin })).body).toBe('whole');
    });

    it('says who refused the connection', async () => {
      const port = await closedPort();
      const { http, sleeps } = setUp();
      const failure = await failureOf(http.send({ method: 'GET', url: `http://127.0.0.1:${port}/` }));
      expect([failure.code, failure.detail]).toEqual(['unreachable', `127.0.0.1:${port}: nothing accepts connections there (ECONNREFUSED).`]);
      expect(sleeps).toEqual([300, 600]);
    });

    it('does not ask twice for a name that does not exist', async () => {
      const { http, sleeps } = setUp();
      // RFC 6761: a resolver answers `.invalid` by itself. Without any resolver the code is EAI_AGAIN.
      const failure = await failureOf(http.send({ method: 'GET', url: 'https://nowhere.invalid/' }));
      expect(failure.code).toBe('unreachable');
      expect(failure.detail).toMatch(/^nowhere\.invalid: the name (is not known \(ENOTFOUND\)|could not be looked up \(EAI_AGAIN\))\.$/);
      expect(sleeps).toEqual(failure.detail.includes('ENOTFOUND') ? [] : [300, 600]);
    });

    it('says that what answers does not speak HTTP', async () => {
      const server = kept(await startTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
      const { http } = setUp();
      const failure = await failureOf(http.send({ method: 'GET', url: server.origin }));
      expect([failure.code, failure.detail]).toEqual(['unexpected-answer', `127.0.0.1:${server.port} did not answer in HTTP.`]);
      expect(server.connections()).toBe(1);
    });

    it.each([
      ['to another protocol', 'Upgrade: websocket\r\nConnection: Upgrade\r\n'],
      ['to none', ''],
    ])('refuses a change of protocol %s', async (_to, headers) => {
      const server = kept(await startTcp((socket) => socket.on('data', () => socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers}\r\n`))));
      const { http } = setUp();
      const failure = await failureOf(http.send({ method: 'GET', url: `${server.origin}/x` }));
      expect(failure.code).toBe('unexpected-answer');
      expect(server.connections()).toBe(1);
    });

    it('refuses a status that does not exist', async () => {
      const server = kept(await startTcp((socket) => socket.once('data', () => socket.end('HTTP/1.1 799 Odd\r\ncontent-length: 0\r\n\r\n'))));
      const { http } = setUp();
      expect((await failureOf(http.send({ method: 'GET', url: server.origin }))).code).toBe('unexpected-answer');
    });
  });

  describe('Retry-After', () => {
    async function tryWith(header: Record<string, string>, request: Partial<HttpRequest> = {}): Promise<{ status: number; tries: number; sleeps: number[] }> {
      const server = kept(await startHttp((_, response, nth) => response.writeHead(nth === 1 ? 429 : 200, nth === 1 ? header : {}).end()));
      const { http, sleeps } = setUp();
      const reply = await http.send({ method: 'GET', url: server.origin, ...request });
      return { status: reply.status, tries: server.seen.length, sleeps };
    }

    it.each([
      ['seconds', '7', [7000]],
      ['no time', '0', [0]],
      ['an HTTP date', new Date(START + 5000).toUTCString(), [5000]],
      ['an HTTP date of asctime', 'Thu Jan  1 00:00:05 2026', [5000]],
      ['a date that has passed', new Date(START - 60_000).toUTCString(), [0]],
      ['words', 'soon', [300]],
      ['a negative number', '-5', [300]],
    ])('waits as told by %s', async (_, value, sleeps) => {
      expect(await tryWith({ 'retry-after': value })).toEqual({ status: 200, tries: 2, sleeps });
    });

    it('backs off by itself where there is none', async () => {
      expect(await tryWith({})).toEqual({ status: 200, tries: 2, sleeps: [300] });
    });

    it.each([
      ['seconds', '31'],
      ['a date', new Date(START + 3_600_000).toUTCString()],
    ])('gives the reply at once where %s would take longer than there is time', async (_, value) => {
      expect(await tryWith({ 'retry-after': value })).toEqual({ status: 429, tries: 1, sleeps: [] });
    });

    it('measures it against the time that is left, not the whole', async () => {
      const server = kept(await startHttp((_, response) => response.writeHead(503, { 'retry-after': '6' }).end()));
      const { http, sleeps } = setUp();
      expect((await http.send({ method: 'GET', url: server.origin, totalMs: 10_000 })).status).toBe(503);
      expect([server.seen.length, sleeps]).toEqual([2, [6000]]);
    });
  });

  describe('time and interruption', () => {
    it.each([
      ['does not answer', never],
      ['trickles its body', (_, response) => void response.writeHead(200).write('x')],
    ] satisfies Array<[string, Answer]>)('ends when the whole time is up and the server %s', async (_, answer) => {
      const server = kept(await startHttp(answer));
      const { http } = setUp();
      const failure = await failureOf(http.send({ method: 'GET', url: server.origin, totalMs: 150 }));
      expect([failure.code, failure.detail]).toEqual(['timed-out', `127.0.0.1:${server.port} did not answer within 150 ms.`]);
      await until(() => server.open.size === 0);
      expect(server.seen.length).toBeLessThan(2);
    });

    it('has a default for the whole time', async () => {
      const server = kept(await startHttp(never));
      const { http } = setUp({ limits: { totalMs: 120 } });
      expect((await failureOf(http.send({ method: 'POST', url: server.origin }))).code).toBe('timed-out');
    });

    it('ends a connection that does not come about', async () => {
      // A server that never takes part in the TLS handshake.
      const server = kept(await startTcp((socket) => void socket.resume()));
      const { http } = setUp({ limits: { connectMs: 80 } });
      const failure = await failureOf(http.send({ method: 'POST', url: `https://127.0.0.1:${server.port}/` }));
      expect([failure.code, failure.detail]).toEqual(['timed-out', `127.0.0.1:${server.port}: no connection within 80 ms.`]);
      await until(() => server.open.size === 0);
      expect(server.connections()).toBeLessThan(2);
    });

    it('counts connections into the whole time', async () => {
      const server = kept(await startTcp((socket) => void socket.resume()));
      const { http } = setUp();
      const failure = await failureOf(http.send({ method: 'GET', url: `https://127.0.0.1:${server.port}/`, totalMs: 80 }));
      expect([failure.code, failure.detail]).toEqual(['timed-out', `127.0.0.1:${server.port} did not answer within 80 ms.`]);
      await http.close();
      await until(() => server.open.size === 0);
    });

    it('is cancelled by Ctrl-C while the server thinks', async () => {
      const server = kept(await startHttp(never));
      const { http, interrupt } = setUp();
      const failing = failureOf(http.send({ method: 'GET', url: server.origin }));
      await until(() => server.seen.length === 1);
      interrupt.abort();
      const failure = await failing;
      expect([failure.code, failure.detail]).toEqual(['cancelled', `The request to 127.0.0.1:${server.port} was interrupted.`]);
      await until(() => server.open.size === 0);
      expect(server.seen).toHaveLength(1);
    });

    it('is cancelled while it waits to try again', async () => {
      const server = kept(await startHttp((_, response) => response.writeHead(503).end()));
      const { http, interrupt, sleeps } = setUp({
        sleep: async (__, signal) => {
          await new Promise((___, reject) => {
            if (signal !== undefined) watch(signal, () => reject(signal.reason));
          });
        },
      });
      const failing = failureOf(http.send({ method: 'GET', url: server.origin }));
      await until(() => sleeps.length === 1);
      interrupt.abort();
      expect((await failing).code).toBe('cancelled');
      expect(server.seen).toHaveLength(1);
    });

    it('is not cut by Ctrl-C where it is told to wait, and still ends when the time is up', async () => {
      const server = kept(
        await startHttp((seen, response) => {
          if (seen.path === '/never') return;
          interrupt.abort();
          setTimeout(() => response.end('the only copy'), 20);
        }),
      );
      const { http, interrupt } = setUp();
      expect((await http.send({ method: 'POST', url: server.origin, onInterrupt: 'waits' })).body).toBe('the only copy');
      expect((await failureOf(http.send({ method: 'POST', url: `${server.origin}/never`, onInterrupt: 'waits', totalMs: 100 }))).code).toBe('timed-out');
    });

    it('is cancelled before it begins', async () => {
      const server = kept(await startHttp(ok));
      const { http, interrupt } = setUp();
      interrupt.abort();
      expect((await failureOf(http.send({ method: 'GET', url: server.origin }))).code).toBe('cancelled');
      // A connection that was begun all the same would be counted before this one.
      await setUp().http.send({ method: 'GET', url: server.origin });
      expect(server.connections()).toBe(1);
    });

    it("listens to the request's own signal, and tells a time limit from a cancellation", async () => {
      const server = kept(await startHttp(never));
      const { http } = setUp();
      const controller = new AbortController();
      const failing = failureOf(http.send({ method: 'GET', url: server.origin, signal: controller.signal }));
      await until(() => server.seen.length === 1);
      controller.abort();
      expect((await failing).code).toBe('cancelled');
      expect((await failureOf(http.send({ method: 'GET', url: server.origin, signal: AbortSignal.timeout(60) }))).code).toBe('timed-out');
    });
  });

  describe('redirects', () => {
    it.each([
      ['GET', 301],
      ['GET', 302],
      ['HEAD', 303],
      ['GET', 307],
      ['HEAD', 308],
    ] as const)('follows %s %i within the origin', async (method, status) => {
      const server = kept(
        await startHttp((seen, response) => (seen.path === '/old' ? response.writeHead(status, { location: '/new?x=1#there' }).end() : response.end())),
      );
      const { http } = setUp();
      expect((await http.send({ method, url: `${server.origin}/old`, headers: { authorization: 'Bearer t' } })).status).toBe(200);
      expect(server.seen.map((each) => [each.method, each.path, each.headers.authorization])).toEqual([
        [method, '/old', 'Bearer t'],
        [method, '/new?x=1', 'Bearer t'],
      ]);
    });

    it.each(['GET', 'POST'] as const)('does not follow %s to another origin, and names it', async (method) => {
      const other = kept(await startHttp(ok));
      const server = kept(await startHttp((_, response) => response.writeHead(307, { location: `${other.origin}/take?token=SECRET-7f3a` }).end()));
      const { http } = setUp();
      const failure = await failureOf(http.send({ method, url: server.origin, headers: { authorization: 'Bearer t' } }));
      expect([failure.code, failure.detail]).toEqual(['unexpected-answer', `127.0.0.1:${server.port} redirected to ${other.origin}; nothing was sent there.`]);
      expect([server.seen.length, other.connections()]).toEqual([1, 0]);
    });

    it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('does not follow %s at all', async (method) => {
      const server = kept(await startHttp((_, response) => response.writeHead(303, { location: '/elsewhere' }).end()));
      const { http } = setUp();
      const failure = await failureOf(http.send({ method, url: server.origin }));
      expect([failure.code, failure.detail]).toEqual([
        'unexpected-answer',
        `127.0.0.1:${server.port} redirected to another path of ${server.origin} after ${method}; nothing was sent there.`,
      ]);
      expect(server.seen).toHaveLength(1);
    });

    it.each([
      ['https://127.0.0.1:1/', 'https://127.0.0.1:1'],
      ['javascript:alert(1)', 'an address of the kind javascript:'],
      ['http://[', 'an address that cannot be read'],
    ])('does not follow to %s', async (location, named) => {
      const server = kept(await startHttp((_, response) => response.writeHead(302, { location }).end()));
      const { http } = setUp();
      expect((await failureOf(http.send({ method: 'GET', url: server.origin }))).detail).toBe(
        `127.0.0.1:${server.port} redirected to ${named}; nothing was sent there.`,
      );
    });

    it('does not follow to a user name', async () => {
      const server = kept(await startHttp((_, response) => response.writeHead(302, { location: `http://me@127.0.0.1:${server.port}/` }).end()));
      const { http } = setUp();
      expect((await failureOf(http.send({ method: 'GET', url: server.origin }))).code).toBe('unexpected-answer');
      expect(server.seen).toHaveLength(1);
    });

    it('gives up after five', async () => {
      const server = kept(await startHttp((_, response) => response.writeHead(302, { location: '/round' }).end()));
      const { http } = setUp();
      const failure = await failureOf(http.send({ method: 'GET', url: server.origin }));
      expect([failure.code, failure.detail]).toEqual(['unexpected-answer', `127.0.0.1:${server.port} redirected more than 5 times.`]);
      expect(server.seen).toHaveLength(6);
    });

    it('gives a redirect without a location, and 304, as they are', async () => {
      const server = kept(await startHttp((seen, response) => response.writeHead(seen.path === '/a' ? 302 : 304).end()));
      const { http } = setUp();
      expect((await http.send({ method: 'GET', url: `${server.origin}/a` })).status).toBe(302);
      expect((await http.send({ method: 'GET', url: `${server.origin}/b` })).status).toBe(304);
    });
  });

  it('tells one debug line a try, and no secret in it', async () => {
    const server = kept(
      await startHttp((_, response, nth) => (nth === 1 ? response.socket?.destroy() : response.writeHead(nth === 2 ? 503 : 200).end('SECRET-7f3a'))),
    );
    const { http, debug } = setUp();
    await http.send({
      method: 'PUT',
      url: `${server.origin}/v1/keys/k1?token=SECRET-7f3a`,
      headers: { authorization: 'Bearer SECRET-7f3a' },
      body: 'SECRET-7f3a',
    });
    const place = `http: PUT ${server.origin}/v1/keys/k1?...`;
    expect(debug).toEqual([`${place} ECONNRESET 0 ms`, `${place} 503 0 ms`, `${place} 200 0 ms`]);
  });

  it('opens nothing that outlives close', async () => {
    const server = kept(await startHttp(ok));
    const { http } = setUp();
    await http.send({ method: 'GET', url: server.origin });
    await http.send({ method: 'POST', url: server.origin });
    await http.close();
    await until(() => server.open.size === 0);
    expect(server.seen.map((each) => each.method)).toEqual(['GET', 'POST']);
  });
});
