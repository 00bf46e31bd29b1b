import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { mayBeThere } from './presence.ts';

/** The name of a directory binding. */
export const BINDING_FILE = '.keywright.json';

export interface CurrentFolder {
  /** The current folder, absolute; undefined where it was deleted meanwhile. */
  readonly cwd: string | undefined;
  /** No folder above it is looked at; undefined where there is none. */
  readonly home: string | undefined;
}

/** The folders in which a binding counts, the nearest first. */
export function foldersToLookIn({ cwd, home }: CurrentFolder): readonly string[] {
  if (cwd === undefined) return [];
  // The current folder is told without links in it; the home folder has to be compared in the same form.
  const realHome = home === undefined ? undefined : withoutLinks(home);
  const isAboveHome = (folder: string): boolean => realHome !== undefined && isBelow(realHome, folder);
  const folders: string[] = [];
  for (let folder = cwd; !isAboveHome(folder); folder = dirname(folder)) {
    folders.push(folder);
    if (isThere(join(folder, '.git'))) return folders;
    if (dirname(folder) === folder) break;
  }
  return folders.slice(0, 1);
}

/** Whether there is anything of this name, be it a link that leads nowhere: a repository's `.git` is a folder, that of a worktree or a submodule is a file. */
export function isThere(path: string): boolean {
  // To tell what it is takes a fresh process six times as long.
  if (existsSync(path)) return true;
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** Whether a binding may count in the current folder. */
export function mayBeBound(where: CurrentFolder): boolean {
  return foldersToLookIn(where).some((folder) => mayBeThere(join(folder, BINDING_FILE)));
}

/** The folder itself behind all links; by its name where it is not there. */
function withoutLinks(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return resolve(folder);
  }
}

/** Both are absolute, and without `..` and doubled separators. */
function isBelow(inner: string, outer: string): boolean {
  // Where names are compared as they are written. Node takes longer to get its own way ready than all the rest here takes.
  if (sep === '/') return inner !== outer && inner.startsWith(outer === sep ? sep : `${outer}${sep}`);
  const way = relative(outer, inner);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
