import { withoutKey, HEAD_MS, type CarryParts } from './carry.ts';
import { mediaTypeOf, messagesOf, newEvents } from './replies.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Gives the client what the server says by itself: the GET stream of the protocol with sessions. Where the server has none it is let be;
 * one that ends or breaks is opened again, after its last event. Ends with the signal, and never rejects.
 */
export async function listen({ server, session, clock, out }: CarryParts, signal: AbortSignal): Promise<void> {
  let wait = FIRST_WAIT_MS;
  let events = newEvents();
  try {
    while (!signal.aborted) {
      const standing = session.standingHeaders();
      if (standing === undefined) return;
      const lastId = events.lastId();
      const heard = await hear({ ...standing, accept: 'text/event-stream', ...(lastId === undefined ? {} : { 'last-event-id': lastId }) });
      if (heard === 'no-stream') return;
      wait = heard === 'something' ? FIRST_WAIT_MS : Math.min(wait * 2, LONGEST_WAIT_MS);
      await clock.sleep(events.retryMs() ?? wait, signal);
    }
  } catch {
    // Interrupted, or the key is no longer good, which the next request tells.
  }

  async function hear(headers: Readonly<Record<string, string>>): Promise<'no-stream' | 'something' | 'nothing'> {
    let heard: 'something' | 'nothing' = 'nothing';
    const answered = await server.send({ method: 'GET', headers, resend: 'harmless', headMs: HEAD_MS, signal });
    const { reply } = answered;
    try {
      if (reply.status >= 500 || reply.status === 429) return heard;
      if (reply.status !== 200 || mediaTypeOf(reply) !== 'text/event-stream') return 'no-stream';
      for await (const message of messagesOf(reply, events)) {
        heard = 'something';
        await out(await withoutKey(message.text, answered));
      }
    } catch {
      // What was cut off in the middle of an event is asked for again from the last whole one.
      const broken = events;
      events = newEvents(broken.lastId());
    } finally {
      reply.close();
    }
    return heard;
  }
}
