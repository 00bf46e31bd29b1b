import { userInfo } from 'node:os';
import type { Env } from '../model/env.ts';
import { homeBy, type Paths, pathsBy } from './path-rules.ts';

export type { Paths } from './path-rules.ts';

/** See `pathsBy`. `passwordHome` is there for tests. */
export function findPaths(env: Env, platform: NodeJS.Platform, passwordHome: () => string = () => userInfo().homedir): Paths {
  return pathsBy(env, platform, passwordHome);
}

/** See `homeBy`. `passwordHome` is there for tests. */
export function findHome(env: Env, platform: NodeJS.Platform, passwordHome: () => string = () => userInfo().homedir): string | undefined {
  return homeBy(env, platform, passwordHome);
}
