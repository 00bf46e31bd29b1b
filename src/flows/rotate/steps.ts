import { listKeys } from '../../api/keys.ts';
import { Failure, isFailure } from '../../model/failure.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import { deliver } from './delivering.ts';
import { drop, journalled } from './journal.ts';
import { keptSuccessor, type Successor } from './kept.ts';
import { type Begun, make } from './making.ts';
import { checkGrantLives } from './own-grant.ts';
import { prove, proveStill } from './proving.ts';
import { finish } from './revoking.ts';
import { commandFor, type RotationWork, shownRotation, unfinished } from './work.ts';

/*
 * The steps of a rotation. Each is recorded before it is taken, and each can be taken again: whoever is killed in the middle of one
 * leaves a record from which the next command goes on. Until the last step the old key is not touched.
 */

/** What a rotation came to: all is done, or the old key lives on until its time. */
export interface Advanced {
  readonly kind: 'done' | 'waiting';
  readonly record: RotationRecord;
}

/** Some have the successor, and nobody can give it to the others: a person must choose which of the two keys stays. */
async function stuck(record: RotationRecord, lost: string, work: RotationWork): Promise<Failure> {
  const { old, successor } = record;
  const ids = new Set((await listKeys(await work.access())).map(({ id }) => id));
  if (ids.has(old.id) && successor.id !== null && ids.has(successor.id)) {
    return new Failure('rotation-unfinished', {
      detail: `${lost}, so that it cannot go to the sinks that do not have it. The old key ${old.id} still works.`,
      hint: `Revoke the one that is not to stay: keywright auth revoke-key ${old.id}, or ${successor.id}. Then: ${commandFor(record, '--resume')}`,
      data: { rotation: shownRotation(record) },
    });
  }
  await drop(record, work);
  return new Failure('partly-done', {
    detail: `${lost}. One of the two keys was revoked meanwhile; the rotation is over.`,
    hint: 'See what is left: keywright auth list-keys',
  });
}

/** The successor of a rotation that is past its making. One whose value is lost, and that nobody was given, is made anew. */
async function withSuccessor(record: RotationRecord, work: RotationWork): Promise<{ readonly record: RotationRecord; readonly successor: Successor }> {
  const kept = await keptSuccessor(record, work.notes);
  if (kept !== undefined) return { record, successor: kept };
  const lost = `The value of the successor ${record.successor.id ?? ''} is not in the ${work.notes.store} any more`;
  if (record.delivered.length > 0) throw await stuck(record, lost, work);
  work.deps.output.warn(`${lost}: another one is made in its place.`);
  const back = await journalled({ ...record, successor: { ...record.successor, id: null }, step: 'creating' }, work);
  return withSuccessor(await make(back, 'before', work), work);
}

async function takeSteps(first: RotationRecord, begun: Begun, revoke: 'now' | 'after-grace', work: RotationWork): Promise<Advanced> {
  if (begun === 'before') await checkGrantLives(first, work);
  let now = first.step === 'creating' ? await make(first, begun, work) : first;
  if (now.step === 'created' || now.step === 'proved') {
    const { record, successor } = await withSuccessor(now, work);
    now = record.step === 'created' ? await prove(record, successor, work) : record;
    now = await deliver(now, successor, work);
  }
  const due = now.revokeAt === null || Date.parse(now.revokeAt) <= work.deps.clock.now();
  if (now.step === 'delivered' && revoke === 'after-grace' && !due) return { kind: 'waiting', record: now };
  // It was proved by an earlier command; meanwhile somebody may have revoked it, and then neither key would be left.
  if (first.step === 'delivered') await proveStill(first, work);
  await finish(now, work);
  return { kind: 'done', record: now };
}

/**
 * Takes all steps that are left. `begun`: whether the record was written by this command or by an earlier one. With `revoke: 'now'`
 * the grace period is not waited for. Failures are `rotation-unfinished`, with the command to finish, wherever something is left
 * to be done; any other failure means that all is as it was before.
 */
export async function advance(record: RotationRecord, begun: Begun, revoke: 'now' | 'after-grace', work: RotationWork): Promise<Advanced> {
  try {
    return await takeSteps(record, begun, revoke, work);
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.code === 'rotation-unfinished') throw thrown;
    const left = (await work.deps.rotations.list()).find(({ id }) => id === record.id);
    if (left === undefined) throw thrown;
    throw unfinished(left, thrown.code === 'cancelled' ? 'The command was interrupted.' : thrown.detail, thrown);
  }
}
