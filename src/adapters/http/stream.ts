import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Failure, isFailure } from '../../model/failure.ts';
import type { HttpStream, StreamReply, StreamRequest } from '../../model/http-stream.ts';
import { checkedAddress } from './address.ts';
import { Broken, brokenConnection, brokenReply, noAnswer } from './broken.ts';
import { connect } from './connect.ts';
import { DEFAULT_LIMITS, type HttpWorld } from './engine.ts';
import { type Ending, createEnding, untilAborted, watch } from '../../model/ending.ts';
import { spanText, startLimit } from './limit.ts';
import { proxyFor } from './proxy.ts';
import { joinHeaders, pairsOf, refusePacked } from './reply.ts';
import { headersToSend } from './request-head.ts';

/** Requests at once to one origin; a caller with more waits. Each takes a connection of its own, since replies may go on without an end. */
const MOST_CONNECTIONS = 256;

/** Shorter than servers keep a silent connection (Node: 5 s), so that hardly any request meets one that is just being closed. */
const IDLE_MS = 3_000;

/**
 * Replies that are read while they come, on node:http, under the rules of `Http` for addresses, proxies and headers.
 * Connections are kept between requests: a TLS handshake for each message would cost more than the message.
 */
export function createHttpStream(world: Pick<HttpWorld, 'env' | 'userAgent'>): HttpStream {
  const ending = createEnding();
  const agents = new Map<string, Agent>();

  function agentFor(url: URL, AgentOfNode: typeof Agent): Agent {
    const known = agents.get(url.origin);
    if (known !== undefined) return known;
    const agent = new AgentOfNode({ keepAlive: true, maxSockets: MOST_CONNECTIONS, timeout: IDLE_MS });
    agent.createConnection = (_options, callback) => {
      void connectTo(url, callback);
      return undefined;
    };
    agents.set(url.origin, agent);
    return agent;
  }

  async function connectTo(url: URL, callback: Parameters<Agent['createConnection']>[1]): Promise<void> {
    let socket: Socket;
    try {
      socket = await connect({ url, proxy: proxyFor(url, world.env), connectMs: DEFAULT_LIMITS.connectMs }, ending.signal);
    } catch (error) {
      // Node takes the error alone, although its type wants a socket beside it.
      Reflect.apply(callback ?? (() => undefined), undefined, [error]);
      return;
    }
    callback?.(null, socket);
  }

  async function answered(request: StreamRequest, url: URL, signal: Ending): Promise<IncomingMessage> {
    const headers = headersToSend(request, url, world.userAgent);
    const http = await import('node:http');
    for (;;) {
      if (signal.aborted) throw signal.reason;
      const path = `${url.pathname}${url.search}`;
      const sent = http.request({ agent: agentFor(url, http.Agent), host: url.host, method: request.method, path, headers, setHost: false });
      try {
        return await untilAborted(answerTo(sent, request.body, url.host), signal);
      } catch (error) {
        sent.destroy();
        if (signal.aborted || !sent.reusedSocket || request.resend === 'never') throw error;
      }
    }
  }

  return {
    async open(request) {
      const url = checkedAddress(request.url);
      const sources = [ending.signal, request.signal];
      const limit = startLimit({ ms: request.headMs, whenUp: () => tooSlow(url.host, request.headMs), host: url.host, sources });
      try {
        return replyOf(await answered(request, url, limit.signal), url.host, sources);
      } catch (error) {
        if (limit.signal.aborted) throw limit.signal.reason;
        throw isFailure(error) ? error : (error instanceof Broken ? error : brokenConnection(error, url.host)).failure;
      } finally {
        limit.end();
      }
    },
    close: () => {
      ending.abort(new Failure('cancelled', { detail: 'The connections were closed.' }));
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

/** Settles whatever the server does: of an answer that Node takes for none, nothing but `upgrade` or `close` comes. */
async function answerTo(sent: ClientRequest, body: string | undefined, host: string): Promise<IncomingMessage> {
  return await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve);
    // Stays for good: the request may fail a second time when its socket is destroyed.
    sent.on('error', reject);
    sent.once('upgrade', () => reject(noAnswer(host)));
    sent.once('close', () => reject(noAnswer(host)));
    sent.end(body);
  });
}

function replyOf(response: IncomingMessage, host: string, signals: ReadonlyArray<AbortSignal | Ending>): StreamReply {
  const headers = joinHeaders(pairsOf(response.rawHeaders));
  // Until somebody reads it, a body that breaks must not end the process.
  response.on('error', () => undefined);
  const stop = (): void => void response.destroy();
  const watching = signals.map((signal) => watch(signal, stop));
  response.once('close', () => {
    for (const end of watching) end();
  });
  try {
    refusePacked(host, headers);
  } catch (thrown) {
    stop();
    throw thrown;
  }
  return { status: response.statusCode ?? 0, headers, body: pieces(response, host, signals), close: stop };
}

async function* pieces(response: IncomingMessage, host: string, signals: ReadonlyArray<AbortSignal | Ending>): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of response) yield piece;
  } catch (error) {
    for (const signal of signals) if (signal.aborted) throw signal.reason;
    throw brokenReply(error, host).failure;
  }
}

function tooSlow(host: string, ms: number): Failure {
  return new Failure('timed-out', { detail: `${host} did not answer within ${spanText(ms)}.`, hint: 'Check the network, then try again.' });
}
