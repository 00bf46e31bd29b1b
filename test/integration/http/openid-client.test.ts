import * as client from 'openid-client';
import { afterEach, describe, expect, it } from 'vitest';
import { asFetch, failureBehind } from '../../../src/oauth/as-fetch.ts';
import { type Answer, closedPort, type RunningServer, startHttp } from './servers.ts';
import { ENGINES, testWorld } from './worlds.ts';

const cleanups: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A server whose metadata is right; `answer` has the rest. */
async function authority(answer: Answer): Promise<
  RunningServer & {
    readonly seen: ReadonlyArray<{
      readonly method: string;
      readonly path: string;
      readonly body: string;
      readonly headers: Readonly<Record<string, unknown>>;
    }>;
  }
> {
  const server = await startHttp((seen, response, nth) => {
    if (!seen.path.startsWith('/.well-known/')) {
      answer(seen, response, nth);
      return;
    }
    const issuer = `http://${seen.headers.host}`;
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ issuer, token_endpoint: `${issuer}/token`, authorization_endpoint: `${issuer}/authorize` }));
  });
  cleanups.push(server.stop);
  return server;
}

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => new Error('It did not fail.'),
    (thrown: unknown) => thrown,
  );
}

describe.each(ENGINES)('openid-client over our Http, engine %s', (_engine, create) => {
  async function discover(origin: string): Promise<client.Configuration> {
    const http = create(testWorld().world);
    cleanups.push(() => http.close());
    return await client.discovery(new URL(origin), 'cli', undefined, client.None(), {
      algorithm: 'oauth2',
      [client.customFetch]: asFetch(http),
      execute: [client.allowInsecureRequests],
    });
  }

  it('refreshes with a form as the body', async () => {
    const server = await authority((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"access_token":"a2","token_type":"bearer","expires_in":60}'),
    );
    const tokens = await client.refreshTokenGrant(await discover(server.origin), 'r1');
    expect(tokens.access_token).toBe('a2');
    const sent = server.seen.at(-1);
    expect([sent?.method, sent?.path, [...new URLSearchParams(sent?.body)].sort()]).toEqual([
      'POST',
      '/token',
      [
        ['client_id', 'cli'],
        ['grant_type', 'refresh_token'],
        ['refresh_token', 'r1'],
      ],
    ]);
    expect(sent?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
  });

  it.each([
    ['is cut', 'unreachable', (_: unknown, response: Parameters<Answer>[1]) => void response.socket?.destroy()],
    [
      'is redirected elsewhere',
      'unexpected-answer',
      (_: unknown, response: Parameters<Answer>[1]) => void response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    ],
    ['is answered with too much', 'unexpected-answer', (_: unknown, response: Parameters<Answer>[1]) => void response.end('x'.repeat(1_000_001))],
  ])('sends a refresh once and gives our failure when it %s', async (_, code, answer) => {
    const server = await authority(answer);
    const thrown = await thrownBy(client.refreshTokenGrant(await discover(server.origin), 'r1'));
    expect(failureBehind(thrown)?.code).toBe(code);
    expect(server.seen.filter((each) => each.method === 'POST')).toHaveLength(1);
  });

  it('gives an OAuth error as openid-client reads it, with no failure of ours behind it', async () => {
    const server = await authority((_, response) => response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}'));
    const thrown = await thrownBy(client.refreshTokenGrant(await discover(server.origin), 'r1'));
    expect([thrown instanceof client.ResponseBodyError && thrown.error, failureBehind(thrown)]).toEqual(['invalid_grant', undefined]);
  });

  it('gives our failure when discovery finds nobody', async () => {
    const thrown = await thrownBy(discover(`http://127.0.0.1:${await closedPort()}`));
    expect(failureBehind(thrown)?.code).toBe('unreachable');
  });
});
