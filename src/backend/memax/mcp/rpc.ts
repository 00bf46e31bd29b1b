import { isObject, parseJson, type JsonObject } from '../../json.ts';
import { Refused, type ErrorBody } from '../../routes.ts';

/** What a client sends: a request has an id, a notification a method alone, a response neither of them but a result or an error. */
export interface Incoming {
  readonly id: string | number | undefined;
  readonly method: string | undefined;
  readonly params: JsonObject;
}

/** JSON-RPC 2.0 section 5.1, and what MCP 2026-07-28 adds to it. */
export const CODES = { parse: -32700, request: -32600, method: -32601, params: -32602, internal: -32603, headers: -32020, version: -32022 } as const;

/** An error that is the answer to a request, with the status that MCP gives it. */
export class RpcError extends Error {
  readonly status: number;
  readonly code: number;
  readonly data: JsonObject | undefined;

  constructor(status: number, code: number, message: string, data?: JsonObject) {
    super(message);
    this.name = 'RpcError';
    this.status = status;
    this.code = code;
    this.data = data;
  }
}

export function readIncoming(body: string): Incoming {
  const value = parseJson(body);
  if (value === undefined) throw new RpcError(400, CODES.parse, 'The body is not JSON.');
  if (!isObject(value) || value['jsonrpc'] !== '2.0') throw new RpcError(400, CODES.request, 'The body is not one message of JSON-RPC 2.0.');
  const { id, method, params = {} } = value;
  if (id !== undefined && typeof id !== 'string' && typeof id !== 'number') throw new RpcError(400, CODES.request, 'An id is a text or a number.');
  if (method !== undefined && typeof method !== 'string') throw new RpcError(400, CODES.request, 'A method is a text.');
  if (method === undefined && value['result'] === undefined && value['error'] === undefined)
    throw new RpcError(400, CODES.request, 'Neither a method nor an answer.');
  if (!isObject(params)) throw new RpcError(400, CODES.params, 'Parameters are an object.');
  return { id, method, params };
}

export function errorReply(id: Incoming['id'], { code, message, data }: RpcError): JsonObject {
  return { jsonrpc: '2.0', id: id ?? null, error: { code, message, ...(data === undefined ? {} : { data }) } };
}

/** The words for what is refused before anybody reads the message: no credential, a wrong Origin. */
export const mcpError: ErrorBody = (_status, _code, message) => ({ jsonrpc: '2.0', id: null, error: { code: CODES.internal, message } });

/** MCP, "Scope Challenge Handling": 403 names what is missing. */
export function lacksScope(scope: string, metadata: string): Refused {
  return new Refused(403, 'forbidden', `This credential lacks ${scope}.`, {
    'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}", resource_metadata="${metadata}"`,
  });
}
