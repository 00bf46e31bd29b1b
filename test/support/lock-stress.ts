import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

export interface StressOptions {
  /** The bundled `lock-worker.ts`. */
  readonly worker: string;
  readonly dir: string;
  readonly log: string;
  readonly workers: number;
  /** At least so long, and on a slow machine until one holder has killed itself and one worker was killed. */
  readonly ms: number;
  /** The chance that a holder kills itself inside its section. */
  readonly chanceToDie: number;
  /** How often some worker, wherever it is, is killed or stopped for a moment. */
  readonly disturbEveryMs: number;
}

export interface StressResult {
  readonly acquisitions: number;
  readonly killedInside: number;
  readonly killedAnywhere: number;
  readonly stopped: number;
  readonly violations: readonly string[];
  /** What workers wrote to stderr, and codes of those that ended otherwise than by SIGKILL or well. */
  readonly complaints: readonly string[];
}

interface Worker {
  readonly id: string;
  readonly process: ChildProcess;
  readonly ended: Promise<void>;
}

/** Lets workers fight for a lock while they kill themselves and are killed and stopped from outside; then judges their log. */
export async function stress(options: StressOptions): Promise<StressResult> {
  const alive = new Set<Worker>();
  const killed = new Set<string>();
  /** Those that were killed from outside. */
  const shot = new Set<string>();
  const complaints: string[] = [];
  let started = 0;
  let outside = 0;
  let suicides = 0;
  let stopped = 0;
  let ending = false;

  const start = (): void => {
    started += 1;
    const id = `w${started}`;
    const child = spawn(process.execPath, [options.worker, 'many', options.dir, options.log, id, String(options.chanceToDie)], {
      stdio: ['pipe', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'] },
    });
    child.stdin.on('error', () => undefined);
    child.stderr.on('data', (text: Buffer) => complaints.push(`${id}: ${text.toString()}`));
    const ended = new Promise<void>((resolve) => {
      child.once('close', (code, signal) => {
        alive.delete(worker);
        if (signal === 'SIGKILL') killed.add(id);
        else if (code !== 0) complaints.push(`${id} ended with ${code ?? signal}`);
        if (signal === 'SIGKILL' && !shot.has(id)) suicides += 1;
        if (!ending) start();
        resolve();
      });
    });
    const worker = { id, process: child, ended };
    alive.add(worker);
  };
  for (let count = 0; count < options.workers; count += 1) start();

  const end = performance.now() + options.ms;
  while (performance.now() < end || suicides === 0 || outside === 0) {
    await pause(options.disturbEveryMs);
    const victim = [...alive][Math.floor(Math.random() * alive.size)];
    if (victim === undefined) continue;
    if (Math.random() < 0.5) {
      if (victim.process.kill('SIGKILL')) outside += 1;
      shot.add(victim.id);
    } else if (victim.process.kill('SIGSTOP')) {
      stopped += 1;
      await pause(Math.random() * 40);
      victim.process.kill('SIGCONT');
    }
  }
  ending = true;
  const last = [...alive];
  for (const worker of last) worker.process.stdin?.write('end\n');
  await Promise.all(last.map((worker) => worker.ended));

  const judged = judgeLog(await readFile(options.log, 'utf8'), killed);
  return { ...judged, killedAnywhere: outside, stopped, complaints };
}

/**
 * Reads the log in its order. A section that did not leave is forgiven only to a worker whose death by SIGKILL the system has
 * confirmed, and only if not one line of it follows the next `enter`: whoever was still at work when another entered is a
 * violation, however it ended later.
 */
export function judgeLog(log: string, killed: ReadonlySet<string>): Pick<StressResult, 'acquisitions' | 'killedInside' | 'violations'> {
  const violations: string[] = [];
  let acquisitions = 0;
  let killedInside = 0;
  let inside: string | null = null;
  for (const line of log.split('\n').filter((text) => text !== '')) {
    const [section = '', what] = line.split(' ');
    if (what === 'enter') {
      acquisitions += 1;
      if (inside !== null && killed.has(workerOf(inside))) killedInside += 1;
      else if (inside !== null) violations.push(`${section} entered while ${inside} was inside and alive`);
      inside = section;
    } else {
      if (inside !== section) violations.push(`${section} wrote "${what}" while ${inside ?? 'nobody'} was inside`);
      if (what === 'leave' && inside === section) inside = null;
    }
  }
  if (inside !== null && !killed.has(workerOf(inside))) violations.push(`${inside} never left`);
  return { acquisitions, killedInside, violations };
}

function workerOf(section: string): string {
  return section.slice(0, section.indexOf('.'));
}
