import type { Socket } from 'node:net';
import { Agent, type buildConnector } from 'undici';
import type { Http, HttpReply } from '../../model/http.ts';
import { Failure, isFailure } from '../../model/failure.ts';
import { Broken, brokenConnection } from './broken.ts';
import { connect } from './connect.ts';
import type { Exchange, HttpWorld } from './engine.ts';
import { DEFAULT_LIMITS } from './engine.ts';
import { abortSignalOf, createEnding, untilAborted } from '../../model/ending.ts';
import { proxyFor } from './proxy.ts';
import { readReply } from './reply.ts';
import { httpByRules } from './rules.ts';

/** Connections to one origin at a time. */
const MOST_CONNECTIONS = 16;

/**
 * `Http` for OAuth, pages and bulk: built on undici, which keeps connections. To be loaded only when it is needed.
 * `close` ends everything that is still under way; a request after it opens new connections.
 *
 * Connections come from `connect`, not from undici's own ProxyAgent: that one takes a proxy that hangs up for a
 * passing fault and asks it again without end, and its errors do not tell the proxy from the provider.
 */
export function createManyRequestsHttp(world: HttpWorld): Http {
  const connectMs = world.limits?.connectMs ?? DEFAULT_LIMITS.connectMs;
  let open: Agents | undefined;
  return httpByRules(world, {
    exchange: async (sent) => {
      open ??= openAgents(world, connectMs);
      return await exchange(sent, sent.connection === 'kept' ? open.kept : open.fresh);
    },
    close: async () => {
      const closing = open;
      open = undefined;
      await closing?.close();
    },
  });
}

interface Agents {
  readonly kept: Agent;
  readonly fresh: Agent;
  close(): Promise<void>;
}

function openAgents(world: HttpWorld, connectMs: number): Agents {
  const ending = createEnding();
  const connector: buildConnector.connector = async (options, callback) => {
    const url = new URL(`${options.protocol}//${options.host ?? options.hostname}`);
    let socket: Socket;
    try {
      socket = await connect({ url, proxy: proxyFor(url, world.env), connectMs }, ending.signal);
    } catch (error) {
      callback(error instanceof Error ? error : new Error('no connection', { cause: error }), null);
      return;
    }
    callback(null, socket);
  };
  // The limits are ours and cover everything, so undici's own are off. Pipelining waits for slow replies on loopback and behind.
  const options = { connect: connector, connections: MOST_CONNECTIONS, headersTimeout: 0, bodyTimeout: 0 };
  const kept = new Agent({ ...options, pipelining: 1 });
  // 0 means: no second request on a connection.
  const fresh = new Agent({ ...options, pipelining: 0 });
  return {
    kept,
    fresh,
    close: async () => {
      ending.abort(new Failure('cancelled', { detail: 'The connections were closed.' }));
      await Promise.all([kept.destroy(), fresh.destroy()]);
    },
  };
}

async function exchange(sent: Exchange, agent: Agent): Promise<HttpReply> {
  try {
    return await untilAborted(ask(sent, agent), sent.signal);
  } catch (error) {
    if (sent.signal.aborted) throw sent.signal.reason;
    throw error instanceof Broken || isFailure(error) ? error : brokenConnection(error, sent.url.host);
  }
}

async function ask(sent: Exchange, agent: Agent): Promise<HttpReply> {
  const { statusCode, headers, body } = await agent.request({
    origin: sent.url.origin,
    path: `${sent.url.pathname}${sent.url.search}`,
    method: sent.method,
    headers: sent.headers,
    body: sent.body ?? null,
    signal: abortSignalOf(sent.signal),
  });
  body.on('error', () => undefined);
  try {
    const pairs = Object.entries(headers).flatMap(([name, value]) => [value ?? []].flat().map((each): readonly [string, string] => [name, each]));
    return await readReply(sent, { status: statusCode, headers: pairs }, body);
  } finally {
    // Closes the connection where the body was not read to its end, and does nothing where it was.
    body.destroy();
  }
}
