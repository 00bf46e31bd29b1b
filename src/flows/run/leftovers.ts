import { type Access, over } from '../../api/access.ts';
import { keyPages, revokeKey } from '../../api/keys.ts';
import type { Deps } from '../../model/deps.ts';
import type { Http } from '../../model/http.ts';
import { DAY_MS } from '../../model/duration.ts';
import type { EphemeralRecord } from '../../model/ephemeral.ts';
import { isFailure } from '../../model/failure.ts';
import { plainText } from '../../render/plain-text.ts';
import { accessOf } from '../authority.ts';
import { decide } from '../decision/decide.ts';
import { gatherFacts } from '../decision/facts.ts';
import type { Resolution } from '../resolve.ts';
import { ownerLock } from './guard.ts';

/** All that a command gives to keys that others left behind. */
const LIMIT_MS = 2_000;

/** Keys at a time; the others come with the next command. */
const AT_ONCE = 8;

/** A key that the list does not have yet may still be on its way: a request lives for half a minute. */
const MAY_COME_MS = 120_000;

/** When to forget a key that does not end by itself and cannot be revoked. */
const GIVE_UP_MS = 30 * DAY_MS;

export type LeftoverDeps = Pick<
  Deps,
  | 'ephemerals'
  | 'lock'
  | 'clock'
  | 'output'
  | 'http'
  | 'bulkHttp'
  | 'store'
  | 'env'
  | 'accounts'
  | 'settings'
  | 'binding'
  | 'definitions'
  | 'journal'
  | 'interrupted'
>;

/** The credential that made the key, where it is still there: the stored account, or the variable with the same value in it. */
async function maker(record: EphemeralRecord, deps: LeftoverDeps): Promise<Resolution | undefined> {
  const facts = await gatherFacts(deps);
  const provider = facts.providers.find(({ id }) => id === record.provider);
  if (provider === undefined) return undefined;
  const { baseUrl, project, account } = record;
  if (account !== null) {
    const address = { origin: new URL(baseUrl).origin, account };
    const known = await deps.accounts.find(address);
    if (known === undefined) return undefined;
    const target = { provider, origin: address.origin, baseUrl, project };
    return { target, source: { kind: 'stored', address, record: known }, shadowed: undefined, binding: { kind: 'none' } };
  }
  const { outcome } = decide({ provider, account: undefined, project: project ?? undefined }, facts);
  if (outcome.kind === 'failed' || outcome.source.kind !== 'variable' || outcome.target.baseUrl !== baseUrl) return undefined;
  return outcome.source.key.preview() === record.preview ? { ...outcome, binding: { kind: 'none' } } : undefined;
}

/** The ids of the keys of this name: one, or none. */
async function idsOf(record: EphemeralRecord, access: Access): Promise<readonly string[]> {
  if (record.keyId !== null) return [record.keyId];
  for await (const page of keyPages(access)) {
    const found = page.filter(({ name }) => name === record.name);
    if (found.length > 0) return found.map(({ id }) => id);
  }
  return [];
}

/** Revokes the key of one record. Gives what there is to say; the lock of the record is ours. */
async function revokeOne(record: EphemeralRecord, http: Http, deps: LeftoverDeps): Promise<readonly string[]> {
  const what = `the key "${plainText(record.name)}" at ${plainText(record.provider, 40)}, which a run that was killed left behind`;
  const now = deps.clock.now();
  if (record.endsAt !== null && record.endsAt <= now) {
    await deps.ephemerals.delete(record.id);
    return [];
  }
  if (record.begunAt + GIVE_UP_MS <= now) {
    await deps.ephemerals.delete(record.id);
    return [`Not tried any longer: to revoke ${what}. Revoke it by hand.`];
  }
  const resolution = await maker(record, deps);
  if (resolution === undefined) {
    deps.output.debug(`${what} cannot be revoked now: the credential that made it is not here`);
    return [];
  }
  const access = over(http, await accessOf(resolution, deps));
  const ids = await idsOf(record, access);
  if (ids.length === 0 && now - record.begunAt < MAY_COME_MS) return [];
  const outcomes = await Promise.all(ids.map((id) => revokeKey(access, id)));
  if (outcomes.some(({ kind }) => kind === 'failed')) return [];
  await deps.ephemerals.delete(record.id);
  return outcomes.some(({ kind }) => kind === 'revoked') ? [`Revoked ${what}.`] : [];
}

/** Looks at one record; nothing is done where whoever made the key lives. */
async function lookAt({ id }: EphemeralRecord, http: Http, deps: LeftoverDeps): Promise<readonly string[]> {
  try {
    const held = await deps.lock.acquire(ownerLock(id), { waitMs: 0 });
    try {
      // Whoever held the lock before us may have done it all.
      const record = (await deps.ephemerals.list()).find((each) => each.id === id);
      return record === undefined ? [] : await revokeOne(record, http, deps);
    } finally {
      await held.release();
    }
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    if (thrown.code !== 'timed-out') deps.output.debug(`a key that a run left behind was left for later: ${thrown.code}`);
    return [];
  }
}

/** `http` for which everything ends at `endsAt`, without further tries. */
function untilThen(http: Http, endsAt: number, deps: Pick<LeftoverDeps, 'clock'>): Http {
  return {
    send: (request) => http.send({ ...request, retry: 'never', onInterrupt: 'cuts', totalMs: Math.max(1, endsAt - deps.clock.now()) }),
    close: () => http.close(),
  };
}

/**
 * Revokes the keys of `run --ephemeral` whose maker was killed before it could. It takes two seconds at most, never throws for what a
 * server, a store or a folder does, and asks nobody where there are none. Gives the lines that tell of it.
 */
export async function revokeLeftovers(deps: LeftoverDeps): Promise<readonly string[]> {
  const records = (await deps.ephemerals.list()).slice(0, AT_ONCE);
  if (records.length === 0 || deps.interrupted.aborted) return [];
  const lines: string[] = [];
  const done = new AbortController();
  const limit = deps.clock.sleep(LIMIT_MS, done.signal).catch(() => undefined);
  const http = untilThen(deps.http, deps.clock.now() + LIMIT_MS, deps);
  const work = Promise.all(records.map(async (record) => void lines.push(...(await lookAt(record, http, deps)))));
  await Promise.race([work, limit]);
  done.abort();
  return [...lines];
}
