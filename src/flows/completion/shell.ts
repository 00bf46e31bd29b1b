import { COMPLETION_SHELLS, type CompletionShell } from '../../model/completion.ts';
import type { Deps } from '../../model/deps.ts';
import { variable } from '../../model/env.ts';
import { Failure } from '../../model/failure.ts';

/** The shell of this name; `usage` where there is no completion for it. */
export function checkedShell(name: string): CompletionShell {
  const shell = COMPLETION_SHELLS.find((known) => known === name);
  if (shell !== undefined) return shell;
  throw new Failure('usage', { detail: 'There is no completion for this shell.', hint: `The shells are: ${COMPLETION_SHELLS.join(', ')}.` });
}

/** The shell that is named, or the one that the person logs in with: by SHELL, and PowerShell on Windows. `usage` where neither tells. */
export function chosenShell(named: string | undefined, { env, system }: Pick<Deps, 'env' | 'system'>): CompletionShell {
  if (named !== undefined) return checkedShell(named);
  const program = (variable(env, 'SHELL') ?? '').split('/').at(-1) ?? '';
  const shell = COMPLETION_SHELLS.find((known) => known === (program === 'pwsh' ? 'powershell' : program));
  if (shell !== undefined) return shell;
  if (program === '' && system.platform === 'win32') return 'powershell';
  throw new Failure('usage', { detail: 'SHELL does not tell which shell is meant.', hint: `Name it: ${COMPLETION_SHELLS.join(', ')}.` });
}
