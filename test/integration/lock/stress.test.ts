import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../src/adapters/clock.ts';
import { createLock } from '../../../src/adapters/lock/lock.ts';
import { createRandom } from '../../../src/adapters/random.ts';
import { DAY_MS } from '../../../src/model/duration.ts';
import { type Bundle, bundle } from '../../support/bundle.ts';
import { judgeLog, stress } from '../../support/lock-stress.ts';

/** A longer run: `KEYWRIGHT_STRESS_SECONDS=60 npx vitest run test/integration/lock/stress.test.ts`. */
const SECONDS = Number(process.env['KEYWRIGHT_STRESS_SECONDS'] ?? '10');

let worker: Bundle;
let folder: string;

beforeAll(async () => {
  worker = await bundle(new URL('../../support/lock-worker.ts', import.meta.url));
});
afterAll(() => worker.remove());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kw-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the judge of the log', () => {
  const killed = new Set(['w1']);

  it('finds nothing wrong with sections that follow each other, and forgives a killed worker its last one', () => {
    expect(judgeLog('w1.0 enter\nw1.0 leave\nw1.1 enter\nw1.1 inside\nw2.0 enter\nw2.0 leave\n', killed)).toEqual({
      acquisitions: 3,
      killedInside: 1,
      violations: [],
    });
  });

  it('sees a worker that entered while another was inside, also if that one is killed later', () => {
    expect(judgeLog('w2.0 enter\nw3.0 enter\nw3.0 leave\n', killed).violations).toEqual(['w3.0 entered while w2.0 was inside and alive']);
    expect(judgeLog('w1.0 enter\nw3.0 enter\nw1.0 inside\nw3.0 leave\n', killed).violations).toEqual(['w1.0 wrote "inside" while w3.0 was inside']);
  });

  it('sees a worker that never left and was not killed', () => {
    expect(judgeLog('w2.0 enter\n', killed).violations).toEqual(['w2.0 never left']);
  });
});

describe('the lock between processes', () => {
  it('lets one of 50 processes in at a time, and all of them in the end', async () => {
    const log = join(folder, 'log');
    const ends = Array.from({ length: 50 }, (_, index) => run(['once', join(folder, 'locks'), log, `w${index}`]));
    expect(await Promise.all(ends)).toEqual(Array.from({ length: 50 }, () => 0));
    expect(judgeLog(await readFile(log, 'utf8'), new Set())).toEqual({ acquisitions: 50, killedInside: 0, violations: [] });
    expect(await readdir(join(folder, 'locks'))).toEqual([]);
  }, 120_000);

  it(
    `excludes while holders are killed inside, and all others killed and stopped anywhere (${SECONDS} s)`,
    async () => {
      const dir = join(folder, 'locks');
      const result = await stress({
        worker: worker.path,
        dir,
        log: join(folder, 'log'),
        workers: 10,
        ms: SECONDS * 1000,
        chanceToDie: 0.08,
        disturbEveryMs: 40,
      });
      process.stderr.write(
        `lock stress, ${SECONDS} s: ${result.acquisitions} acquisitions, ${result.killedInside} killed inside, ${result.killedAnywhere} killed anywhere, ${result.stopped} stopped, ${result.violations.length} violations\n`,
      );
      expect(result.violations).toEqual([]);
      expect(result.complaints).toEqual([]);
      expect(result.killedInside).toBeGreaterThan(0);
      expect(result.killedAnywhere).toBeGreaterThan(0);

      // What is left of the killed neither blocks the lock nor stays for ever.
      // Contenders that were killed while they entered are told from living ones by their age alone.
      const clock = { ...createClock(), now: () => Date.now() + 2 * DAY_MS };
      const lock = createLock({ dir, clock, random: { ...createRandom(), fraction: () => 0 }, platform: process.platform });
      for (let sweep = 0; sweep < 1 + (result.killedInside + result.killedAnywhere) / 50; sweep += 1)
        await (await lock.acquire('stress', { waitMs: 30_000 })).release();
      expect(await readdir(dir)).toEqual([]);
    },
    SECONDS * 1000 + 120_000,
  );
});

function run(args: readonly string[]): Promise<number | null> {
  return new Promise((resolve) => {
    spawn(process.execPath, [worker.path, ...args], { stdio: ['ignore', 'ignore', 'inherit'], env: { PATH: process.env['PATH'] } }).once('close', resolve);
  });
}
