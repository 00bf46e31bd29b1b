/** JSON-RPC 2.0 as MCP uses it: one message at a time, ids that are text or whole numbers. */
export type RpcId = string | number;
export type Fields = Readonly<Record<string, unknown>>;

interface Said {
  /** The message as one line, in the words of whoever sent it. */
  readonly text: string;
}
export interface Request extends Said {
  readonly kind: 'request';
  readonly id: RpcId;
  readonly method: string;
  readonly params: Fields;
}
export interface Notification extends Said {
  readonly kind: 'notification';
  readonly method: string;
  readonly params: Fields;
}
export interface Response extends Said {
  readonly kind: 'response';
  /** Undefined where an error answers something that had no id to be read. */
  readonly id: RpcId | undefined;
  /** Undefined for an error. */
  readonly result: unknown;
}
export type Message = Request | Notification | Response;

export type Read =
  { readonly kind: 'message'; readonly message: Message } | { readonly kind: 'not-json' } | { readonly kind: 'odd'; readonly id: RpcId | null };

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isId = (value: unknown): value is RpcId => typeof value === 'string' || typeof value === 'number';

/** Reads a text that should be one message. Its text stays as it is but for line breaks, which JSON has between its words only. */
export function readMessage(text: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'not-json' };
  }
  const message = isFields(value) ? messageOf(value, text.replace(/[\r\n]+/g, ' ').trim()) : undefined;
  if (message !== undefined) return { kind: 'message', message };
  return { kind: 'odd', id: isFields(value) && isId(value['id']) ? value['id'] : null };
}

function messageOf(value: Fields, text: string): Message | undefined {
  const { jsonrpc, id, method } = value;
  if (jsonrpc !== '2.0') return undefined;
  if (typeof method === 'string') {
    // What else JSON-RPC allows here is carried as it is and looked into by nobody.
    const params = isFields(value['params']) ? value['params'] : {};
    if (id === undefined) return { kind: 'notification', method, params, text };
    return isId(id) ? { kind: 'request', id, method, params, text } : undefined;
  }
  if (isFields(value['error'])) return { kind: 'response', id: isId(id) ? id : undefined, result: undefined, text };
  return isId(id) && value['result'] !== undefined ? { kind: 'response', id, result: value['result'], text } : undefined;
}

/** JSON-RPC 2.0 section 5.1. */
export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;

/**
 * What went wrong between the client and the server. Of the numbers left to implementations, one that neither MCP nor its
 * clients give a meaning of their own, such as "the connection was closed".
 */
export const BRIDGE_ERROR = -32050;

export function errorLine(id: RpcId | null, code: number, message: string, data?: Fields): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } });
}
