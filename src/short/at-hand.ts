import { homeBy, type Paths, pathsBy } from '../adapters/path-rules.ts';
import { mayHoldSomething } from '../adapters/presence.ts';
import { mayBeBound } from '../adapters/project-folders.ts';
import type { Facts } from '../flows/decision/facts.ts';
import type { Env } from '../model/env.ts';
import { NOTHING_CHOSEN } from '../model/settings.ts';
import { PROVIDERS } from '../providers/registry.ts';
import { definitionsDir } from '../world/kept-here.ts';

/*
 * What the short ways have in common. Each does what one command does in its most common form, by the same functions, as long as nothing has
 * to be written, asked or told beside the result; for all else it gives nothing, has done nothing, and the whole program begins anew.
 */

/** What the process says of itself. */
export type Process = Pick<NodeJS.Process, 'env' | 'platform' | 'cwd' | 'getBuiltinModule'>;

export interface AtHand {
  readonly env: Env;
  readonly paths: Paths;
  /** All that a decision rests on, where nobody is signed in and nothing was chosen on this machine. */
  readonly facts: Facts;
}

/** Looks around; undefined where the person's own providers or a binding may count, which only the whole program reads. Throws where it could not begin either. */
export function atHand(own: Process): AtHand | undefined {
  const { platform } = own;
  // The names of Windows are the same in any case for Node, and not in a copy, which is what commands look at.
  const env: Env = platform === 'win32' ? { ...own.env } : own.env;
  const passwordHome = (): string => own.getBuiltinModule('node:os').userInfo().homedir;
  const paths = pathsBy(env, platform, passwordHome);
  if (mayHoldSomething(definitionsDir(paths)) || mayBeBound({ cwd: own.cwd(), home: homeBy(env, platform, passwordHome) })) return undefined;
  return { env, paths, facts: { providers: PROVIDERS, env, records: [], binding: undefined, defaults: NOTHING_CHOSEN } };
}
