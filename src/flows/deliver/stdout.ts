import { variable } from '../../model/env.ts';
import { Failure, isFailure } from '../../model/failure.ts';
import { formatted, wholeJson } from './formats.ts';
import { cannotRestore, type DeliverDeps, type Delivery, type ReadySink, type SinkFormat, untaken } from './sink.ts';

/** What stdout prints: a format, or with `--json` all that is known of the key. */
export type Print = SinkFormat | 'whole';

/** Whether a GitHub runner reads what we write. */
export function inGithubActions({ env }: Pick<DeliverDeps, 'env'>): boolean {
  return variable(env, 'GITHUB_ACTIONS') === 'true';
}

/** The failure for a place where the runner would not hear that it must hide the key; undefined where it will. */
export function unmaskable({ results }: Pick<DeliverDeps, 'results'>, where: string): Failure | undefined {
  if (results.stderrIs === 'pipe') return undefined;
  return new Failure('refused', {
    detail: `${where} ends up in the log of the runner unless the key is masked, and the mask is written to stderr, which leads elsewhere. No key was made.`,
    hint: 'Leave stderr to the runner: run the command without redirecting it.',
  });
}

/** Whether the runner must be told to hide the key first: its log takes whatever comes through a pipe. */
function wantsMask(deps: DeliverDeps): boolean {
  const { stdoutIs, stderrIs } = deps.results;
  return inGithubActions(deps) && stdoutIs === 'pipe' && stderrIs !== 'terminal';
}

/** The result stream. Under a GitHub runner the key is masked before it goes into a pipe; `refused` where that cannot be. */
export function stdoutSink(print: Print, deps: DeliverDeps): ReadySink {
  const mask = wantsMask(deps);
  const unheard = mask ? unmaskable(deps, 'What goes through a pipe') : undefined;
  if (unheard !== undefined) throw unheard;
  const { results } = deps;
  const forTerminal = results.stdoutIs === 'terminal';
  return {
    name: 'stdout',
    before: null,
    deliver: async (delivery: Delivery) => {
      const text = print === 'whole' ? wholeJson(delivery, forTerminal) : formatted(delivery, print, forTerminal);
      try {
        if (mask) results.mask(delivery.key.key);
        results.write(text);
      } catch (thrown) {
        if (!isFailure(thrown)) throw thrown;
        // A full disk may have taken a part of it.
        throw untaken(
          thrown.code,
          { detail: thrown.detail, hint: 'Send it to a program or a file that takes it, or name another sink with --to.', cause: thrown },
          true,
        );
      }
    },
    restore: cannotRestore('stdout'),
  };
}
