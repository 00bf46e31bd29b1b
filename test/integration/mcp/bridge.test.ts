import { setTimeout as wait } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { Failure } from '../../../src/model/failure.ts';
import { keepKey, makeGrant, recordAt } from '../../support/mcp-grants.ts';
import { createMovingClock } from '../../support/moving-clock.ts';
import { ask, backends, makeKey } from '../backend/running.ts';
import { event, inEvents, inJson, playBridge, resultOf, scriptedServer, shakeHands, STATELESS, type Asked } from './running.ts';

const KEY = `mxk_${'ab'.repeat(32)}`;

describe('the bridge and the backend', () => {
  const start = backends();

  const connected = async (scopes?: readonly string[]) => {
    const { realm } = await start();
    const grant = await makeGrant(realm.origin, scopes);
    return { realm, grant, bridge: await playBridge(grant.record, grant.key) };
  };

  it.each(['2025-11-25', '2025-06-18'])('carry tools in a session of %s, which ends with the client', async (version) => {
    const { realm, bridge } = await connected();
    expect(await shakeHands(bridge, version)).toMatchObject({ result: { protocolVersion: version, serverInfo: { name: 'memax' } } });
    expect(await bridge.ask(1, 'tools/list')).toMatchObject({
      result: { tools: [{ name: 'list_memories' }, { name: 'add_memory' }, { name: 'delete_memory' }] },
    });
    expect(await bridge.ask(2, 'tools/call', { name: 'add_memory', arguments: { content: 'Forty-two.' } })).toMatchObject({
      result: { structuredContent: { id: expect.any(String) } },
    });
    expect(await bridge.ask(3, 'tools/call', { name: 'list_memories' })).toMatchObject({
      result: { structuredContent: { memories: [{ content: 'Forty-two.' }] } },
    });
    await bridge.leave();
    expect(realm.stats.count('mcp.end')).toBe(1);
  });

  it('carry tools without a session, with the headers that repeat the message', async () => {
    const { realm, bridge } = await connected(['read', 'write', 'delete']);
    expect(await bridge.ask(1, 'server/discover', STATELESS)).toMatchObject({ result: { supportedVersions: ['2026-07-28'] } });
    await bridge.ask(2, 'tools/list', STATELESS);
    const added = await bridge.ask(3, 'tools/call', { ...STATELESS, name: 'add_memory', arguments: { content: 'Forty-two.' } });
    expect(added).toMatchObject({ result: { resultType: 'complete' } });
    const [kept] = (added.result as { structuredContent: { id: string } }).structuredContent.id.split(' ');
    // Its schema wants the id in a header of its own, which the backend insists on.
    expect(await bridge.ask(4, 'tools/call', { ...STATELESS, name: 'delete_memory', arguments: { id: kept } })).toMatchObject({
      result: { content: [{ text: `Deleted ${kept}.` }] },
    });
    await bridge.leave();
    expect(realm.stats.count('mcp.listen')).toBe(0);
    expect(realm.stats.count('mcp.end')).toBe(0);
  });

  it('give events as they come: progress before the answer, and what the server says by itself', async () => {
    const { bridge } = await connected();
    await shakeHands(bridge);
    await bridge.ask(1, 'tools/call', { name: 'add_memory', arguments: { content: 'One.' }, _meta: { progressToken: 'p' } });
    await bridge.hear(({ method }) => method === 'notifications/message');
    const methods = bridge.said.map(({ id, method }) => method ?? id);
    expect(methods).toEqual(expect.arrayContaining(['notifications/progress', 'notifications/message']));
    expect(methods.indexOf('notifications/progress')).toBeLessThan(methods.indexOf(1));
  });

  it('say which scope is missing and how to get it', async () => {
    const { bridge } = await connected(['read']);
    await shakeHands(bridge);
    const refused = await bridge.ask(1, 'tools/call', { name: 'delete_memory', arguments: { id: 'x' } });
    expect(refused).toMatchObject({
      error: { message: expect.stringMatching(/lacks memory:delete.*keywright auth create-grant --agent test-agent --scope memory:delete/) },
    });
    expect(await bridge.ask(2, 'tools/list')).toMatchObject({ result: {} });
  });

  it('tell a client in the middle of its work that the grant was revoked, and go on when there is another key', async () => {
    const { realm, grant, bridge } = await connected();
    await shakeHands(bridge);
    expect(await bridge.ask(1, 'tools/list')).toMatchObject({ result: {} });
    await ask(realm.origin, `/v1/auth/api-keys/${grant.record.keyId}`, { method: 'DELETE', bearer: grant.bearer });
    for (const id of [2, 3]) {
      expect(await bridge.ask(id, 'tools/list')).toMatchObject({
        error: { message: expect.stringMatching(/revoked or expired.*Run: keywright setup --mcp/) },
      });
    }
    const next = await makeKey(realm.origin, grant.bearer, { name: 'next', scopes: ['read'] });
    await keepKey(bridge.store, grant.record, next.key);
    expect(await bridge.ask(4, 'tools/list')).toMatchObject({ result: {} });
    await bridge.leave();
    expect(JSON.stringify([bridge.said, bridge.warnings])).not.toContain('mxk_');
  });

  it('note that a grant is in use, at most once a minute', async () => {
    const { realm } = await start();
    const { record, key } = await makeGrant(realm.origin);
    const clock = createMovingClock();
    const marks: string[] = [];
    const grants = { find: async () => record, markUsed: async (id: string) => void marks.push(id) };
    const bridge = await playBridge(record, key, { clock, grants });
    await shakeHands(bridge);
    clock.advance(30_000);
    await bridge.ask(1, 'ping');
    expect(marks).toEqual([record.id]);
    clock.advance(60_000);
    await bridge.ask(2, 'ping');
    expect(marks).toEqual([record.id, record.id]);
  });

  it('leave the note where the record is read', async () => {
    const { bridge, grant } = await connected();
    expect(await bridge.grants.find(grant.record.id)).toMatchObject({ lastUsedAt: null });
    await shakeHands(bridge);
    await bridge.leave();
    const { lastUsedAt } = (await bridge.grants.find(grant.record.id)) ?? {};
    expect(Math.abs(Date.parse(lastUsedAt ?? '') - Date.now())).toBeLessThan(600_000);
    await bridge.grants.delete(grant.record.id);
    await bridge.grants.markUsed(grant.record.id, 0);
    await bridge.grants.write(grant.record);
    expect(await bridge.grants.find(grant.record.id)).toMatchObject({ lastUsedAt: null });
  });

  it('begin the session anew where the server has forgotten it', async () => {
    const { realm, bridge, grant } = await connected();
    await shakeHands(bridge);
    await bridge.ask(1, 'ping');
    const { headers } = await ask(realm.origin, '/mcp', {
      method: 'POST',
      bearer: grant.key,
      headers: { accept: 'application/json, text/event-stream' },
      body: { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25' } },
    });
    expect(headers['mcp-session-id']).toBeDefined();
    realm.faults.next('mcp.post', { kind: 'status', status: 404 });
    const answers = await Promise.all([bridge.ask(2, 'tools/list'), bridge.ask(3, 'tools/list')]);
    expect(answers).toMatchObject([{ result: {} }, { result: {} }]);
  });
});

describe('a bridge that has no key to give', () => {
  const problems: ReadonlyArray<readonly [string, Parameters<typeof playBridge>[2], RegExp]> = [
    ['an unknown grant', { grant: 'nobody' }, /no such grant on this machine.*Run: keywright setup --mcp/],
    ['another provider', { provider: 'minds' }, /another provider/],
    [
      'a locked keychain',
      {
        store: async () => ({
          read: () => Promise.reject(new Failure('keychain-locked', { detail: 'It is locked.', hint: 'Unlock it.' })),
        }),
      },
      /locked.*Unlock it/,
    ],
  ];

  it.each(problems)('answers each request with an error: %s', async (_name, changes, words) => {
    const server = await scriptedServer((asked) => inJson(asked, {}));
    const bridge = await playBridge(recordAt(server.origin), KEY, changes);
    expect(await bridge.ask(1, 'initialize', {})).toMatchObject({ error: { code: -32050, message: expect.stringMatching(words) } });
    expect(await bridge.ask('two', 'tools/list')).toMatchObject({ error: { message: expect.stringMatching(words) } });
    await bridge.leave();
    expect(server.asked).toEqual([]);
  });

  it('waits for a keychain that never answers for less than the five seconds that clients are known to wait', async () => {
    const clock = createMovingClock();
    let asked = false;
    const store = async () => {
      asked = true;
      return { read: () => new Promise<never>(() => undefined) };
    };
    const bridge = await playBridge(recordAt('https://mcp.example'), undefined, { store, clock });
    const answer = bridge.ask(1, 'initialize', {});
    while (!asked) await wait(5);
    clock.advance(4_900);
    expect(await answer).toMatchObject({ error: { message: expect.stringMatching(/did not answer in time.*Run: keywright doctor/) } });
  });

  it('sends nothing for an expired grant, and nothing to another origin that somebody wrote into the record', async () => {
    const server = await scriptedServer((asked) => inJson(asked, resultOf(1)));
    const other = await scriptedServer((asked) => inJson(asked, resultOf(1)));
    const expired = await playBridge({ ...recordAt(server.origin), expiresAt: '2020-01-01T00:00:00Z' }, KEY);
    expect(await expired.ask(1, 'ping')).toMatchObject({ error: { message: expect.stringContaining('expired at 2020-01-01') } });
    const record = recordAt(server.origin);
    const address = await playBridge({ ...record, mcpUrl: `${other.origin}/mcp` }, KEY);
    expect(await address.ask(1, 'ping')).toMatchObject({ error: { message: expect.stringContaining('another origin') } });
    const both = await playBridge(record, KEY);
    await both.grants.write({ ...record, origin: other.origin, mcpUrl: `${other.origin}/mcp` });
    expect(await both.ask(1, 'ping')).toMatchObject({ error: { message: expect.stringContaining('holds no key') } });
    const plain = await playBridge({ ...record, origin: 'http://mcp.example', mcpUrl: 'http://mcp.example/mcp' }, KEY);
    expect(await plain.ask(1, 'ping')).toMatchObject({ error: { message: expect.stringContaining('Plain http') } });
    expect([...server.asked, ...other.asked]).toEqual([]);
  });
});

describe('a bridge between a client and any server', () => {
  const connected = async (answer: (asked: Asked) => void) => {
    const server = await scriptedServer(answer);
    return { server, bridge: await playBridge(recordAt(server.origin), KEY) };
  };

  it('passes two hundred requests at once, in the order in which they are answered', async () => {
    const waiting: Asked[] = [];
    const { bridge } = await connected((asked) => {
      waiting.push(asked);
      if (waiting.length < 200) return;
      // The last one first, each after the one before has gone out.
      void (async () => {
        for (const each of waiting.toReversed()) {
          inJson(each, resultOf(each.message.id));
          await bridge.hear(({ id }) => id === each.message.id);
        }
      })();
    });
    for (let id = 0; id < 200; id += 1) bridge.say({ jsonrpc: '2.0', id, method: 'ping', params: STATELESS });
    await bridge.hear(() => bridge.said.length === 200);
    expect(bridge.said.map(({ id }) => id)).toEqual(waiting.map(({ message }) => message.id).toReversed());
  });

  it('holds messages back until the handshake is through', async () => {
    const { server, bridge } = await connected((asked) => {
      const { id, method } = asked.message;
      if (method === 'initialize') setTimeout(() => inJson(asked, resultOf(id, { protocolVersion: '2025-11-25' }), { 'mcp-session-id': 's1' }), 50);
      else if (asked.method === 'GET') asked.response.writeHead(405).end();
      else if (id === undefined) setTimeout(() => asked.response.writeHead(202).end(), 50);
      else inJson(asked, resultOf(id));
    });
    bridge.say({ jsonrpc: '2.0', id: 'init', method: 'initialize', params: {} });
    bridge.say({ jsonrpc: '2.0', method: 'notifications/initialized' });
    expect(await bridge.ask(1, 'tools/list')).toEqual(resultOf(1));
    const posts = server.asked.filter(({ method }) => method === 'POST');
    expect(posts.map(({ message, headers }) => [message.method, headers['mcp-session-id'], headers['mcp-protocol-version']])).toEqual([
      ['initialize', undefined, undefined],
      ['notifications/initialized', 's1', '2025-11-25'],
      ['tools/list', 's1', '2025-11-25'],
    ]);
  });

  it('cancels: the connection is closed, nothing is answered, and only a server with sessions is told', async () => {
    const { server, bridge } = await connected((asked) => {
      const { id, method } = asked.message;
      if (method === 'initialize') inJson(asked, resultOf(id, { protocolVersion: '2025-11-25' }));
      else if (id === undefined) asked.response.writeHead(asked.method === 'GET' ? 405 : 202).end();
      else if (method !== 'tools/call') inJson(asked, resultOf(id));
    });
    const call = async (id: number, params: object) => {
      const before = server.asked.length;
      bridge.say({ jsonrpc: '2.0', id, method: 'tools/call', params: { ...params, name: 'slow' } });
      while (server.asked.length === before) await wait(5);
      bridge.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
      await server.asked[before]?.closed;
      await bridge.ask(`after ${id}`, 'ping', params);
    };
    await call(1, STATELESS);
    expect(server.asked.filter(({ message }) => message.method === 'notifications/cancelled')).toEqual([]);
    await shakeHands(bridge);
    await call(2, {});
    await bridge.leave();
    expect(server.asked.filter(({ message }) => message.method === 'notifications/cancelled')).toMatchObject([{ message: { params: { requestId: 2 } } }]);
    expect(bridge.said.filter(({ id }) => id === 1 || id === 2)).toEqual([]);
  });

  it('carries requests of the server to the client, and the answers back, in the words of whoever sent them', async () => {
    const text = '{"jsonrpc":"2.0","id":"ask","method":"elicitation/create","params":{"n":12345678901234567890,"of":1.0}}';
    const open: Asked[] = [];
    const { server, bridge } = await connected((asked) => {
      const { id, method } = asked.message;
      if (method === 'initialize') inJson(asked, resultOf(id, { protocolVersion: '2025-11-25' }));
      else if (asked.method === 'GET') inEvents(asked, `data: ${text}\n\n`);
      else if (method === 'tools/call') {
        open.push(asked);
        inEvents(asked, ': nothing\r\n\r\n', event({ jsonrpc: '2.0', id: 'roots', method: 'roots/list' }).replace('"id"', '"id"\ndata:'));
      } else {
        asked.response.writeHead(202).end();
        if (id === 'roots') for (const each of open) each.response.end(event(resultOf(each.message.id)));
      }
    });
    await shakeHands(bridge);
    await bridge.hear(({ id }) => id === 'ask');
    bridge.say('{"jsonrpc":"2.0","id":"ask","result":{"big":98765432109876543210}}');
    bridge.say({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'x' } });
    await bridge.hear(({ method }) => method === 'roots/list');
    bridge.say({ jsonrpc: '2.0', id: 'roots', result: {} });
    await bridge.hear(({ id }) => id === 7);
    expect(server.asked.map(({ body }) => body)).toContain('{"jsonrpc":"2.0","id":"ask","result":{"big":98765432109876543210}}');
  });

  it('takes up a stream that breaks off after its last event', async () => {
    const { server, bridge } = await connected((asked) => {
      const { id, method } = asked.message;
      if (method === 'initialize') inJson(asked, resultOf(id, { protocolVersion: '2025-11-25' }));
      else if (method === 'tools/call') {
        inEvents(asked, 'retry: 10\nid: e1\ndata:\n\n', event({ jsonrpc: '2.0', method: 'notifications/progress' }, 'e2'));
        asked.response.end();
      } else if (asked.headers['last-event-id'] === 'e2') inEvents(asked, event(resultOf(1, { late: true }), 'e3'));
      else asked.response.writeHead(asked.method === 'GET' ? 405 : 202).end();
    });
    await shakeHands(bridge);
    expect(await bridge.ask(1, 'tools/call', { name: 'x' })).toEqual(resultOf(1, { late: true }));
    expect(server.asked.at(-1)).toMatchObject({ method: 'GET', headers: { authorization: `Bearer ${KEY}` } });
  });

  const ODD: ReadonlyArray<readonly [string, (asked: Asked) => void, RegExp]> = [
    ['a redirect', ({ response }) => response.writeHead(307, { location: 'https://elsewhere.example/' }).end(), /redirected.*nothing was sent there/],
    ['a web page', ({ response }) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>'), /neither in JSON nor/],
    ['no message', ({ response }) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"hello":1}'), /no message of JSON-RPC/],
    [
      'half a stream',
      ({ response }) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"jsonrpc":"2.0","method":"x"}\n\n'),
      /without an answer/,
    ],
    ['a cut connection', ({ response }) => response.destroy(), /no answer|cut|connection/],
    ['a limit', ({ response }) => response.writeHead(429, { 'retry-after': '7' }).end(), /Try again in 7 s/],
    ['the key itself', (asked) => inJson(asked, { error: { message: `bad ${KEY}` } }, {}, 400), /answered 400: bad \[secret\]/],
  ];

  it.each(ODD)('says what was wrong, and nothing else, where the server answers with %s', async (_name, answer, words) => {
    const { bridge } = await connected(answer);
    expect(await bridge.ask(1, 'ping')).toMatchObject({ error: { message: expect.stringMatching(words) } });
    expect(bridge.said.filter(({ jsonrpc }) => jsonrpc !== '2.0')).toEqual([]);
    expect(JSON.stringify(bridge.said)).not.toContain(KEY);
  });

  it('hides the key from the agent where a server repeats it in a result', async () => {
    const { bridge } = await connected((asked) => inJson(asked, resultOf(asked.message.id, { headers: asked.headers })));
    expect(await bridge.ask(1, 'ping')).toMatchObject({ result: { headers: { authorization: 'Bearer [secret]' } } });
  });

  it('passes an error of the server on as it is', async () => {
    const { bridge } = await connected((asked) =>
      inJson(asked, { jsonrpc: '2.0', id: 1, error: { code: -32022, message: 'No.', data: { supported: ['x'] } } }, {}, 400),
    );
    expect(await bridge.ask(1, 'ping')).toEqual({ jsonrpc: '2.0', id: 1, error: { code: -32022, message: 'No.', data: { supported: ['x'] } } });
  });

  it('answers what is no message, and lives on', async () => {
    const { bridge } = await connected((asked) => inJson(asked, resultOf(asked.message.id)));
    bridge.say('garbage');
    bridge.say('[]');
    bridge.say('{"jsonrpc":"2.0","id":5,"method":7}');
    bridge.say({ jsonrpc: '2.0', id: 9, method: 'ping', params: { long: 'x'.repeat(16_000_001) } });
    expect(await bridge.ask(1, 'ping')).toEqual(resultOf(1));
    expect(bridge.said.slice(0, 4)).toMatchObject([
      { id: null, error: { code: -32700 } },
      { id: null, error: { code: -32600 } },
      { id: 5, error: { code: -32600 } },
      { id: null, error: { code: -32600 } },
    ]);
  });

  it('answers what is under way when the client goes, and then ends', async () => {
    const { bridge } = await connected((asked) => void setTimeout(() => inJson(asked, resultOf(asked.message.id)), 100));
    bridge.say({ jsonrpc: '2.0', id: 1, method: 'ping' });
    await bridge.leave();
    expect(bridge.said).toEqual([resultOf(1)]);
  });

  it('does not wait for ever for a server when the client goes, nor for a subscription at all', async () => {
    const server = await scriptedServer(() => undefined);
    const clock = createMovingClock();
    const bridge = await playBridge(recordAt(server.origin), KEY, { clock });
    bridge.say({ jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params: STATELESS });
    while (server.asked.length < 1) await wait(5);
    await bridge.leave();
    const other = await playBridge(recordAt(server.origin), KEY, { clock });
    other.say({ jsonrpc: '2.0', id: 1, method: 'ping' });
    while (server.asked.length < 2) await wait(5);
    const leaving = other.leave();
    const ticking = setInterval(() => clock.advance(10_000), 20);
    await leaving;
    clearInterval(ticking);
    expect([...bridge.said, ...other.said]).toEqual([]);
  });

  it('slows the server where the client does not read', async () => {
    const line = event({ jsonrpc: '2.0', method: 'notifications/message', params: { text: 'x'.repeat(60_000) } });
    const ALL = 1_000;
    let sent = 0;
    const server = await scriptedServer((asked) => {
      inEvents(asked);
      const more = (): void => {
        for (let room = true; sent < ALL && room; sent += 1) room = asked.response.write(line);
        if (sent < ALL) asked.response.once('drain', more);
        else asked.response.end(event(resultOf(1)));
      };
      more();
    });
    let open: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (open = resolve));
    let lines = 0;
    const bridge = await playBridge(recordAt(server.origin), KEY, {
      write: async () => {
        await closed;
        lines += 1;
        return 'written';
      },
    });
    bridge.say({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'x' } });
    for (let before = -1; before !== sent;) {
      before = sent;
      await wait(300);
    }
    // 60 MB would have come; what is held up lies in the buffers of two sockets.
    expect(sent).toBeLessThan(ALL / 2);
    open();
    while (lines < ALL + 1) await wait(5);
    await bridge.leave();
    expect(lines).toBe(ALL + 1);
  });

  it('ends where nobody reads what it says', async () => {
    const server = await scriptedServer((asked) => inJson(asked, resultOf(asked.message.id)));
    const bridge = await playBridge(recordAt(server.origin), KEY, { write: async () => 'closed' });
    bridge.say({ jsonrpc: '2.0', id: 1, method: 'ping' });
    await bridge.ended;
    expect(server.asked).toHaveLength(1);
  });
});
