import { Failure } from '../../model/failure.ts';
import { plainText } from '../../render/plain-text.ts';
import type { BatchOutcome } from './batch.ts';
import type { ShownRotation } from './work.ts';

/** Commands that a hint names; more of them nobody reads. */
const NAMED = 2;

/** One line for one key of a batch. */
export function outcomeLine(outcome: BatchOutcome): string {
  if (outcome.kind === 'failed') return `failed ${outcome.oldId}: ${plainText(outcome.why, 400)}`;
  const { newId, revokeAt } = outcome.rotation;
  return `rotated ${outcome.oldId} to ${newId ?? ''}${outcome.kind === 'waiting' ? `; the old key lives until ${revokeAt ?? ''}` : ''}`;
}

/** `rotated 3, waiting for their grace period 0, failed 1`. */
export function summary(outcomes: readonly BatchOutcome[], left: number): string {
  const count = (kind: BatchOutcome['kind']): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  return `rotated ${count('rotated')}, waiting for their grace period ${count('waiting')}, failed ${count('failed')}${left === 0 ? '' : `, not begun ${left}`}`;
}

/** What a batch that is not wholly done stands for; undefined where it is. */
export function batchVerdict(outcomes: readonly BatchOutcome[], left: number): Failure | undefined {
  const failed = outcomes.filter((outcome) => outcome.kind === 'failed');
  if (failed.length === 0 && left === 0) return undefined;
  const next = failed.flatMap((outcome) => (outcome.next === null ? [] : [outcome.next]));
  const finish = next.length > NAMED ? '"keywright auth status" names the command for each' : next.join(' ; ');
  return new Failure('partly-done', {
    detail: summary(outcomes, left),
    hint: next.length === 0 ? 'Run the same command again for the rest.' : `Finish what was begun: ${finish}`,
    data: { results: outcomes },
  });
}

/** Places of our own, beside the sinks that have names. */
const PLACES: Readonly<Partial<Record<string, string>>> = { account: 'the account that is signed in', grant: 'the entry of the grant' };

/** Where a successor went, as a person reads it. */
export const placeWords = (name: string): string => PLACES[name] ?? plainText(name);

const elsewhere = ({ delivered }: ShownRotation): string =>
  delivered
    .filter((name) => name !== 'stdout')
    .map(placeWords)
    .join(', ');

/** What became of one rotation, for stderr. `variable` may hold the old key. */
export function rotationLines(rotation: ShownRotation, variable: string | null): readonly string[] {
  const { oldId, newId, newName, grant, revokeAt, next, step } = rotation;
  const what = `the key ${oldId}${grant === null ? '' : ` of the grant ${grant}`}`;
  const who = `${newId ?? ''} (${plainText(newName)})`;
  const first =
    step === 'done'
      ? `Rotated ${what}: its successor is ${who}, and the old key is revoked.`
      : `Rotated ${what}: its successor is ${who}. The old key lives until ${revokeAt ?? ''}; then revoke it: ${next ?? ''}`;
  return [
    first,
    ...(elsewhere(rotation) === '' ? [] : [`Delivered it to ${elsewhere(rotation)}.`]),
    ...(variable === null ? [] : [`${variable} may hold the old key: set it to the new one before the old one ends.`]),
  ];
}

/** That a rotation which was to be finished waits for its time. */
export function notYet({ oldId, revokeAt, next, ...rest }: ShownRotation): Failure {
  return new Failure('rotation-unfinished', {
    detail: `The successor is in place, and the old key ${oldId} lives until ${revokeAt ?? ''}.`,
    hint: `Run it again after that, or end the old key now: ${next ?? ''} --now`,
    data: { rotation: { oldId, revokeAt, next, ...rest } },
  });
}

/** That some of the rotations that were to be finished wait for their time; undefined where none does. */
export function notAllYet(outcomes: readonly BatchOutcome[]): Failure | undefined {
  const waiting = outcomes.flatMap((outcome) => (outcome.kind === 'waiting' ? [outcome.rotation] : []));
  if (waiting.length === 0) return undefined;
  const [next] = waiting.map(({ revokeAt }) => revokeAt ?? '').toSorted();
  return new Failure('rotation-unfinished', {
    detail: `${summary(outcomes, 0)}. The next old key lives until ${next ?? ''}.`,
    hint: 'Run it again after that, or end the old keys now: keywright auth rotate-key --resume --all --now',
    data: { results: outcomes },
  });
}
