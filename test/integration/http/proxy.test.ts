import { afterEach, describe, expect, it } from 'vitest';
import { type ProxyManner, type RunningProxy, startProxy } from './proxies.ts';
import { closedPort, startHttp } from './servers.ts';
import { ENGINES, failureOf, testWorld } from './worlds.ts';

const cleanups: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function proxy(manner: ProxyManner): Promise<RunningProxy> {
  const running = await startProxy(manner);
  cleanups.push(running.stop);
  return running;
}

const URL_BEHIND = 'https://api.example.test/v1/keys?token=SECRET-7f3a';

describe.each(ENGINES)('a proxy, engine %s', (_engine, create) => {
  function http(env: Record<string, string>, limits = {}): ReturnType<typeof testWorld> & { http: ReturnType<typeof create> } {
    const made = testWorld({ env, limits });
    const built = create(made.world);
    cleanups.push(() => built.close());
    return { ...made, http: built };
  }

  it('that hangs up is asked three times and named', async () => {
    const running = await proxy({ kind: 'hang-up' });
    const { http: sender, debug } = http({ HTTPS_PROXY: `http://me:SECRET-7f3a@127.0.0.1:${running.port}` });
    const failure = await failureOf(sender.send({ method: 'GET', url: URL_BEHIND }));
    expect([failure.code, failure.detail]).toEqual(['unreachable', `The proxy 127.0.0.1:${running.port}: the connection was cut (ECONNRESET).`]);
    const credentials = `Basic ${Buffer.from('me:SECRET-7f3a').toString('base64')}`;
    expect(running.asked).toEqual(Array.from({ length: 3 }, () => ['api.example.test:443', credentials]));
    expect(debug).toEqual(Array.from({ length: 3 }, () => `http: GET https://api.example.test/v1/keys?... (proxy 127.0.0.1:${running.port}) ECONNRESET 0 ms`));
    expect(JSON.stringify([failure, failure.message, failure.hint])).not.toContain('SECRET-7f3a');
  });

  it('that hangs up on a POST is asked once', async () => {
    const running = await proxy({ kind: 'hang-up' });
    const { http: sender } = http({ https_proxy: `http://127.0.0.1:${running.port}` });
    expect((await failureOf(sender.send({ method: 'POST', url: URL_BEHIND }))).code).toBe('unreachable');
    expect(running.asked).toHaveLength(1);
  });

  it.each([
    ['asks for a user name', '', 'asks for a user name and a password (407).'],
    ['declines the one given', 'me:wrong%20SECRET-7f3a@', 'does not accept the user name and password of HTTPS_PROXY (407).'],
  ])('that %s is told so, once', async (_, user, words) => {
    const running = await proxy({
      kind: 'answer',
      text: 'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n',
    });
    const { http: sender } = http({ HTTPS_PROXY: `http://${user}127.0.0.1:${running.port}` });
    const failure = await failureOf(sender.send({ method: 'GET', url: URL_BEHIND }));
    expect([failure.code, failure.detail]).toEqual(['unreachable', `The proxy 127.0.0.1:${running.port} ${words}`]);
    expect(running.asked).toHaveLength(1);
  });

  it.each([
    [502, 3],
    [503, 3],
    [403, 1],
  ])('that answers %i is asked %i times', async (status, times) => {
    const running = await proxy({ kind: 'answer', text: `HTTP/1.1 ${status} No\r\ncontent-length: 2\r\n\r\nno` });
    const { http: sender } = http({ HTTPS_PROXY: `127.0.0.1:${running.port}` });
    const failure = await failureOf(sender.send({ method: 'GET', url: URL_BEHIND }));
    expect([failure.code, failure.detail]).toEqual([
      'unreachable',
      `The proxy 127.0.0.1:${running.port} answered ${status} when asked for api.example.test:443.`,
    ]);
    expect(running.asked).toHaveLength(times);
  });

  it('that says nothing meets the limit of connections', async () => {
    const running = await proxy({ kind: 'silent' });
    const { http: sender } = http({ ALL_PROXY: `http://127.0.0.1:${running.port}` }, { connectMs: 80 });
    const failure = await failureOf(sender.send({ method: 'POST', url: URL_BEHIND }));
    expect([failure.code, failure.detail]).toEqual(['timed-out', `The proxy 127.0.0.1:${running.port}: no connection within 80 ms.`]);
  });

  it('that says nothing meets the whole time', async () => {
    const running = await proxy({ kind: 'silent' });
    const { http: sender } = http({ HTTPS_PROXY: `http://127.0.0.1:${running.port}` });
    const failure = await failureOf(sender.send({ method: 'GET', url: URL_BEHIND, totalMs: 80 }));
    expect([failure.code, failure.detail]).toEqual(['timed-out', `api.example.test did not answer through the proxy 127.0.0.1:${running.port} within 80 ms.`]);
  });

  it('that speaks no TLS although its URL says so is named', async () => {
    const running = await proxy({ kind: 'silent' });
    const { http: sender } = http({ HTTPS_PROXY: `https://127.0.0.1:${running.port}` });
    const failure = await failureOf(sender.send({ method: 'GET', url: URL_BEHIND }));
    expect(failure.code).toBe('unreachable');
    expect(failure.detail).toMatch(new RegExp(`^The proxy 127\\.0\\.0\\.1:${running.port}: `));
    expect(running.asked).toEqual([]);
  });

  it('that is not there is named', async () => {
    const port = await closedPort();
    const { http: sender } = http({ HTTPS_PROXY: `http://127.0.0.1:${port}` });
    const failure = await failureOf(sender.send({ method: 'POST', url: URL_BEHIND }));
    expect([failure.code, failure.detail]).toEqual(['unreachable', `The proxy 127.0.0.1:${port}: nothing accepts connections there (ECONNREFUSED).`]);
  });

  it('that leads to something without TLS does not get the blame', async () => {
    const server = await startHttp((_, response) => response.end());
    cleanups.push(server.stop);
    const running = await proxy({ kind: 'lead', port: server.port });
    const { http: sender } = http({ HTTPS_PROXY: `http://127.0.0.1:${running.port}` });
    const failure = await failureOf(sender.send({ method: 'GET', url: URL_BEHIND }));
    expect(failure.code).toBe('unreachable');
    expect(failure.detail).toMatch(/^api\.example\.test: /);
  });

  it('never sees a request to loopback', async () => {
    const server = await startHttp((_, response) => response.end('direct'));
    cleanups.push(server.stop);
    const running = await proxy({ kind: 'hang-up' });
    const value = `http://127.0.0.1:${running.port}`;
    const { http: sender } = http({ HTTPS_PROXY: value, HTTP_PROXY: value, http_proxy: value, ALL_PROXY: value });
    expect((await sender.send({ method: 'GET', url: server.origin })).body).toBe('direct');
    expect((await sender.send({ method: 'GET', url: `http://localhost:${server.port}` })).body).toBe('direct');
    expect([running.asked, running.plain]).toEqual([[], []]);
  });

  it('never sees a host that NO_PROXY names', async () => {
    const running = await proxy({ kind: 'hang-up' });
    const { http: sender } = http({ HTTPS_PROXY: `http://127.0.0.1:${running.port}`, NO_PROXY: 'nowhere.invalid' });
    const failure = await failureOf(sender.send({ method: 'POST', url: 'https://nowhere.invalid/' }));
    expect(failure.detail).toMatch(/^nowhere\.invalid: the name /);
    expect(running.asked).toEqual([]);
  });

  it('of an unknown kind is a usage failure that hides its password', async () => {
    const { http: sender } = http({ HTTPS_PROXY: 'socks5://me:SECRET-7f3a@127.0.0.1:1' });
    const failure = await failureOf(sender.send({ method: 'GET', url: URL_BEHIND }));
    expect([failure.code, failure.detail]).toEqual(['usage', 'HTTPS_PROXY does not name a proxy that can be used.']);
  });
});
