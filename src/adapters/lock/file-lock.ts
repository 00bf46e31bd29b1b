import { existsSync, linkSync, renameSync } from 'node:fs';
import type { Clock } from '../../model/clock.ts';
import type { Acquired, HeldLock, LockOptions } from '../../model/lock.ts';
import type { Random } from '../../model/random.ts';
import { Failure } from '../../model/failure.ts';
import { systemCode } from '../system-code.ts';
import { type Contender, enter, LONGEST_SOCKET_NAME, namesOf, wasSweptAway } from './contender.ts';
import { type LockFolder, openFolder, refusal } from './folder.ts';
import { type Busy, judge } from './liveness.ts';
import { type Machine, readRecord, thisMachine } from './record.ts';
import { removeName } from './remove.ts';
import { sweepClaims, sweepFolder } from './sweep.ts';
import { startWait, type Wait } from './wait.ts';

export interface FileLockWorld {
  readonly dir: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly platform: NodeJS.Platform;
}

/** One in so many holders tidies the folder up. */
const SWEEP_EVERY = 16;

/** How often a contender whose files were taken for litter begins again. Even once is rare. */
const MOST_ENTRIES = 20;

/** `nonce` is that of the holder, or of whoever is about to replace it. */
type Attempt = { readonly kind: 'ours' } | { readonly kind: 'busy'; readonly holder: Busy; readonly nonce: string };

type Look<Found> = () => Promise<Found | undefined>;

/** What one attempt works with. */
interface Contest {
  readonly folder: LockFolder;
  readonly machine: Machine;
  readonly me: Contender;
  /** The beginning of the names of this lock's files. */
  readonly stem: string;
}

/**
 * Waits for, takes and gives back the lock whose files begin with `stem`. See `Lock.acquireUnless`.
 * Its files are a few bytes each and are handled synchronously: through the thread pool one turn took five times as long.
 */
export async function acquireFile<Found>(world: FileLockWorld, stem: string, options: LockOptions, look: Look<Found>): Promise<Acquired<Found>> {
  const folder = openFolder(world.dir, world.platform, LONGEST_SOCKET_NAME);
  try {
    const outcome = await win(world, folder, stem, options, look);
    if (outcome.kind === 'found') {
      folder.close();
      return outcome;
    }
    const { contest } = outcome;
    if (world.random.fraction() * SWEEP_EVERY < 1) await tidyUp(contest, world.clock.now());
    return { kind: 'held', held: held(contest, world.dir) };
  } catch (error) {
    folder.close();
    throw refusal(world.dir, error);
  }
}

type Won<Found> = { readonly kind: 'won'; readonly contest: Contest } | { readonly kind: 'found'; readonly found: Found };

async function win<Found>(world: FileLockWorld, folder: LockFolder, stem: string, options: LockOptions, look: Look<Found>): Promise<Won<Found>> {
  const machine = thisMachine();
  const wait = startWait(world.clock, options, folder.path(`${stem}.lock`));
  try {
    return await enterAndWait(world, { folder, machine, stem }, wait, look);
  } finally {
    wait.end();
  }
}

async function enterAndWait<Found>(world: FileLockWorld, place: Omit<Contest, 'me'>, wait: Wait, look: Look<Found>): Promise<Won<Found>> {
  for (let entries = 1; ; entries += 1) {
    try {
      const contest = { ...place, me: await enter(place.folder, world.random, place.machine) };
      try {
        const found = await untilOurs(contest, wait, look);
        if (found === undefined) return { kind: 'won', contest };
        await contest.me.leave();
        return { kind: 'found', found };
      } catch (error) {
        await contest.me.leave();
        throw error;
      }
    } catch (error) {
      if (!wasSweptAway(error) || entries === MOST_ENTRIES) throw error;
    }
  }
}

/**
 * Returns when the lock is ours, or gives what `look` found. A holder that gives the lock back takes away its name and its socket before it
 * wakes us. One that was killed leaves both, and the lock may bear the name of another by then; in either case there is nothing to look
 * for yet, and a look would be in the way of who works now.
 */
async function untilOurs<Found>(contest: Contest, wait: Wait, look: Look<Found>): Promise<Found | undefined> {
  for (;;) {
    const attempt = await take(contest, lockPath(contest));
    if (attempt.kind === 'ours') return undefined;
    await wait.for(attempt.holder);
    if (readRecord(lockPath(contest))?.nonce === attempt.nonce || existsSync(contest.folder.path(namesOf(attempt.nonce).socket))) continue;
    const found = await look();
    if (found !== undefined) return found;
  }
}

/**
 * Tries to put our record at `path`, which is the lock or a claim. `link` either gives our complete record that name or tells
 * that another has it.
 *
 * A dead holder is replaced by whoever holds the claim that is named after it. A claim is a lock too, and taken in the same
 * way, so a claimant that died is replaced by the winner of the claim named after that one. Holding the claim, we look again:
 * an earlier winner may have replaced the holder and given the claim up since we read it. If the dead record is still there,
 * nobody but us may touch it now, and renaming the claim over it takes the place and gives up the claim in one step.
 */
async function take(contest: Contest, path: string): Promise<Attempt> {
  for (;;) {
    if (linked(contest.me.record, path)) return { kind: 'ours' };
    const found = readRecord(path);
    if (found === undefined) continue;
    // Some network file systems report a link as failed that was made.
    if (found.nonce === contest.me.nonce) return { kind: 'ours' };
    const verdict = await judge(found, contest.folder, contest.machine);
    if (verdict.kind !== 'dead') return { kind: 'busy', holder: verdict, nonce: found.nonce };

    const claim = contest.folder.path(`${contest.stem}.claim.${found.nonce}`);
    const attempt = await take(contest, claim);
    if (attempt.kind === 'busy') return attempt;
    if (readRecord(path)?.nonce === found.nonce) {
      renameSync(claim, path);
      return { kind: 'ours' };
    }
    removeName(claim);
  }
}

function linked(record: string, path: string): boolean {
  try {
    linkSync(record, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function held(contest: Contest, dir: string): HeldLock {
  const path = lockPath(contest);
  const isOurs = (): boolean => readRecord(path)?.nonce === contest.me.nonce;
  return {
    stillOurs: async () => {
      let ours: boolean;
      try {
        ours = isOurs();
      } catch (error) {
        throw refusal(dir, error);
      }
      if (ours) return;
      throw new Failure('refused', {
        detail: `The lock ${path} is no longer held by this process; it was removed or replaced from outside.`,
        hint: 'Nothing was changed after that. Run the command again.',
      });
    },
    release: async () => {
      // The name goes first: a socket that closes before would let others judge us dead and take a lock that we then remove.
      try {
        if (isOurs()) removeName(path);
        await contest.me.leave();
        contest.folder.close();
      } catch (error) {
        throw refusal(dir, error);
      }
    },
  };
}

function lockPath(contest: Contest): string {
  return contest.folder.path(`${contest.stem}.lock`);
}

/** Litter is no reason to fail: what cannot be removed now is left to another. */
async function tidyUp(contest: Contest, now: number): Promise<void> {
  try {
    await sweepClaims(contest.folder, contest.machine, contest.stem);
    await sweepFolder(contest.folder, contest.machine, now);
  } catch {
    return;
  }
}
