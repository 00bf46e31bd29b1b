import type { BackendOptions, RunningBackend } from '../model/backend.ts';
import { Failure } from '../model/failure.ts';
import { agntix } from './agntix/realm.ts';
import { openDatabase } from './database.ts';
import { faultSource, readFaultOrder, type FaultQueue, type FaultSource } from './faults.ts';
import { parseJson } from './json.ts';
import { memax } from './memax/realm.ts';
import { minds } from './minds/realm.ts';
import { findParts } from './parts.ts';
import type { Realm } from './realm.ts';
import { reminix } from './reminix/realm.ts';
import { Refused, type Route } from './routes.ts';
import { listen } from './server.ts';
import { routeCounter, type RouteStats } from './stats.ts';
import { completeTuning, type BackendTuning, type CompleteTuning } from './tuning.ts';

export interface LocalRealm {
  readonly id: string;
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly stats: RouteStats;
  readonly faults: FaultQueue;
  /** Moves this realm's clock on by so many milliseconds: keys and tokens grow old. */
  advanceClock(ms: number): void;
}

/** A running backend with what a test in the same process needs beyond the wire. */
export interface LocalBackend extends RunningBackend {
  readonly realms: readonly LocalRealm[];
  /** `usage` where no such realm runs. */
  realm(id: string): LocalRealm;
}

const REALMS: readonly Realm[] = [memax, minds, reminix, agntix];

/** Every realm that there is, in the order in which they start. */
export const REALM_IDS: readonly string[] = REALMS.map(({ id }) => id);

/**
 * Starts one server per realm on 127.0.0.1 and gives them once all of them listen.
 * `usage` where a realm is unknown or a port is taken, `not-found` where a package that it needs is not installed; then nothing is
 * left running.
 */
export async function startBackend(options: BackendOptions, tuning: BackendTuning = {}): Promise<LocalBackend> {
  const chosen = options.realms.length === 0 ? REALMS : options.realms.map((id) => realmNamed(id, REALMS));
  await findParts();
  const running: RunningRealm[] = [];
  const stop = async () => {
    await Promise.all(running.splice(0).map((realm) => realm.stop()));
  };
  try {
    for (const [index, realm] of chosen.entries()) {
      running.push(await startRealm(realm, portOf(options.port, index), options.dataDir, completeTuning({ ...options.features, ...tuning })));
    }
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  const realms = running.map((entry) => entry.realm);
  return { realms, realm: (id) => realmNamed(id, realms), stop };
}

interface RunningRealm {
  readonly realm: LocalRealm;
  stop(): Promise<void>;
}

async function startRealm(realm: Realm, port: number, dataDir: string | undefined, tuning: CompleteTuning): Promise<RunningRealm> {
  const listener = await listen(port);
  let database;
  try {
    database = await openDatabase(dataDir, realm.id);
  } catch (cause) {
    await listener.close();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure('usage', {
      detail: `The data of ${realm.id} cannot be opened in ${dataDir ?? 'memory'}: ${why}`,
      hint: 'Choose another folder, or none to keep the data in memory.',
      cause,
    });
  }
  const { origin } = listener;
  const faults = faultSource();
  const stats = routeCounter();
  let ahead = 0;
  const now = () => tuning.clock() + ahead;
  const routes = [...(tuning.faultControl ? [faultRoute(faults)] : []), ...realm.routes({ origin, database, now, tuning })];
  listener.serve({ routes, errorBody: realm.errorBody, faults, stats, latencyMs: tuning.latencyMs });
  return {
    realm: {
      id: realm.id,
      origin,
      stats,
      faults,
      advanceClock(ms) {
        ahead += ms;
      },
    },
    async stop() {
      await listener.close();
      database.close();
    },
  };
}

function realmNamed<T extends { readonly id: string }>(id: string, realms: readonly T[]): T {
  const found = realms.find((realm) => realm.id === id);
  if (found === undefined) {
    throw new Failure('usage', { detail: `There is no realm called "${id}".`, hint: `Choose from: ${realms.map((realm) => realm.id).join(', ')}.` });
  }
  return found;
}

const HIGHEST_PORT = 65_535;

function portOf(first: number, index: number): number {
  if (first === 0) return 0;
  const port = first + index;
  if (!Number.isInteger(port) || port < 1 || port > HIGHEST_PORT) {
    throw new Failure('usage', { detail: `${port} is not a port.`, hint: `Choose a number from 1 to ${HIGHEST_PORT}, or 0 for any free one.` });
  }
  return port;
}

/** JSON only: a page in a browser cannot send that to another origin without asking first, and nobody here answers such a question. */
function faultRoute(faults: FaultSource): Route {
  return {
    name: '_faults',
    method: 'POST',
    path: '/_faults',
    handle(call) {
      const order = call.headers['content-type']?.startsWith('application/json') === true ? readFaultOrder(parseJson(call.body)) : undefined;
      if (order === undefined) throw new Refused(400, 'invalid_request', 'Send JSON such as {"route":"keys.list","fault":{"kind":"slow","ms":200},"times":1}.');
      faults.next(order.route, order.fault, { times: order.times });
      return { status: 204 };
    },
  };
}
