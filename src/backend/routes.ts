import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One request as a handler sees it: matched, read to its end, within the size limit. */
export interface Call {
  /** The path's variable parts, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** A request with the same body still to be read, for handlers that are libraries. */
  readonly request: IncomingMessage;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes out as JSON, a string as it is (with a content-type among the headers). */
  readonly body?: unknown;
}

/** How a family of routes words its errors. */
export type ErrorBody = (status: number, code: string, message: string) => unknown;

interface RouteBase {
  /** Stable: what faults and statistics call it. */
  readonly name: string | ((call: Call) => string);
  /** `*` is whatever comes. */
  readonly method: Method | '*';
  /** `/v1/things/:id`; a variable is one segment. `*` is every path; the first route that matches is taken, so that it belongs at the end. */
  readonly path: string;
  /** Overrides the realm's. */
  readonly errorBody?: ErrorBody;
}

export type Route =
  | (RouteBase & { readonly handle: (call: Call) => Reply | Promise<Reply> })
  /** Answers by itself on the response that it is given. */
  | (RouteBase & { readonly pass: (call: Call, response: ServerResponse) => Promise<void> });

/** Thrown by a handler that will not do what is asked. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'Refused';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export type Match =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong-method'; readonly allow: readonly string[] }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'unknown' };

/** Finds the route of a request. `HEAD` goes where `GET` goes; Node leaves the body out by itself. */
export function matchRoute(routes: readonly Route[], method: string, path: string): Match {
  const segments = decodeSegments(path);
  if (segments === undefined) return { kind: 'malformed' };
  const wanted = method === 'HEAD' ? 'GET' : method;
  const allow = new Set<string>();
  for (const route of routes) {
    const params = matchPath(route.path, segments);
    if (params === undefined) continue;
    if (route.method === wanted || route.method === '*') return { kind: 'found', route, params };
    allow.add(route.method);
    if (route.method === 'GET') allow.add('HEAD');
  }
  return allow.size === 0 ? { kind: 'unknown' } : { kind: 'wrong-method', allow: [...allow] };
}

function matchPath(pattern: string, segments: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (pattern === '*') return {};
  const wanted = pattern.split('/').slice(1);
  if (wanted.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const actual = segments[index] ?? '';
    if (part.startsWith(':')) {
      if (actual === '') return undefined;
      params[part.slice(1)] = actual;
    } else if (part !== actual) {
      return undefined;
    }
  }
  return params;
}

/** Split before decoding, so that `%2F` stays inside its segment. */
function decodeSegments(path: string): readonly string[] | undefined {
  try {
    return path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
