import type { Access } from '../../api/access.ts';
import type { ApiKey } from '../../model/api-key.ts';
import { Failure, type FailureCode, isFailure } from '../../model/failure.ts';
import type { Progress } from '../../model/output.ts';
import { expired } from '../clean-up/age.ts';
import { type Chosen, isOwn, rotateKey, type RotationWish } from './begin.ts';
import { baseName } from './successor.ts';
import { nextOf, type RotationWork, shownRotation, type ShownRotation } from './work.ts';

/** What became of one key of a batch. */
export type BatchOutcome =
  | { readonly oldId: string; readonly kind: 'rotated' | 'waiting'; readonly rotation: ShownRotation }
  | { readonly oldId: string; readonly kind: 'failed'; readonly code: FailureCode; readonly why: string; readonly next: string | null };

/** The last use of a key, or its making where it was never used; the longest unused first. */
function lastSeen(key: ApiKey): number {
  return Date.parse(key.lastUsedAt ?? key.createdAt ?? '1970-01-01T00:00:00Z');
}

/**
 * The keys that were made `olderThan` milliseconds ago or before, and are not part of a rotation already. A key without a date is left alone,
 * and so is one that has expired: a successor would bring its rights back to life.
 */
export function oldKeys(keys: readonly ApiKey[], olderThan: number, now: number, busy: ReadonlySet<string>): readonly ApiKey[] {
  const isExpired = expired({ now });
  return keys
    .filter((key) => key.createdAt !== null && now - Date.parse(key.createdAt) >= olderThan && !isExpired(key) && !busy.has(key.id))
    .toSorted((one, other) => lastSeen(one) - lastSeen(other));
}

/** A sink's name for one key out of many: `{name}` is the key's name as a part of a file name, `{NAME}` as that of a variable. */
export function sinkFor(template: string, key: Pick<ApiKey, 'id' | 'name'>): string {
  const name = baseName(key.name ?? key.id);
  const file = name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '') || key.id;
  const variable = name
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^([0-9])/, '_$1')
    .toUpperCase();
  return template.replaceAll('{name}', file).replaceAll('{NAME}', variable);
}

/** Refuses names of sinks that would put several keys into the same place. */
export function checkDistinct(templates: readonly string[], keys: readonly ApiKey[]): void {
  if (keys.length < 2) return;
  for (const template of templates) {
    if (template === 'stdout' || template.startsWith('exec:')) continue;
    const names = keys.map((key) => sinkFor(template, key));
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice === undefined) continue;
    throw new Failure('usage', {
      detail: `Several keys would go to the same place: ${twice}`,
      hint: 'Put {name} or {NAME} into the sink; both stand for the name of the key. Keys of the same name are rotated one by one.',
    });
  }
}

/** The same keys, with the one that the command is signed in with at the end: what comes after it would have no credential. */
export async function ownLast(keys: readonly ApiKey[], all: readonly ApiKey[], access: Access): Promise<readonly ApiKey[]> {
  const own = await Promise.all(keys.map(async (key) => (await isOwn({ key, all }, access)) === 'yes'));
  return [...keys.filter((_, index) => own[index] !== true), ...keys.filter((_, index) => own[index] === true)];
}

/** Rotates one key after the other. One that fails does not stop the others; an interruption stops before the next. */
export async function rotateMany(
  keys: readonly Chosen[],
  wish: RotationWish,
  workFor: (chosen: Chosen) => Promise<RotationWork>,
  onNext: (chosen: Chosen, index: number) => Progress,
  interrupted: AbortSignal,
): Promise<readonly BatchOutcome[]> {
  const outcomes: BatchOutcome[] = [];
  for (const [index, chosen] of keys.entries()) {
    if (interrupted.aborted) break;
    const underway = onNext(chosen, index);
    const oldId = chosen.key.id;
    try {
      const { kind, record } = await rotateKey(chosen, wish, await workFor(chosen));
      const rotation = shownRotation(record, kind === 'done' ? 'done' : record.step);
      outcomes.push({ oldId, kind: kind === 'done' ? 'rotated' : 'waiting', rotation });
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      outcomes.push({ oldId, kind: 'failed', code: thrown.code, why: thrown.detail, next: nextOf(thrown) });
    } finally {
      underway.end();
    }
  }
  return outcomes;
}
