import { realpath } from 'node:fs/promises';
import type { ProgramFacts } from '../model/system.ts';
import { findPaths, type Paths } from './paths.ts';

export interface ProgramWorld {
  readonly platform: NodeJS.Platform;
  readonly uid: number | undefined;
  /** The running Node, behind all links. */
  readonly execPath: string;
  /** The `node` on PATH, which may be a link to the running one. */
  readonly nodeOnPath: () => Promise<string | undefined>;
  /** The script as it was started, which may be a link to the launcher. */
  readonly started: string | undefined;
  /** The launcher, behind all links. */
  readonly launcher: string;
  readonly paths: Pick<Paths, 'state' | 'data'>;
  /** Folders that are emptied when the session or the machine ends. */
  readonly passing: readonly string[];
}

/** Such as `v20.20.2`, `24.1.0_1` or `node@24`: the next upgrade takes the folder away. */
const VERSION = /(^|[\\/])[^\\/]*\d+\.\d+[^\\/]*[\\/]|@\d+[\\/]/;

/**
 * The path that outlives an upgrade. A package manager keeps each version in a folder of its own, and a link to the current one at a
 * place that stays (`/opt/homebrew/bin/node`). The link is taken where it leads to the same file, only the file's own path has a
 * version in it, and the link does not lie in a folder that goes with the session (fnm makes such ones for each shell).
 */
export async function stablePath(real: string, link: string | undefined, passing: readonly string[]): Promise<string> {
  if (link === undefined || link === real || !VERSION.test(real) || VERSION.test(link)) return real;
  if (passing.some((folder) => folder !== '' && link.startsWith(folder))) return real;
  const behind = await realpath(link).catch(() => undefined);
  return behind === real ? link : real;
}

/** How this program can be started again by somebody else; what it promises stands at `ProgramFacts`. */
export async function findProgram(world: ProgramWorld): Promise<ProgramFacts> {
  const { platform, uid, paths, passing } = world;
  const { userInfo } = await import('node:os');
  const usual = findPaths({}, platform, () => userInfo().homedir);
  return {
    node: await stablePath(world.execPath, await world.nodeOnPath(), passing),
    script: await stablePath(world.launcher, world.started, passing),
    uid: uid ?? null,
    folders: { state: paths.state, data: paths.data },
    usualFolders: { state: usual.state, data: usual.data },
  };
}
