import type { ChildEnd } from '../../model/child.ts';
import { isFailure } from '../../model/failure.ts';
import { askProgram, foundProgram, handOver } from './child-sink.ts';
import { cannotRestore, type DeliverDeps, type ReadySink } from './sink.ts';

/** A few requests to GitLab. */
const LIMIT_MS = 60_000;

/** No questions and no log of what it sends. */
const QUIET = { NO_PROMPT: 'true', NO_COLOR: '1', DEBUG: undefined, GLAB_DEBUG: undefined, GLAB_DEBUG_HTTP: undefined };

/** `gitlab-var:NAME`: a masked variable of the project of the current folder, through `glab`. */
export async function gitlabVarSink(name: string, deps: DeliverDeps): Promise<ReadySink> {
  const sink = `gitlab-var:${name}`;
  const file = await foundProgram('glab', sink, deps);
  await askProgram(
    { file, args: ['auth', 'status'], limitMs: LIMIT_MS, env: QUIET },
    { program: 'glab', signIn: 'Sign in with: glab auth login, or set GITLAB_TOKEN.' },
    deps,
  );
  return {
    name: sink,
    before: null,
    deliver: async ({ key: { key } }) => {
      const hand = (verb: 'set' | 'update'): Promise<ChildEnd> =>
        handOver({ file, args: ['variable', verb, name, '--masked'], input: key, limitMs: LIMIT_MS, env: QUIET }, { program: 'glab', key }, deps);
      try {
        await hand('set');
      } catch (thrown) {
        // GitLab has one request for a new variable and another for one that is there.
        if (!isFailure(thrown) || !/already been taken/.test(thrown.detail)) throw thrown;
        await hand('update');
      }
    },
    restore: cannotRestore(sink),
  };
}
