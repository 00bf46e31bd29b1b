import { readdirSync, rmSync, statSync } from 'node:fs';
import { namesOf } from './contender.ts';
import type { LockFolder } from './folder.ts';
import { judge, type Verdict } from './liveness.ts';
import { type Machine, readRecord } from './record.ts';

/** So many files are looked at in one go, so that a holder is not held up. */
const MOST_AT_ONCE = 100;

/** A contender that has not got as far as its socket after a day has died on the way. Being wrong costs it a new start, nothing else. */
const ENTERING_MS = 24 * 60 * 60 * 1000;

/**
 * Removes what killed processes left behind in the folder, at any time and by any process.
 *
 * Only one removal could do harm, that of a living holder's socket. A socket goes only when it refuses, which one that got its name
 * `.s` does when its process is dead, and when its record proves that it is of this machine. A record without a socket proves nothing:
 * its contender may be about to open one, and may even hold the lock by the time that we remove the record. So nothing is ever
 * concluded from a record that is missing, and a socket without one is left alone.
 */
export async function sweepFolder(folder: LockFolder, machine: Machine, now: number): Promise<void> {
  const names = readdirSync(folder.path(''));
  for (const name of names.filter((each) => each.endsWith('.r')).slice(0, MOST_AT_ONCE)) {
    const record = readRecord(folder.path(name));
    if (record === undefined || namesOf(record.nonce).record !== name) continue;
    const verdict = await judge(record, folder, machine);
    hangUp(verdict);
    if (verdict.kind !== 'dead' || verdict.why !== 'socket-refuses') continue;
    remove(folder, namesOf(record.nonce).socket);
    remove(folder, name);
  }
  for (const name of names.filter((each) => each.endsWith('.r') || each.endsWith('.t')).slice(0, MOST_AT_ONCE)) {
    const socket = namesOf(name.slice(0, -2)).socket;
    if (!names.includes(socket) && isOld(folder.path(name), now)) remove(folder, name);
  }
}

/**
 * Removes the claims of dead processes on the lock of `stem`. Only its holder may do so, and must hold it until this is done:
 * while the lock bears the name of a living process, whoever wins one of its claims looks at the lock again and gives up.
 */
export async function sweepClaims(folder: LockFolder, machine: Machine, stem: string): Promise<void> {
  const names = readdirSync(folder.path(''));
  for (const name of names.filter((each) => each.startsWith(`${stem}.claim.`)).slice(0, MOST_AT_ONCE)) {
    const record = readRecord(folder.path(name));
    if (record === undefined) continue;
    const verdict = await judge(record, folder, machine);
    hangUp(verdict);
    if (verdict.kind === 'dead') remove(folder, name);
  }
}

function hangUp(verdict: Verdict): void {
  if (verdict.kind === 'alive') verdict.hangUp();
}

function remove(folder: LockFolder, name: string): void {
  rmSync(folder.path(name), { force: true });
}

function isOld(path: string, now: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && now - found.mtimeMs > ENTERING_MS;
}
