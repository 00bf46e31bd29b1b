import type { Env } from '../model/env.ts';
import { homeBy, type Paths, pathsBy } from './path-rules.ts';

export type { Paths } from './path-rules.ts';

/** Throws where the database does not know the user. `node:os` is loaded here, since most commands need no more than `HOME`. */
const homeOfPasswordDatabase = (): string => process.getBuiltinModule('node:os').userInfo().homedir;

/** See `pathsBy`. `passwordHome` is there for tests. */
export function findPaths(env: Env, platform: NodeJS.Platform, passwordHome: () => string = homeOfPasswordDatabase): Paths {
  return pathsBy(env, platform, passwordHome);
}

/** See `homeBy`. `passwordHome` is there for tests. */
export function findHome(env: Env, platform: NodeJS.Platform, passwordHome: () => string = homeOfPasswordDatabase): string | undefined {
  return homeBy(env, platform, passwordHome);
}
