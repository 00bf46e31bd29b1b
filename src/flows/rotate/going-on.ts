import type { Deps } from '../../model/deps.ts';
import { Failure, isFailure } from '../../model/failure.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import { confirmBinding } from '../binding-trust.ts';
import { type Choice, resolve, type Resolution } from '../resolve.ts';
import { programsAmong, sinksAgain, sinksLeft } from './asked.ts';
import type { BatchOutcome } from './batch.ts';
import { checkGoesOn, checkSameOrigin, resumeRotation, rollBack } from './come-back.ts';
import { oneOf, type RotatedOne, workOf } from './one.ts';
import { commandFor, type RotateDeps, shownRotation, type ShownRotation } from './work.ts';

export type ComeBackDeps = RotateDeps & Pick<Deps, 'prompt' | 'settings' | 'binding' | 'definitions' | 'output'>;

/** How a command comes back to what an earlier one began. */
export interface ComingBack {
  readonly choice: Choice;
  readonly json: boolean;
  /** Whether the old key is not to live until its time. */
  readonly now: boolean;
  /** Whether programs may be run again without asking. */
  readonly yes: boolean;
}

async function resolvedAgain(record: RotationRecord, { choice }: ComingBack, what: string, deps: ComeBackDeps): Promise<Resolution> {
  const resolution = await resolve({ provider: choice.provider ?? record.provider, account: choice.account ?? record.account ?? undefined }, deps);
  checkSameOrigin(record, resolution.target.origin);
  await confirmBinding(resolution.binding, what, deps);
  return resolution;
}

/** Programs are shown before they run: one of them may have been given the key already. */
async function agreeToRun(programs: string, { yes }: ComingBack, deps: ComeBackDeps): Promise<void> {
  if (programs === '') return;
  if (yes) return deps.output.note(`Running ${programs}`);
  if (!deps.prompt.canAsk) {
    throw new Failure('needs-answer', { detail: `Going on runs ${programs}, which may have been run before.`, hint: 'Give --yes if that may be.' });
  }
  if (!(await deps.prompt.confirm(`Run ${programs} with the new key?`, deps.interrupted))) throw new Failure('cancelled', { detail: 'Nothing was run.' });
}

/** Goes on with a rotation. */
export async function goOn(record: RotationRecord, back: ComingBack, deps: ComeBackDeps): Promise<RotatedOne> {
  checkGoesOn(record);
  const resolution = await resolvedAgain(record, back, 'finish a rotation', deps);
  const names = sinksLeft(record, 'deliver');
  await agreeToRun(programsAmong(names), back, deps);
  const sinks = await sinksAgain(names, record, deps, back.json);
  return oneOf(await resumeRotation(record, back.now ? 'now' : 'after-grace', await workOf(resolution, record.store, sinks, deps)), resolution, sinks);
}

/** Undoes a rotation. */
export async function goBack(record: RotationRecord, back: ComingBack, deps: ComeBackDeps): Promise<ShownRotation> {
  const resolution = await resolvedAgain(record, back, 'undo a rotation', deps);
  const sinks = await sinksAgain(sinksLeft(record, 'undo'), record, deps, back.json);
  return shownRotation(await rollBack(record, await workOf(resolution, record.store, sinks, deps)), 'done');
}

/** Goes on with every rotation of the provider, or of all where none is named. One that fails does not stop the others; Ctrl-C does. */
export async function goOnWithAll(back: ComingBack, deps: ComeBackDeps): Promise<{ readonly outcomes: readonly BatchOutcome[]; readonly left: number }> {
  const records = (await deps.rotations.list()).filter(({ provider }) => back.choice.provider === undefined || provider === back.choice.provider);
  const outcomes: BatchOutcome[] = [];
  for (const record of records) {
    if (deps.interrupted.aborted) break;
    const oldId = record.old.id;
    try {
      if (sinksLeft(record, 'deliver').includes('stdout')) {
        throw new Failure('usage', {
          detail: 'Its successor is still to be printed, which is done for one alone.',
          hint: `Run: ${commandFor(record, '--resume')}`,
        });
      }
      const { rotation } = await goOn(record, back, deps);
      outcomes.push({ oldId, kind: rotation.step === 'done' ? 'rotated' : 'waiting', rotation });
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      outcomes.push({ oldId, kind: 'failed', code: thrown.code, why: thrown.detail, next: shownRotation(record).next });
    }
  }
  return { outcomes, left: records.length - outcomes.length };
}
