import type { Ending } from './ending.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** `https:` anywhere, or `http:` to loopback; anything else is `refused` before a connection is made. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Bytes of reply body accepted; default 1 MB. */
  readonly maxBytes?: number;
  /** Milliseconds for everything, retries included; default 30 s. */
  readonly totalMs?: number;
  /**
   * `idempotent` (the default): GET, HEAD, PUT and DELETE are tried again on a broken connection, 429, 502, 503 and 504.
   * `except-429`: the same, but a 429 is given back at once, for whoever holds up more than this one request for it.
   * `never`: one try.
   */
  readonly retry?: 'idempotent' | 'except-429' | 'never';
  /**
   * `cuts` (the default): Ctrl-C ends the request. `waits`: it does not, since the reply holds something that exists once,
   * such as a rotated token or a new key; the time limit still holds.
   */
  readonly onInterrupt?: 'cuts' | 'waits';
  readonly signal?: AbortSignal | Ending;
}

export interface HttpReply {
  readonly status: number;
  /** Lower-case names; a header that came several times is joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Http {
  /**
   * Sends one request and gives the reply, whatever its status (an error status that retries did not cure included).
   * Same-origin redirects of GET and HEAD are followed, at most 5. A redirect elsewhere is `unexpected-answer` and nothing is sent there.
   * Throws `unreachable`, `timed-out`, `unexpected-answer` (body over the limit, cut off), `cancelled` (signal), `refused` (plain http).
   * Never throws on a status.
   */
  send(request: HttpRequest): Promise<HttpReply>;
  /** Resolves when what was asked for is on its way, before anything of it comes back; absent where that is not known. */
  onItsWay?(): Promise<void>;
  /** Closes idle connections, so that the process can end at once. */
  close(): Promise<void>;
}
