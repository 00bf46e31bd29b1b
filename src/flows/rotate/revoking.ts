import type { Access } from '../../api/access.ts';
import { revokeKey } from '../../api/keys.ts';
import { Failure, failedWith, isFailure } from '../../model/failure.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import { drop, journalled } from './journal.ts';
import { keptSuccessor, type Successor } from './kept.ts';
import { ownPlace, replaceOwn } from './own-account.ts';
import { accessWith, proveKey } from './proving.ts';
import { type RotationWork, unfinished } from './work.ts';

async function revokeWith(access: Access, id: string): Promise<void> {
  const outcome = await revokeKey(access, id);
  if (outcome.kind === 'failed') throw new Failure('refused', { detail: `The provider kept it: ${outcome.why}.` });
}

/** Where the list does not tell whether the old key is the stored one: it is, if the stored one died with it. */
async function followIfDead(record: RotationRecord, access: Access, successor: Successor, work: RotationWork): Promise<void> {
  const place = ownPlace(record, work);
  if (record.self !== 'unknown' || place === undefined) return;
  const used = await access.authority.secret();
  if ((await proveKey(used, access)) === 'rejected') await replaceOwn(record, place, successor.key, (stored) => stored.equals(used), work);
}

/** Revokes the old key with a credential that outlives it: with the successor, unless the old one is certainly not the one in use. */
async function revokeOld(record: RotationRecord, work: RotationWork): Promise<void> {
  const access = await work.access();
  const successor = record.self === 'no' ? undefined : await keptSuccessor(record, work.notes);
  if (successor === undefined) return revokeWith(access, record.old.id);
  try {
    await revokeWith(accessWith(successor.key, access), record.old.id);
  } catch (thrown) {
    // The successor may lack the right that the command's own credential has.
    if (!failedWith(thrown, 'refused', 'missing-scope')) throw thrown;
    await revokeWith(access, record.old.id);
  }
  await followIfDead(record, access, successor, work);
}

/** Revokes the old key and ends the rotation. From its first write on there is no way back. */
export async function finish(record: RotationRecord, work: RotationWork): Promise<void> {
  const revoking = await journalled({ ...record, step: 'revoking' }, work);
  try {
    await revokeOld(revoking, work);
  } catch (thrown) {
    throw isFailure(thrown) ? unfinished(revoking, `The old key could not be revoked. ${thrown.detail}`, thrown) : thrown;
  }
  await drop(revoking, work);
}
