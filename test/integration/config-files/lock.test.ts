import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createConfigFiles } from '../../../src/adapters/config-files/config-files.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { ConfigFiles } from '../../../src/model/config-file.ts';
import { type Bundle, bundle } from '../../support/bundle.ts';
import { createMovingClock } from '../../support/moving-clock.ts';

let worker: Bundle;
beforeAll(async () => {
  worker = await bundle(new URL('../../support/config-lock-worker.ts', import.meta.url));
});
afterAll(() => worker.remove());

let dir: string;
let path: string;
let lock: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kw-config-lock-'));
  await mkdir(join(dir, 'home'));
  path = join(dir, 'home', 'client.json');
  lock = `${path}.lock`;
  await writeFile(path, '0');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Only against a hang. */
const PATIENCE_MS = 120_000;

const filesWith = (clock: Clock, interrupted = new AbortController().signal): ConfigFiles =>
  createConfigFiles({ uid: process.getuid?.(), clock, interrupted, notes: join(dir, 'notes') });

function start(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [worker.path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function holder(): Promise<ChildProcess> {
  const child = start('hold', path, join(dir, 'notes-of-holder'));
  if (child.stdout === null) throw new Error('it has no output');
  await once(child.stdout, 'data');
  return child;
}

describe('the lock beside a file', () => {
  it(
    'keeps two processes apart',
    async () => {
      const counters = ['one', 'two'].map((name) => start('count', path, join(dir, name), '15'));
      const codes = await Promise.all(counters.map(async (child) => (await once(child, 'exit'))[0] as unknown));
      expect([codes, await readFile(path, 'utf8')]).toEqual([[0, 0], '30']);
      expect((await readdir(join(dir, 'home'))).filter((name) => name.endsWith('.lock'))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'is waited for while another process holds it, and free when that ends',
    async () => {
      const child = await holder();
      expect((await stat(lock)).isDirectory()).toBe(true);
      const clock = createMovingClock();
      const order: string[] = [];
      const ours = filesWith(clock).withLock(path, async () => void order.push('ours'));
      // Time enough to take a lock that is free.
      await clock.sleep(300);
      order.push('theirs ends');
      child.stdin?.end();
      await Promise.all([ours, once(child, 'exit')]);
      expect(order).toEqual(['theirs ends', 'ours']);
      await expect(stat(lock)).rejects.toMatchObject({ code: 'ENOENT' });
    },
    PATIENCE_MS,
  );

  it(
    'is taken over from a process that was killed, once nobody has touched it for 10 seconds',
    async () => {
      const child = await holder();
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect((await stat(lock)).isDirectory()).toBe(true);
      const clock = createMovingClock();
      const result = filesWith(clock).withLock(path, async () => 'done');
      clock.advance(10_000);
      expect(await result).toBe('done');
      await expect(stat(lock)).rejects.toMatchObject({ code: 'ENOENT' });
    },
    PATIENCE_MS,
  );

  it(
    'is never taken from a program that keeps it young: that times out',
    async () => {
      const clock = createMovingClock();
      await mkdir(lock);
      let ended = false;
      const tried = filesWith(clock)
        .withLock(path, async () => 'taken')
        .catch((thrown: unknown) => thrown)
        .finally(() => (ended = true));
      while (!ended) {
        const now = clock.now() / 1000 + 1;
        await utimes(lock, now, now);
        clock.advance(500);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await tried).toMatchObject({ code: 'timed-out', detail: `Another program keeps ${lock}, so that nobody else writes the file.` });
      expect((await stat(lock)).isDirectory()).toBe(true);
    },
    PATIENCE_MS,
  );

  it(
    'is kept young by us while the work lasts',
    async () => {
      const clock = createMovingClock();
      await filesWith(clock).withLock(path, async () => {
        for (let turn = 0; turn < 3; turn += 1) {
          const before = (await stat(lock)).mtimeMs;
          clock.advance(6_000);
          await expect.poll(async () => (await stat(lock)).mtimeMs, { timeout: PATIENCE_MS }).toBeGreaterThan(before);
          expect(clock.now() - (await stat(lock)).mtimeMs).toBeLessThan(10_000);
        }
      });
      await expect(stat(lock)).rejects.toMatchObject({ code: 'ENOENT' });
    },
    PATIENCE_MS,
  );

  it('is given back where the work fails, and the failure is told', async () => {
    await expect(filesWith(createMovingClock()).withLock(path, () => Promise.reject(new Error('work')))).rejects.toThrow('work');
    await expect(stat(lock)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is taken beside a link and beside the file that it leads to', async () => {
    const link = join(dir, 'link.json');
    await symlink(path, link);
    const seen = await filesWith(createMovingClock()).withLock(link, async () => [await readdir(dir), await readdir(join(dir, 'home'))].flat());
    expect(seen.filter((name) => name.endsWith('.lock')).sort()).toEqual(['client.json.lock', 'link.json.lock']);
    expect([await readdir(dir), await readdir(join(dir, 'home'))].flat().filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  it('is not waited for any longer when the person gives up', async () => {
    await mkdir(lock);
    const interrupt = new AbortController();
    const tried = filesWith(createMovingClock(), interrupt.signal).withLock(path, async () => 'taken');
    interrupt.abort(new Error('enough'));
    await expect(tried).rejects.toThrow('enough');
    expect((await stat(lock)).isDirectory()).toBe(true);
  });

  it('cannot be made where the folder allows none', async () => {
    await expect(filesWith(createMovingClock()).withLock(join(path, 'mcp.json'), async () => 'done')).rejects.toMatchObject({ code: 'refused' });
  });
});
