import type { ServerResponse } from 'node:http';

import { isObject, type JsonObject } from '../../json.ts';
import { Refused, type Call, type Route } from '../../routes.ts';
import { send } from '../../send.ts';
import { identify, type Caller, type Doors } from '../caller.ts';
import type { Memories } from '../memories.ts';
import { checkStateless, isStateless, SESSION_VERSIONS, STATELESS_VERSION } from './eras.ts';
import { CODES, errorReply, lacksScope, mcpError, readIncoming, RpcError, type Incoming } from './rpc.ts';
import { beginEvents, createSessions, eventText, type Session } from './sessions.ts';
import { toolsOf } from './tools.ts';

const PATH = '/mcp';

/** RFC 9728 section 3.1: the path of the resource comes after the well-known one. */
const METADATA = `/.well-known/oauth-protected-resource${PATH}`;

const SCOPES = ['memory:read', 'memory:write', 'memory:delete'];
const SERVER = { name: 'memax', version: '1.0.0' };
const CAPABILITIES = { tools: {}, logging: {} };

/** What the answers of the stateless protocol have beside their own: lists may be kept for a minute. */
const STATELESS = { resultType: 'complete', _meta: { 'io.modelcontextprotocol/serverInfo': SERVER } };
const KEPT = { ttlMs: 60_000, cacheScope: 'private' };

/**
 * The MCP server of this vendor: streamable HTTP with three tools, in both protocols, the one with sessions (up to 2025-11-25) and the
 * stateless one (2026-07-28). A call that wants to hear of its progress is answered by a stream of events, everything else in JSON.
 */
export function mcpRoutes(doors: Doors, memories: Memories): readonly Route[] {
  const metadata = `${doors.origin}${METADATA}`;
  const tools = toolsOf(memories);
  const sessions = createSessions();
  const listed = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));

  function enter(call: Call): { readonly caller: Caller; readonly headers: Readonly<Record<string, string>> } {
    const { origin } = call.headers;
    // MCP, "Security Warning": a page of the web has no business here.
    if (origin !== undefined && origin !== doors.origin && origin !== `http://${call.headers.host}`)
      throw new Refused(403, 'forbidden', 'This is not for web pages.');
    const { caller, headers } = identify(doors, call, METADATA);
    return { caller, headers: headers ?? {} };
  }

  function sessionOf(call: Call, caller: Caller): Session {
    const id = call.headers['mcp-session-id'];
    if (typeof id !== 'string') throw new Refused(400, 'invalid_request', 'The header Mcp-Session-Id is missing.');
    const session = sessions.find(caller.user.id, id);
    if (session === undefined) throw new Refused(404, 'not_found', 'There is no such session.');
    return session;
  }

  function callTool({ params }: Incoming, caller: Caller): JsonObject {
    const tool = tools.find(({ name }) => name === params['name']);
    if (tool === undefined) throw new RpcError(200, CODES.params, 'There is no such tool.');
    if (!caller.permissions.has(tool.needs)) throw lacksScope(tool.needs, metadata);
    const result = tool.run(isObject(params['arguments']) ? params['arguments'] : {}, caller);
    if (tool.needs !== 'memory:read' && result.isError !== true) {
      sessions.tell(caller.user.id, {
        jsonrpc: '2.0',
        method: 'notifications/message',
        params: { level: 'info', logger: 'memories', data: result.content[0]?.text ?? '' },
      });
    }
    return { ...result };
  }

  function answerInSession(message: Incoming, caller: Caller): JsonObject {
    switch (message.method) {
      case 'ping':
      case 'logging/setLevel':
        return {};
      case 'tools/list':
        return { tools: listed };
      case 'tools/call':
        return callTool(message, caller);
      default:
        throw new RpcError(200, CODES.method, 'There is no such method.');
    }
  }

  function answerStateless(message: Incoming, caller: Caller, call: Call): JsonObject {
    checkStateless(message, call.headers, (tool) => declaredBy(listed.find(({ name }) => name === tool)?.inputSchema));
    switch (message.method) {
      case 'server/discover':
        return { ...STATELESS, ...KEPT, supportedVersions: [STATELESS_VERSION], capabilities: { tools: {} } };
      case 'tools/list':
        return { ...STATELESS, ...KEPT, tools: listed };
      case 'tools/call':
        return { ...callTool(message, caller), ...STATELESS };
      default:
        throw new RpcError(404, CODES.method, 'There is no such method.');
    }
  }

  async function post(call: Call, response: ServerResponse): Promise<void> {
    const { caller, headers } = enter(call);
    const accepted = call.headers.accept ?? '';
    if (!accepted.includes('application/json') || !accepted.includes('text/event-stream'))
      throw new Refused(406, 'invalid_request', 'Accept both application/json and text/event-stream.');
    let message: Incoming | undefined;
    try {
      message = readIncoming(call.body);
      const stateless = isStateless(message, call.headers);
      if (message.method === 'initialize' && message.id !== undefined && !stateless) return initialize(message, message.id, caller, headers, response);
      if (!stateless) sessionOf(call, caller);
      if (message.method === undefined || message.id === undefined) return send(response, { status: 202, headers });
      const result = stateless ? answerStateless(message, caller, call) : answerInSession(message, caller);
      return reply(message, { jsonrpc: '2.0', id: message.id, result }, headers, response);
    } catch (thrown) {
      if (!(thrown instanceof RpcError)) throw thrown;
      return send(response, { status: thrown.status, body: errorReply(message?.id, thrown), headers });
    }
  }

  function initialize(message: Incoming, id: string | number, caller: Caller, headers: Readonly<Record<string, string>>, response: ServerResponse): void {
    const version = SESSION_VERSIONS.find((known) => known === message.params['protocolVersion']) ?? SESSION_VERSIONS[0];
    const session = sessions.begin(caller.user.id, version);
    const result = { protocolVersion: version, capabilities: CAPABILITIES, serverInfo: SERVER };
    send(response, { status: 200, body: { jsonrpc: '2.0', id, result }, headers: { ...headers, 'mcp-session-id': session.id } });
  }

  return [
    {
      name: 'mcp.metadata',
      method: 'GET',
      path: METADATA,
      handle: () => ({
        status: 200,
        body: {
          resource: `${doors.origin}${PATH}`,
          authorization_servers: [doors.origin],
          scopes_supported: SCOPES,
          bearer_methods_supported: ['header'],
          resource_name: 'Memax MCP',
        },
      }),
    },
    { name: 'mcp.post', method: 'POST', path: PATH, errorBody: mcpError, pass: post },
    {
      name: 'mcp.listen',
      method: 'GET',
      path: PATH,
      errorBody: mcpError,
      async pass(call, response) {
        const { caller, headers } = enter(call);
        const session = sessionOf(call, caller);
        beginEvents(response, headers);
        sessions.listen(session, response, Number(call.headers['last-event-id'] ?? 0) || 0);
      },
    },
    {
      name: 'mcp.end',
      method: 'DELETE',
      path: PATH,
      errorBody: mcpError,
      handle(call) {
        const { caller, headers } = enter(call);
        sessions.end(sessionOf(call, caller).id);
        return { status: 204, headers };
      },
    },
  ];
}

/** MCP, "Progress": who gives a token is told how far it is, before the answer comes. */
function reply(message: Incoming, answer: JsonObject, headers: Readonly<Record<string, string>>, response: ServerResponse): void {
  const meta = message.params['_meta'];
  const progressToken = message.method === 'tools/call' && isObject(meta) ? meta['progressToken'] : undefined;
  if (progressToken === undefined) return send(response, { status: 200, body: answer, headers });
  beginEvents(response, headers);
  response.write(eventText({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken, progress: 1, total: 1 } }));
  response.end(eventText(answer));
}

/** The parameters that a tool's schema wants repeated in headers, with the names of these. */
function declaredBy(schema: JsonObject | undefined): ReadonlyArray<readonly [string, string]> {
  const properties = schema?.['properties'];
  return Object.entries(isObject(properties) ? properties : {}).flatMap(([name, property]): Array<readonly [string, string]> => {
    const header = isObject(property) ? property['x-mcp-header'] : undefined;
    return typeof header === 'string' ? [[name, header]] : [];
  });
}
