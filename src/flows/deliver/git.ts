import { basename, dirname } from 'node:path';
import type { ChildEnd } from '../../model/child.ts';
import { Failure } from '../../model/failure.ts';
import { plainText } from '../../render/plain-text.ts';
import { endedWell, outputOf } from './child-sink.ts';
import type { DeliverDeps } from './sink.ts';

/** It only looks at files that are there. */
const LIMIT_MS = 30_000;

/** Inside of a git hook these lead to the hook's repository, wherever the file lies. English words are compared. */
const ENVIRONMENT = {
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_COMMON_DIR: undefined,
  GIT_PREFIX: undefined,
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
};

/** A line for .gitignore that means this path alone. */
const ignoreLine = (path: string): string => `/${path.replace(/[\\*?[\]]|\s$/g, (character) => `\\${character}`)}`;

/**
 * Refuses a file whose content git would take along: one that it tracks, and one in a repository that is not ignored. Where there is no
 * git, or no repository, there is nothing to refuse; where git does not want to say, the answer is no.
 */
export async function refuseWhatGitKeeps(path: string, deps: Pick<DeliverDeps, 'children' | 'interrupted'>): Promise<void> {
  const file = await deps.children.find('git');
  if (file === undefined) return;
  // A program that the repository names for watching its files is not for us to start.
  const git = (...args: readonly string[]): Promise<ChildEnd> =>
    deps.children.run({ file, args: ['-C', dirname(path), '-c', 'core.fsmonitor=false', ...args], limitMs: LIMIT_MS, env: ENVIRONMENT });
  const name = basename(path);
  const shown = plainText(path);
  const unclear = (end: ChildEnd): Failure =>
    new Failure(deps.interrupted.aborted ? 'cancelled' : 'refused', {
      detail: `Whether git keeps ${shown} cannot be told: ${outputOf(end) || `git gave no answer (${end.kind})`}. No key was made.`,
      hint: 'Put right what git complains of, or name a file outside of the repository.',
    });

  const where = await git('rev-parse', '--show-toplevel', '--show-prefix');
  if (where.kind === 'ended' && /not a git repository|must be run in a work tree/.test(where.stderr)) return;
  if (!endedWell(where)) throw unclear(where);
  const [root = '', prefix = ''] = where.stdout.split('\n');

  // Named from the root and taken to the letter: a pattern would match another file.
  const tracked = await git('--literal-pathspecs', 'ls-files', '--error-unmatch', '--', name);
  if (endedWell(tracked)) {
    throw new Failure('refused', {
      detail: `${shown} is tracked by git: the key would be in the next commit. No key was made.`,
      hint: `Stop tracking it with: git rm --cached -- ${plainText(prefix + name)}, and add the line ${plainText(ignoreLine(prefix + name))} to ${plainText(root)}/.gitignore`,
    });
  }
  if (tracked.kind !== 'ended' || tracked.code !== 1) throw unclear(tracked);
  const ignored = await git('check-ignore', '--quiet', '--', `./${name}`);
  if (endedWell(ignored)) return;
  if (ignored.kind !== 'ended' || ignored.code !== 1) throw unclear(ignored);
  throw new Failure('refused', {
    detail: `${shown} lies in a repository and is not ignored by git: the key would be committed with the rest. No key was made.`,
    hint: `Add the line ${plainText(ignoreLine(prefix + name))} to ${plainText(root)}/.gitignore`,
  });
}
