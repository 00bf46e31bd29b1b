import type { StreamReply } from '../../model/http-stream.ts';
import type { OpenedGrant, GrantKey } from './grant-key.ts';
import { noLonger } from './grant-key.ts';
import { createRenewal } from './renewal.ts';
import type { BridgeWorld } from './world.ts';

/** What is sent to the server, without its address and key. */
export interface Sending {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly resend: 'harmless' | 'never';
  readonly headMs: number;
  readonly signal: AbortSignal;
}

export interface Answered {
  readonly reply: StreamReply;
  readonly grant: OpenedGrant;
}

/** The provider's MCP server, spoken to with the key of the grant. */
export interface Server {
  /** Gives the reply to any status but 401: then the store is asked once whether there is another key by now, and `session-ended` where there is none. */
  send(sending: Sending): Promise<Answered>;
  /** Resolves when nothing is being written down any more. */
  settled(): Promise<void>;
}

/** How often it is written down that a grant is in use. */
const MARK_EVERY_MS = 60_000;

export function createServer(key: GrantKey, world: Pick<BridgeWorld, 'http' | 'grants' | 'clock' | 'renew' | 'warn'>): Server {
  const renewal = createRenewal(world);
  let markedAt = Number.NEGATIVE_INFINITY;
  let marking = Promise.resolve();

  function mark({ record }: OpenedGrant): void {
    const now = world.clock.now();
    if (now - markedAt < MARK_EVERY_MS) return;
    markedAt = now;
    // Nothing depends on it.
    marking = world.grants.markUsed(record.id, now).catch(() => undefined);
  }

  const sendWith = (grant: OpenedGrant, sending: Sending): Promise<StreamReply> =>
    world.http.open({ ...sending, url: grant.url, headers: { ...sending.headers, authorization: `Bearer ${grant.key.reveal()}` } });

  return {
    async send(sending) {
      let grant = await key.open();
      let reply = await sendWith(grant, sending);
      if (reply.status === 401) {
        reply.close();
        grant = await key.again(grant);
        reply = await sendWith(grant, sending);
      }
      if (reply.status === 401) {
        reply.close();
        throw noLonger(grant.record);
      }
      mark(grant);
      renewal.consider(grant);
      return { reply, grant };
    },
    settled: () => marking,
  };
}
