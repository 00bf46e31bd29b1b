import type { Deps } from '../../model/deps.ts';
import { isFailure } from '../../model/failure.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import { plainText } from '../../render/plain-text.ts';
import { rotationOfNote } from './kept.ts';
import { commandFor, type RotateDeps } from './work.ts';

/*
 * What rotations leave behind: notes of one that was killed at its very end, records that nobody can read, and records whose sign-in or
 * provider goes away.
 */

/** Says once, with the paths of their files, that there are records which cannot be read. */
export async function warnOfUnreadable(deps: Pick<Deps, 'rotations' | 'system' | 'output'>): Promise<void> {
  const ids = await deps.rotations.unreadable();
  if (ids.length === 0) return;
  const { system, output } = deps;
  const files = ids.map((id) => plainText(`${system.places.state}/rotations/${id}.json`, 400)).join(', ');
  output.warn(
    `${ids.length === 1 ? 'The record of a rotation cannot' : 'Records of rotations cannot'} be read: ${files}. A newer keywright may have written it. To forget it: keywright auth rotate-key --forget <its name without .json>`,
  );
}

/**
 * Removes the notes of rotations that have no record any more: whoever was to remove them was killed. Asks nobody, waits for nobody, and
 * fails for nothing: a note that stays ends by itself. A record is written before the first note of its rotation, so none under way loses one.
 */
export async function sweepNotes({ notes, rotations, output }: Pick<Deps, 'notes' | 'rotations' | 'output'>): Promise<void> {
  for (const store of ['keychain', 'file'] as const) {
    try {
      const kept = await notes(store, 'hurried');
      const found = (await kept.list()).flatMap(({ name }) => {
        const id = rotationOfNote(name);
        return id === undefined ? [] : [{ name, id }];
      });
      if (found.length === 0) continue;
      const known = new Set([...(await rotations.list()).map(({ id }) => id), ...(await rotations.unreadable())]);
      for (const { name, id } of found) if (!known.has(id)) await kept.delete(name);
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      output.debug(`the notes of old rotations in the ${store} were left for later: ${thrown.code}`);
    }
  }
}

/** Does the work of a command, and then removes what killed rotations left, whatever came of it. */
export async function thenSweepNotes<Result>(deps: RotateDeps & Pick<Deps, 'output'>, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } finally {
    await sweepNotes(deps);
  }
}

/** Tells of rotations that cannot be finished without what has just gone; `first` says how it comes back. */
export async function warnOfStranded(
  isStranded: (record: RotationRecord) => boolean,
  first: 'sign in again' | 'add the definition again',
  { rotations, output }: Pick<Deps, 'rotations' | 'output'>,
): Promise<void> {
  for (const record of (await rotations.list()).filter(isStranded)) {
    output.warn(
      `The rotation of the key ${plainText(record.old.id, 100)} at ${record.provider} is not finished. To finish it ${first}, and then: ${commandFor(record, '--resume')}   (or give it up: ${commandFor(record, '--forget')})`,
    );
  }
}
