import type { BridgeCall } from '../../model/bridge.ts';
import { Failure } from '../../model/failure.ts';
import { grantAccount, type GrantRecord } from '../../model/grant.ts';
import type { Secret } from '../../model/secret.ts';
import type { BridgeWorld } from './world.ts';

/** A client shows nothing while it waits for its first answer, and gives up after some seconds. */
const STORE_LIMIT_MS = 4_000;

const SET_UP = 'Run: keywright setup --mcp';

export interface OpenedGrant {
  readonly record: GrantRecord;
  readonly url: string;
  readonly key: Secret;
}

/** The key of one grant, read when it is first needed. What fails is tried anew by the next request. */
export interface GrantKey {
  open(): Promise<OpenedGrant>;
  /** After the server refused `spent`: the key that took its place, in the same or another process; `session-ended` where there is none. */
  again(spent: OpenedGrant): Promise<OpenedGrant>;
}

export function createGrantKey(call: Pick<BridgeCall, 'provider' | 'grant'>, world: Pick<BridgeWorld, 'grants' | 'store' | 'clock'>): GrantKey {
  let opened: Promise<OpenedGrant> | undefined;

  function read(): Promise<OpenedGrant> {
    const reading = withinLimit(readGrant(call, world), world);
    opened = reading;
    reading.catch(() => {
      if (opened === reading) opened = undefined;
    });
    return reading;
  }

  return {
    open: () => opened ?? read(),
    async again(spent) {
      const known = await opened;
      // Of many requests that are refused at once, the first one reads for all of them.
      const found = known === undefined || known === spent ? await read() : known;
      if (found.key.equals(spent.key)) throw noLonger(found.record);
      return found;
    },
  };
}

async function withinLimit<Thing>(work: Promise<Thing>, { clock }: Pick<BridgeWorld, 'clock'>): Promise<Thing> {
  const done = new AbortController();
  const limit = clock.sleep(STORE_LIMIT_MS, done.signal).then(() => {
    throw new Failure('timed-out', { detail: 'The store of credentials did not answer in time.', hint: 'Run: keywright doctor' });
  });
  limit.catch(() => undefined);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, limit]);
  } finally {
    done.abort();
  }
}

async function readGrant(
  call: Pick<BridgeCall, 'provider' | 'grant'>,
  { grants, store, clock }: Pick<BridgeWorld, 'grants' | 'store' | 'clock'>,
): Promise<OpenedGrant> {
  const record = await grants.find(call.grant);
  if (record === undefined)
    throw new Failure('not-found', { detail: 'There is no such grant on this machine; it was revoked, or made on another one.', hint: SET_UP });
  const url = addressOf(call, record);
  if (record.expiresAt !== null && Date.parse(record.expiresAt) <= clock.now()) {
    throw new Failure('session-ended', { detail: `The grant of ${record.agent} expired at ${record.expiresAt}.`, hint: SET_UP });
  }
  const found = await (await store(record.store)).read({ origin: record.origin, account: grantAccount(record.id) });
  if (found?.kind !== 'key')
    throw new Failure('not-found', { detail: `The ${record.store} holds no key for the grant of ${record.agent}; it was revoked.`, hint: SET_UP });
  return { record, url, key: found.key };
}

/** The record says where the key may go, and its own origin is where the key lies in the store: a record that was edited leads nowhere. */
function addressOf(call: Pick<BridgeCall, 'provider' | 'grant'>, record: GrantRecord): string {
  if (record.provider !== call.provider)
    throw new Failure('refused', { detail: 'This grant is for another provider than the one that was named; nothing was sent.', hint: SET_UP });
  const { mcpUrl, origin } = record;
  if (mcpUrl === null) throw new Failure('refused', { detail: 'The provider of this grant has no MCP server.' });
  if (!URL.canParse(mcpUrl) || new URL(mcpUrl).origin !== origin)
    throw new Failure('refused', {
      detail: 'The record of this grant names a server of another origin than its key belongs to; nothing was sent.',
      hint: SET_UP,
    });
  return mcpUrl;
}

export function noLonger(record: GrantRecord): Failure {
  return new Failure('session-ended', { detail: `The server does not accept the key of this grant of ${record.agent} (revoked or expired).`, hint: SET_UP });
}
