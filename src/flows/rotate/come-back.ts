import { revokeKey } from '../../api/keys.ts';
import { Failure, isFailure } from '../../model/failure.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import { withRotationLock } from './begin.ts';
import { drop, journalled } from './journal.ts';
import { holds, keptBefore, keptSuccessor, OWN_ACCOUNT, OWN_GRANT } from './kept.ts';
import { ownPlace, restoreOwn } from './own-account.ts';
import { restoreGrant } from './own-grant.ts';
import { type Advanced, advance } from './steps.ts';
import { revokeLost } from './successor.ts';
import { canRollBack, commandFor, type RotateDeps, type RotationWork, unfinished } from './work.ts';

/** The rotation that is meant by its id, the id of its old key or that of the grant on it; without one the only one there is. */
export async function findRotation(named: string | undefined, deps: Pick<RotateDeps, 'rotations'>): Promise<RotationRecord> {
  const all = await deps.rotations.list();
  const found = named === undefined ? all : all.filter(({ id, old, grant }) => id === named || old.id === named || grant?.id === named);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (only === undefined) {
    throw new Failure('not-found', {
      detail: named === undefined ? 'No rotation is under way here.' : `No rotation is under way here for "${named}".`,
      hint: 'See what there is: keywright auth status',
    });
  }
  throw new Failure('needs-answer', {
    detail: 'Several rotations are under way here.',
    hint: `Name one: ${found.map(({ id }) => id).join(', ')}`,
  });
}

/** A rotation goes on at the address where it was begun. */
export function checkSameOrigin(record: RotationRecord, origin: string): void {
  if (record.origin === origin) return;
  throw new Failure('usage', {
    detail: `This rotation was begun at ${record.origin}, and commands go to ${origin} now.`,
    hint: 'Set the address variable as it was then.',
  });
}

/** The record as it is now: another process may have finished the rotation while we waited for its lock. */
async function again(record: RotationRecord, deps: RotateDeps): Promise<RotationRecord> {
  return findRotation(record.id, deps);
}

/** Refuses to go on with what is being undone: sinks may hold the old key again. */
export function checkGoesOn(record: RotationRecord): void {
  if (record.step === 'undoing') throw unfinished(record, `The rotation of ${record.old.id} is being undone, and cannot be gone on with.`);
}

/** Goes on where a rotation stopped. Before its time the old key is only revoked with `now`. */
export async function resumeRotation(record: RotationRecord, revoke: 'now' | 'after-grace', work: RotationWork): Promise<Advanced> {
  return withRotationLock({ origin: record.origin, id: record.old.id }, work.deps, async () => {
    const now = await again(record, work.deps);
    checkGoesOn(now);
    return advance(now, 'before', revoke, work);
  });
}

/** The failure for a rotation that cannot be undone. */
function tooLate(record: RotationRecord): Failure {
  const given = record.delivered.filter(({ saved }) => saved === null).map(({ sink }) => sink);
  const why = record.step === 'revoking' ? 'the old key may be revoked already' : `what these held before is not known: ${given.join(', ')}`;
  return new Failure('refused', {
    detail: `The rotation of ${record.old.id} cannot be undone: ${why}.`,
    hint: `Finish it: ${commandFor(record, '--resume')}`,
  });
}

async function revokeSuccessor(record: RotationRecord, work: RotationWork): Promise<void> {
  const access = await work.access();
  if (record.successor.id === null) {
    await revokeLost(access, record);
    return;
  }
  const outcome = await revokeKey(access, record.successor.id);
  if (outcome.kind === 'failed') throw new Failure('refused', { detail: `The successor ${record.successor.id} could not be revoked: ${outcome.why}.` });
}

/** What is to be put back, read before anything is changed: a sink without its old value would be left with a key that is revoked. */
async function toPutBack(record: RotationRecord, work: RotationWork): Promise<readonly (() => Promise<void>)[]> {
  const successor = await keptSuccessor(record, work.notes);
  const found: (() => Promise<void>)[] = [];
  for (const { sink: name, saved } of record.delivered.toReversed()) {
    if (name === OWN_ACCOUNT || name === OWN_GRANT) continue;
    const before = saved === null ? undefined : await keptBefore(saved, work.notes);
    const sink = work.sinks.find((ready) => ready.name === name);
    if (sink === undefined || sink.before === null || before === undefined || successor === undefined) {
      throw new Failure('refused', {
        detail: `What ${name} held before is not known any more.`,
        hint: `Finish it instead: ${commandFor(record, '--resume')}`,
      });
    }
    const { before: look, restore } = sink;
    found.push(async () => {
      const now = await look();
      // Where the successor does not lie, somebody has put something else there, or it was never delivered.
      if (now !== 'nothing' && holds(now, successor.key)) await restore(before);
      else work.deps.output.debug(`${name} does not hold the successor and is left as it is`);
    });
  }
  return found;
}

/**
 * Undoes a rotation: gives every sink back what it held, and revokes the successor. `refused` where a sink took the successor whose old
 * value nobody could read, and after the old key may have been revoked.
 */
export async function rollBack(first: RotationRecord, work: RotationWork): Promise<RotationRecord> {
  return withRotationLock({ origin: first.origin, id: first.old.id }, work.deps, async () => {
    let record = await again(first, work.deps);
    if (!canRollBack(record)) throw tooLate(record);
    const place = ownPlace(record, work);
    try {
      const putBacks = await toPutBack(record, work);
      record = await journalled({ ...record, step: 'undoing' }, work);
      for (const putBack of putBacks) await putBack();
      if (place !== undefined) await restoreOwn(record, place, work);
      await restoreGrant(record, work);
      await revokeSuccessor(record, work);
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      throw unfinished(record, `The rotation could not be undone: ${thrown.detail}`, thrown);
    }
    await drop(record, work);
    return record;
  });
}
