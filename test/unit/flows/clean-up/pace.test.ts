import { describe, expect, it } from 'vitest';
import { paced } from '../../../../src/flows/clean-up/pace.ts';
import type { Clock } from '../../../../src/model/clock.ts';
import { watch } from '../../../../src/model/ending.ts';
import type { Http, HttpReply, HttpRequest } from '../../../../src/model/http.ts';
import { Failure } from '../../../../src/model/failure.ts';

const reply = (status: number, retryAfter?: string): HttpReply => ({
  status,
  headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  body: '',
});
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that passes only when somebody says so. */
function handClock(): Clock & { readonly sleepers: ReadonlySet<unknown>; advance(ms: number): Promise<void> } {
  const state = { now: 1_000_000 };
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    now: () => state.now,
    sleepers,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const forget = signal && watch(signal, () => reject(signal.reason));
        const wake = (): void => {
          forget?.();
          resolve();
        };
        sleepers.add({ until: state.now + ms, wake });
      }),
    advance: async (ms) => {
      state.now += ms;
      for (const sleeper of sleepers) {
        if (sleeper.until > state.now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      await settled();
    },
  };
}

function scene(answer: (nth: number, request: HttpRequest) => HttpReply) {
  const clock = handClock();
  const sent: string[] = [];
  const asked: HttpRequest[] = [];
  const notes: string[] = [];
  const interrupt = new AbortController();
  const inner: Http = {
    send: async (request) => {
      sent.push(request.url);
      asked.push(request);
      return answer(sent.length, request);
    },
    close: async () => undefined,
  };
  const output = {
    note: (line: string) => void notes.push(line),
    must: () => undefined,
    warn: () => undefined,
    debug: () => undefined,
    stdoutIsTerminal: false,
    progress: () => ({ tick: () => undefined, end: () => undefined }),
    columns: () => undefined,
  };
  const http = paced(inner, { clock, interrupted: interrupt.signal, output });
  return { clock, sent, asked, notes, interrupt, send: (url: string) => http.send({ method: 'DELETE', url }) };
}

describe('the pace of many requests', () => {
  it('holds up all of them after one 429, for as long as it says, and not a millisecond less', async () => {
    const { clock, sent, asked, notes, send } = scene((nth) => reply(nth === 1 ? 429 : 204, '30'));
    const first = send('a');
    await settled();
    const others = [send('b'), send('c')];
    await clock.advance(29_999);
    expect(sent).toEqual(['a']);
    // One sleep for all: Node warns of more than ten listeners of a signal.
    expect(clock.sleepers.size).toBe(1);
    await clock.advance(1);
    expect((await Promise.all([first, ...others])).map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(sent.slice(1).sort()).toEqual(['a', 'b', 'c']);
    expect(notes).toEqual(['The provider asks for a pause. Going on in 30 s.']);
    // Whoever sends it must not wait for itself alone.
    expect(asked.map(({ retry }) => retry)).toEqual(['except-429', 'except-429', 'except-429', 'except-429']);
  });

  it('takes the longest of several pauses that were asked for at the same time', async () => {
    const { clock, sent, send } = scene((nth) => reply(nth <= 2 ? 429 : 204, nth === 1 ? '10' : '20'));
    const both = [send('a'), send('b')];
    await settled();
    await clock.advance(10_000);
    expect(sent).toHaveLength(2);
    await clock.advance(10_000);
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([204, 204]);
  });

  it('waits a second, then two, where the server does not say', async () => {
    const { clock, sent, send } = scene((nth) => reply(nth <= 2 ? 429 : 204));
    const one = send('a');
    await settled();
    await clock.advance(1_000);
    expect(sent).toHaveLength(2);
    await clock.advance(1_999);
    expect(sent).toHaveLength(2);
    await clock.advance(1);
    expect((await one).status).toBe(204);
  });

  it('gives a 429 back whose pause is longer than five minutes', async () => {
    const { sent, send } = scene(() => reply(429, '301'));
    expect((await send('a')).status).toBe(429);
    expect(sent).toHaveLength(1);
  });

  it('gives up after ten pauses in a row, and counts anew when one got through', async () => {
    const stubborn = scene(() => reply(429, '1'));
    const refused = stubborn.send('a');
    await settled();
    for (let pause = 0; pause < 10; pause += 1) await stubborn.clock.advance(1_000);
    expect((await refused).status).toBe(429);
    expect(stubborn.sent).toHaveLength(11);

    const moody = scene((nth) => reply(nth % 9 === 0 ? 204 : 429, '1'));
    for (const url of ['a', 'b']) {
      const one = moody.send(url);
      await settled();
      for (let pause = 0; pause < 8; pause += 1) await moody.clock.advance(1_000);
      expect((await one).status).toBe(204);
    }
  });

  it('ends with the interruption in the middle of a pause', async () => {
    const { sent, interrupt, send } = scene(() => reply(429, '30'));
    const one = send('a');
    await settled();
    interrupt.abort(new Failure('cancelled', { detail: 'enough' }));
    await expect(one).rejects.toMatchObject({ code: 'cancelled' });
    expect(sent).toHaveLength(1);
  });
});
