import type { IncomingHttpHeaders } from 'node:http';

/** What a body says it is, without its parameters and in lower case (RFC 9110 section 8.3.1); empty where it does not say. */
export function mediaType(headers: IncomingHttpHeaders): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
