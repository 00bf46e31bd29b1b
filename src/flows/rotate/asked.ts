import { parseDuration } from '../../model/duration.ts';
import { Failure } from '../../model/failure.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import { plainText } from '../../render/plain-text.ts';
import type { DeliverDeps, ReadySink } from '../deliver/sink.ts';
import { readySinks } from '../deliver/ready.ts';

const DEFAULT_GRACE = '24h';

/** What the command line of a rotation says. */
export interface Asked {
  readonly id: string | undefined;
  readonly grant: string | undefined;
  readonly to: readonly string[];
  readonly format: string | undefined;
  readonly grace: string | undefined;
  readonly now: boolean;
  readonly olderThan: string | undefined;
  readonly dryRun: boolean;
  readonly resume: boolean;
  readonly all: boolean;
  readonly rollback: boolean;
  readonly forget: boolean;
}

/** The failure for naming a sink for a key that a grant stands on. */
export function goesIntoStore(what: string): Failure {
  return new Failure('usage', { detail: `${what} goes into the entry of the grant in the store, and nowhere else.`, hint: 'Leave --to and --format out.' });
}

/** `usage` for what does not go together, `needs-answer` where it was not said what to rotate. */
export function checkTogether({ id, grant, forget, to, format, grace, now, olderThan, dryRun, resume, all, rollback }: Asked): void {
  const excluded = (one: string, other: string): Failure =>
    new Failure('usage', { detail: `${one} and ${other} exclude each other.`, hint: 'Give one of them.' });
  if (grant !== undefined && id !== undefined) throw excluded('--grant', 'an id');
  if (grant !== undefined && olderThan !== undefined) throw excluded('--grant', '--older-than');
  if (grant !== undefined && all) throw excluded('--grant', '--all');
  if (grant !== undefined && (to.length > 0 || format !== undefined)) throw goesIntoStore(`The key of the grant ${plainText(grant, 40)}`);
  if (forget) {
    const other = resume ? '--resume' : rollback ? '--rollback' : now ? '--now' : all ? '--all' : dryRun ? '--dry-run' : undefined;
    if (other !== undefined) throw excluded('--forget', other);
    if (to.length === 0 && format === undefined && grace === undefined && olderThan === undefined) return;
    throw new Failure('usage', { detail: 'What is forgotten is not gone on with.', hint: 'Give --forget with the id of the rotation alone.' });
  }
  if (resume && rollback) throw excluded('--resume', '--rollback');
  if (now && grace !== undefined) throw excluded('--now', '--grace');
  if (now && rollback) throw excluded('--now', '--rollback');
  if (all && id !== undefined) throw excluded('--all', 'an id');
  if (all && !resume) throw new Failure('usage', { detail: '--all belongs to --resume.', hint: 'Such as: keywright auth rotate-key --resume --all' });
  if (olderThan !== undefined && id !== undefined) throw excluded('--older-than', 'an id');
  if (resume || rollback) {
    if (to.length === 0 && format === undefined && grace === undefined && olderThan === undefined && !dryRun) return;
    throw new Failure('usage', {
      detail: 'A rotation goes on as it was begun; what was said then cannot be changed.',
      hint: 'Give --resume (with --now, if the old key is to end at once) or --rollback alone.',
    });
  }
  if (id === undefined && olderThan === undefined && grant === undefined) {
    throw new Failure('needs-answer', {
      detail: 'It was not said which key to rotate.',
      hint: 'Name its id, or give --older-than 90d. See: keywright auth list-keys',
    });
  }
  if (dryRun && olderThan === undefined)
    throw new Failure('usage', { detail: '--dry-run belongs to --older-than.', hint: 'Such as: --older-than 90d --dry-run' });
}

/** Milliseconds that the old key lives on after delivery. */
export function graceOf({ now, grace }: Pick<Asked, 'now' | 'grace'>): number {
  return now || grace === '0' ? 0 : parseDuration(grace ?? DEFAULT_GRACE, '--grace');
}

/** The sinks of a rotation that still have to get the key, or with `what: 'undo'` those that can be given back what they held. */
export function sinksLeft({ sinks, delivered }: RotationRecord, what: 'deliver' | 'undo'): readonly string[] {
  return sinks.filter((name) => {
    const entry = delivered.find(({ sink }) => sink === name);
    return what === 'deliver' ? entry?.state !== 'took' : entry !== undefined && entry.saved !== null;
  });
}

/** Sinks of a rotation that was begun earlier, with the format that was said then. */
export async function sinksAgain(names: readonly string[], { format }: RotationRecord, deps: DeliverDeps, json: boolean): Promise<readonly ReadySink[]> {
  if (names.length === 0) return [];
  const formatted = names.some((name) => name === 'stdout' || name.startsWith('file:'));
  return readySinks(names, formatted ? (format ?? undefined) : undefined, deps, { json: json && format === null });
}

/** The programs among sinks, as a person reads them. */
export function programsAmong(names: readonly string[]): string {
  return names
    .filter((name) => name.startsWith('exec:'))
    .map((name) => plainText(name.slice('exec:'.length), 200))
    .join(', ');
}
