import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Env } from '../model/env.ts';
import { systemCode } from './system-code.ts';

/** The two ends of a pipe, as descriptors. Whoever gets them closes them. */
export interface Pipe {
  readonly read: number;
  readonly write: number;
}

/** Making a pipe takes some milliseconds; a system on which it takes longer does without. */
const LIMIT_MS = 5_000;

/** The reading end is opened first and without waiting, so that the writing end finds a reader. */
function open(path: string): Pipe {
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return { read, write: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    closeSync(read);
    throw error;
  }
}

/**
 * Makes `count` pipes in a private folder below `folder`, of which nothing is left when this returns. Undefined where the system
 * cannot (Windows, no place for a file). Node itself connects a child by sockets, which Linux does not open again under the
 * names /dev/stdout and /dev/stderr that so many scripts write to.
 */
export async function openPipes(count: number, folder: string, env: Env): Promise<readonly Pipe[] | undefined> {
  if (count === 0) return [];
  let dir: string;
  try {
    dir = await mkdtemp(join(folder, 'keywright-'));
  } catch {
    return undefined;
  }
  const opened: Pipe[] = [];
  try {
    const paths = Array.from({ length: count }, (_none, index) => join(dir, String(index)));
    await promisify(execFile)('mkfifo', ['-m', '600', ...paths], { env: { ...env }, timeout: LIMIT_MS });
    for (const path of paths) opened.push(open(path));
    return opened;
  } catch (error) {
    closePipes(opened);
    // A program that is not there, that failed, or that was too slow has no such code or one of its own.
    if (error instanceof Error && (systemCode(error) !== undefined || 'cmd' in error)) return undefined;
    throw error;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** For pipes that were not used after all. */
export function closePipes(pipes: readonly Pipe[]): void {
  for (const { read, write } of pipes) {
    closeSync(read);
    closeSync(write);
  }
}
