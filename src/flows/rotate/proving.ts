import type { Access } from '../../api/access.ts';
import { fixedAuthority } from '../../api/authority.ts';
import { goodBody, requestOf, sendAuthorized } from '../../api/call.ts';
import { revokeKey } from '../../api/keys.ts';
import { Failure, isFailure } from '../../model/failure.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import type { Secret } from '../../model/secret.ts';
import type { Call } from '../../providers/provider.ts';
import { drop, journalled } from './journal.ts';
import { keptSuccessor, type Successor } from './kept.ts';
import { type RotationWork, unfinished } from './work.ts';

/** A new key may take a moment to be known everywhere. */
const PROOF_TRIES = 4;
const PROOF_PAUSE_MS = 1_000;

const UNAUTHORIZED = 401;
const FORBIDDEN = 403;

/** The access of the key itself. */
export function accessWith(key: Secret, access: Access): Access {
  const rejected = (words: string): Failure =>
    new Failure('session-ended', { detail: `${access.target.provider.name} does not accept the key${words === '' ? '' : ` (it says: ${words})`}.` });
  return { ...access, authority: fixedAuthority(key, rejected) };
}

type Proof = 'accepted' | 'rejected';

/** What one request with the key says of it; `untold` for a status that says nothing. */
async function tried(own: Access, call: Call, untoldBy: readonly number[], alsoProvedBy: readonly number[]): Promise<Proof | 'untold'> {
  const answered = await sendAuthorized(own, requestOf(call));
  const { status } = answered.reply;
  if (untoldBy.includes(status)) return 'untold';
  // A 403 says only that this key may not do this one thing.
  if (status === FORBIDDEN || alsoProvedBy.includes(status)) return 'accepted';
  if (status === UNAUTHORIZED) return 'rejected';
  // A page that a network puts before everything comes with a 200 too.
  if (goodBody(own, 'try the key', answered) !== undefined) return 'accepted';
  throw new Failure('unexpected-answer', { detail: `Could not try the key: ${own.target.origin} gave an empty answer.`, hint: 'Check the API address.' });
}

/** Shows a key to the provider: a 2xx or a 403 accepts it, a 401 rejects it, and anything else is a failure that leaves it open. */
export async function proveKey(key: Secret, access: Access): Promise<Proof> {
  const own = accessWith(key, access);
  const { identity, keys } = access.target.provider;
  const proof = identity === null ? 'untold' : await tried(own, identity.call, identity.unprovedBy, identity.alsoProvedBy);
  if (proof !== 'untold') return proof;
  // Nobody can be asked who one is; the first page of the list is asked for in its place.
  if (keys.list === null) throw new Failure('bug', { detail: 'A key without a list was to be rotated.' });
  const listed = await tried(own, keys.list.call, [], []);
  return listed === 'rejected' ? 'rejected' : 'accepted';
}

async function triedOften(successor: Successor, access: Access, work: RotationWork): Promise<Proof> {
  for (let left = PROOF_TRIES - 1; ; left -= 1) {
    const proof = await proveKey(successor.key, access);
    if (proof === 'accepted' || left === 0) return proof;
    await work.deps.clock.sleep(PROOF_PAUSE_MS, work.deps.interrupted);
  }
}

/** Shows the successor to the provider. One that is refused is revoked again, and the rotation is over. */
export async function prove(record: RotationRecord, successor: Successor, work: RotationWork): Promise<RotationRecord> {
  const access = await work.access();
  const proof = await triedOften(successor, access, work).catch((thrown: unknown) => {
    throw isFailure(thrown) ? unfinished(record, `The successor ${successor.id} could not be tried: ${thrown.detail}`, thrown) : thrown;
  });
  if (proof === 'accepted') return journalled({ ...record, step: 'proved' }, work);
  const undone = await revokeKey(access, successor.id).catch(() => undefined);
  if (undone === undefined || undone.kind === 'failed') {
    throw unfinished(record, `The provider does not accept the successor ${successor.id}, which could not be revoked again.`);
  }
  await drop(record, work);
  throw new Failure('unexpected-answer', {
    detail: `${access.target.provider.name} does not accept the key ${successor.id} that it has just made; it was revoked again. The old key ${record.old.id} still works.`,
    hint: 'Try again in a while.',
  });
}

/** Before the old key ends after its grace period: the successor must still be good. One whose value is lost cannot be tried. */
export async function proveStill(record: RotationRecord, work: RotationWork): Promise<void> {
  const successor = await keptSuccessor(record, work.notes);
  if (successor === undefined) return;
  const proof = await proveKey(successor.key, await work.access()).catch((thrown: unknown) => {
    throw isFailure(thrown) ? unfinished(record, `The successor ${successor.id} could not be tried again: ${thrown.detail}`, thrown) : thrown;
  });
  if (proof === 'accepted') return;
  throw unfinished(record, `The provider does not accept the successor ${successor.id} any more: it was revoked, or has ended. Nothing was done.`);
}
