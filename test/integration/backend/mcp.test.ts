import { describe, expect, it } from 'vitest';

import { ask, backends, makeKey, quickToken, signIn, valueAt, type Ask } from './running.ts';

const ACCEPT = { accept: 'application/json, text/event-stream' };
const META = { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} } };
const MODERN = { ...ACCEPT, 'mcp-protocol-version': '2026-07-28' };

const rpc = (method: string, params: unknown = {}, id: unknown = 1) => ({ jsonrpc: '2.0', id, method, params });

describe('the MCP server of memax', () => {
  const start = backends();

  const prepared = async (scopes: readonly string[] = ['read', 'write', 'delete']) => {
    const { realm } = await start();
    const bearer = await quickToken(realm.origin);
    const { key, id } = await makeKey(realm.origin, bearer, { scopes });
    const post = (body: unknown, headers: Readonly<Record<string, string>> = {}, more: Ask = {}) =>
      ask(realm.origin, '/mcp', { method: 'POST', bearer: key, body, headers: { ...ACCEPT, ...headers }, ...more });
    return { realm, bearer, key, id, post };
  };

  const begun = async (scopes?: readonly string[]) => {
    const all = await prepared(scopes);
    const { headers } = await all.post(rpc('initialize', { protocolVersion: '2025-06-18' }));
    return { ...all, session: { 'mcp-session-id': headers['mcp-session-id'] ?? '' } };
  };

  it('answers anybody unknown with the place of its metadata, which names the authorization server', async () => {
    const { realm } = await start();
    for (const [method, body] of [
      ['POST', rpc('tools/list')],
      ['GET', undefined],
      ['DELETE', undefined],
    ] as const) {
      const refused = await ask(realm.origin, '/mcp', { method, body, bearer: `mxk_${'0'.repeat(64)}`, headers: ACCEPT });
      expect(refused.status).toBe(401);
      expect(refused.headers['www-authenticate']).toBe(`Bearer resource_metadata="${realm.origin}/.well-known/oauth-protected-resource/mcp"`);
    }
    const { json } = await ask(realm.origin, '/.well-known/oauth-protected-resource/mcp');
    expect(json).toMatchObject({
      resource: `${realm.origin}/mcp`,
      authorization_servers: [realm.origin],
      scopes_supported: ['memory:read', 'memory:write', 'memory:delete'],
    });
  });

  it('takes tokens of a sign-in as well as keys', async () => {
    const { realm } = await start();
    const { accessToken } = await signIn(realm.origin);
    expect(
      await ask(realm.origin, '/mcp', {
        method: 'POST',
        bearer: accessToken,
        headers: { ...MODERN, 'mcp-method': 'tools/list' },
        body: rpc('tools/list', META),
      }),
    ).toMatchObject({ status: 200 });
  });

  it('keeps each tool to its scope', async () => {
    const { post, session, realm } = await begun(['memory:read']);
    expect((await post(rpc('tools/call', { name: 'list_memories' }), session)).status).toBe(200);
    for (const [name, given, scope] of [
      ['add_memory', { content: 'x' }, 'memory:write'],
      ['delete_memory', { id: 'x' }, 'memory:delete'],
    ] as const) {
      const refused = await post(rpc('tools/call', { name, arguments: given }), session);
      expect(refused.status).toBe(403);
      expect(refused.headers['www-authenticate']).toBe(
        `Bearer error="insufficient_scope", scope="${scope}", resource_metadata="${realm.origin}/.well-known/oauth-protected-resource/mcp"`,
      );
    }
  });

  it('knows a session to its own person only, and no longer than until it is ended', async () => {
    const { realm, post, session, key } = await begun();
    expect((await post(rpc('ping'), session)).json).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
    expect((await post(rpc('ping'))).status).toBe(400);
    const { accessToken } = await signIn(realm.origin, { email: 'somebody.else@keywright.test' });
    expect((await post(rpc('ping'), session, { bearer: accessToken })).status).toBe(404);
    expect((await ask(realm.origin, '/mcp', { method: 'DELETE', bearer: key, headers: session })).status).toBe(204);
    expect((await post(rpc('ping'), session)).status).toBe(404);
  });

  it('refuses a version that it does not speak in the stateless protocol, and offers another in the one with sessions', async () => {
    const { post } = await prepared();
    const other = { _meta: { ...META._meta, 'io.modelcontextprotocol/protocolVersion': '2031-01-01' } };
    expect(await post(rpc('tools/list', other), { ...MODERN, 'mcp-method': 'tools/list' })).toMatchObject({
      status: 400,
      json: { error: { code: -32022, data: { requested: '2031-01-01' } } },
    });
    expect((await post(rpc('initialize', { protocolVersion: '2031-01-01' }))).json).toMatchObject({ result: { protocolVersion: '2025-11-25' } });
  });

  it.each([
    ['no method', MODERN],
    ['another method', { ...MODERN, 'mcp-method': 'tools/list' }],
    ['no name', { ...MODERN, 'mcp-method': 'tools/call' }],
    ['no parameter', { ...MODERN, 'mcp-method': 'tools/call', 'mcp-name': 'delete_memory' }],
    ['another parameter', { ...MODERN, 'mcp-method': 'tools/call', 'mcp-name': 'delete_memory', 'mcp-param-memory-id': 'y' }],
  ])('holds headers against the body: %s', async (_what, headers) => {
    const { post } = await prepared();
    const call = rpc('tools/call', { ...META, name: 'delete_memory', arguments: { id: '\u00e9' } });
    expect(await post(call, headers)).toMatchObject({ status: 400, json: { error: { code: -32020 } } });
    const right = { ...MODERN, 'mcp-method': 'tools/call', 'mcp-name': '=?base64?ZGVsZXRlX21lbW9yeQ==?=', 'mcp-param-memory-id': '=?base64?w6k=?=' };
    expect(await post(call, right)).toMatchObject({ status: 200, json: { result: { isError: true } } });
  });

  it('answers what it does not understand as JSON-RPC does', async () => {
    const { post, session } = await begun();
    const code = async (body: unknown) => valueAt((await post(body, session)).json, 'error', 'code');
    expect(await code('{')).toBe(-32700);
    expect(await code([])).toBe(-32600);
    expect(await code({ jsonrpc: '2.0', id: 1 })).toBe(-32600);
    expect(await code(rpc('nothing'))).toBe(-32601);
    expect(await code(rpc('tools/call', { name: 'nothing' }))).toBe(-32602);
    expect((await post({ jsonrpc: '2.0', method: 'notifications/initialized' }, session)).status).toBe(202);
    expect((await post(rpc('ping'), { ...session, accept: 'application/json' })).status).toBe(406);
    expect((await post(rpc('ping'), { ...session, origin: 'https://evil.example' })).status).toBe(403);
  });

  it('streams the progress of a call whose client wants to know it, and then the answer', async () => {
    const { post, session } = await begun();
    const { headers, text } = await post(rpc('tools/call', { name: 'list_memories', _meta: { progressToken: 7 } }), session);
    expect(headers['content-type']).toBe('text/event-stream');
    expect(text).toMatch(/^data: .*"progressToken":7.*\n\ndata: .*"result".*\n\n$/);
  });
});
