import type { Deps } from '../../model/deps.ts';
import { variable } from '../../model/env.ts';
import { Failure } from '../../model/failure.ts';
import type { Secret } from '../../model/secret.ts';

type MaskDeps = Pick<Deps, 'env' | 'results'>;

/** Whether a GitHub runner reads what we write. */
export function inGithubActions({ env }: Pick<MaskDeps, 'env'>): boolean {
  return variable(env, 'GITHUB_ACTIONS') === 'true';
}

/** The failure for a place where the runner would not hear that it must hide a value; undefined where it will. `undone` says what was not done. */
export function unmaskable({ results }: Pick<MaskDeps, 'results'>, where: string, undone: string): Failure | undefined {
  if (results.stderrIs === 'pipe') return undefined;
  return new Failure('refused', {
    detail: `${where} ends up in the log of the runner unless it is masked, and the mask is written to stderr, which leads elsewhere. ${undone}`,
    hint: 'Leave stderr to the runner: run the command without redirecting it.',
  });
}

/**
 * What is to be called with a secret before stdout gets it. Under a GitHub runner, whose log takes whatever comes through a pipe, it tells the
 * runner to hide the secret; anywhere else it does nothing. `refused` at once, before anything is made, where the runner would not hear it.
 */
export function stdoutMask(deps: MaskDeps, undone: string): (value: Secret) => void {
  const { stdoutIs, stderrIs } = deps.results;
  if (!inGithubActions(deps) || stdoutIs !== 'pipe' || stderrIs === 'terminal') return () => undefined;
  const unheard = unmaskable(deps, 'What goes through a pipe', undone);
  if (unheard !== undefined) throw unheard;
  return (value) => deps.results.mask(value);
}
