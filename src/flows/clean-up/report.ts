import type { RevokeOutcome } from '../../model/api-key.ts';
import { Failure, FAILURES } from '../../model/failure.ts';
import { plainText } from '../../render/plain-text.ts';
import type { Report } from './revoke-many.ts';

/** Ids that are named in a sentence or a command; more of them nobody reads or types. */
const NAMED = 10;

/** How to say what was revoked, and how to go on. */
export interface Wording {
  /** The plural, such as "keys". */
  readonly things: string;
  /** The command line before the ids, to run again for a few. */
  readonly command: string;
  /** The command line to run again for all of it, where it can be written; null where it was a list of ids. */
  readonly again: string | null;
}

/** How many ended in which way. */
interface Counts {
  readonly revoked: number;
  readonly alreadyGone: number;
  readonly failed: number;
  readonly notDone: number;
}

function countsOf({ outcomes, left }: Report): Counts {
  const of = (kind: RevokeOutcome['kind']): number => outcomes.reduce((count, outcome) => (outcome.kind === kind ? count + 1 : count), 0);
  return { revoked: of('revoked'), alreadyGone: of('already-gone'), failed: of('failed'), notDone: left.length };
}

/** `revoked 118, already gone 2, failed 1`, and `not done 7` where the run ended early. */
function summary(report: Report): string {
  const { revoked, alreadyGone, failed, notDone } = countsOf(report);
  return `revoked ${revoked}, already gone ${alreadyGone}, failed ${failed}${notDone === 0 ? '' : `, not done ${notDone}`}`;
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

/** One line for each outcome. */
export function outcomeLines({ outcomes }: Report): string {
  return outcomes.map((outcome) => `${inWords(outcome)}\n`).join('');
}

/** The line that sums up; none for a single one, which its own line tells whole, and where nothing was done. */
export function summaryLines(report: Report): readonly string[] {
  return report.outcomes.length > 0 && report.outcomes.length + report.left.length > 1 ? [summary(report)] : [];
}

/** Ids in a sentence. */
export function someOf(ids: readonly string[]): string {
  return ids.length <= NAMED ? ids.join(', ') : `${ids.slice(0, NAMED).join(', ')} and ${ids.length - NAMED} more`;
}

function howToGoOn(remaining: readonly string[], { command, again }: Wording): string {
  if (remaining.length <= NAMED) return `Run it again for these: ${command} ${remaining.join(' ')}`;
  return again === null ? 'Run the same command again; what is gone already is passed over.' : `Run it again: ${again}`;
}

/**
 * The failure that a report stands for: the one that ended the run where nothing was done before it, `cancelled` where somebody interrupted it, else
 * `partly-done` where anything is left or failed. It holds what became of each, and names the command to run again.
 */
export function reportVerdict(report: Report, wording: Wording): Failure | undefined {
  const { outcomes, left, stopped } = report;
  const failed = outcomes.filter(({ kind }) => kind === 'failed').map(({ id }) => id);
  const remaining = [...failed, ...left];
  if (remaining.length === 0) return undefined;
  const { revoked, alreadyGone, ...rest } = countsOf(report);
  const nothingDone = revoked + alreadyGone === 0;
  const total = outcomes.length + left.length;
  const data = { results: outcomes, summary: { revoked, already_gone: alreadyGone, failed: rest.failed, not_done: rest.notDone } };
  if (stopped === null) {
    return new Failure('partly-done', {
      detail: `${remaining.length} of ${total} ${wording.things} could not be revoked and may still work: ${someOf(remaining)}.`,
      hint: howToGoOn(remaining, wording),
      data,
    });
  }
  if (stopped.code === 'cancelled') {
    return new Failure('cancelled', {
      detail: `The command was interrupted: ${nothingDone ? 'nothing was revoked' : summary(report)}. ${remaining.length} of ${total} ${wording.things} may still work.`,
      hint: howToGoOn(remaining, wording),
      data,
      cause: stopped,
    });
  }
  if (nothingDone && failed.length === 0) return stopped;
  const hint = FAILURES[stopped.code].retry ? howToGoOn(remaining, wording) : `${stopped.hint ?? ''} ${howToGoOn(remaining, wording)}`.trim();
  return new Failure(nothingDone ? stopped.code : 'partly-done', {
    detail: `It ended early: ${summary(report)}. ${stopped.detail}`,
    hint,
    data,
    cause: stopped,
  });
}
