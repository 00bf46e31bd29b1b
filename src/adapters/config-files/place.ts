import { constants } from 'node:fs';
import { access, lstat, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { systemCode } from '../system-code.ts';
import { inWords } from '../system-words.ts';

/** Configuration is far smaller; a client that keeps its history in the same file comes to a few. */
export const MAX_BYTES = 8 * 1024 * 1024;

/** As many as Linux follows. */
const MOST_LINKS = 40;

const WRITABLE_BY_OWNER = 0o200;

/** What lies behind a path, with links followed. */
export type Place =
  | { readonly kind: 'absent'; readonly place: string }
  | { readonly kind: 'there'; readonly place: string; readonly mode: number }
  | { readonly kind: 'unusable'; readonly why: string };

const unusable = (why: string): Place => ({ kind: 'unusable', why });

/**
 * The path behind all links. Where nothing is there yet, it is the place where a file would come to be, also at the end of a link
 * that leads nowhere: whoever keeps configuration in a repository of their own wants it there.
 */
export async function behindLinks(path: string, links = MOST_LINKS): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' || links === 0 || dirname(path) === path) throw error;
  }
  const place = join(await behindLinks(dirname(path), links - 1), basename(path));
  const found = await lstat(place).catch(() => undefined);
  return found?.isSymbolicLink() === true ? behindLinks(resolve(dirname(place), await readlink(place)), links - 1) : place;
}

/** The nearest folder above a place that is there already. */
async function folderAbove(place: string): Promise<string> {
  const folder = dirname(place);
  const found = await stat(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT' && folder !== place) return undefined;
    throw error;
  });
  return found === undefined ? folderAbove(folder) : folder;
}

/** Whether a file can be read and replaced, or made; `uid` is undefined on systems without such numbers (Windows). Nothing is changed. */
export async function lookBehind(path: string, uid: number | undefined): Promise<Place> {
  try {
    const place = await behindLinks(path);
    const found = await stat(place).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (found !== undefined && !found.isFile()) return unusable('what lies there is no regular file');
    if (found !== undefined && uid !== undefined && found.uid !== uid) return unusable('what lies there belongs to somebody else');
    if (found !== undefined && (found.mode & WRITABLE_BY_OWNER) === 0) return unusable('what lies there is read-only');
    if (found !== undefined && found.size > MAX_BYTES) return unusable('it is larger than 8 MB');
    await access(await folderAbove(place), constants.W_OK | constants.X_OK);
    return found === undefined ? { kind: 'absent', place } : { kind: 'there', place, mode: found.mode & 0o777 };
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return unusable(inWords(systemCode(error)));
  }
}
