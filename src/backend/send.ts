import type { ServerResponse } from 'node:http';

import { isObject } from './json.ts';
import type { Reply } from './routes.ts';

/** Sends a whole reply. Nothing that a realm says may be kept by a cache or read as another type than it is. */
export function send(response: ServerResponse, reply: Reply): void {
  const body = bodyText(reply.body);
  response.writeHead(reply.status, {
    ...(isObject(reply.body) || Array.isArray(reply.body) ? { 'content-type': 'application/json; charset=utf-8' } : {}),
    ...(body === '' && reply.status === 204 ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...reply.headers,
  });
  response.end(body);
}

function bodyText(body: unknown): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
