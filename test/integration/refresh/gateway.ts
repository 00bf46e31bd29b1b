import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeAll } from 'vitest';
import { ask } from '../backend/running.ts';

/** What a client gets to see of an answer. */
export interface Seen {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the gateway does with one request. The default asks the provider and passes on its answer. */
export interface Turn {
  /** Waited for before anything else. */
  readonly first?: Promise<unknown>;
  /** The provider is not asked at all, so that nothing is spent. */
  readonly instead?: Seen | 'drop';
  /** What becomes of the provider's answer on the way. */
  readonly change?: (fields: Readonly<Record<string, unknown>>) => Seen | 'drop';
  /** Called when the provider has answered, or was not asked. */
  readonly answered?: () => void;
}

/** A token endpoint that stands before the provider's own: the provider truly rotates the token, and the answer is changed on its way back. */
export interface Gateway {
  tokenEndpoint(): string;
  /** What happens to the next request that has nothing waiting before it. */
  next(turn: Turn): void;
  /** How many requests have come in since the last time. */
  arrived(): number;
}

/** Something that is waited for until it is opened. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

export function gatewayTo(origin: () => string): Gateway {
  const turns: Turn[] = [];
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    void answer(origin(), turns.shift() ?? {}, request, response);
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return {
    tokenEndpoint: () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('the gateway listens only while tests run');
      return `http://127.0.0.1:${address.port}/token`;
    },
    next: (turn) => void turns.push(turn),
    arrived: () => {
      const before = count;
      count = 0;
      return before;
    },
  };
}

async function answer(origin: string, turn: Turn, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  await turn.first;
  const seen = turn.instead ?? (await pass(origin, Buffer.concat(chunks).toString(), turn.change));
  turn.answered?.();
  if (seen === 'drop') {
    request.socket.destroy();
    return;
  }
  response.writeHead(seen.status, { 'content-type': 'application/json', ...seen.headers });
  response.end(seen.body);
}

async function pass(origin: string, form: string, change: Turn['change']): Promise<Seen | 'drop'> {
  const { status, text, json } = await ask(origin, '/oauth/token', { method: 'POST', body: new URLSearchParams(form) });
  if (change === undefined) return { status, body: text };
  if (status !== 200 || typeof json !== 'object' || json === null) throw new Error(`the provider refused what was to be changed: ${text}`);
  return change({ ...json });
}
