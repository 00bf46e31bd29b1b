import type { Access } from '../../api/access.ts';
import { revokeKey } from '../../api/keys.ts';
import { Failure, type FailureCode, failedWith, isFailure } from '../../model/failure.ts';
import type { CreatedKey } from '../../model/api-key.ts';
import type { DeliveredSink, RotationRecord } from '../../model/rotation.ts';
import { rfc3339 } from '../../render/time.ts';
import { forgetKept, keepBefore, keepSuccessor, keptSuccessor, OWN_ACCOUNT, savedNote, type Successor } from './kept.ts';
import { replaceOwn } from './own-account.ts';
import { accessWith, makeSuccessor, proveKey, revokeLost } from './successor.ts';
import { type RotationWork, unfinished } from './work.ts';

/*
 * The steps of a rotation. Each is recorded before it is taken, and each can be taken again: whoever is killed in the middle of one
 * leaves a record from which the next command goes on. Until the last step the old key is not touched.
 */

/** A new key may take a moment to be known everywhere. */
const PROOF_TRIES = 4;
const PROOF_PAUSE_MS = 1_000;

/** Failures after which it is certain that no key was made. */
const NOT_MADE: readonly FailureCode[] = ['usage', 'refused', 'missing-scope', 'not-found', 'rate-limited', 'session-ended', 'signed-out'];

async function journalled(record: RotationRecord, { deps }: RotationWork): Promise<RotationRecord> {
  await deps.rotations.write(record);
  return record;
}

/** The record first: notes without a record end by themselves, a record without notes would ask for what is gone. */
export async function drop(record: RotationRecord, { deps, notes }: RotationWork): Promise<void> {
  await deps.rotations.delete(record.id);
  await forgetKept(record, notes).catch(() => deps.output.debug('what was kept of a rotation could not be deleted; it ends by itself'));
}

/** Nobody knows whether a key was made: it is looked for by its name and revoked. Where that fails too, the record stays. */
async function undoMaking(record: RotationRecord, access: Access, failure: Failure, work: RotationWork): Promise<never> {
  if (NOT_MADE.includes(failure.code)) {
    await drop(record, work);
    throw failure;
  }
  try {
    await revokeLost(access, record.successor.name);
  } catch {
    throw unfinished(record, `The successor of ${record.old.id} may have been made, and nobody could look for it: ${failure.detail}`, failure);
  }
  await drop(record, work);
  throw failure;
}

/** Makes the successor, or finds the one that was made and kept before a kill. */
async function create(record: RotationRecord, begun: 'now' | 'before', work: RotationWork): Promise<RotationRecord> {
  const kept = await keptSuccessor(record, work.notes);
  if (kept !== undefined) return journalled({ ...record, successor: { ...record.successor, id: kept.id }, step: 'created' }, work);
  const access = await work.access();
  if (begun === 'before') {
    // Whatever was made then was never kept, so that nobody can use it.
    await revokeLost(access, record.successor.name).catch((thrown: unknown) => {
      throw isFailure(thrown) ? unfinished(record, `What an earlier try may have made could not be looked for: ${thrown.detail}`, thrown) : thrown;
    });
  }
  let made: CreatedKey;
  try {
    made = await makeSuccessor(access, record, work.deps.clock.now());
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    return undoMaking(record, access, thrown, work);
  }
  try {
    await keepSuccessor(record, made, work.notes);
  } catch (thrown) {
    const undone = await revokeKey(access, made.id).catch(() => undefined);
    if (undone === undefined || undone.kind === 'failed') throw unfinished(record, `The successor ${made.id} could not be kept, nor revoked again.`, thrown);
    await work.deps.rotations.delete(record.id);
    throw thrown;
  }
  return journalled({ ...record, successor: { ...record.successor, id: made.id }, step: 'created' }, work);
}

async function successorOf(record: RotationRecord, work: RotationWork): Promise<Successor> {
  const kept = await keptSuccessor(record, work.notes);
  if (kept !== undefined) return kept;
  throw unfinished(record, `The value of the successor ${record.successor.id ?? ''} is not in the ${work.notes.store} any more.`);
}

/** Shows the successor to the provider. One that is refused is revoked again, and the rotation is over. */
async function prove(record: RotationRecord, work: RotationWork): Promise<RotationRecord> {
  const successor = await successorOf(record, work);
  const access = await work.access();
  for (let tries = 1; tries <= PROOF_TRIES; tries += 1) {
    let proof: Awaited<ReturnType<typeof proveKey>>;
    try {
      proof = await proveKey(successor.key, access);
    } catch (thrown) {
      throw isFailure(thrown) ? unfinished(record, `The successor ${successor.id} could not be tried: ${thrown.detail}`, thrown) : thrown;
    }
    if (proof === 'accepted') return journalled({ ...record, step: 'proved' }, work);
    if (tries < PROOF_TRIES) await work.deps.clock.sleep(PROOF_PAUSE_MS, work.deps.interrupted);
  }
  const undone = await revokeKey(access, successor.id).catch(() => undefined);
  if (undone === undefined || undone.kind === 'failed') throw unfinished(record, `The provider does not accept the successor ${successor.id}, which could not be revoked again.`);
  await drop(record, work);
  throw new Failure('unexpected-answer', {
    detail: `${access.target.provider.name} does not accept the key ${successor.id} that it has just made; it was revoked again. The old key ${record.old.id} still works.`,
    hint: 'Try again in a while.',
  });
}

const withEntry = (record: RotationRecord, entry: DeliveredSink): RotationRecord => ({
  ...record,
  delivered: [...record.delivered.filter(({ sink }) => sink !== entry.sink), entry],
});

/** The stored credential follows first: it is the one that commands go on with. */
async function deliverToAccount(record: RotationRecord, successor: Successor, work: RotationWork): Promise<RotationRecord> {
  if (record.self !== 'yes' || work.place === null || record.delivered.some(({ sink, state }) => sink === OWN_ACCOUNT && state === 'took')) return record;
  const entry = { sink: OWN_ACCOUNT, saved: savedNote(record.id, OWN_ACCOUNT) };
  const begun = await journalled(withEntry(record, { ...entry, state: 'begun' }), work);
  await replaceOwn(begun, work.place, successor.key, work);
  return journalled(withEntry(begun, { ...entry, state: 'took' }), work);
}

/** Hands the successor to every sink that does not have it for certain. One that fails does not keep the others from theirs. */
async function deliver(record: RotationRecord, work: RotationWork): Promise<RotationRecord> {
  const successor = await successorOf(record, work);
  const { provider } = (await work.access()).target;
  const { old, span: _span, ...rest } = record;
  const key: CreatedKey = {
    ...old,
    id: successor.id,
    name: rest.successor.name,
    prefix: null,
    key: successor.key,
    createdAt: rest.begunAt,
    expiresAt: successor.expiresAt,
    lastUsedAt: null,
  };
  let now = await deliverToAccount(record, successor, work);
  const failed: string[] = [];
  for (const [index, sink] of work.sinks.entries()) {
    if (now.delivered.some((entry) => entry.sink === sink.name && entry.state === 'took')) continue;
    const saved = sink.before === null ? null : savedNote(record.id, index);
    try {
      if (sink.before !== null && saved !== null) await keepBefore(record, saved, sink.before, work.notes);
      now = await journalled(withEntry(now, { sink: sink.name, saved, state: 'begun' }), work);
      await sink.deliver({ key, provider });
      now = await journalled(withEntry(now, { sink: sink.name, saved, state: 'took' }), work);
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      failed.push(`${sink.name}: ${thrown.detail}`);
    }
  }
  if (failed.length > 0) throw unfinished(now, `The successor ${successor.id} could not be delivered to ${failed.join('; ')}`);
  return journalled({ ...now, step: 'delivered', revokeAt: rfc3339(work.deps.clock.now() + record.grace) }, work);
}

/** Revokes the old key with a credential that outlives it: with the successor, unless the old one is certainly not the one in use. */
async function revokeOld(record: RotationRecord, work: RotationWork): Promise<void> {
  const access = await work.access();
  const successor = record.self === 'no' ? undefined : await keptSuccessor(record, work.notes);
  const revoke = async (with_: Access): Promise<void> => {
    const outcome = await revokeKey(with_, record.old.id);
    if (outcome.kind === 'failed') throw new Failure('refused', { detail: `The old key could not be revoked: ${outcome.why}.` });
  };
  try {
    await revoke(successor === undefined ? access : accessWith(successor.key, access));
  } catch (thrown) {
    // The successor may lack the right that the command's own credential has.
    if (successor === undefined || !failedWith(thrown, 'refused', 'missing-scope')) throw thrown;
    await revoke(access);
  }
  if (record.self === 'unknown' && successor !== undefined && work.place !== null && (await isDead(access))) {
    await replaceOwn(record, work.place, successor.key, work);
  }
}

/** Whether the credential in use died with the old key, and so was the old key. */
async function isDead(access: Access): Promise<boolean> {
  return (await proveKey(await access.authority.secret(), access).catch(() => 'accepted' as const)) === 'rejected';
}

async function finish(record: RotationRecord, work: RotationWork): Promise<void> {
  const revoking = await journalled({ ...record, step: 'revoking' }, work);
  try {
    await revokeOld(revoking, work);
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    throw unfinished(revoking, `The old key could not be revoked: ${thrown.detail}`, thrown);
  }
  await drop(revoking, work);
}

/** What a rotation came to: all is done, or the old key lives on until its time. */
export interface Advanced {
  readonly kind: 'done' | 'waiting';
  readonly record: RotationRecord;
}

/**
 * Takes all steps that are left. `begun`: whether the record was written by this command or by an earlier one. With `revoke: 'now'`
 * the grace period is not waited for. Failures are `rotation-unfinished`, with the command to finish, wherever something is left
 * to be done; any other failure means that all is as it was before.
 */
export async function advance(record: RotationRecord, begun: 'now' | 'before', revoke: 'now' | 'after-grace', work: RotationWork): Promise<Advanced> {
  let now = record;
  if (now.step === 'creating') now = await create(now, begun, work);
  if (now.step === 'created') now = await prove(now, work);
  if (now.step === 'proved') now = await deliver(now, work);
  const due = now.revokeAt === null || Date.parse(now.revokeAt) <= work.deps.clock.now();
  if (now.step === 'delivered' && revoke === 'after-grace' && !due) return { kind: 'waiting', record: now };
  await finish(now, work);
  return { kind: 'done', record: now };
}
