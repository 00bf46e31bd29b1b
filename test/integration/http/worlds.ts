import { createKeptHttp } from '../../../src/adapters/http/kept-requests.ts';
import { createManyRequestsHttp } from '../../../src/adapters/http/many-requests.ts';
import { createOneRequestHttp } from '../../../src/adapters/http/one-request.ts';
import type { HttpWorld } from '../../../src/adapters/http/engine.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { Env } from '../../../src/model/env.ts';
import type { Http } from '../../../src/model/http.ts';
import { type Failure, isFailure } from '../../../src/model/failure.ts';

/** All engines: every rule holds for each. */
export const ENGINES: ReadonlyArray<readonly [name: string, create: (world: HttpWorld) => Http]> = [
  ['one-request', createOneRequestHttp],
  ['kept-requests', createKeptHttp],
  ['many-requests', createManyRequestsHttp],
];

/** 2026-01-01T00:00:00Z */
export const START = 1_767_225_600_000;

export interface TestWorld {
  readonly world: HttpWorld;
  readonly debug: string[];
  /** Milliseconds of every wait that was asked for. */
  readonly sleeps: number[];
  readonly interrupt: AbortController;
}

export interface WorldOptions {
  readonly env?: Env;
  readonly limits?: HttpWorld['limits'];
  readonly sleep?: Clock['sleep'];
}

/** A clock that stands still and moves only by the waits that it is asked for, which end at once; jitter is off. */
export function testWorld(options: WorldOptions = {}): TestWorld {
  const debug: string[] = [];
  const sleeps: number[] = [];
  const interrupt = new AbortController();
  let now = START;
  const sleep: Clock['sleep'] = async (ms, signal) => {
    sleeps.push(ms);
    await options.sleep?.(ms, signal);
    now += ms;
  };
  const world: HttpWorld = {
    env: options.env ?? {},
    clock: { now: () => now, sleep },
    random: { token: () => 'token', fraction: () => 0 },
    output: {
      note: () => undefined,
      must: () => undefined,
      warn: () => undefined,
      debug: (line) => debug.push(line),
      stdoutIsTerminal: false,
      progress: () => ({ tick: () => undefined, end: () => undefined }),
      columns: () => undefined,
    },
    interrupted: interrupt.signal,
    userAgent: 'keywright/0.0.0-test',
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  };
  return { world, debug, sleeps, interrupt };
}

/** The failure that `work` ends with. Anything else that it does is an error. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (thrown) {
    if (isFailure(thrown)) return thrown;
    throw new Error('Something was thrown that is no Failure.', { cause: thrown });
  }
  throw new Error('It did not fail.');
}
