import type { IncomingHttpHeaders } from 'node:http';

/** The credential of `Authorization: Bearer ...` (RFC 6750 section 2.1; the scheme in any case); undefined where there is none. */
export function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  return /^Bearer +([\x21-\x7e]+)$/i.exec(headers.authorization ?? '')?.[1];
}
