import type { Http, HttpRequest } from '../../model/deps.ts';
import { Failure, isFailure } from '../../model/failure.ts';

/** What openid-client, oauth4webapi and jose pass to their custom fetch. */
export interface FetchOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null;
}

/**
 * `fetch` for openid-client, with our rules: limits, proxies, no redirect elsewhere, and every write sent once.
 * Fails with the `Failure` of `Http.send`; openid-client wraps it, `failureBehind` finds it again.
 */
export function asFetch(http: Http): (url: string | URL, options?: FetchOptions) => Promise<Response> {
  return async (url, options = {}) => {
    const method = readMethod(options.method ?? 'GET');
    const body = readBody(options.body);
    const reply = await http.send({
      method,
      url: String(url),
      headers: headersOf(options),
      ...(body === undefined ? {} : { body }),
      retry: method === 'GET' || method === 'HEAD' ? 'idempotent' : 'never',
      ...(options.signal === undefined || options.signal === null ? {} : { signal: options.signal }),
    });
    if (reply.status < 200 || reply.status > 599) throw new Failure('unexpected-answer', { detail: `${new URL(url).host} answered with status ${reply.status}.` });
    // The standard allows no body, not even an empty one, with these (Fetch, "null body status").
    const bodiless = [204, 205, 304].includes(reply.status);
    return new Response(bodiless ? null : reply.body, { status: reply.status, headers: { ...reply.headers } });
  };
}

/** The `Failure` that an error is or was caused by, however often a library wrapped it; undefined where there is none. */
export function failureBehind(error: unknown): Failure | undefined {
  const seen = new Set<unknown>();
  for (let each = error; typeof each === 'object' && each !== null && !seen.has(each); each = 'cause' in each ? each.cause : undefined) {
    if (isFailure(each)) return each;
    seen.add(each);
  }
  return undefined;
}

function headersOf(options: FetchOptions): Readonly<Record<string, string>> {
  const headers = new Map(Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  // The library names itself; to the server it is us who ask.
  headers.delete('user-agent');
  if (options.body instanceof URLSearchParams && !headers.has('content-type')) headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8');
  return Object.fromEntries(headers);
}

function readBody(body: unknown): string | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  if (body instanceof Uint8Array || body instanceof ArrayBuffer) return new TextDecoder('utf-8', { fatal: true }).decode(body);
  throw new Failure('bug', { detail: 'A request body of a kind that is not text was given.' });
}

function readMethod(text: string): HttpRequest['method'] {
  const method = text.toUpperCase();
  switch (method) {
    case 'GET':
    case 'POST':
    case 'PUT':
    case 'PATCH':
    case 'DELETE':
    case 'HEAD':
      return method;
    default:
      throw new Failure('bug', { detail: 'A request method that is not spoken here was given.' });
  }
}
