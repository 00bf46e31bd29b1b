import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';

import type { JsonObject } from '../../json.ts';

/** What a session has to say by itself waits for a stream, this many messages at most. */
const MOST_WAITING = 100;

export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly version: string;
}

/** The sessions of MCP up to 2025-11-25. They live as long as the server does. */
export interface Sessions {
  begin(userId: string, version: string): Session;
  /** Undefined for one that is unknown, or somebody else's. */
  find(userId: string, id: string): Session | undefined;
  end(id: string): void;
  /** Says something to every session of a person: on its stream, or as soon as it has one. */
  tell(userId: string, message: JsonObject): void;
  /** Makes `response` the stream of a session, from after the event `after`. */
  listen(session: Session, response: ServerResponse, after: number): void;
}

interface Kept extends Session {
  readonly said: Array<{ readonly number: number; readonly message: JsonObject }>;
  count: number;
  stream: ServerResponse | undefined;
}

export function createSessions(): Sessions {
  const kept = new Map<string, Kept>();
  return {
    begin(userId, version) {
      const session: Kept = { id: randomUUID(), userId, version, said: [], count: 0, stream: undefined };
      kept.set(session.id, session);
      return session;
    },
    find(userId, id) {
      const found = kept.get(id);
      return found?.userId === userId ? found : undefined;
    },
    end(id) {
      kept.get(id)?.stream?.end();
      kept.delete(id);
    },
    tell(userId, message) {
      for (const session of kept.values()) {
        if (session.userId !== userId) continue;
        session.count += 1;
        session.said.push({ number: session.count, message });
        if (session.said.length > MOST_WAITING) session.said.shift();
        session.stream?.write(eventText(message, session.count));
      }
    },
    listen({ id }, response, after) {
      const session = kept.get(id);
      if (session === undefined) return void response.end();
      session.stream?.end();
      session.stream = response;
      for (const { number, message } of session.said) if (number > after) response.write(eventText(message, number));
      response.on('close', () => {
        if (session.stream === response) session.stream = undefined;
      });
    },
  };
}

/** One server-sent event (HTML standard, section 9.2). */
export function eventText(message: JsonObject, number?: number): string {
  return `${number === undefined ? '' : `id: ${number}\n`}data: ${JSON.stringify(message)}\n\n`;
}

export function beginEvents(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no', ...headers });
  response.flushHeaders();
}
