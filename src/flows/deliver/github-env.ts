import { variable } from '../../model/env.ts';
import { Failure, isFailure } from '../../model/failure.ts';
import { Secret } from '../../model/secret.ts';
import { checkedPath } from './file.ts';
import { inGithubActions, unmaskable } from './mask.ts';
import { cannotRestore, type DeliverDeps, type ReadySink, untaken } from './sink.ts';

/** `github-env:NAME`: a variable of the steps that follow in the same job. The runner is told to hide the key first, since it prints the variables of every step. */
export async function githubEnvSink(name: string, deps: DeliverDeps): Promise<ReadySink> {
  const sink = `github-env:${name}`;
  const named = variable(deps.env, 'GITHUB_ENV');
  if (!inGithubActions(deps) || named === undefined) {
    throw new Failure('refused', {
      detail: `${sink} is for a step of GitHub Actions: GITHUB_ACTIONS is not true, or GITHUB_ENV is not set. No key was made.`,
      hint: 'Elsewhere use env-file:PATH#NAME or stdout.',
    });
  }
  const unheard = unmaskable(deps, 'A variable of later steps', 'No key was made.');
  if (unheard !== undefined) throw unheard;
  const path = checkedPath(named, 'GITHUB_ENV=', deps);
  if ((await deps.system.look(path)).kind !== 'file') {
    throw new Failure('refused', {
      detail: 'The file that GITHUB_ENV names is not there. No key was made.',
      hint: 'Run the command in a step, and leave GITHUB_ENV as it is.',
    });
  }
  return {
    name: sink,
    before: null,
    deliver: async ({ key: { key } }) => {
      try {
        deps.results.mask(key);
        const before = (await deps.keyFiles.read(path))?.reveal() ?? '';
        // A key has no line end (DESIGN: printable characters), so that NAME=value is enough.
        await deps.keyFiles.append(path, new Secret(`${before === '' || before.endsWith('\n') ? '' : '\n'}${name}=${key.reveal()}\n`));
      } catch (thrown) {
        throw isFailure(thrown) ? untaken(thrown.code, { detail: thrown.detail, cause: thrown }, true) : thrown;
      }
    },
    restore: cannotRestore(sink),
  };
}
