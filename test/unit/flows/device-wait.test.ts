import { describe, expect, it } from 'vitest';
import { awaitDevice, type DeviceEnd } from '../../../src/flows/device-wait.ts';
import type { OAuthSession } from '../../../src/model/credentials.ts';
import { Failure } from '../../../src/model/failure.ts';
import { Secret } from '../../../src/model/secret.ts';
import type { Poll } from '../../../src/oauth/device.ts';

const session: OAuthSession = {
  kind: 'oauth',
  issuer: 'https://api.example',
  clientId: 'c',
  tokenEndpoint: 'https://api.example/token',
  revocationEndpoint: null,
  accessToken: new Secret('access'),
  refreshToken: null,
  expiresAt: null,
  scopes: [],
  obtainedAt: 0,
};

const signedIn: Poll = { kind: 'signed-in', session };
const trouble: Poll = { kind: 'trouble', failure: new Failure('unreachable', { detail: 'Nobody is there.' }) };

interface Waited {
  readonly end: DeviceEnd | unknown;
  /** Seconds of each pause before a question, or before the end. */
  readonly pauses: readonly number[];
  readonly questions: number;
  readonly warnings: readonly string[];
}

/** Plays a server that gives these answers, and the last one for ever, to a wait that begins at second 0. */
async function wait(answers: readonly Poll[], times: { readonly intervalS?: number; readonly firstS?: number; readonly lifeS?: number } = {}): Promise<Waited> {
  let now = 0;
  const pauses: number[] = [];
  const warnings: string[] = [];
  const left = [...answers];
  let questions = 0;
  const poll = async (): Promise<Poll> => {
    questions += 1;
    return (left.length > 1 ? left.shift() : left[0]) ?? signedIn;
  };
  const { intervalS = 5, lifeS = 600 } = times;
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      pauses.push(ms / 1000);
      now += ms;
    },
  };
  const output = {
    note: () => undefined,
    must: () => undefined,
    warn: (line: string) => void warnings.push(line),
    debug: () => undefined,
    stdoutIsTerminal: false,
    progress: () => ({ tick: () => undefined, end: () => undefined }),
    columns: () => undefined,
  };
  const plan = { intervalMs: intervalS * 1000, firstAt: (times.firstS ?? intervalS) * 1000, expiresAt: lifeS * 1000 };
  const end = await awaitDevice(poll, plan, { clock, output, interrupted: new AbortController().signal }).catch((thrown: unknown) => thrown);
  return { end, pauses, questions, warnings };
}

describe('waiting for a code to be confirmed', () => {
  it('waits the interval before every question, the first one included', async () => {
    const pending: Poll = { kind: 'pending' };
    expect(await wait([pending, pending, signedIn])).toEqual({ end: { kind: 'signed-in', session }, pauses: [5, 5, 5], questions: 3, warnings: [] });
  });

  it('asks at once where the time for it has come already', async () => {
    expect((await wait([signedIn], { firstS: -3 })).pauses).toEqual([0]);
  });

  it('slows down by five seconds each time it is told to, for good (RFC 8628 section 3.5)', async () => {
    const slow: Poll = { kind: 'slow-down' };
    expect((await wait([slow, { kind: 'pending' }, slow, { kind: 'pending' }, signedIn])).pauses).toEqual([5, 10, 10, 15, 15]);
  });

  it('tries again ever more slowly while the server cannot be reached, says so once, and is at its old pace afterwards', async () => {
    const { pauses, warnings } = await wait([trouble, trouble, trouble, trouble, trouble, { kind: 'pending' }, signedIn]);
    expect(pauses).toEqual([5, 10, 20, 40, 60, 60, 5]);
    expect(warnings).toEqual(['Nobody is there. Still trying.']);
  });

  it('gives up when the code has ended, without a question that can only be refused', async () => {
    expect(await wait([{ kind: 'pending' }], { lifeS: 12 })).toEqual({ end: { kind: 'expired' }, pauses: [5, 5, 2], questions: 2, warnings: [] });
  });

  it('gives up when the server says that the code has ended', async () => {
    expect((await wait([{ kind: 'pending' }, { kind: 'expired' }])).end).toEqual({ kind: 'expired' });
  });

  it('ends with what a question throws', async () => {
    const denied = new Failure('consent-denied', { detail: 'No.' });
    const output = {
      note: () => undefined,
      must: () => undefined,
      warn: () => undefined,
      debug: () => undefined,
      stdoutIsTerminal: false,
      progress: () => ({ tick: () => undefined, end: () => undefined }),
      columns: () => undefined,
    };
    const clock = { now: () => 0, sleep: async () => undefined };
    const waiting = awaitDevice(
      () => Promise.reject(denied),
      { intervalMs: 1, firstAt: 0, expiresAt: 10 },
      { clock, output, interrupted: new AbortController().signal },
    );
    await expect(waiting).rejects.toBe(denied);
  });
});
