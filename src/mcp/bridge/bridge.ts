import type { BridgeCall } from '../../model/bridge.ts';
import { createCarry, type CarryParts } from './carry.ts';
import { createGrantKey } from './grant-key.ts';
import { statelessVersion } from './headers.ts';
import { linesOf, type Line } from './lines.ts';
import { listen } from './listen.ts';
import { errorLine, INVALID_REQUEST, PARSE_ERROR, readMessage, type Message } from './message.ts';
import { MOST_BYTES } from './replies.ts';
import { createServer } from './server.ts';
import { createSession, isInitialize, isInitialized } from './session.ts';
import type { BridgeWorld } from './world.ts';

/** Messages at once; beyond it the client waits. */
const MOST_UNDER_WAY = 1_024;

/** For what is under way when the client goes. */
const FAREWELL_MS = 10_000;

/** For telling the server that a session is over. */
const GOODBYE_MS = 1_000;

interface UnderWay {
  readonly message: Message;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/**
 * Carries MCP between a client on stdio and the provider's server over streamable HTTP, with the key of a grant that neither of them has to know.
 *
 * Each message is a POST of its own, all at once, but for the handshake, which is waited for; answers go out in the order in which they come.
 * The key is read at the first message. Whatever fails answers the request that met it, and the bridge lives on.
 * Ends when the client goes, after what is under way, or when nobody reads its output, or by the signal.
 */
export async function runBridge(call: Pick<BridgeCall, 'provider' | 'grant'>, world: BridgeWorld): Promise<void> {
  const stopping = new AbortController();
  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve(), { once: true }));
  const stop = (): void => stopping.abort();
  if (world.interrupted.aborted) stop();
  else world.interrupted.addEventListener('abort', stop, { once: true });

  const session = createSession();
  const server = createServer(createGrantKey(call, world), world);
  const out = async (line: string): Promise<void> => {
    if (stopping.signal.aborted) return;
    if ((await world.write(line)) === 'closed') stop();
  };
  let listening = new AbortController();
  const begun = (): void => {
    listening.abort();
    listening = new AbortController();
    void listen(parts, listening.signal);
  };
  const parts: CarryParts = { server, session, clock: world.clock, out, warn: world.warn, begun };
  const carry = createCarry(parts);

  const underWay = new Set<UnderWay>();
  let handshake: Promise<void> = Promise.resolve();

  function start(message: Message): UnderWay {
    const before = handshake;
    const one = new AbortController();
    const entry: UnderWay = { message, stop: one, done: before.then(() => (one.signal.aborted ? undefined : carry(message, one.signal))) };
    underWay.add(entry);
    void entry.done.finally(() => underWay.delete(entry));
    return entry;
  }

  function take(message: Message): void {
    if (message.kind === 'notification' && message.method === 'notifications/cancelled') return cancel(message);
    const { done } = start(message);
    if (isInitialize(message) || isInitialized(message)) handshake = done;
  }

  /** With sessions the server is told; in the stateless protocol it sees that the connection is closed. */
  function cancel(message: Message): void {
    const id = message.kind === 'notification' ? message.params['requestId'] : undefined;
    const meant = [...underWay].find((entry) => entry.message.kind === 'request' && entry.message.id === id && !entry.stop.signal.aborted);
    if (meant !== undefined && isInitialize(meant.message)) return;
    meant?.stop.abort();
    const stateless = statelessVersion(meant?.message ?? message) !== undefined;
    if (!stateless && session.agreed() !== undefined) start(message);
  }

  async function read(line: Line): Promise<void> {
    if (line.kind === 'too-long') return out(errorLine(null, INVALID_REQUEST, `A message holds at most ${MOST_BYTES} bytes.`));
    const found = readMessage(line.text);
    if (found.kind === 'message') return take(found.message);
    if (found.kind === 'not-json') return out(errorLine(null, PARSE_ERROR, 'A line is not JSON.'));
    return out(errorLine(found.id, INVALID_REQUEST, 'A line is not one message of JSON-RPC 2.0.'));
  }

  async function readAll(): Promise<void> {
    for await (const line of linesOf(world.input, MOST_BYTES)) {
      if (stopping.signal.aborted) return;
      await read(line);
      while (underWay.size >= MOST_UNDER_WAY && !stopping.signal.aborted) await Promise.race([...underWay].map(({ done }) => done));
    }
  }

  await Promise.race([readAll().catch(() => undefined), stopped]);
  listening.abort();
  // A subscription has no end of its own.
  for (const { message, stop: end } of underWay) if (message.kind === 'request' && message.method === 'subscriptions/listen') end.abort();
  await withinLimit(Promise.race([Promise.all([...underWay].map(({ done }) => done)), stopped]), FAREWELL_MS, world);
  for (const { stop: end } of underWay) end.abort();
  await withinLimit(Promise.all([sayGoodbye(), server.settled()]), GOODBYE_MS, world);
  world.interrupted.removeEventListener('abort', stop);
  world.http.close();

  async function sayGoodbye(): Promise<void> {
    const headers = session.agreed()?.id === null ? undefined : session.standingHeaders();
    if (headers === undefined) return;
    const { reply } = await server.send({ method: 'DELETE', headers, resend: 'never', headMs: GOODBYE_MS, signal: AbortSignal.timeout(GOODBYE_MS) });
    reply.close();
  }
}

async function withinLimit(work: Promise<unknown>, ms: number, { clock }: Pick<BridgeWorld, 'clock'>): Promise<void> {
  const done = new AbortController();
  const quiet = (promise: Promise<unknown>): Promise<unknown> => promise.catch(() => undefined);
  await Promise.race([quiet(work), quiet(clock.sleep(ms, done.signal))]);
  done.abort();
}
