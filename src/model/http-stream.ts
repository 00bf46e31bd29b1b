/** A request whose reply is read while it comes. */
export interface StreamRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `https:` anywhere, or `http:` to loopback; anything else is `refused` before a connection is made. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds until the reply begins; its body has no limit. */
  readonly headMs: number;
  /** Whether it may be sent once more where a connection that was kept from an earlier request turns out to be closed. */
  readonly resend: 'harmless' | 'never';
  /** Ends it at any time; its reason is what is thrown. */
  readonly signal: AbortSignal;
}

export interface StreamReply {
  readonly status: number;
  /** Lower-case names; a header that came several times is joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** In pieces, as fast as they are taken. Throws `unexpected-answer` where it was cut off, and the signal's reason. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets go of the connection where the body was not read to its end. */
  close(): void;
}

/** HTTP for what goes on for long: many requests at once, replies without an end. */
export interface HttpStream {
  /**
   * Gives the reply once it begins, whatever its status. No redirect is followed and nothing is tried again but what `resend` allows.
   * Throws `unreachable`, `timed-out`, `unexpected-answer`, `refused`, `usage` (a proxy that cannot be used), and the signal's reason.
   */
  open(request: StreamRequest): Promise<StreamReply>;
  /** Closes all connections. */
  close(): void;
}
