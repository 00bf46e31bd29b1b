import { isFields, type Fields, type Message, type Request } from './message.ts';

/** Of MCP 2026-07-28: every message says which version it speaks, and there are no sessions. */
const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';

/** MCP 2026-07-28, Streamable HTTP, "Standard Request Headers": what `Mcp-Name` repeats. The last three belong to its tasks extension. */
const NAMED_BY: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

/** The version that a message of the stateless protocol names in itself; undefined for those of the protocol with sessions. */
export function statelessVersion(message: Message): string | undefined {
  if (message.kind === 'response') return undefined;
  const meta = message.params['_meta'];
  const version = isFields(meta) ? meta[VERSION_KEY] : undefined;
  return typeof version === 'string' ? version : undefined;
}

/** The headers that repeat what stands in the message, so that whatever lies between can route it without reading it. */
export function statelessHeaders(message: Exclude<Message, { kind: 'response' }>, version: string, params: Fields): Readonly<Record<string, string>> {
  const source = Object.hasOwn(NAMED_BY, message.method) ? NAMED_BY[message.method] : undefined;
  const name = source === undefined ? undefined : message.params[source];
  const repeated = Object.entries(params).map(([header, value]): [string, string] => [`mcp-param-${header.toLowerCase()}`, headerValue(String(value))]);
  return {
    'mcp-protocol-version': headerValue(version),
    'mcp-method': headerValue(message.method),
    ...(typeof name === 'string' ? { 'mcp-name': headerValue(name) } : {}),
    ...Object.fromEntries(repeated),
  };
}

/** As it is where a header can carry it (RFC 9110 section 5.5), else its UTF-8 in Base64 between marks (MCP 2026-07-28, "Value Encoding"). */
function headerValue(text: string): string {
  const plain = text !== '' && text === text.trim() && /^[\t\x20-\x7e]*$/.test(text) && !/^=\?base64\?.*\?=$/.test(text);
  return plain ? text : `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`;
}

interface Declared {
  readonly header: string;
  readonly path: readonly string[];
}

export interface ParamHeaders {
  /** Remembers what the tools in a reply to `tools/list` want repeated in headers. */
  learn(request: Request, result: unknown): void;
  /** Header names without their prefix, and values, for a `tools/call`. */
  of(message: Message): Fields;
}

const DEEPEST = 8;

/** MCP 2026-07-28, "Custom Headers from Tool Parameters": a tool's schema may mark parameters with `x-mcp-header`. */
export function createParamHeaders(): ParamHeaders {
  const tools = new Map<string, readonly Declared[]>();
  return {
    learn(request, result) {
      const listed = isFields(result) && request.method === 'tools/list' ? result['tools'] : undefined;
      for (const tool of Array.isArray(listed) ? listed : []) {
        if (isFields(tool) && typeof tool['name'] === 'string') tools.set(tool['name'], declaredIn(tool['inputSchema'], []));
      }
    },
    of(message) {
      if (message.kind !== 'request' || message.method !== 'tools/call') return {};
      const { name, arguments: given } = message.params;
      const declared = typeof name === 'string' ? (tools.get(name) ?? []) : [];
      return Object.fromEntries(
        declared.flatMap(({ header, path }): Array<[string, unknown]> => {
          const value = path.reduce<unknown>((at, step) => (isFields(at) && Object.hasOwn(at, step) ? at[step] : undefined), given);
          return typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value) ? [[header, value]] : [];
        }),
      );
    },
  };
}

function declaredIn(schema: unknown, path: readonly string[]): readonly Declared[] {
  const properties = isFields(schema) && path.length < DEEPEST ? schema['properties'] : undefined;
  if (!isFields(properties)) return [];
  return Object.entries(properties).flatMap(([name, property]) => {
    const header = isFields(property) ? property['x-mcp-header'] : undefined;
    const here = typeof header === 'string' && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header) ? [{ header, path: [...path, name] }] : [];
    return [...here, ...declaredIn(property, [...path, name])];
  });
}
