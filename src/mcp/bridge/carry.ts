import { Failure, isFailure } from '../../model/failure.ts';
import type { Clock } from '../../model/clock.ts';
import { failureLine, failureOfStatus } from './failures.ts';
import { statelessVersion } from './headers.ts';
import { readMessage, type Message, type Request } from './message.ts';
import { errorTextOf, mediaTypeOf, messagesOf, newEvents } from './replies.ts';
import type { Answered, Server } from './server.ts';
import { isInitialize, isInitialized, type Session } from './session.ts';
import type { EventReader } from './sse.ts';

/** For a reply to begin. Tools may work for long, and a client that is tired of waiting cancels; this is against waiting for ever. */
export const HEAD_MS = 3_600_000;

/** Before a stream that broke off is taken up again, where the server does not say how long. */
const RESUME_MS = 1_000;

/** For beginning a session anew. */
const RENEW_MS = 30_000;

/** How often in a row without anything new. */
const MOST_RESUMES = 5;

/** What acts on the world: sent a second time it might act twice. */
const ACTS: ReadonlySet<string> = new Set(['tools/call']);

const ACCEPT_BOTH = 'application/json, text/event-stream';

export interface CarryParts {
  readonly server: Server;
  readonly session: Session;
  readonly clock: Clock;
  /** Gives the client a line; resolves when there is room for more. */
  readonly out: (line: string) => Promise<void>;
  readonly warn: (line: string) => void;
  /** Called when a session has begun, also one in place of another. */
  readonly begun: () => void;
}

/** Carries one message of the client's to the server, and what comes back to the client. Never rejects: what goes wrong is the answer. */
export type Carry = (message: Message, signal: AbortSignal) => Promise<void>;

export function createCarry(parts: CarryParts): Carry {
  const { server, session, clock, out, warn, begun } = parts;
  let renewing: { readonly id: string; readonly done: Promise<void> } | undefined;

  const post = (message: Message, signal: AbortSignal): Promise<Answered> =>
    server.send({
      method: 'POST',
      headers: { ...session.headersFor(message), 'content-type': 'application/json', accept: ACCEPT_BOTH },
      body: message.text,
      resend: message.kind === 'request' && !ACTS.has(message.method) ? 'harmless' : 'never',
      headMs: HEAD_MS,
      signal,
    });

  /** MCP 2025-11-25, "Session Management": after 404 for its session a client begins a new one. The client knows nothing of sessions, so this is ours to do. */
  async function renew(lost: string): Promise<void> {
    const agreed = session.agreed();
    if (agreed === undefined || agreed.id !== lost) return;
    // It is for all requests that met the loss, so none of them can cancel it.
    const signal = AbortSignal.timeout(RENEW_MS);
    const answered = await post(agreed.initialize, signal);
    if (answered.reply.status !== 200) return answered.reply.close();
    for await (const message of messagesOf(answered.reply, newEvents())) {
      if (message.kind === 'response') session.heard(agreed.initialize, answered.reply.headers, message.result);
    }
    const told = readMessage('{"jsonrpc":"2.0","method":"notifications/initialized"}');
    if (told.kind === 'message') (await post(told.message, signal)).reply.close();
    begun();
  }

  async function postInSession(message: Message, signal: AbortSignal): Promise<Answered> {
    const id = session.headersFor(message)['mcp-session-id'];
    const answered = await post(message, signal);
    if (answered.reply.status !== 404 || id === undefined) return answered;
    answered.reply.close();
    if (renewing?.id !== id) renewing = { id, done: renew(id) };
    try {
      await renewing.done;
    } catch (thrown) {
      renewing = undefined;
      throw thrown;
    }
    return post(message, signal);
  }

  /** Gives what comes to the client. True where the answer to `request` was among it. */
  async function pass(request: Request, answered: Answered, events: EventReader): Promise<boolean> {
    let found = false;
    for await (const message of messagesOf(answered.reply, events)) {
      if (message.kind === 'response' && message.id === request.id) {
        found = true;
        session.heard(request, answered.reply.headers, message.result);
      }
      await out(await withoutKey(message.text, answered));
    }
    return found;
  }

  /** As `pass`, where a stream that breaks off after an event with an id is taken up again after that event (MCP 2025-11-25, "Resumability"). */
  async function passWhole(request: Request, first: Answered, signal: AbortSignal): Promise<boolean> {
    const events = newEvents();
    let answered = first;
    let lastId: string | undefined;
    for (let tries = 0; ; tries = events.lastId() === lastId ? tries + 1 : 1) {
      lastId = events.lastId();
      let broken: unknown;
      try {
        if (await pass(request, answered, events)) return true;
      } catch (thrown) {
        broken = thrown;
      }
      const from = events.lastId();
      const standing = session.standingHeaders();
      if (from === undefined || standing === undefined || statelessVersion(request) !== undefined || tries >= MOST_RESUMES || signal.aborted) {
        if (broken !== undefined) throw broken;
        return false;
      }
      await clock.sleep(events.retryMs() ?? RESUME_MS, signal);
      answered = await server.send({
        method: 'GET',
        headers: { ...standing, accept: 'text/event-stream', 'last-event-id': from },
        resend: 'harmless',
        headMs: HEAD_MS,
        signal,
      });
      if (answered.reply.status !== 200 || mediaTypeOf(answered.reply) !== 'text/event-stream') {
        answered.reply.close();
        return false;
      }
    }
  }

  async function carryRequest(request: Request, signal: AbortSignal): Promise<void> {
    const answered = await (isInitialize(request) ? post(request, signal) : postInSession(request, signal));
    const { status } = answered.reply;
    try {
      if (status < 200 || status > 299) {
        const text = await errorTextOf(answered.reply);
        const read = readMessage(text);
        const meant = read.kind === 'message' && read.message.kind === 'response' && read.message.id === request.id && status !== 403;
        return await out(meant ? await withoutKey(read.message.text, answered) : failureLine(request.id, await failureOfStatus(answered, text, clock.now())));
      }
      if (!(await passWhole(request, answered, signal)))
        throw new Failure('unexpected-answer', { detail: 'The server ended its reply without an answer to the request.', hint: 'Try again.' });
    } finally {
      answered.reply.close();
    }
  }

  async function carryOther(message: Message, signal: AbortSignal): Promise<void> {
    const answered = await postInSession(message, signal);
    const { status } = answered.reply;
    const text = status > 299 ? await errorTextOf(answered.reply) : '';
    answered.reply.close();
    if (status > 299) warn(`keywright: ${(await failureOfStatus(answered, text, clock.now())).detail}`);
    else if (isInitialized(message)) begun();
  }

  return async (message, signal) => {
    try {
      if (message.kind === 'request') await carryRequest(message, signal);
      else await carryOther(message, signal);
    } catch (thrown) {
      // What was cancelled gets no answer (MCP, "Cancellation").
      if (signal.aborted) return;
      if (message.kind === 'request') await out(failureLine(message.id, thrown));
      else warn(`keywright: a message of the client did not reach the server${isFailure(thrown) ? ` (${thrown.code})` : ''}.`);
    }
  };
}

/** A server may repeat what it was sent; the agent behind the client is not to see it. */
export async function withoutKey(text: string, { grant }: Answered): Promise<string> {
  if (!text.includes(grant.key.reveal())) return text;
  const { maskOf } = await import('../../api/mask.ts');
  return maskOf([grant.key]).body(text);
}
