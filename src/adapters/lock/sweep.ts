import { existsSync, readdirSync, rmSync } from 'node:fs';
import { namesOf } from './contender.ts';
import type { LockFolder } from './folder.ts';
import { judge, type Verdict } from './liveness.ts';
import { type Machine, readRecord } from './record.ts';

/** So many dead contenders are removed at a time, so that a holder is not held up. */
const MOST_AT_ONCE = 100;

/**
 * Removes what killed processes left behind in the folder: records and sockets. It is right at any time and by any process,
 * since all is told from names that are never used twice:
 * - a record whose socket is missing may belong to a contender that is just entering. Only the record goes; without it the
 *   contender cannot link, and enters again;
 * - a record whose socket refuses is of a dead process, and both go;
 * - a socket without a record is of nobody who could still take a lock.
 */
export async function sweepFolder(folder: LockFolder, machine: Machine): Promise<void> {
  const names = readdirSync(folder.path(''));
  for (const name of names.filter((each) => each.endsWith('.r')).slice(0, MOST_AT_ONCE)) {
    const record = readRecord(folder.path(name));
    // A record that is being written is not whole yet; it is left alone, and costs its owner nothing.
    if (record === undefined || !record.whole || namesOf(record.nonce).record !== name) continue;
    const verdict = await judge(record, folder, machine);
    hangUp(verdict);
    if (verdict.kind !== 'dead') continue;
    if (verdict.why === 'socket-refuses') remove(folder, namesOf(record.nonce).socket);
    remove(folder, name);
  }
  for (const name of names.filter((each) => each.endsWith('.s') || each.endsWith('.t')).slice(0, MOST_AT_ONCE)) {
    if (!existsSync(folder.path(namesOf(name.slice(0, -2)).record))) remove(folder, name);
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
