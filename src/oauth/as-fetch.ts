import type { Http, HttpReply, HttpRequest } from '../model/http.ts';
import { type Failure, isFailure } from '../model/failure.ts';

const METHODS: readonly HttpRequest['method'][] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];

/** What may change a reply before the OAuth library judges it. */
export type Reread = (reply: HttpReply) => HttpReply;

interface FetchOptions {
  readonly method?: string | undefined;
  readonly headers?: Record<string, string> | Headers | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null | undefined;
}

function bodyText(body: unknown): string | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('an OAuth request has a form or JSON text as its body');
}

/**
 * Our `Http` in the shape of `fetch`, for the OAuth library: the same limits, proxies and redirect rules hold there.
 * A code or a refresh token counts once, so a POST is never tried again and never cut off by Ctrl-C.
 */
export function asFetch(http: Http, reread: Reread = (reply) => reply): (url: string, options: FetchOptions) => Promise<Response> {
  return async (url, options) => {
    const method = METHODS.find((known) => known === (options.method ?? 'GET'));
    if (method === undefined) throw new TypeError('unknown HTTP method');
    const body = bodyText(options.body);
    const headers = new Headers(options.headers);
    // Providers shall see this program's name, not the library's.
    headers.delete('user-agent');
    const sent = await http.send({
      method,
      url,
      headers: Object.fromEntries(headers.entries()),
      ...(body === undefined ? {} : { body }),
      ...(options.signal ? { signal: options.signal } : {}),
      retry: method === 'GET' ? 'idempotent' : 'never',
      onInterrupt: method === 'GET' ? 'cuts' : 'waits',
    });
    const reply = reread(sent);
    const withoutBody = reply.status === 204 || reply.status === 205 || reply.status === 304;
    return new Response(withoutBody ? null : reply.body, { status: reply.status, headers: reply.headers });
  };
}

/** The `Failure` that our HTTP threw and the OAuth library wrapped, if it was one. */
export function failureBehind(thrown: unknown): Failure | undefined {
  for (let error = thrown, depth = 0; typeof error === 'object' && error !== null && depth < 8; depth += 1) {
    if (isFailure(error)) return error;
    error = 'cause' in error ? error.cause : undefined;
  }
  return undefined;
}
