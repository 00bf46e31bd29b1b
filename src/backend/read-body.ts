import { IncomingMessage } from 'node:http';

/** The most that a request body may hold, in bytes. */
export const BODY_LIMIT = 1024 * 1024;

export type Body = { readonly kind: 'whole'; readonly bytes: Buffer } | { readonly kind: 'too-large' };

/** Reads a body to its end. What is beyond the limit is read and thrown away, so that the sender lives to see the answer. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > BODY_LIMIT ? { kind: 'too-large' } : { kind: 'whole', bytes: Buffer.concat(chunks) };
}

export interface ReplayChanges {
  readonly url?: string;
  readonly headers?: IncomingMessage['headers'];
}

/** The same request once more with its body still unread, for a library that wants to read it by itself. */
export function replay(request: IncomingMessage, body: Buffer | string, changes: ReplayChanges = {}): IncomingMessage {
  const again = new IncomingMessage(request.socket);
  again.httpVersion = request.httpVersion;
  again.httpVersionMajor = request.httpVersionMajor;
  again.httpVersionMinor = request.httpVersionMinor;
  again.method = request.method ?? 'GET';
  again.url = changes.url ?? request.url ?? '/';
  again.headers = { ...(changes.headers ?? request.headers), ...(request.method === 'POST' ? { 'content-length': String(Buffer.byteLength(body)) } : {}) };
  // Without this mark Node takes the end of the replayed body for a broken connection, and closes the real one.
  again.complete = true;
  again.push(body);
  again.push(null);
  return again;
}
