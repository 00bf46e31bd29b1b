import { Failure } from '../../model/failure.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import type { Secret } from '../../model/secret.ts';
import { withCredentialLock } from '../credential-lock.ts';
import { placeNow, storeOf, type StoredPlace } from '../stored.ts';
import { keepBefore, keptBefore, keptSuccessor, OWN_ACCOUNT, savedNote } from './kept.ts';
import type { RotationWork } from './work.ts';

/** The place of the credential that a rotation was begun with; undefined for a variable, and where the command goes on with another account. */
export function ownPlace({ account, origin }: RotationRecord, { place }: RotationWork): StoredPlace | undefined {
  return place !== null && place.address.account === account && place.address.origin === origin ? place : undefined;
}

/** Puts a key in the place of the stored one, if that is the one which is meant. A sign-in that took its place meanwhile is left as it is. */
export async function replaceOwn(
  record: RotationRecord,
  place: StoredPlace,
  key: Secret,
  isMeant: (stored: Secret) => boolean,
  { deps, notes }: RotationWork,
): Promise<void> {
  await withCredentialLock(place.address, deps, async () => {
    const now = await placeNow(place, deps);
    const store = await storeOf(now, deps);
    const found = await store.read(now.address);
    if (found?.kind !== 'key' || found.key.equals(key) || !isMeant(found.key)) return;
    await keepBefore(record, savedNote(record.id, OWN_ACCOUNT), async () => found.key, notes);
    await store.write(now.address, { kind: 'key', key, obtainedAt: deps.clock.now() });
  });
}

/** Puts the key back that was stored before, in the place of the successor alone. */
export async function restoreOwn(record: RotationRecord, place: StoredPlace, { deps, notes }: RotationWork): Promise<void> {
  const before = await keptBefore(savedNote(record.id, OWN_ACCOUNT), notes);
  const successor = await keptSuccessor(record, notes);
  if (before === undefined || successor === undefined) return;
  if (before === 'nothing') throw new Failure('bug', { detail: 'A stored key was replaced where there was none.' });
  await withCredentialLock(place.address, deps, async () => {
    const now = await placeNow(place, deps);
    const store = await storeOf(now, deps);
    const found = await store.read(now.address);
    if (found?.kind === 'key' && found.key.equals(successor.key)) await store.write(now.address, { kind: 'key', key: before, obtainedAt: deps.clock.now() });
  });
}
