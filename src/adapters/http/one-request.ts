import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Http, HttpReply } from '../../model/http.ts';
import { isFailure } from '../../model/failure.ts';
import { Broken, brokenConnection, noAnswer } from './broken.ts';
import { connect } from './connect.ts';
import type { Exchange, HttpWorld } from './engine.ts';
import { untilAborted } from '../../model/ending.ts';
import { pairsOf, readReply } from './reply.ts';
import { httpByRules } from './rules.ts';

/**
 * `Http` for one request from a fresh process: built on node:http, which starts far faster than undici. Nothing is loaded before
 * the first request; TLS and proxy code only where they are used. No connection outlives its request, so `close` has nothing to do.
 */
export function createOneRequestHttp(world: HttpWorld): Http {
  return httpByRules(world, { exchange: (sent) => exchange(sent, world), close: () => Promise.resolve() });
}

async function exchange(sent: Exchange, world: HttpWorld): Promise<HttpReply> {
  const begun = (socket: Socket): void => {
    world.begun?.(socket);
    void import('node:http');
  };
  const socket = await connect({ ...sent, begun }, sent.signal);
  let over = false;
  try {
    const http = await import('node:http');
    const request = http.request({
      method: sent.method,
      path: `${sent.url.pathname}${sent.url.search}`,
      headers: { ...sent.headers, connection: 'close' },
      setHost: false,
      createConnection: () => socket,
    });
    const response = await untilAborted(answerTo(request, sent), sent.signal);
    const head = { status: response.statusCode ?? 0, headers: pairsOf(response.rawHeaders) };
    const reply = await untilAborted(readReply(sent, head, response), sent.signal);
    over = request.writableFinished;
    return reply;
  } catch (error) {
    if (sent.signal.aborted) throw sent.signal.reason;
    throw error instanceof Broken || isFailure(error) ? error : brokenConnection(error, sent.url.host);
  } finally {
    // After a whole reply to a whole request Node does it by itself, in a later turn: the process may end before.
    if (!over) socket.destroy();
  }
}

/** Settles whatever the server does: of an answer that Node takes for none, nothing but `upgrade` or `close` comes. */
export async function answerTo(request: ClientRequest, sent: Exchange): Promise<IncomingMessage> {
  return await new Promise<IncomingMessage>((resolve, reject) => {
    // A failure costs more than a request, so that none is made where there is an answer.
    let answered = false;
    request.once('response', (response) => {
      answered = true;
      resolve(response);
    });
    // Stays for good: the request may fail a second time when its socket is destroyed.
    request.on('error', reject);
    request.once('upgrade', () => reject(noAnswer(sent.url.host)));
    request.once('close', () => {
      if (!answered) reject(noAnswer(sent.url.host));
    });
    request.end(sent.body);
  });
}
