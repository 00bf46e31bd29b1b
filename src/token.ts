import { homeBy, pathsBy } from './adapters/path-rules.ts';
import { mayBeBound } from './adapters/project-folders.ts';
import { expiredToken } from './api/jwt.ts';
import { decide } from './flows/decision/decide.ts';
import { inGithubActions } from './flows/deliver/mask.ts';
import type { Env } from './model/env.ts';
import { NOTHING_CHOSEN } from './model/settings.ts';
import { PROVIDERS } from './providers/registry.ts';
import { mayHaveASay } from './world/kept-here.ts';

/*
 * The fourth composition root: what `auth token` prints where a key in a variable is all that there is, as in every pipeline. It decides by the
 * rules of every command, on facts of which all but the environment are empty, and leaves whatever else it may find to the whole program.
 */

/** The names of Windows are the same in any case for Node, and not for a copy, which is what commands look at. */
const envOf = ({ env, platform }: Pick<NodeJS.Process, 'env' | 'platform'>): Env => (platform === 'win32' ? { ...env } : env);

/** The line that `auth token` prints; undefined where it prints something else, or something besides, or may need to look at more. */
export function keyInVariable(): string | undefined {
  const env = envOf(process);
  // A runner may have to hear that it must hide the key.
  if (inGithubActions({ env })) return undefined;
  const passwordHome = (): string => process.getBuiltinModule('node:os').userInfo().homedir;
  if (mayHaveASay(pathsBy(env, process.platform, passwordHome))) return undefined;
  if (mayBeBound({ cwd: process.cwd(), home: homeBy(env, process.platform, passwordHome) })) return undefined;
  const nothingNamed = { provider: undefined, account: undefined, project: undefined };
  const { outcome, warnings } = decide(nothingNamed, { providers: PROVIDERS, env, records: [], binding: undefined, defaults: NOTHING_CHOSEN });
  if (outcome.kind === 'failed' || outcome.source.kind !== 'variable' || warnings.length > 0) return undefined;
  const { key, name } = outcome.source;
  return expiredToken(key, Date.now(), name, '') === undefined ? `${key.reveal()}\n` : undefined;
}
