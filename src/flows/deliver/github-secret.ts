import { variable } from '../../model/env.ts';
import { Failure } from '../../model/failure.ts';
import { plainText } from '../../render/plain-text.ts';
import { askProgram, foundProgram, handOver } from './child-sink.ts';
import { cannotRestore, type DeliverDeps, type ReadySink } from './sink.ts';

/** Two requests to GitHub. */
const LIMIT_MS = 60_000;

/** No questions and no log of what it sends. */
const QUIET = { GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', GH_DEBUG: undefined, DEBUG: undefined, NO_COLOR: '1' };

/** Where a secret goes: `owner/repo`, or `host/owner/repo` as `gh` writes it. Null means the repository of the current folder. */
export function checkedRepository(repository: string | undefined): string | null {
  if (repository === undefined) return null;
  if (/^([A-Za-z0-9][A-Za-z0-9.-]*\/)?[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9._-]+$/.test(repository)) return repository;
  throw new Failure('usage', {
    detail: `"${plainText(repository, 100)}" is not the name of a repository.`,
    hint: 'Such as: github-secret:DEPLOY_KEY@owner/repo',
  });
}

/** The host to ask about; undefined leaves it to `gh`, which looks at the remotes of the current folder. */
function hostOf(repository: string | null, { env }: Pick<DeliverDeps, 'env'>): string | undefined {
  const [host, ...rest] = (repository ?? '').split('/');
  return rest.length === 2 ? host : variable(env, 'GH_HOST');
}

/** `github-secret:NAME[@owner/repo]`: a secret of GitHub Actions, through `gh`, which seals it before it leaves this machine. */
export async function githubSecretSink(name: string, repository: string | null, deps: DeliverDeps): Promise<ReadySink> {
  const sink = repository === null ? `github-secret:${name}` : `github-secret:${name}@${repository}`;
  const file = await foundProgram('gh', sink, deps);
  const host = hostOf(repository, deps);
  const args = ['auth', 'status', ...(host === undefined ? [] : ['--hostname', host])];
  await askProgram({ file, args, limitMs: LIMIT_MS, env: QUIET }, { program: 'gh', signIn: 'Sign in with: gh auth login, or set GH_TOKEN.' }, deps);
  return {
    name: sink,
    before: null,
    deliver: async ({ key: { key } }) => {
      const target = repository === null ? [] : ['--repo', repository];
      await handOver({ file, args: ['secret', 'set', name, ...target], input: key, limitMs: LIMIT_MS, env: QUIET }, { program: 'gh', key }, deps);
    },
    restore: cannotRestore(sink),
  };
}
