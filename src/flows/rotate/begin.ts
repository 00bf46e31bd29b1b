import type { Access } from '../../api/access.ts';
import { listKeys } from '../../api/keys.ts';
import type { ApiKey } from '../../model/api-key.ts';
import { DEFAULT_ACCOUNT } from '../../model/credentials.ts';
import { Failure, failedWith } from '../../model/failure.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import { kindOf } from '../../providers/credential-kind.ts';
import { rfc3339 } from '../../render/time.ts';
import { type Advanced, advance } from './steps.ts';
import { newTag, taggedName } from './successor.ts';
import { type RotateDeps, type RotationWork, unfinished } from './work.ts';

/** A rotation in another process is not waited for: it may wait for its own grace period. */
const LOCK_WAIT_MS = 2_000;

/** How the old key is to end. */
export interface RotationWish {
  /** Milliseconds that it lives on after delivery. */
  readonly grace: number;
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

/** The key that is meant, out of the provider's list. */
export async function keyToRotate(id: string, access: Access): Promise<ApiKey> {
  const found = (await listKeys(access)).find((key) => key.id === id);
  if (found !== undefined) return found;
  throw new Failure('not-found', {
    detail: `${access.target.provider.name} lists no key ${id}.`,
    hint: 'See the keys that there are: keywright auth list-keys',
  });
}

/** Whether a key is the one that this command is signed in with, as far as the list tells. */
async function isOwn(key: ApiKey, access: Access): Promise<RotationRecord['self']> {
  const { provider } = access.target;
  const credential = await access.authority.secret();
  if (kindOf(provider, credential.reveal()) !== provider.credentials[0]) return 'no';
  if (key.prefix === null) return 'unknown';
  return credential.startsWith(key.prefix) ? 'yes' : 'no';
}

/** The same span of life that the old key was given. */
function spanOf({ createdAt, expiresAt }: ApiKey, now: number): number | null {
  if (expiresAt === null) return null;
  const began = createdAt === null ? now : Date.parse(createdAt);
  return Math.max(Date.parse(expiresAt) - began, 60_000);
}

/** Refuses a second rotation of a key that is being rotated. */
export async function refuseTwice(key: Pick<ApiKey, 'id'>, origin: string, deps: Pick<RotateDeps, 'rotations'>): Promise<void> {
  const known = (await deps.rotations.list()).find((record) => record.origin === origin && (record.old.id === key.id || record.successor.id === key.id));
  if (known === undefined) return;
  throw unfinished(known, known.old.id === key.id ? `The key ${key.id} is being rotated already.` : `The key ${key.id} is the successor in a rotation that is not finished.`);
}

/**
 * Rotates one key: makes a successor with the same rights and span of life, proves it, delivers it to the sinks, and revokes the old
 * one at once or after the grace period, by a later command. The record is durable before the first request.
 */
export async function rotateKey(key: ApiKey, wish: RotationWish, revoke: 'now' | 'after-grace', work: RotationWork): Promise<Advanced> {
  const access = await work.access();
  checkRotates(access);
  const { provider, origin } = access.target;
  return withRotationLock({ origin, id: key.id }, work.deps, async () => {
    await refuseTwice(key, origin, work.deps);
    const now = work.deps.clock.now();
    const tag = newTag(work.deps.random);
    const { id, name, scopes, agent, hubs, trust } = key;
    const record: RotationRecord = {
      id: `${tag}${newTag(work.deps.random)}${newTag(work.deps.random)}`,
      provider: provider.id,
      origin,
      account: work.place === null ? null : (work.place.address.account ?? DEFAULT_ACCOUNT),
      store: work.notes.store,
      old: { id, name, scopes, agent, hubs, trust },
      span: spanOf(key, now),
      successor: { name: taggedName(name, tag, provider.keys.create?.takes.longestName ?? 100), id: null },
      self: await isOwn(key, access),
      sinks: work.sinks.map((sink) => sink.name),
      delivered: [],
      step: 'creating',
      begunAt: rfc3339(now),
      grace: wish.grace,
      revokeAt: null,
    };
    // The store is tried before anything is made: the successor's value must have a place.
    await work.notes.list();
    await work.deps.rotations.write(record);
    return advance(record, 'now', revoke, work);
  });
}
