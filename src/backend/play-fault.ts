import { ServerResponse, type IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

import type { Fault } from './faults.ts';
import type { ErrorBody } from './routes.ts';
import { send } from './send.ts';

const CODES: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  401: 'unauthorized',
  402: 'quota_exceeded',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  429: 'rate_limited',
  503: 'unavailable',
};

export interface FaultScene {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly errorBody: ErrorBody;
  /** Does the real work and answers on the response that it is given. */
  readonly work: (response: ServerResponse) => Promise<void>;
}

/** Answers a request the way the fault says. */
export async function playFault(fault: Fault, scene: FaultScene): Promise<void> {
  const { request, response, errorBody } = scene;
  switch (fault.kind) {
    case 'slow':
      await wait(fault.ms);
      return scene.work(response);
    case 'status': {
      const code = fault.code ?? CODES[fault.status] ?? (fault.status >= 500 ? 'internal' : 'invalid_request');
      const body = 'body' in fault ? fault.body : errorBody(fault.status, code, fault.message ?? `A fault was asked for: ${fault.status}.`);
      return send(response, { status: fault.status, body });
    }
    case 'drop-before':
      request.socket.destroy();
      return;
    case 'drop-after':
      // A response without a socket takes everything and sends nothing.
      await scene.work(new ServerResponse(request));
      request.socket.destroy();
      return;
    case 'rate-limit':
      return send(response, {
        status: 429,
        body: errorBody(429, 'rate_limited', 'Too many requests.'),
        headers: fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) },
      });
    case 'html':
      return send(response, {
        status: 200,
        body: '<!doctype html><html lang="en"><title>Sign in to the network</title><h1>Welcome</h1></html>',
        headers: { 'content-type': 'text/html; charset=utf-8' },
      });
    case 'half-json':
      return fault.how === 'cut'
        ? cutOff(request, response)
        : send(response, { status: 200, body: '{"data":[{"id":"1"', headers: { 'content-type': 'application/json' } });
    case 'wrong-type':
      return send(response, { status: fault.status ?? 200, body: JSON.stringify(fault.body), headers: { 'content-type': 'application/json; charset=utf-8' } });
    case 'redirect':
      return send(response, { status: fault.status ?? 302, headers: { location: fault.to } });
    case 'huge':
      return send(response, { status: 200, body: { data: 'x'.repeat(Math.floor(fault.megabytes * 1024 * 1024)) } });
  }
}

/** Promises more than it sends, then closes the connection in an orderly way. */
function cutOff(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const beginning = '{"data":[{"id":"1"';
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': String(beginning.length + 100) });
  return new Promise((resolve) => {
    response.write(beginning, () => {
      request.socket.end();
      resolve();
    });
  });
}
