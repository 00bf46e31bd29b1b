import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { getEventListeners, once } from 'node:events';
import { readdirSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../src/adapters/clock.ts';
import { connect } from '../../../src/adapters/lock/liveness.ts';
import { createLock } from '../../../src/adapters/lock/lock.ts';
import { acquirePipe } from '../../../src/adapters/lock/pipe.ts';
import { watch } from '../../../src/model/ending.ts';
import { recordText, thisMachine } from '../../../src/adapters/lock/record.ts';
import { createRandom } from '../../../src/adapters/random.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { Acquired, HeldLock, Lock, LockOptions } from '../../../src/model/lock.ts';
import { type Bundle, bundle } from '../../support/bundle.ts';

/** Long enough never to run out where a lock is to be had. */
const PATIENT = { waitMs: 60_000 };
/** Short, where the lock must not be had. */
const BRIEF = { waitMs: 300 };

let worker: Bundle;
let home: string;
let dir: string;
let lock: Lock;
let children: ChildProcess[];

const clock = createClock();
const stem = createHash('sha256').update('stress').digest('hex').slice(0, 24);
const file = (name: string): string => join(dir, `${stem}.${name}`);
const lockIn = (folder: string | null, platform: NodeJS.Platform = process.platform, fraction = 0.99): Lock =>
  createLock({ dir: folder, clock, random: { ...createRandom(), fraction: () => fraction }, platform });

beforeAll(async () => {
  worker = await bundle(new URL('../../support/lock-worker.ts', import.meta.url));
});
afterAll(() => worker.remove());
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kw-lock-'));
  dir = join(home, '.keywright', 'locks');
  lock = lockIn(dir);
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
});

describe('a lock', () => {
  it('makes its folders for us alone, and leaves nothing in them', async () => {
    const held = await lock.acquire('a', PATIENT);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect((await stat(dirname(dir))).mode & 0o777).toBe(0o700);
    expect((await readdir(dir)).length).toBe(3);
    await held.release();
    expect(await readdir(dir)).toEqual([]);
  });

  it('excludes another holder in the same process, and wakes it on release', async () => {
    const events: string[] = [];
    const first = await lock.acquire('a', PATIENT);
    const second = lock.acquire('a', PATIENT).then((held) => {
      events.push('second in');
      return held.release();
    });
    await clock.sleep(50);
    events.push('first out');
    await first.release();
    await second;
    expect(events).toEqual(['first out', 'second in']);
  });

  it('takes its name and its socket away before it wakes anybody', async () => {
    const held = await lock.acquire('a', PATIENT);
    const released = held.release();
    // Nothing has had its turn since.
    expect(readdirSync(dir)).toEqual([expect.stringMatching(/\.r$/)]);
    await released;
    expect(await readdir(dir)).toEqual([]);
  });

  it('does not mix up names', async () => {
    const first = await lock.acquire('a', PATIENT);
    const second = await lock.acquire('b', { waitMs: 0 });
    await first.stillOurs();
    await second.stillOurs();
    await first.release();
    await second.release();
    expect(await readdir(dir)).toEqual([]);
  });

  it('times out, says what is the matter, and leaves the holder alone', async () => {
    const first = await lock.acquire('a', PATIENT);
    await expect(lock.acquire('a', BRIEF)).rejects.toMatchObject({
      code: 'timed-out',
      detail: 'Waited 300 ms for a lock that another keywright process on this machine holds.',
    });
    await expect(lock.acquire('a', { waitMs: 0 })).rejects.toMatchObject({ code: 'timed-out' });
    await first.stillOurs();
    expect((await readdir(dir)).length).toBe(3);
    await first.release();
  });

  it('is cancelled by the signal, before and while it waits', async () => {
    const first = await lock.acquire('a', PATIENT);
    const stop = new AbortController();
    const waiting = lock.acquire('a', { ...PATIENT, signal: stop.signal });
    await clock.sleep(20);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    await expect(lock.acquire('b', { ...PATIENT, signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
    await first.release();
    expect(await readdir(dir)).toEqual([]);
  });

  it('leaves nobody behind who watches the signal', async () => {
    const stop = new AbortController();
    const first = await lock.acquire('a', { ...PATIENT, signal: stop.signal });
    const waiting = lock.acquire('a', { ...PATIENT, signal: stop.signal });
    await clock.sleep(20);
    await first.release();
    await (await waiting).release();
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });

  it('is woken by the holder and by the signal, not only by looking again', async () => {
    // Under this clock no sleep ends by itself.
    const endless: Clock = { now: () => 0, sleep: (_ms, signal) => new Promise((_, reject) => void (signal && watch(signal, () => reject(signal.reason)))) };
    const waiter = createLock({ dir, clock: endless, random: createRandom(), platform: process.platform });
    const first = await lock.acquire('a', PATIENT);
    const stop = new AbortController();
    const cancelled = waiter.acquire('a', { ...PATIENT, signal: stop.signal });
    const patient = waiter.acquire('a', PATIENT);
    await clock.sleep(20);
    stop.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    await first.release();
    await (await patient).release();
    expect(await readdir(dir)).toEqual([]);
  });

  it('notices that it was taken away, and does not remove the lock of another', async () => {
    const held = await lock.acquire('stress', PATIENT);
    await held.stillOurs();
    await writeFile(file('lock'), recordText('somebodyElse', thisMachine()));
    await expect(held.stillOurs()).rejects.toMatchObject({ code: 'refused' });
    await held.release();
    expect(await readdir(dir)).toEqual([`${stem}.lock`]);

    const again = await lock.acquire('b', PATIENT);
    await rm(dir, { recursive: true });
    await expect(again.stillOurs()).rejects.toMatchObject({ code: 'refused' });
    await again.release();
  });
});

/** The usual clock, and the moment at which somebody who waits by it pauses for the second time: the holder was looked at again by then. */
function patientClock(): { readonly clock: Clock; readonly waitsOn: Promise<void> } {
  let sleeps = 0;
  let tell: () => void;
  const waitsOn = new Promise<void>((resolve) => (tell = resolve));
  const sleep: Clock['sleep'] = (ms, signal) => {
    sleeps += 1;
    // The first one measures the whole wait.
    if (sleeps === 3) tell();
    return clock.sleep(ms, signal);
  };
  return { clock: { now: () => clock.now(), sleep }, waitsOn };
}

describe('a lock that may turn out to be needless', () => {
  /** Waits for the lock `a`, and looks with `look`; tells how often it looked. */
  const waiter = (look: () => string | undefined, folder = dir) => {
    let looks = 0;
    const own = patientClock();
    const acquired = createLock({ dir: folder, clock: own.clock, random: createRandom(), platform: process.platform }).acquireUnless('a', PATIENT, async () => {
      looks += 1;
      return look();
    });
    return { acquired, waitsOn: own.waitsOn, looks: () => looks };
  };

  it('is taken without a look where nobody holds it', async () => {
    const { acquired, looks } = waiter(() => 'found');
    await heldOf(await acquired).release();
    expect([looks(), await readdir(dir)]).toEqual([0, []]);
  });

  it('is not taken by any of many that find the work done when the holder has gone, each of which looks once', async () => {
    const first = await lock.acquire('a', PATIENT);
    const waiters = Array.from({ length: 20 }, () => waiter(() => 'done'));
    await Promise.all(waiters.map(({ waitsOn }) => waitsOn));
    expect(waiters.map(({ looks }) => looks())).toEqual(Array.from({ length: 20 }, () => 0));
    await first.release();
    const ended = await Promise.all(waiters.map(({ acquired }) => acquired));
    expect(ended).toEqual(Array.from({ length: 20 }, () => ({ kind: 'found', found: 'done' })));
    expect(waiters.map(({ looks }) => looks())).toEqual(Array.from({ length: 20 }, () => 1));
    expect(await readdir(dir)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('leaves no descriptor behind where it was not taken, also of a path longer than a socket can bear', async () => {
    const far = join(home, 'x'.repeat(120), 'locks');
    const descriptors = (): number => readdirSync('/proc/self/fd').length;
    const before = descriptors();
    const first = await lockIn(far).acquire('a', PATIENT);
    const { acquired, waitsOn } = waiter(() => 'done', far);
    await waitsOn;
    await first.release();
    expect(await acquired).toEqual({ kind: 'found', found: 'done' });
    expect(descriptors()).toBe(before);
  });

  it('is taken by one after the other where the work is not done, and by nobody once it is', async () => {
    const first = await lock.acquire('a', PATIENT);
    let [inside, done] = [0, 0];
    const works = Array.from({ length: 10 }, async () => {
      const acquired = await waiter(() => (done < 3 ? undefined : 'done')).acquired;
      if (acquired.kind === 'found') return 'found';
      inside += 1;
      expect(inside).toBe(1);
      await clock.sleep(5);
      inside -= 1;
      done += 1;
      await acquired.held.release();
      return 'worked';
    });
    await clock.sleep(20);
    await first.release();
    const fates = await Promise.all(works);
    expect(fates.filter((fate) => fate === 'worked').length).toBeGreaterThanOrEqual(3);
    expect(fates.length).toBe(10);
    expect(await readdir(dir)).toEqual([]);
  });

  it('is waited for without a look where a holder was killed and another has its place already', async () => {
    const child = await holder('a');
    const { acquired, waitsOn, looks } = waiter(() => 'found');
    await waitsOn;
    const other = await lock.acquire('b', PATIENT);
    const lockOf = (name: string): string => join(dir, `${createHash('sha256').update(name).digest('hex').slice(0, 24)}.lock`);
    await rename(lockOf('b'), lockOf('a'));
    child.kill('SIGKILL');
    await once(child, 'close');
    // It leaves a lock with its name, as if it had been killed: only who holds a lock under its own name takes it away.
    await other.release();
    await heldOf(await acquired).release();
    expect(looks()).toBe(0);
  });

  it('is taken over from a holder that was killed without a look', async () => {
    const child = await holder('a');
    const { acquired, looks } = waiter(() => 'found');
    await clock.sleep(50);
    child.kill('SIGKILL');
    const held = heldOf(await acquired);
    await held.stillOurs();
    await held.release();
    expect(looks()).toBe(0);
  });
});

describe('a holder that is no more', () => {
  it('is replaced at once when it was killed', async () => {
    const child = await holder();
    const waiting = lock.acquire('stress', PATIENT);
    await clock.sleep(50);
    child.kill('SIGKILL');
    const held = await waiting;
    await expect(held.stillOurs()).resolves.toBeUndefined();
    await held.release();
  });

  it('is replaced when it ended without a release, which a held lock does not put off', async () => {
    const child = start('forget');
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(0);
    await (await lock.acquire('stress', PATIENT)).release();
  });

  it('is not taken for dead while it is stopped, also when its queue is full', async () => {
    const child = await holder();
    child.kill('SIGSTOP');
    const socket = (await readdir(dir)).find((name) => name.endsWith('.s')) ?? '';
    await expect(lock.acquire('stress', BRIEF)).rejects.toMatchObject({ code: 'timed-out' });
    const callers: Socket[] = [];
    const refusals = new Set<string | undefined>();
    for (let count = 0; count < 600; count += 1) {
      const answer = await connect(join(dir, socket));
      if (answer.kind === 'connected') callers.push(answer.socket);
      else refusals.add(answer.code);
    }
    expect([...refusals]).toEqual(process.platform === 'linux' ? ['EAGAIN'] : [...refusals]);
    await expect(lock.acquire('stress', BRIEF)).rejects.toMatchObject({ code: 'timed-out' });
    for (const caller of callers) caller.destroy();
    child.kill('SIGKILL');
    await (await lock.acquire('stress', PATIENT)).release();
  });

  it('is replaced when its claimant died too, and the claimant of that claim', async () => {
    await deadRecord('lock', 'deadHolder');
    await deadRecord('claim.deadHolder', 'deadClaimant');
    await deadRecord('claim.deadClaimant', 'deadSecond');
    const held = await lock.acquire('stress', { waitMs: 0 });
    await held.stillOurs();
    await held.release();
    expect(await readdir(dir)).toEqual([]);
  });

  it('is left to a living claimant, which is waited for', async () => {
    await deadRecord('lock', 'deadHolder');
    await deadRecord('claim.deadHolder', 'liveClaimant');
    const claimant = createServer();
    await new Promise<void>((resolve) => claimant.listen(join(dir, 'liveClaimant.s'), resolve));
    await expect(lock.acquire('stress', BRIEF)).rejects.toMatchObject({ code: 'timed-out' });
    expect(await readFile(file('lock'), 'utf8')).toContain('deadHolder');
    await new Promise((resolve) => claimant.close(resolve));
    await (await lock.acquire('stress', PATIENT)).release();
  });

  it('is replaced when a crash of the machine left an empty file', async () => {
    await emptyFolder();
    await writeFile(file('lock'), '');
    const held = await lock.acquire('stress', { waitMs: 0 });
    await held.stillOurs();
    await held.release();
    expect(await readdir(dir)).toEqual([]);
  });

  it('is judged by this boot or this host, and waited for when it is of another machine', async () => {
    const { boot, host } = thisMachine();
    await emptyFolder();
    for (const machine of [
      { boot, host: 'container' },
      { boot: 'an earlier boot', host },
    ]) {
      await writeFile(file('lock'), recordText('deadHolder', machine));
      await (await lock.acquire('stress', { waitMs: 0 })).release();
    }
    await writeFile(file('lock'), recordText('farHolder', { boot: 'another boot', host: 'far.example \u001b[2J' }));
    await expect(lock.acquire('stress', BRIEF)).rejects.toMatchObject({
      code: 'timed-out',
      detail: 'Waited 300 ms for a lock that a keywright process on another machine holds, or left behind there (far.example).',
      hint: `If no keywright runs on that machine, delete ${file('lock')} and try again.`,
    });
    expect(await readdir(dir)).toEqual([`${stem}.lock`]);
  });
});

describe('the folder of the locks', () => {
  it('is refused when it is a link, a file, open to others, or of somebody else', async () => {
    await mkdir(dirname(dir));
    await mkdir(join(home, 'elsewhere'), { mode: 0o700 });
    await symlink(join(home, 'elsewhere'), dir);
    await expect(lock.acquire('a', PATIENT)).rejects.toMatchObject({ code: 'refused', detail: `The lock folder ${dir} is a link.` });
    await rm(dir);

    await writeFile(dir, '');
    await expect(lock.acquire('a', PATIENT)).rejects.toMatchObject({ code: 'refused', detail: `The lock folder ${dir} is not a folder.` });
    await rm(dir);

    await mkdir(dir);
    await chmod(dir, 0o710);
    await expect(lock.acquire('a', PATIENT)).rejects.toMatchObject({ code: 'refused', hint: `Close it: chmod 700 ${dir}` });
    await chmod(dir, 0o700);

    // Only root can give a folder away; anybody else meets a folder of root's.
    const ownedByRoot = process.platform === 'darwin' ? '/var/root' : '/root';
    const foreign = process.getuid?.() === 0 ? dir : ownedByRoot;
    if (foreign === dir) await chown(dir, 12345, 12345);
    await expect(lockIn(foreign).acquire('a', PATIENT)).rejects.toMatchObject({ code: 'refused' });
    expect(await readdir(join(home, 'elsewhere'))).toEqual([]);
  });

  it('is refused when there is no home, and no home is made', async () => {
    await expect(lockIn(null).acquire('a', PATIENT)).rejects.toMatchObject({ code: 'refused' });
    const nowhere = join(home, 'gone');
    await expect(lockIn(join(nowhere, '.keywright', 'locks')).acquire('a', PATIENT)).rejects.toMatchObject({ code: 'refused' });
    expect(await readdir(home)).toEqual([]);
  });

  it('may have a path longer than a socket can bear on Linux, and is refused elsewhere', async () => {
    const far = join(home, 'x'.repeat(120), 'locks');
    await expect(lockIn(far, 'darwin').acquire('a', PATIENT)).rejects.toMatchObject({ code: 'refused', hint: 'Use a home folder with a shorter path.' });
    if (process.platform !== 'linux') return;
    const long = lockIn(far);
    const first = await long.acquire('a', PATIENT);
    await expect(long.acquire('a', BRIEF)).rejects.toMatchObject({ code: 'timed-out' });
    await first.release();
    await (await long.acquire('a', { waitMs: 0 })).release();
    expect(await readdir(far)).toEqual([]);
  });

  it('is tidied up of what the dead left, and of nothing else', async () => {
    await holder();
    const living = await readdir(dir);
    const dead = await holder('another');
    const lock2 = (await readdir(dir)).filter((name) => name.endsWith('.lock') && !living.includes(name));
    // Only when it has ended are its sockets closed: until then it counts as living, and rightly.
    const ended = once(dead, 'exit');
    dead.kill('SIGKILL');
    await ended;
    await deadRecord('claim.longGone', 'alsoGone');
    await writeFile(join(dir, 'oldEntry.r'), recordText('oldEntry', thisMachine()));
    await writeFile(join(dir, 'oldEntry.t'), '');
    for (const name of ['oldEntry.r', 'oldEntry.t']) await utimes(join(dir, name), 0, 0);
    // These may be of living processes: one that is entering, one of another machine, one whose record was removed by mistake.
    const doubtful = ['entering.r', 'entering.t', 'farAway_.r', 'farAway_.s', 'noRecord.s'];
    for (const name of doubtful)
      await writeFile(
        join(dir, name),
        recordText(name.slice(0, -2), { boot: 'another boot', host: name.startsWith('far') ? 'far.example' : thisMachine().host }),
      );
    for (const name of ['farAway_.r', 'noRecord.s']) await utimes(join(dir, name), 0, 0);

    const held = await lockIn(dir, process.platform, 0).acquire('a third', PATIENT);
    await held.release();
    // Locks and their claims are touched by their own contenders only.
    const left = [...living, ...lock2, `${stem}.claim.longGone`, ...doubtful];
    expect((await readdir(dir)).sort()).toEqual(left.sort());
  });

  it('loses the claims of the dead to the next holder that sweeps', async () => {
    await deadRecord('claim.longGone', 'alsoGone');
    await (await lockIn(dir, process.platform, 0).acquire('stress', PATIENT)).release();
    expect(await readdir(dir)).toEqual([]);
  });
});

describe('the lock of Windows, on a name that works alike', () => {
  it('lets one in, wakes the next, and times out', async () => {
    // An abstract socket of Linux: only one process can listen on it, and it goes with that process.
    const address = process.platform === 'linux' ? `\0keywright-test-${createRandom().token(9)}` : join(home, 'pipe');
    const acquire = async (options: LockOptions) => heldOf(await acquirePipe(address, clock, options, async () => undefined));
    const first = await acquire(PATIENT);
    await first.stillOurs();
    await expect(acquire(BRIEF)).rejects.toMatchObject({ code: 'timed-out' });
    const second = acquire(PATIENT);
    await clock.sleep(20);
    await first.release();
    await expect(first.stillOurs()).rejects.toMatchObject({ code: 'refused' });
    await (await second).release();
  });

  it('gives what was found when the holder had gone, and is free then', async () => {
    const address = process.platform === 'linux' ? `\0keywright-test-${createRandom().token(9)}` : join(home, 'pipe');
    const first = heldOf(await acquirePipe(address, clock, PATIENT, async () => undefined));
    let looks = 0;
    const own = patientClock();
    const waiting = acquirePipe(address, own.clock, PATIENT, async () => {
      looks += 1;
      return 'done by the first';
    });
    await own.waitsOn;
    expect(looks).toBe(0);
    await first.release();
    expect([await waiting, looks]).toEqual([{ kind: 'found', found: 'done by the first' }, 1]);
    await heldOf(await acquirePipe(address, clock, { waitMs: 0 }, async () => undefined)).release();
  });
});

/** The lock of who did not find that it is needless. */
function heldOf(acquired: Acquired<unknown>): HeldLock {
  if (acquired.kind === 'held') return acquired.held;
  throw new Error('the lock was not taken');
}

function start(mode: string, name = 'stress'): ChildProcess {
  const child = spawn(process.execPath, [worker.path, mode, dir, name], { stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env['PATH'] } });
  children.push(child);
  return child;
}

/** A process that holds a lock until it is killed. */
async function holder(name = 'stress'): Promise<ChildProcess> {
  const child = start('hold', name);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}

async function emptyFolder(): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
}

/** A file of the lock `stress` with the record of a process that has no socket. */
async function deadRecord(name: string, nonce: string): Promise<void> {
  await emptyFolder();
  await writeFile(file(name), recordText(nonce, thisMachine()));
}
