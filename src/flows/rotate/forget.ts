import type { Deps } from '../../model/deps.ts';
import { Failure, isFailure } from '../../model/failure.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import { plainText } from '../../render/plain-text.ts';
import { withRotationLock } from './begin.ts';
import { findRotation } from './come-back.ts';
import { forgetKept } from './kept.ts';
import { placeWords } from './words.ts';
import { shownRotation, type ShownRotation } from './work.ts';

type ForgetDeps = Pick<Deps, 'rotations' | 'notes' | 'lock' | 'interrupted' | 'output' | 'prompt'>;

/** What was forgotten; `rotation` is null where its record could not be read. */
export interface Forgotten {
  readonly id: string;
  readonly rotation: ShownRotation | null;
}

function whatStays({ old, successor, step, delivered, grant, provider }: RotationRecord): readonly string[] {
  const places = delivered.map(({ sink }) => placeWords(sink)).join(', ');
  const made =
    successor.id === null
      ? `a key called "${plainText(successor.name)}" may exist, and nobody has its value`
      : `the key ${successor.id} ("${plainText(successor.name)}")`;
  return [
    `Forgetting this rotation changes nothing at ${plainText(provider, 40)}. What stays there:`,
    `  the old key ${plainText(old.id, 100)}${step === 'revoking' ? ', unless it is revoked already' : ''}`,
    `  its successor: ${made}${places === '' ? '' : `; these may have it: ${places}`}`,
    ...(grant === null ? [] : [`  the grant ${grant.id}, with the one of the two that "auth list-grants" names`]),
    'The value that was kept of the successor is forgotten. Revoke what is not needed: keywright auth revoke-key <id>',
  ];
}

async function agree({ yes }: { readonly yes: boolean }, { prompt, interrupted }: ForgetDeps): Promise<void> {
  if (yes) return;
  if (!prompt.canAsk)
    throw new Failure('needs-answer', { detail: 'A rotation would be forgotten, and nobody can be asked.', hint: 'Give --yes if that may be.' });
  if (!(await prompt.confirm('Forget it?', interrupted))) throw new Failure('cancelled', { detail: 'Nothing was forgotten.' });
}

/** The record goes even where what was kept cannot be deleted, which then ends by itself. */
async function forget(record: RotationRecord, { rotations, notes, output }: ForgetDeps): Promise<void> {
  await rotations.delete(record.id);
  try {
    await forgetKept(record, await notes(record.store));
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    output.warn(`What was kept of it in the ${record.store} could not be deleted (${thrown.code}); it ends by itself.`);
  }
}

/**
 * Drops the record of a rotation and what was kept for it, for one that can be neither finished nor undone. Asks no provider anything. What
 * stays is said first, and asked for unless `yes`. `not-found` where there is no such rotation, not even one that cannot be read.
 */
export async function forgetRotation(named: string | undefined, answer: { readonly yes: boolean }, deps: ForgetDeps): Promise<Forgotten> {
  if (named !== undefined && (await deps.rotations.unreadable()).includes(named)) {
    deps.output.note('The record of this rotation cannot be read, so nobody can say which keys it is about. Compare them: keywright auth list-keys');
    await agree(answer, deps);
    await deps.rotations.delete(named);
    return { id: named, rotation: null };
  }
  const { id, origin, old } = await findRotation(named, deps);
  return withRotationLock({ origin, id: old.id }, deps, async () => {
    const record = await findRotation(id, deps);
    for (const line of whatStays(record)) deps.output.note(line);
    await agree(answer, deps);
    await forget(record, deps);
    return { id, rotation: { ...shownRotation(record), next: null } };
  });
}
