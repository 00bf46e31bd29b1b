import { type Access, over } from '../../api/access.ts';
import type { RevokeOutcome } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import { type Failure, type FailureCode, isFailure } from '../../model/failure.ts';
import { paced } from './pace.ts';
import { inPool, type Step } from './pool.ts';

/** Requests at a time; providers allow far more, and the last of many should not wait for the first. */
const AT_ONCE = 16;

const NOBODY_THERE: ReadonlySet<FailureCode> = new Set(['unreachable', 'timed-out']);

/** Failures in a row of a server that does not answer, after which the others would only fail too, one long wait after the other. */
const MOST_UNREACHABLE = 2 * AT_ONCE;

/** Revokes one thing. A `Failure` of a code below ends the whole run; any other one is true of this thing alone. */
export type Revoke = (access: Access, id: string) => Promise<RevokeOutcome>;

/** Whose failure would be everybody's. */
const ENDS_ALL: ReadonlySet<FailureCode> = new Set([
  'session-ended',
  'missing-scope',
  'cancelled',
  'usage',
  'rate-limited',
  'keychain-locked',
  'keychain-unavailable',
]);

type RevokeDeps = Pick<Deps, 'bulkHttp' | 'clock' | 'interrupted' | 'output'>;

/** What became of what was to be revoked. */
export interface Report {
  readonly outcomes: readonly RevokeOutcome[];
  /** What was not begun, or not done because the run ended. */
  readonly left: readonly string[];
  /** Why the run ended early; null where it did not. */
  readonly stopped: Failure | null;
}

/**
 * Revokes each of `ids`, several at a time, and those of `last` when all others are done. One that fails does not hold up the others. What would fail for all, such as a
 * session that has ended, a server that nobody reaches, or Ctrl-C, ends the run: no other is begun, and those under way are waited for.
 * A 429 holds up all of them. Of a single one the failure itself is thrown.
 */
export async function revokeMany(
  { ids, last = [] }: { readonly ids: readonly string[]; readonly last?: readonly string[] },
  revoke: Revoke,
  access: Access,
  deps: RevokeDeps,
): Promise<Report> {
  const all = [...ids, ...last];
  const [only] = all;
  if (only === undefined) return { outcomes: [], left: [], stopped: null };
  if (all.length === 1) return { outcomes: [await revoke(access, only)], left: [], stopped: null };
  const bulk = over(paced(await deps.bulkHttp(), deps), access);
  const revoking = deps.output.progress('Revoking');
  const counted = { done: 0 };
  const unreachable = { inARow: 0 };
  const one = async (id: string): Promise<Step<RevokeOutcome>> => {
    try {
      const outcome = await revoke(bulk, id);
      unreachable.inARow = 0;
      return { kind: 'done', outcome };
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      if (ENDS_ALL.has(thrown.code)) return { kind: 'stop', why: thrown };
      unreachable.inARow = NOBODY_THERE.has(thrown.code) ? unreachable.inARow + 1 : 0;
      if (unreachable.inARow >= MOST_UNREACHABLE) return { kind: 'stop', why: thrown };
      return { kind: 'done', outcome: { id, kind: 'failed', why: thrown.detail } };
    } finally {
      counted.done += 1;
      revoking.tick(counted.done, all.length);
    }
  };
  const options = { atOnce: AT_ONCE, signal: deps.interrupted };
  try {
    const first = await inPool(ids, options, one);
    const then = first.left.length > 0 ? { outcomes: [], left: last, stopped: null } : await inPool(last, options, one);
    const left = [...first.left, ...then.left];
    return { outcomes: [...first.outcomes, ...then.outcomes], left, stopped: left.length === 0 ? null : (first.stopped ?? then.stopped ?? interruption(deps)) };
  } finally {
    revoking.end();
  }
}

/** Only the signal ends a run without a failure. */
function interruption({ interrupted }: RevokeDeps): Failure | null {
  const reason: unknown = interrupted.reason;
  return isFailure(reason) ? reason : null;
}
