import { plainLines } from '../../render/plain-text.ts';
import { unifiedDiff } from '../../render/diff.ts';
import { withEntry } from './change.ts';
import { entryOf, type Planned, type PlanWorld } from './plan.ts';
import { GRANT_TO_COME } from './start.ts';
import { textsIn } from './own-entry.ts';

/** What is as long and as mixed as a key; paths are cut at their slashes. */
const LIKE_A_SECRET = /[A-Za-z0-9_+=.-]{16,}/g;

/** Lines of other programs' files may hold any secret; whatever is like one is hidden, but for the words of our own entry. */
function hiding(own: readonly string[]): (line: string) => string {
  const spoken = own.join(' ');
  return (line) =>
    plainLines(line).replace(LIKE_A_SECRET, (word) => (/[0-9]/.test(word) && /[A-Za-z]/.test(word) && !spoken.includes(word) ? '[hidden]' : word));
}

/** The diff of one client's file; empty where nothing changes. The grant that would be made has no id yet. */
export function diffOf(planned: Planned, without: readonly string[], world: PlanWorld): string {
  const { target, step, text } = planned;
  if (step.kind === 'refuse' || (step.kind === 'keep' && without.length === 0)) return '';
  const value = entryOf(target, step.grant?.id ?? GRANT_TO_COME, world);
  const edited = withEntry(target, value, without)(text);
  return edited.kind === 'changed' ? unifiedDiff(target.path, text, edited.text, hiding(textsIn(value))) : '';
}
