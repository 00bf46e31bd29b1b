import type { HttpRequest } from '../../model/http.ts';
import { Failure } from '../../model/failure.ts';

/** What belongs to the connection is ours to say; a caller's word on it is left out. */
const OURS: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
]);

/**
 * The complete headers of a request, with lower-case names: the caller's, `user-agent` and `accept: application/json` unless given,
 * no compression, the length of the body. A name or value that cannot be in a header is a `usage` failure that shows the name at most.
 */
export function headersToSend(request: HttpRequest, url: URL, userAgent: string): Readonly<Record<string, string>> {
  const headers = new Map([
    ['host', url.host],
    ['user-agent', userAgent],
    ['accept', 'application/json'],
  ]);
  for (const [given, value] of Object.entries(request.headers ?? {})) {
    const name = given.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) throw new Failure('usage', { detail: 'The name of a header holds characters that it must not hold.' });
    // RFC 9110 section 5.5; a line break would be another header.
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw new Failure('usage', {
        detail: `The header ${name} holds characters that cannot be sent.`,
        hint: 'Look for a line break or a quotation mark that came along with a key.',
      });
    if (!OURS.has(name)) headers.set(name, value);
  }
  headers.set('accept-encoding', 'identity');
  const length = request.body === undefined ? 0 : Buffer.byteLength(request.body, 'utf8');
  if (request.body !== undefined || ['POST', 'PUT', 'PATCH'].includes(request.method)) headers.set('content-length', String(length));
  return Object.fromEntries(headers);
}
