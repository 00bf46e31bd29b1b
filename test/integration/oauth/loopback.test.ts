import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listenOnLoopback, type LoopbackListener } from '../../../src/oauth/loopback.ts';
import { PAGES } from '../../../src/oauth/pages.ts';
import { ask } from '../backend/running.ts';

async function listening(): Promise<{
  readonly listener: LoopbackListener;
  readonly origin: string;
  readonly strangers: () => number;
  readonly wait: (signal?: AbortSignal) => ReturnType<LoopbackListener['callback']>;
}> {
  const listener = await listenOnLoopback();
  onTestFinished(() => listener.close());
  let strangers = 0;
  return {
    listener,
    origin: new URL(listener.redirectUri).origin,
    strangers: () => strangers,
    wait: (signal = new AbortController().signal) => listener.callback('the-state', signal, () => (strangers += 1)),
  };
}

describe('the loopback listener', () => {
  it('listens on 127.0.0.1 by number, on a port of its own', async () => {
    const [one, other] = [await listening(), await listening()];
    expect(one.listener.redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:[0-9]+\/callback$/);
    expect(one.origin).not.toBe(other.origin);
  });

  it('listens on the port that is asked for, and is refused where another program has it', async () => {
    const first = await listening();
    const port = Number(new URL(first.origin).port);
    await expect(listenOnLoopback(port)).rejects.toMatchObject({ code: 'refused', detail: expect.stringContaining(`port ${port}`) });
    await first.listener.close();
    const again = await listenOnLoopback(port);
    onTestFinished(() => again.close());
    expect(again.redirectUri).toBe(`http://127.0.0.1:${port}/callback`);
  });

  it('hands over the redirect with our state, and its browser gets the page that it is given', async () => {
    const { origin, wait } = await listening();
    const waiting = wait();
    const seen = ask(origin, '/callback?code=c%20d&state=the-state&iss=x');
    const { url, answer } = await waiting;
    expect(Object.fromEntries(url.searchParams)).toEqual({ code: 'c d', state: 'the-state', iss: 'x' });
    await answer(PAGES.denied);
    const { status, text, headers } = await seen;
    expect([status, text.includes('<h1>The sign-in was declined</h1>')]).toEqual([200, true]);
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; form-action 'none'; base-uri 'none'; frame-ancestors 'none'$/,
      ),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      connection: 'close',
    });
    expect(text).not.toMatch(/<script|src=|href=/);
  });

  it.each([
    ['another state', '/callback?code=c&state=other', {}, 400, 1],
    ['no state', '/callback?code=c', {}, 400, 1],
    ['two states', '/callback?state=the-state&state=the-state', {}, 400, 1],
    ['another method', '/callback?state=the-state', { method: 'POST' }, 400, 1],
    ['HEAD', '/callback?state=the-state', { method: 'HEAD' }, 400, 1],
    ['another host', '/callback?state=the-state', { headers: { host: 'evil.example' } }, 400, 0],
    ['a name for this machine', '/callback?state=the-state', { headers: { host: 'localhost' } }, 400, 0],
    ['a favicon', '/favicon.ico', {}, 404, 0],
    ['another path with our state', '/callback/?state=the-state', {}, 404, 0],
    ['the root', '/', {}, 404, 0],
    ['an address that leads elsewhere', 'http://evil.example/callback?state=the-state', {}, 400, 0],
  ])('turns away %s and waits on', async (_title, path, more, status, strangers) => {
    const { origin, wait, strangers: counted } = await listening();
    const waiting = wait();
    expect((await ask(origin, path, more)).status).toBe(status);
    expect(counted()).toBe(strangers);
    const seen = ask(origin, '/callback?code=c&state=the-state');
    await (await waiting).answer(PAGES.done);
    expect((await seen).status).toBe(200);
  });

  it('takes one redirect only', async () => {
    const { origin, wait } = await listening();
    const waiting = wait();
    const first = ask(origin, '/callback?code=one&state=the-state');
    const callback = await waiting;
    expect((await ask(origin, '/callback?code=two&state=the-state')).status).toBe(400);
    await callback.answer(PAGES.done);
    expect([(await first).status, callback.url.searchParams.get('code')]).toEqual([200, 'one']);
  });

  it('turns away everything while nobody waits', async () => {
    const { origin } = await listening();
    expect((await ask(origin, '/callback?code=c&state=the-state')).status).toBe(400);
  });

  it('ends the wait with the reason of its signal, before and after it began', async () => {
    const { wait } = await listening();
    const controller = new AbortController();
    const waiting = wait(controller.signal);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(wait(controller.signal)).rejects.toThrow('enough');
  });

  it('does not wait for a browser that has gone away', async () => {
    const { origin, wait } = await listening();
    const waiting = wait();
    const { hostname, port } = new URL(origin);
    const socket = connect(Number(port), hostname);
    socket.write(`GET /callback?code=c&state=the-state HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`);
    const callback = await waiting;
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.destroy();
    });
    // The listener learns of it a moment later.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await callback.answer(PAGES.done);
    expect(callback.url.searchParams.get('code')).toBe('c');
  });

  it('frees its port, also while a browser keeps a connection open', async () => {
    const { listener, origin } = await listening();
    const { hostname, port } = new URL(origin);
    const idle = connect(Number(port), hostname);
    idle.on('error', () => undefined);
    await new Promise<void>((resolve) => void idle.once('connect', () => resolve()));
    await listener.close();
    await expect(fetch(origin)).rejects.toThrow('fetch failed');
  });
});
