import type { Access } from '../../api/access.ts';
import { listKeys } from '../../api/keys.ts';
import type { ApiKey } from '../../model/api-key.ts';
import { DAY_MS } from '../../model/duration.ts';
import { Failure, failedWith, isFailure } from '../../model/failure.ts';
import type { GrantRecord } from '../../model/grant.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import { kindOfSecret } from '../../providers/credential-kind.ts';
import { plainText } from '../../render/plain-text.ts';
import { rfc3339 } from '../../render/time.ts';
import type { SinkFormat } from '../deliver/sink.ts';
import { grantOn } from './own-grant.ts';
import { type Advanced, advance } from './steps.ts';
import { freshName, newTag } from './successor.ts';
import { type RotateDeps, type RotationWork, unfinished } from './work.ts';

/** Where a provider does not say how long names may be. */
const USUAL_LONGEST_NAME = 100;

/** A rotation in another process is not waited for: it may wait for its own grace period. */
const LOCK_WAIT_MS = 2_000;

/** How the successor is to come, and the old key to go. */
export interface RotationWish {
  /** Milliseconds that it lives on after delivery; with 0 it is revoked at once. */
  readonly grace: number;
  /** How stdout and files get the successor. */
  readonly format: SinkFormat | undefined;
}

/** Does `work` while no other process rotates this key. */
export async function withRotationLock<Result>(
  key: { readonly origin: string; readonly id: string },
  deps: Pick<RotateDeps, 'lock' | 'interrupted'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const held = await deps.lock.acquire(`rotate|${key.origin}|${key.id}`, { waitMs: LOCK_WAIT_MS, signal: deps.interrupted }).catch((thrown: unknown) => {
    if (!failedWith(thrown, 'timed-out')) throw thrown;
    throw new Failure('refused', { detail: `Another process is rotating the key ${key.id}.`, hint: 'Wait until it has ended.', cause: thrown });
  });
  try {
    return await work();
  } finally {
    await held.release();
  }
}

/** `usage` where the provider's keys cannot be rotated from here. */
export function checkRotates({ target: { provider } }: Pick<Access, 'target'>): void {
  const { create, list, revoke, dashboard } = provider.keys;
  if (create !== null && list !== null && revoke !== null) return;
  throw new Failure('usage', {
    detail: `${provider.name} has no API to rotate keys.`,
    ...(dashboard === null ? {} : { hint: `Keys are managed at ${dashboard}` }),
  });
}

/** A key to rotate, among all that the provider lists. */
export interface Chosen {
  readonly key: ApiKey;
  readonly all: readonly ApiKey[];
  /** The grant that stands on it; null for any other key. */
  readonly grant: GrantRecord | null;
}

/** The key that is meant, out of the provider's list. */
export async function keyToRotate(id: string, access: Access, deps: Pick<RotateDeps, 'grants'>): Promise<Chosen> {
  const all = await listKeys(access);
  const key = all.find((each) => each.id === id);
  if (key !== undefined) return { key, all, grant: (await grantOn(key, access.target.origin, deps)) ?? null };
  throw new Failure('not-found', {
    detail: `${access.target.provider.name} lists no key ${plainText(id, 100)}.`,
    hint: 'See the keys that there are: keywright auth list-keys',
  });
}

/** Whether a key is the one that this command is signed in with, as far as the list tells. */
export async function isOwn({ key, all }: Pick<Chosen, 'key' | 'all'>, access: Access): Promise<RotationRecord['self']> {
  const { provider } = access.target;
  const credential = await access.authority.secret();
  const { prefix } = key;
  if (prefix !== null && prefix !== '') {
    if (!credential.startsWith(prefix)) return 'no';
    // Prefixes are short: among many keys two have the same one.
    return all.some((other) => other.id !== key.id && other.prefix === prefix) ? 'unknown' : 'yes';
  }
  const kind = kindOfSecret(provider, credential);
  // What looks like none of the provider's keys is a token, where there are such.
  if (kind === undefined) return provider.oauth === null ? 'unknown' : 'no';
  return kind.looks === 'jwt' ? 'no' : 'unknown';
}

/** What the way between two looks at a clock may add. */
const CLOCK_SLACK_MS = 60_000;

/** The same span of life that the old key was given; whole days where it was close to them, so that no rotation makes it longer. */
function spanOf({ createdAt, expiresAt }: ApiKey, now: number): number | null {
  if (expiresAt === null) return null;
  const span = Math.max(Date.parse(expiresAt) - (createdAt === null ? now : Date.parse(createdAt)), CLOCK_SLACK_MS);
  const days = Math.round(span / DAY_MS) * DAY_MS;
  return days > 0 && Math.abs(span - days) <= CLOCK_SLACK_MS ? days : span;
}

/** The successor's value must have a place before it is made: the store is tried. */
async function tryStore({ notes, place, deps }: RotationWork): Promise<void> {
  try {
    await (await deps.store(notes.store)).probe();
  } catch (thrown) {
    if (!isFailure(thrown) || place !== null || notes.store === 'file') throw thrown;
    throw new Failure(thrown.code, {
      detail: `The new key must lie in a store until it is delivered, and there is none: ${thrown.detail} No key was made.`,
      hint: 'On a machine without a keychain set KEYWRIGHT_STORE=file, and KEYWRIGHT_STORE_KEY to 32 random bytes (openssl rand -hex 32) that the next command finds again.',
      cause: thrown,
    });
  }
}

/** Refuses a second rotation of a key that is being rotated. */
async function refuseTwice(key: Pick<ApiKey, 'id'>, origin: string, deps: Pick<RotateDeps, 'rotations'>): Promise<void> {
  const known = (await deps.rotations.list()).find((record) => record.origin === origin && (record.old.id === key.id || record.successor.id === key.id));
  if (known === undefined) return;
  throw unfinished(
    known,
    known.old.id === key.id ? `The key ${key.id} is being rotated already.` : `The key ${key.id} is the successor in a rotation that is not finished.`,
  );
}

/** The grant as it is under the lock: another process may have rotated or revoked it since the list was read. */
async function grantNow({ key, grant }: Chosen, origin: string, deps: RotateDeps): Promise<RotationRecord['grant']> {
  const now = await grantOn(key, origin, deps);
  if (now?.id !== grant?.id)
    throw new Failure('refused', {
      detail: `The key ${key.id} was rotated or revoked meanwhile. Nothing was done.`,
      hint: 'Look again: keywright auth list-grants',
    });
  if (now === undefined) return null;
  const { id, store, keyName, expiresAt, createdAt } = now;
  return { id, store, keyName, expiresAt, createdAt };
}

/**
 * Rotates one key: makes a successor with the same rights and span of life, proves it, delivers it to the sinks, and revokes the old
 * one at once or after the grace period, by a later command. The record is durable before the first request.
 */
export async function rotateKey(chosen: Chosen, wish: RotationWish, work: RotationWork): Promise<Advanced> {
  const access = await work.access();
  checkRotates(access);
  const { provider, origin } = access.target;
  const { key, all } = chosen;
  return withRotationLock({ origin, id: key.id }, work.deps, async () => {
    await refuseTwice(key, origin, work.deps);
    const grant = await grantNow(chosen, origin, work.deps);
    const now = work.deps.clock.now();
    const { id, name, prefix, scopes, agent, hubs, trust } = key;
    const { random } = work.deps;
    const taken = new Set(all.map((each) => each.name));
    const record: RotationRecord = {
      id: `${newTag(random)}${newTag(random)}${newTag(random)}`,
      provider: provider.id,
      origin,
      account: work.place === null ? null : work.place.address.account,
      store: work.notes.store,
      old: { id, name, prefix, scopes, agent, hubs, trust },
      span: spanOf(key, now),
      successor: { name: freshName(name, taken, random, provider.keys.create?.takes.longestName ?? USUAL_LONGEST_NAME), id: null },
      // Nobody signs in with the key of a grant, which nobody was ever shown.
      self: grant === null ? await isOwn(chosen, access) : 'no',
      grant,
      sinks: work.sinks.map((sink) => sink.name),
      format: wish.format ?? null,
      delivered: [],
      step: 'creating',
      begunAt: rfc3339(now),
      grace: wish.grace,
      revokeAt: null,
    };
    await tryStore(work);
    await work.deps.rotations.write(record);
    return advance(record, 'now', 'after-grace', work);
  });
}
