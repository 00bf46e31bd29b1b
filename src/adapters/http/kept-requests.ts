import type { Agent, ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Http, HttpReply } from '../../model/http.ts';
import { Failure, isFailure } from '../../model/failure.ts';
import { turn } from '../clock.ts';
import { Broken, brokenConnection } from './broken.ts';
import { connect } from './connect.ts';
import { DEFAULT_LIMITS, type Exchange, type HttpWorld } from './engine.ts';
import { createEnding, untilAborted } from '../../model/ending.ts';
import { answerTo } from './one-request.ts';
import { createPlaces, type Places } from './places.ts';
import { proxyFor } from './proxy.ts';
import { pairsOf, readReply } from './reply.ts';
import { httpByRules } from './rules.ts';

/** Connections to one origin at a time. */
const MOST_CONNECTIONS = 16;

/** A list or a clean-up of so many requests goes on for a while; all that stays has been made by then. */
const MANY = 10;

export interface KeptWorld extends HttpWorld {
  /** Is told once that there are many requests. */
  readonly whenMany?: () => Promise<void>;
}

/**
 * `Http` for pages and bulk: built on node:http, which under latency is as fast as any and takes half of undici's memory. Connections
 * are kept for what may be repeated; whatever may not gets one of its own. `close` ends everything that is still under way; a request
 * after it opens new connections.
 */
export function createKeptHttp(world: KeptWorld): Http {
  let open: Promise<Kept> | undefined;
  let count = 0;
  const http = httpByRules(world, {
    exchange: async (sent) => {
      count += 1;
      if (count === MANY) await world.whenMany?.();
      return exchange(sent, await (open ??= openKept(world)));
    },
    close: async () => {
      const closing = open;
      open = undefined;
      (await closing)?.close();
    },
  });
  // Node writes a request in the turn in which it was made, after all that was ready to run.
  return { ...http, onItsWay: turn };
}

interface Kept {
  request(sent: Exchange): ClientRequest;
  /** The places at an origin; an agent counts a connection only once it stands, so that it cannot keep to a limit itself. */
  places(origin: string): Places;
  close(): void;
}

async function openKept(world: HttpWorld): Promise<Kept> {
  const http = await import('node:http');
  const connectMs = world.limits?.connectMs ?? DEFAULT_LIMITS.connectMs;
  const begun = (socket: Socket): void => world.begun?.(socket);
  const ending = createEnding();
  /** By scheme, too: one agent would hand a connection without TLS to a request that wants it, where host and port are the same. */
  const agents = new Map<string, Agent>();
  const places = new Map<string, Places>();

  async function open(url: URL, callback: (error: Error | null, socket: Duplex) => void): Promise<void> {
    let socket: Duplex;
    try {
      socket = await connect({ url, proxy: proxyFor(url, world.env), connectMs, begun }, ending.signal);
    } catch (error) {
      // Nothing but the error is looked at; a socket has to be there for the types alone.
      callback(error instanceof Error ? error : new Error('no connection', { cause: error }), new Duplex());
      return;
    }
    callback(null, socket);
  }

  function agentFor({ url: { protocol }, connection }: Exchange): Agent {
    const name = `${connection} ${protocol}`;
    const found = agents.get(name);
    if (found !== undefined) return found;
    const agent = new http.Agent({ keepAlive: connection === 'kept', maxFreeSockets: MOST_CONNECTIONS });
    agents.set(name, agent);
    agent.createConnection = ({ host, port }, callback) => {
      const url = new URL(`${protocol}//${host?.includes(':') === true ? `[${host}]` : host}:${port}`);
      void open(url, callback ?? (() => undefined));
      return undefined;
    };
    return agent;
  }

  return {
    places: (origin) => {
      const found = places.get(origin) ?? createPlaces(MOST_CONNECTIONS);
      places.set(origin, found);
      return found;
    },
    request: (sent) => {
      const { url, method, headers } = sent;
      return http.request({
        agent: agentFor(sent),
        method,
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
        path: `${url.pathname}${url.search}`,
        headers,
        setHost: false,
      });
    },
    close: () => {
      ending.abort(new Failure('cancelled', { detail: 'The connections were closed.' }));
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

async function exchange(sent: Exchange, kept: Kept): Promise<HttpReply> {
  const places = kept.places(sent.url.origin);
  await places.take(sent.signal);
  try {
    return await ask(sent, kept.request(sent));
  } finally {
    places.leave();
  }
}

async function replyTo(request: ClientRequest, sent: Exchange): Promise<HttpReply> {
  const response = await answerTo(request, sent);
  return readReply(sent, { status: response.statusCode ?? 0, headers: pairsOf(response.rawHeaders) }, response);
}

async function ask(sent: Exchange, request: ClientRequest): Promise<HttpReply> {
  let complete = false;
  try {
    const reply = await untilAborted(replyTo(request, sent), sent.signal);
    complete = true;
    return reply;
  } catch (error) {
    if (sent.signal.aborted) throw sent.signal.reason;
    throw error instanceof Broken || isFailure(error) ? error : brokenConnection(error, sent.url.host);
  } finally {
    // A connection on which something is still to come is of no use to the next request.
    if (!complete) request.destroy();
  }
}
