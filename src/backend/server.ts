import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

import { Failure } from '../model/failure.ts';
import type { FaultSource } from './faults.ts';
import { playFault } from './play-fault.ts';
import { BODY_LIMIT, readBody, replay } from './read-body.ts';
import { matchRoute, Refused, type Call, type ErrorBody, type Match, type Reply, type Route } from './routes.ts';
import { send } from './send.ts';
import type { RouteCounter } from './stats.ts';

export interface Listener {
  readonly origin: string;
  /** From now on requests are answered. */
  serve(site: Site): void;
  close(): Promise<void>;
}

/** What one origin answers with. */
export interface Site {
  readonly routes: readonly Route[];
  readonly errorBody: ErrorBody;
  readonly faults: FaultSource;
  readonly stats: RouteCounter;
  readonly latencyMs: number;
}

/** Listens on 127.0.0.1. A port that is taken or forbidden is a `usage` failure; 0 takes any that is free. */
export async function listen(port: number): Promise<Listener> {
  const server = createServer();
  await bind(server, port);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port');
  const bound = address.port;
  return {
    origin: `http://127.0.0.1:${bound}`,
    serve: (site) => void server.on('request', (request, response) => void answer(request, response, site, bound)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function bind(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'is already in use' : cause.code === 'EACCES' ? 'may not be used by you' : undefined;
      reject(
        why === undefined ? cause : new Failure('usage', { detail: `Port ${port} ${why}.`, hint: 'Choose another with --port, or 0 for any free one.', cause }),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, site: Site, port: number): Promise<void> {
  try {
    await dispatch(request, response, site, port);
  } catch (thrown) {
    // The connection may have gone away in the middle of anything; then there is nobody to tell.
    if (response.headersSent || request.socket.destroyed) return void request.socket.destroy();
    send(response, replyOfThrown(thrown, site.errorBody));
  }
}

async function dispatch(request: IncomingMessage, response: ServerResponse, site: Site, port: number): Promise<void> {
  // A page of the web whose name points here (DNS rebinding) is known by its Host (RFC 9110 section 7.4).
  if (!isOurHost(request.headers.host, port)) {
    return send(response, {
      status: 421,
      body: site.errorBody(421, 'misdirected_request', 'This server answers to 127.0.0.1 and localhost only.'),
      headers: { connection: 'close' },
    });
  }
  const target = request.url ?? '/';
  const [path = '/', search = ''] = splitOnce(target, '?');
  const match: Match = hasNul(target) ? { kind: 'malformed' } : matchRoute(site.routes, request.method ?? 'GET', path);
  const body = await readBody(request);
  if (match.kind !== 'found') return send(response, replyOfMiss(match, site.errorBody));
  const errorBody = match.route.errorBody ?? site.errorBody;
  if (body.kind === 'too-large') {
    return send(response, { status: 413, body: errorBody(413, 'payload_too_large', `A body holds at most ${BODY_LIMIT} bytes.`) });
  }
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true && hasNul(body.bytes.toString('latin1'))) {
    return send(response, { status: 400, body: errorBody(400, 'invalid_request', 'The form has a NUL character in it.') });
  }
  const call: Call = {
    params: match.params,
    query: new URLSearchParams(search),
    headers: request.headers,
    body: body.bytes.toString('utf8'),
    request: replay(request, body.bytes),
  };
  const name = typeof match.route.name === 'string' ? match.route.name : match.route.name(call);
  site.stats.add(name);
  if (site.latencyMs > 0) await wait(site.latencyMs);
  const work = (on: ServerResponse) => perform(match.route, call, on, errorBody);
  const fault = site.faults.take(name);
  return fault === undefined ? work(response) : playFault(fault, { request, response, errorBody, work });
}

async function perform(route: Route, call: Call, response: ServerResponse, errorBody: ErrorBody): Promise<void> {
  try {
    if ('pass' in route) await route.pass(call, response);
    else send(response, await route.handle(call));
  } catch (thrown) {
    if (response.headersSent) throw thrown;
    send(response, replyOfThrown(thrown, errorBody));
  }
}

function replyOfThrown(thrown: unknown, errorBody: ErrorBody): Reply {
  if (thrown instanceof Refused) return { status: thrown.status, body: errorBody(thrown.status, thrown.code, thrown.message), headers: thrown.headers };
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return { status: 500, body: errorBody(500, 'internal', `The local backend failed: ${why}`) };
}

function replyOfMiss(match: Exclude<Match, { kind: 'found' }>, errorBody: ErrorBody): Reply {
  switch (match.kind) {
    case 'unknown':
      return { status: 404, body: errorBody(404, 'not_found', 'There is nothing at this path.') };
    case 'malformed':
      return { status: 400, body: errorBody(400, 'invalid_request', 'The path is not properly percent-encoded, or has a NUL character in it.') };
    case 'wrong-method':
      return { status: 405, body: errorBody(405, 'method_not_allowed', 'This path does not take this method.'), headers: { allow: match.allow.join(', ') } };
  }
}

function isOurHost(host: string | undefined, port: number): boolean {
  const name = host?.toLowerCase();
  return name === `127.0.0.1:${port}` || name === `localhost:${port}`;
}

/** SQLite ends a text at NUL: an id with something behind it would be taken for the id. */
function hasNul(encoded: string): boolean {
  return encoded.includes('%00') || encoded.includes('\0');
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
