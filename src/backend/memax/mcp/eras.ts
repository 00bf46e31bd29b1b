import type { IncomingHttpHeaders } from 'node:http';

import { isObject } from '../../json.ts';
import { CODES, RpcError, type Incoming } from './rpc.ts';

/** The versions with sessions, newest first. */
export const SESSION_VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26'] as const;
export const STATELESS_VERSION = '2026-07-28';

const META = 'io.modelcontextprotocol/';

/** Whether a message speaks the stateless protocol: it says so itself, or its header does and no session stands beside it. */
export function isStateless({ params, method }: Incoming, headers: IncomingHttpHeaders): boolean {
  const meta = params['_meta'];
  if (isObject(meta) && meta[`${META}protocolVersion`] !== undefined) return true;
  return headers['mcp-session-id'] === undefined && method !== 'initialize' && headers['mcp-protocol-version'] === STATELESS_VERSION;
}

/**
 * Holds a request of the stateless protocol to its rules (MCP 2026-07-28, Streamable HTTP): the version and the client's capabilities in `_meta`,
 * and headers that say the same as the body. `declared` gives the parameters that a tool wants repeated.
 */
export function checkStateless(
  { method, params }: Incoming,
  headers: IncomingHttpHeaders,
  declared: (tool: string) => ReadonlyArray<readonly [string, string]>,
): void {
  const meta = params['_meta'];
  const version = isObject(meta) ? meta[`${META}protocolVersion`] : undefined;
  if (!isObject(meta) || typeof version !== 'string' || !isObject(meta[`${META}clientCapabilities`])) {
    throw new RpcError(400, CODES.params, '_meta must hold protocolVersion and clientCapabilities.');
  }
  if (version !== STATELESS_VERSION) {
    const supported = [STATELESS_VERSION, ...SESSION_VERSIONS];
    throw new RpcError(400, CODES.version, 'This version is not spoken here.', { supported, requested: version });
  }
  const named = method === 'tools/call' ? params['name'] : undefined;
  const given = isObject(params['arguments']) ? params['arguments'] : {};
  const repeated = (typeof named === 'string' ? declared(named) : []).flatMap(([parameter, header]): Array<readonly [string, unknown]> =>
    given[parameter] === undefined || given[parameter] === null ? [] : [[`mcp-param-${header.toLowerCase()}`, given[parameter]]],
  );
  const wanted: ReadonlyArray<readonly [string, unknown]> = [
    ['mcp-protocol-version', version],
    ['mcp-method', method],
    ...(typeof named === 'string' ? [['mcp-name', named] as const] : []),
    ...repeated,
  ];
  for (const [name, value] of wanted) {
    const header = headers[name];
    if (typeof header !== 'string' || decoded(header) !== String(value))
      throw new RpcError(400, CODES.headers, `The header ${name} does not say what the body says.`);
  }
}

/** MCP 2026-07-28, "Value Encoding". */
function decoded(header: string): string {
  const inside = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/.exec(header)?.[1];
  return inside === undefined ? header : Buffer.from(inside, 'base64').toString('utf8');
}
