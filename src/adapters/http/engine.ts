import type { Socket } from 'node:net';
import type { Deps } from '../../model/deps.ts';
import type { HttpReply, HttpRequest } from '../../model/http.ts';
import type { Ending } from '../../model/ending.ts';
import type { Proxy } from './proxy.ts';

/** What the HTTP adapter needs of the world, and what may be set for it. */
export interface HttpWorld extends Pick<Deps, 'env' | 'clock' | 'random' | 'output'> {
  /** Cuts off every request but those that change something. */
  readonly interrupted: AbortSignal | Ending;
  /** The `user-agent` of every request that names none itself: `keywright/<version>`. */
  readonly userAgent: string;
  readonly limits?: Partial<Limits>;
  /** Is told of every connection when it is begun. */
  readonly begun?: (socket: Socket) => void;
}

export interface Limits {
  /** Milliseconds until a connection must stand: look-up, TCP, the proxy's CONNECT and TLS together. */
  readonly connectMs: number;
  /** Milliseconds for everything, retries and waits included; `HttpRequest.totalMs` goes before it. */
  readonly totalMs: number;
  /** Bytes of reply body; `HttpRequest.maxBytes` goes before it. */
  readonly maxBytes: number;
}

export const DEFAULT_LIMITS: Limits = { connectMs: 10_000, totalMs: 30_000, maxBytes: 1_000_000 };

/** One request as it goes on the wire, once. Every rule has been applied to it already. */
export interface Exchange {
  readonly method: HttpRequest['method'];
  readonly url: URL;
  /** Complete and checked, with lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly proxy: Proxy | undefined;
  /**
   * `fresh` for what is not sent twice: a kept connection may be closed by the server in the moment we write to it, and then
   * nobody knows whether the request was carried out.
   */
  readonly connection: 'fresh' | 'kept';
  readonly connectMs: number;
  readonly maxBytes: number;
  /** Ends the exchange at once; its reason is the `Failure` to throw. */
  readonly signal: Ending;
}

/** What differs between the two ways of sending: one request, one reply, no rules. */
export interface Engine {
  /**
   * Gives a whole reply. Throws `Broken` where a connection failed before the reply was complete, a `Failure` where
   * the reply is not acceptable, and the signal's reason as soon as the signal is aborted.
   */
  exchange(sent: Exchange): Promise<HttpReply>;
  close(): Promise<void>;
}
