import type { CompletionShell, ScriptPlace } from '../../model/completion.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { plainText } from '../../render/plain-text.ts';

/** Longest path that a sentence holds. */
const LONGEST = 400;

async function refuseForeign(paths: readonly string[], what: 'overwritten' | 'removed', { completionScripts }: Pick<Deps, 'completionScripts'>): Promise<void> {
  for (const path of paths) {
    if ((await completionScripts.look(path)).kind !== 'foreign') continue;
    throw new Failure('refused', {
      detail: `${plainText(path, LONGEST)} is no script of keywright, so it was not ${what}. Nothing was changed.`,
      hint: 'Move it away, then try again.',
    });
  }
}

/**
 * Puts the script of a shell where the shell looks. What lies there is replaced only if it is ours; else `refused`, before anything is
 * written. No start-up file is changed: the line that one may need is in the answer.
 */
export async function installScript(shell: CompletionShell, deps: Pick<Deps, 'completionScripts'>): Promise<ScriptPlace> {
  const { completionScripts } = deps;
  const [place, { text }] = await Promise.all([completionScripts.place(shell), completionScripts.script(shell)]);
  await refuseForeign(place.paths, 'overwritten', deps);
  for (const path of place.paths) await completionScripts.write(path, text);
  return place;
}

/** Takes back what `installScript` put there, and gives the paths that were removed. What is not ours stays, and is `refused`. */
export async function removeScript(shell: CompletionShell, deps: Pick<Deps, 'completionScripts'>): Promise<readonly string[]> {
  const { completionScripts } = deps;
  const { paths } = await completionScripts.place(shell);
  await refuseForeign(paths, 'removed', deps);
  const removed: string[] = [];
  for (const path of paths) {
    if ((await completionScripts.look(path)).kind === 'absent') continue;
    await completionScripts.remove(path);
    removed.push(path);
  }
  return removed;
}
