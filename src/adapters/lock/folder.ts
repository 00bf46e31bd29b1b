import { closeSync, lstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemCode } from '../system-code.ts';
import { Failure } from '../../model/failure.ts';

/** `sun_path` holds 104 bytes on macOS and BSD and 108 on Linux, with a NUL at the end. The smaller one is kept everywhere. */
const LONGEST_SOCKET_PATH = 103;

/** A folder of locks that was looked at and found to be private. */
export interface LockFolder {
  /** A file of the folder by its full path. */
  path(name: string): string;
  /** The same as an address that fits a socket. */
  socketPath(name: string): string;
  /** The owner of the folder. */
  readonly owner: number;
  close(): void;
}

/**
 * Opens the folder, and makes it (and its parent, not more) with 0700 if it is missing. A link, something else than a folder,
 * and a folder that others can enter are `refused`: whoever can write there could pose as a holder.
 * `longestName` is the longest name that a socket will get.
 */
export function openFolder(dir: string, platform: NodeJS.Platform, longestName: number): LockFolder {
  try {
    const owner = checkedOwner(dir);
    let handle = Buffer.byteLength(dir) + 1 + longestName > LONGEST_SOCKET_PATH ? shortWay(dir, platform) : null;
    const short = handle === null ? dir : `/proc/self/fd/${handle}`;
    return {
      path: (name) => join(dir, name),
      socketPath: (name) => `${short}/${name}`,
      owner,
      close: () => {
        if (handle !== null) closeSync(handle);
        handle = null;
      },
    };
  } catch (error) {
    throw refusal(dir, error);
  }
}

/** Any error of the lock's own files as a `Failure`. */
export function refusal(dir: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  return new Failure('refused', {
    detail: `The lock folder ${dir} cannot be used (${code}).`,
    hint: 'It must be a folder of yours on a local disk with some space left, in a home folder that you can write to.',
    cause: error,
  });
}

function checkedOwner(dir: string): number {
  makeFolder(dirname(dir));
  makeFolder(dir);
  const found = lstatSync(dir);
  if (found.isSymbolicLink()) throw distrusted(dir, 'is a link', 'Remove the link; keywright makes the folder itself.');
  if (!found.isDirectory()) throw distrusted(dir, 'is not a folder', 'Move it away; keywright makes the folder itself.');
  if ((found.mode & 0o077) !== 0) throw distrusted(dir, 'is open to other users', `Close it: chmod 700 ${dir}`);
  return found.uid;
}

export function distrusted(dir: string, what: string, hint: string): Failure {
  return new Failure('refused', { detail: `The lock folder ${dir} ${what}.`, hint });
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

/** On Linux an open folder has a short path of its own under `/proc/self/fd`. */
function shortWay(dir: string, platform: NodeJS.Platform): number {
  if (platform !== 'linux') {
    throw distrusted(dir, `has a path too long for a socket (${LONGEST_SOCKET_PATH} bytes with its name)`, 'Use a home folder with a shorter path.');
  }
  return openSync(dir, 'r');
}
