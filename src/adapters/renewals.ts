import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../model/clock.ts';
import type { Env } from '../model/env.ts';
import type { GrantRecord } from '../model/grant.ts';
import { renewalStamp } from './grants.ts';

/** Between two renewals of a grant on this machine, however many bridges carry it: one that fails is not tried again and again. */
const PAUSE_MS = 10 * 60_000;

export interface RenewalsWorld {
  /** The folder of the records of grants. */
  readonly dir: string;
  /** The program to start: Node, and our own launcher. */
  readonly program: readonly [file: string, launcher: string];
  /** All that the other process gets; see `renewalEnv`. */
  readonly env: Env;
  /** Where it is started: a folder that no directory binding reaches. */
  readonly cwd: string;
  readonly clock: Pick<Clock, 'now'>;
  /** A line for the client's log. */
  readonly warn: (line: string) => void;
}

/**
 * The variables of the process that renews. It signs in with what its person has stored, so it gets no key out of a variable; what opens the
 * encrypted file it needs as the bridge does. `baseUrl` leads to where the grant was made, whatever else is set.
 */
export function renewalEnv(env: Env, address: { readonly variable: string; readonly baseUrl: string }, folders: Env): Env {
  const kept = Object.entries(env).filter(([name]) => !name.toUpperCase().endsWith('API_KEY'));
  return { ...Object.fromEntries(kept), ...folders, [address.variable]: address.baseUrl };
}

/** Whether this process is the one to begin. Two at the very same moment may both be; then the lock of the rotation lets only one of them through. */
async function claim(path: string, now: number): Promise<'ours' | 'taken'> {
  const last = await stat(path).catch(() => undefined);
  if (last !== undefined && Math.abs(now - last.mtimeMs) < PAUSE_MS) return 'taken';
  try {
    if (last !== undefined) await rm(path, { force: true });
    await writeFile(path, '', { mode: 0o600, flag: 'wx' });
    return 'ours';
  } catch {
    // Somebody else was first, or nothing can be written here, and then no rotation could be journalled either.
    return 'taken';
  }
}

/**
 * Begins the renewal of a grant in a process of its own, which outlives this one: nothing waits for it, and it asks nobody. At most one in
 * ten minutes on this machine. There is no secret among its arguments.
 */
export function createRenewals({ dir, program, env, cwd, clock, warn }: RenewalsWorld): (record: GrantRecord) => Promise<void> {
  return async ({ id, provider, expiresAt }) => {
    if ((await claim(join(dir, renewalStamp(id)), clock.now())) === 'taken') return;
    const { spawn } = await import('node:child_process');
    const [file, launcher] = program;
    const words = ['auth', 'rotate-key', '--grant', id, '--provider', provider, '--now', '--no-input', '--quiet'];
    const child = spawn(file, [launcher, ...words], { env: { ...env }, cwd, stdio: 'ignore', detached: true, windowsHide: true });
    const failed = (why: string): void =>
      warn(`keywright: the grant ${id} could not be renewed (${why}), and ends at ${expiresAt ?? 'no time'}. Run: keywright auth rotate-key --grant ${id}`);
    child.on('error', (error) => failed(error.name));
    child.on('exit', (code, signal) => {
      if (code !== 0) failed(signal ?? `exit ${code ?? ''}`);
    });
    child.unref();
  };
}
