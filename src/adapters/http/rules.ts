import type { Http, HttpReply, HttpRequest } from '../../model/http.ts';
import { Failure, isFailure } from '../../model/failure.ts';
import { retryAfterMs } from '../../model/retry-after.ts';
import { checkedAddress } from './address.ts';
import { Broken } from './broken.ts';
import { DEFAULT_LIMITS, type Engine, type Exchange, type HttpWorld, type Limits } from './engine.ts';
import { type Ending, relay } from '../../model/ending.ts';
import { spanText, startLimit } from './limit.ts';
import { proxyFor, type Proxy } from './proxy.ts';
import { MOST_REDIRECTS, redirectTarget, tooManyRedirects } from './redirect.ts';
import { headersToSend } from './request-head.ts';
import { backOff, isPassing, triesFor } from './retry.ts';

type TryOutcome = { readonly kind: 'reply'; readonly reply: HttpReply } | { readonly kind: 'broken'; readonly broken: Broken };

/**
 * The rules of `Http` around an engine that only knows how to send: address, proxy, limits, retries, redirects, the debug line.
 * In this order: the address is checked, the clock starts, each hop is tried up to three times, redirects are followed or refused.
 */
export function httpByRules(world: HttpWorld, engine: Engine): Http {
  const limits: Limits = { ...DEFAULT_LIMITS, ...world.limits };
  let interrupted: Ending | undefined;

  async function send(request: HttpRequest): Promise<HttpReply> {
    const url = checkedAddress(request.url);
    const headers = headersToSend(request, url, world.userAgent);
    const proxy = proxyFor(url, world.env);
    const totalMs = request.totalMs ?? limits.totalMs;
    const endsAt = world.clock.now() + totalMs;
    interrupted ??= relay(world.interrupted);
    const limit = startLimit({
      ms: totalMs,
      whenUp: () => tooSlow(url, proxy, totalMs),
      host: url.host,
      sources: [request.onInterrupt === 'waits' ? undefined : interrupted, request.signal],
    });
    const sent: Exchange = {
      method: request.method,
      url,
      headers,
      body: request.body,
      proxy,
      connection: triesFor(request) > 1 ? 'kept' : 'fresh',
      connectMs: limits.connectMs,
      maxBytes: request.maxBytes ?? limits.maxBytes,
      signal: limit.signal,
    };
    try {
      return await follow(sent, request, endsAt);
    } finally {
      limit.end();
    }
  }

  async function follow(first: Exchange, request: HttpRequest, endsAt: number): Promise<HttpReply> {
    let sent = first;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const reply = await sendRepeatedly(sent, request, endsAt);
      const target = redirectTarget(sent.method, sent.url, reply);
      if (target === undefined) return reply;
      sent = { ...sent, url: target };
    }
    throw tooManyRedirects(first.url);
  }

  async function sendRepeatedly(sent: Exchange, request: HttpRequest, endsAt: number): Promise<HttpReply> {
    const tries = triesFor(request);
    for (let tried = 1; ; tried += 1) {
      const outcome = await sendOnce(sent);
      const now = world.clock.now();
      const wait = tried < tries ? waitAfter(outcome, request, tried, now) : undefined;
      if (wait === undefined || now + wait >= endsAt) {
        if (outcome.kind === 'broken') throw outcome.broken.failure;
        return outcome.reply;
      }
      await world.clock.sleep(wait, sent.signal);
      if (sent.signal.aborted) throw sent.signal.reason;
    }
  }

  /** Milliseconds until another try is worth it, or undefined where none is. */
  function waitAfter(outcome: TryOutcome, { retry }: HttpRequest, tried: number, now: number): number | undefined {
    const step = backOff(tried, world.random.fraction());
    if (outcome.kind === 'broken') return outcome.broken.again === 'may-help' ? step : undefined;
    return isPassing(outcome.reply, retry) ? (retryAfterMs(outcome.reply, now) ?? step) : undefined;
  }

  async function sendOnce(sent: Exchange): Promise<TryOutcome> {
    const started = world.clock.now();
    const report = (result: string): void => world.output.debug(`http: ${place(sent)} ${result} ${Math.round(world.clock.now() - started)} ms`);
    try {
      if (sent.signal.aborted) throw sent.signal.reason;
      const reply = await engine.exchange(sent);
      report(String(reply.status));
      return { kind: 'reply', reply };
    } catch (error) {
      report(error instanceof Broken ? error.word : isFailure(error) ? error.code : 'bug');
      if (error instanceof Broken) return { kind: 'broken', broken: error };
      throw error;
    }
  }

  return { send, close: () => engine.close() };
}

/** Method, origin and path, and the proxy's host: all that a debug line may tell of a request. */
function place(sent: Exchange): string {
  const query = sent.url.search === '' ? '' : '?...';
  const through = sent.proxy === undefined ? '' : ` (proxy ${sent.proxy.host})`;
  return `${sent.method} ${sent.url.origin}${sent.url.pathname}${query}${through}`;
}

function tooSlow(url: URL, proxy: Proxy | undefined, ms: number): Failure {
  const through = proxy === undefined ? '' : ` through the proxy ${proxy.host}`;
  return new Failure('timed-out', { detail: `${url.host} did not answer${through} within ${spanText(ms)}.`, hint: 'Check the network, then try again.' });
}
