import { appendFileSync } from 'node:fs';
import { createClock } from '../../src/adapters/clock.ts';
import { createLock } from '../../src/adapters/lock/lock.ts';
import { createRandom } from '../../src/adapters/random.ts';

/**
 * A process that takes the lock of a folder and writes what it does to a log that all share. Appending is one system call on
 * one open file description each, so the order of the lines is the order of what happened.
 *
 * `hold FOLDER NAME` takes the lock NAME, says `held` on stdout and keeps it until it is killed. `forget FOLDER NAME` takes it and does nothing more.
 * `once FOLDER LOG ID` takes it once. `many FOLDER LOG ID CHANCE` takes it again and again, and kills itself inside the section
 * with that chance, until it is told to end by a line on stdin.
 */
const [mode = '', dir = '', nameOrLog = '', id = '', chance = '0'] = process.argv.slice(2);
const clock = createClock();
const lock = createLock({ dir, clock, random: createRandom(), platform: process.platform });
const WAIT_MS = 120_000;

/** Lines that a holder writes between entering and leaving, so that a second one inside is seen. */
const LINES_INSIDE = 3;

async function section(turn: number, chanceToDie: number): Promise<void> {
  const held = await lock.acquire('stress', { waitMs: WAIT_MS });
  appendFileSync(nameOrLog, `${id}.${turn} enter\n`);
  const lastLine = Math.random() < chanceToDie ? Math.floor(Math.random() * (LINES_INSIDE + 1)) : -1;
  for (let line = 0; line < LINES_INSIDE; line += 1) {
    if (line === lastLine) process.kill(process.pid, 'SIGKILL');
    await clock.sleep(Math.random() < 0.5 ? 0 : 1);
    appendFileSync(nameOrLog, `${id}.${turn} inside\n`);
  }
  await held.stillOurs();
  if (lastLine === LINES_INSIDE) process.kill(process.pid, 'SIGKILL');
  appendFileSync(nameOrLog, `${id}.${turn} leave\n`);
  await held.release();
}

if (mode === 'hold') {
  await lock.acquire(nameOrLog, { waitMs: WAIT_MS });
  process.stdout.write('held\n');
  process.stdin.resume();
} else if (mode === 'forget') {
  await lock.acquire(nameOrLog, { waitMs: WAIT_MS });
} else if (mode === 'once') {
  await section(0, 0);
} else {
  let ending = false;
  process.stdin.once('data', () => (ending = true));
  for (let turn = 0; !ending; turn += 1) await section(turn, Number(chance));
  process.stdin.destroy();
}
