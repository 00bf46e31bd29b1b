import { type Access, over } from '../api/access.ts';
import type { RevokeOutcome } from '../model/api-key.ts';
import type { Deps } from '../model/deps.ts';
import { Failure, isFailure } from '../model/failure.ts';
import { plainText } from '../render/plain-text.ts';

/** Requests at a time; providers allow far more, and the last of many should not wait for the first. */
const AT_ONCE = 16;

type Revoke = (access: Access, id: string) => Promise<RevokeOutcome>;

async function revokeOne(id: string, revoke: Revoke, access: Access): Promise<RevokeOutcome> {
  try {
    return await revoke(access, id);
  } catch (thrown) {
    // What is true for one may be true for one only; what ends the whole run is told as it is.
    if (!isFailure(thrown) || thrown.code === 'session-ended' || thrown.code === 'cancelled' || thrown.code === 'usage') throw thrown;
    return { id, kind: 'failed', why: thrown.detail };
  }
}

/** Revokes each of `ids`, several at a time, and tells what became of each in their order. Of a single one the failure itself is thrown. */
export async function revokeMany(ids: readonly string[], revoke: Revoke, access: Access, deps: Pick<Deps, 'bulkHttp'>): Promise<readonly RevokeOutcome[]> {
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) return [await revoke(access, only)];
  const bulk = over(await deps.bulkHttp(), access);
  const outcomes: RevokeOutcome[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    outcomes.push(...(await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => revokeOne(id, revoke, bulk)))));
  }
  return outcomes;
}

/** One line for each outcome. */
export function outcomeLines(outcomes: readonly RevokeOutcome[]): string {
  return outcomes.map((outcome) => `${inWords(outcome)}\n`).join('');
}

function inWords(outcome: RevokeOutcome): string {
  switch (outcome.kind) {
    case 'revoked':
      return `revoked ${outcome.id}`;
    case 'already-gone':
      return `already gone ${outcome.id}`;
    case 'failed':
      return `failed ${outcome.id}: ${plainText(outcome.why)}`;
  }
}

/** The failure that outcomes stand for: `partly-done` with all of them where some could not be revoked. `things` such as "keys"; `again` is the command line before the ids. */
export function outcomesVerdict(outcomes: readonly RevokeOutcome[], things: string, again: string): Failure | undefined {
  const failed = outcomes.filter((outcome) => outcome.kind === 'failed').map(({ id }) => id);
  if (failed.length === 0) return undefined;
  return new Failure('partly-done', {
    detail: `${failed.length} of ${outcomes.length} ${things} could not be revoked and may still work: ${failed.join(', ')}.`,
    hint: `Run it again for these: ${again} ${failed.join(' ')}`,
    data: { results: outcomes },
  });
}
