import type { Access } from '../../api/access.ts';
import { revokeKey } from '../../api/keys.ts';
import type { CreatedKey } from '../../model/api-key.ts';
import { Failure, type FailureCode, isFailure } from '../../model/failure.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import { drop, journalled } from './journal.ts';
import { keepSuccessor, keptSuccessor } from './kept.ts';
import { makeSuccessor, revokeLost } from './successor.ts';
import { type RotationWork, unfinished } from './work.ts';

/** Whether the record was written by this command or by an earlier one. */
export type Begun = 'now' | 'before';

/** Failures after which it is certain that no key was made. */
const NOT_MADE: readonly FailureCode[] = ['usage', 'refused', 'missing-scope', 'not-found', 'rate-limited', 'session-ended', 'signed-out'];

/** What a request that may have been heard left behind: every key of the successor's name is revoked, since nobody has its value. */
async function looked(record: RotationRecord, access: Access, why: string): Promise<number> {
  try {
    return await revokeLost(access, record);
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    throw unfinished(record, `${why} Its successor may have been made, and could not be looked for: ${thrown.detail}`, thrown);
  }
}

/** The failure to tell after a key was not made, or was and nobody heard of it. A rotation that was begun by this command is over with it. */
async function notMade(record: RotationRecord, begun: Begun, access: Access, failure: Failure, work: RotationWork): Promise<Failure> {
  const sure = NOT_MADE.includes(failure.code);
  const lost = sure ? 0 : await looked(record, access, failure.detail);
  if (begun === 'before') return unfinished(record, failure.detail, failure);
  if (lost === 0 && failure.code === 'timed-out') {
    return unfinished(record, `${failure.detail} The provider may still make it.`, failure);
  }
  await drop(record, work);
  // The hint of a request that was not heard says to look for the key, which was just done.
  const { hint } = isFailure(failure.cause) ? failure.cause : failure;
  return new Failure(failure.code, {
    detail: `${failure.detail} ${lost > 0 ? 'A successor was made all the same, and was revoked again' : 'No successor was made'}; the old key ${record.old.id} still works.`,
    ...(hint === undefined ? {} : { hint }),
    cause: failure,
  });
}

/** Makes the successor, or finds the one that was made and kept before a kill. */
export async function make(record: RotationRecord, begun: Begun, work: RotationWork): Promise<RotationRecord> {
  const kept = await keptSuccessor(record, work.notes);
  if (kept !== undefined) return journalled({ ...record, successor: { ...record.successor, id: kept.id }, step: 'created' }, work);
  const access = await work.access();
  // Whatever an earlier command may have made was never kept, so that nobody can use it.
  if (begun === 'before') await looked(record, access, 'The rotation was interrupted.');
  let made: CreatedKey;
  try {
    made = await makeSuccessor(access, record, work.deps.clock.now());
  } catch (thrown) {
    throw isFailure(thrown) ? await notMade(record, begun, access, thrown, work) : thrown;
  }
  try {
    await keepSuccessor(record, made, work.notes);
  } catch (thrown) {
    const undone = await revokeKey(access, made.id).catch(() => undefined);
    if (undone === undefined || undone.kind === 'failed') throw unfinished(record, `The successor ${made.id} could not be kept, nor revoked again.`, thrown);
    await drop(record, work);
    throw thrown;
  }
  return journalled({ ...record, successor: { ...record.successor, id: made.id }, step: 'created' }, work);
}
