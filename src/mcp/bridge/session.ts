import { createParamHeaders, statelessHeaders, statelessVersion } from './headers.ts';
import { isFields, type Fields, type Message, type Request } from './message.ts';

/** What a connection of the protocol with sessions (MCP 2025-03-26 to 2025-11-25) has agreed on; nothing of it in the stateless one. */
export interface Agreed {
  readonly version: string;
  /** Null where the server keeps none. */
  readonly id: string | null;
  /** The messages that began it, to begin it anew where the server has forgotten it. */
  readonly initialize: Request;
}

export interface Session {
  /** The headers of MCP for a message, in the words of the protocol that it speaks. */
  headersFor(message: Message): Readonly<Record<string, string>>;
  /** The headers of what belongs to the session and to no message; undefined where there is none. */
  standingHeaders(): Readonly<Record<string, string>> | undefined;
  agreed(): Agreed | undefined;
  /** Takes in what the server answered to a request. */
  heard(request: Request, headers: Readonly<Record<string, string>>, result: unknown): void;
}

/** MCP 2025-11-25, "Session Management": visible ASCII. A longer one is not worth carrying. */
const SESSION_ID = /^[\x21-\x7e]{1,1024}$/;

export function createSession(): Session {
  let agreed: Agreed | undefined;
  const params = createParamHeaders();

  function standing(): Readonly<Record<string, string>> | undefined {
    if (agreed === undefined) return undefined;
    return { 'mcp-protocol-version': agreed.version, ...(agreed.id === null ? {} : { 'mcp-session-id': agreed.id }) };
  }

  function headersFor(message: Message): Readonly<Record<string, string>> {
    const version = statelessVersion(message);
    if (message.kind !== 'response' && version !== undefined) return statelessHeaders(message, version, params.of(message));
    return isInitialize(message) ? {} : (standing() ?? {});
  }

  return {
    headersFor,
    standingHeaders: standing,
    agreed: () => agreed,
    heard(request, headers, result) {
      params.learn(request, result);
      if (isInitialize(request)) agreed = agreement(request, headers, result) ?? agreed;
    },
  };
}

export const isInitialize = (message: Message): boolean => message.kind === 'request' && message.method === 'initialize';
export const isInitialized = (message: Message): boolean => message.kind === 'notification' && message.method === 'notifications/initialized';

function agreement(initialize: Request, headers: Fields, result: unknown): Agreed | undefined {
  const version = isFields(result) ? result['protocolVersion'] : undefined;
  const id = headers['mcp-session-id'];
  if (typeof version !== 'string' || !/^[\x21-\x7e]{1,64}$/.test(version)) return undefined;
  return { version, id: typeof id === 'string' && SESSION_ID.test(id) ? id : null, initialize };
}
