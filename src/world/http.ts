import type { Socket } from 'node:net';
import { watched } from '../adapters/http/watched.ts';
import type { Deps } from '../model/deps.ts';
import type { Http } from '../model/http.ts';
import type { Output } from '../model/output.ts';
import { once } from './once.ts';
import type { Surroundings } from './surroundings.ts';

/** Who is told of what the ways of sending leave open. */
export interface Openness {
  /** Is told of what has to be closed, since it would keep the process alive after its work is done. */
  readonly keepsOpen: (http: Http) => void;
  /** Is told of each connection to a provider. */
  readonly begun: (socket: Socket) => void;
}

/** The three ways of sending. */
export function httpIn(
  { env, clock, random, interruption }: Surroundings,
  output: Output,
  { keepsOpen, begun }: Openness,
): Pick<Deps, 'http' | 'bulkHttp' | 'oauthHttp'> {
  const world = { env, clock, random, output, interrupted: interruption, userAgent: `keywright/${__KEYWRIGHT_VERSION__}`, begun };
  const one = once(async () => watched((await import('../adapters/http/one-request.ts')).createOneRequestHttp(world), output));
  const closed = (http: Http): Http => {
    const shown = watched(http, output);
    keepsOpen(shown);
    return shown;
  };
  const whenMany = async (): Promise<void> => (await import('../adapters/young-memory.ts')).keepYoungMemory();
  const kept = once(async () => closed((await import('../adapters/http/kept-requests.ts')).createKeptHttp({ ...world, whenMany })));
  const many = once(async () => closed((await import('../adapters/http/many-requests.ts')).createManyRequestsHttp(world)));
  return { http: { send: async (request) => (await one()).send(request), close: async () => undefined }, bulkHttp: kept, oauthHttp: many };
}
