import type { Access } from '../../api/access.ts';
import type { Deps } from '../../model/deps.ts';
import type { SecretNotes } from '../../model/secret-notes.ts';
import { Failure } from '../../model/failure.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import type { DeliverDeps, ReadySink } from '../deliver/sink.ts';
import type { SessionDeps } from '../session.ts';
import type { StoredPlace } from '../stored.ts';

export type RotateDeps = DeliverDeps &
  SessionDeps &
  Pick<Deps, 'http' | 'notes' | 'rotations' | 'grants' | 'random' | 'clock' | 'lock' | 'journal' | 'store' | 'accounts' | 'knownKeys'>;

/** What the steps of one rotation work with. */
export interface RotationWork {
  /** With the credential that the command is signed in with. Asked for when it is needed: it may be the key that is rotated. */
  readonly access: () => Promise<Access>;
  /** The stored account that the credential comes from; null for a variable. */
  readonly place: StoredPlace | null;
  readonly sinks: readonly ReadySink[];
  readonly notes: SecretNotes;
  readonly deps: RotateDeps;
}

/** The command line that goes on with a rotation, undoes it or drops its record. */
export function commandFor(record: Pick<RotationRecord, 'id' | 'provider' | 'account'>, what: '--resume' | '--rollback' | '--forget'): string {
  if (what === '--forget') return `keywright auth rotate-key --forget ${record.id}`;
  const account = record.account === null || record.account === 'default' ? '' : ` --account ${record.account}`;
  return `keywright auth rotate-key ${what} ${record.id} --provider ${record.provider}${account}`;
}

/** Whether every sink that may have the successor can be given back what it held before. */
export function canRollBack(record: RotationRecord): boolean {
  return record.step !== 'revoking' && record.delivered.every(({ saved }) => saved !== null);
}

/** The failure of a rotation that stopped on its way: what happened, and the exact command to finish. */
export function unfinished(record: RotationRecord, why: string, cause?: unknown): Failure {
  const finish = record.step === 'undoing' ? `Finish undoing it: ${commandFor(record, '--rollback')}` : `Finish it: ${commandFor(record, '--resume')}`;
  const undo = record.step !== 'undoing' && canRollBack(record) ? `   (or undo it: ${commandFor(record, '--rollback')})` : '';
  return new Failure('rotation-unfinished', {
    detail: `${why} The old key ${record.old.id} ${record.step === 'revoking' ? 'may be revoked already, and its successor is in place' : 'still works'}.`,
    hint: `${finish}${undo}`,
    data: { rotation: shownRotation(record) },
    cause,
  });
}

/** The command that finishes what a failure left; null where it left nothing. */
export function nextOf({ code, data }: Failure): string | null {
  const rotation = code === 'rotation-unfinished' ? data?.['rotation'] : undefined;
  const next = typeof rotation === 'object' && rotation !== null && 'next' in rotation ? rotation.next : undefined;
  return typeof next === 'string' ? next : null;
}

/** A rotation as programs see it. Times are RFC 3339. */
export interface ShownRotation {
  readonly id: string;
  readonly provider: string;
  readonly origin: string;
  readonly account: string | null;
  readonly oldId: string;
  readonly oldName: string | null;
  readonly newId: string | null;
  readonly newName: string;
  /** The id of the grant that stands on the key; null for any other key. */
  readonly grant: string | null;
  readonly step: RotationRecord['step'] | 'done';
  readonly delivered: readonly string[];
  readonly begunAt: string;
  /** When the old key may be revoked; null before delivery. */
  readonly revokeAt: string | null;
  /** The command that finishes it; null where nothing is left to do. */
  readonly next: string | null;
}

export function shownRotation(record: RotationRecord, step: ShownRotation['step'] = record.step): ShownRotation {
  const { id, provider, origin, account, old, successor, begunAt, revokeAt } = record;
  const delivered = record.delivered.filter(({ state }) => state === 'took').map(({ sink }) => sink);
  const names = {
    id,
    provider,
    origin,
    account,
    oldId: old.id,
    oldName: old.name,
    newId: successor.id,
    newName: successor.name,
    grant: record.grant?.id ?? null,
  };
  return { ...names, step, delivered, begunAt, revokeAt, next: step === 'done' ? null : commandFor(record, step === 'undoing' ? '--rollback' : '--resume') };
}
