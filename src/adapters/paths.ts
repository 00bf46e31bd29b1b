import type { Env } from '../model/env.ts';
import { homeBy, type Paths, pathsBy } from './path-rules.ts';

export type { Paths } from './path-rules.ts';

/** See `pathsBy`. `passwordHome` is called where it counts, and may throw: most commands need no more than `HOME`. */
export function findPaths(env: Env, platform: NodeJS.Platform, passwordHome: () => string): Paths {
  return pathsBy(env, platform, passwordHome);
}

/** See `homeBy`. */
export function findHome(env: Env, platform: NodeJS.Platform, passwordHome: () => string): string | undefined {
  return homeBy(env, platform, passwordHome);
}
