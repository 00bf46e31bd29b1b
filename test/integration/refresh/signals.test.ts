import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, realpath } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClock } from '../../../src/adapters/clock.ts';
import { createLock } from '../../../src/adapters/lock/lock.ts';
import { createRandom } from '../../../src/adapters/random.ts';
import type { Worker } from '../../../scripts/torture/machine.ts';
import { gate, gatewayTo } from './gateway.ts';
import { sceneWith } from './machines.ts';

const scene = sceneWith('file');
const gateway = gatewayTo(() => scene().provider.realm.origin);
const TOKEN = ['auth', 'token', '--provider', 'memax'];

/** Somebody whose access token has expired, and whose refreshes go through the gateway. */
async function expired(): Promise<void> {
  const { machine, provider } = scene();
  const credential: unknown = JSON.parse(await provider.signIn());
  await machine.seed(JSON.stringify({ ...Object(credential), token_endpoint: gateway.tokenEndpoint() }));
  gateway.arrived();
}

/** How often the process has given up the processor to wait; undefined where the system does not tell. */
async function waits(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const found = /^voluntary_ctxt_switches:\s+([0-9]+)$/m.exec(status)?.[1];
  return found === undefined ? undefined : Number(found);
}

/**
 * Sends the signal, and returns once the program must have heard it. It waits for something that we hold, and looks around
 * or is woken now and then: when it has gone back to waiting a few times, it has been through its loop.
 */
async function interrupt(program: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  program.kill(signal);
  const { pid } = program;
  const before = pid === undefined ? undefined : await waits(pid);
  for (let tries = 0; tries < 40; tries += 1) {
    await pause(50);
    const now = pid === undefined ? undefined : await waits(pid);
    if (before !== undefined && now !== undefined && now >= before + 3) return;
  }
}

async function exitOf(program: ChildProcess): Promise<readonly [exit: number | null, stdout: string, stderr: string]> {
  const texts = { stdout: '', stderr: '' };
  program.stdout?.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
  program.stderr?.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  const [exit] = await once(program, 'close');
  return [typeof exit === 'number' ? exit : null, texts.stdout, texts.stderr];
}

/** The tokens that the interrupted command was given are the ones in use, and they live. */
async function expectStored(): Promise<void> {
  const { machine } = scene();
  expect(await machine.run(...TOKEN)).toMatchObject({ exit: 0, stderr: '' });
  expect(gateway.arrived()).toBe(0);
  await machine.age();
  expect(await machine.run(...TOKEN)).toMatchObject({ exit: 0, stderr: '' });
  expect(gateway.arrived()).toBe(1);
}

/** A process that holds the lock of the credential until it is killed. */
async function startHolder(): Promise<Worker> {
  const holder = scene().machine.worker({ stay: 'holding' });
  onTestFinished(async () => {
    holder.process.kill('SIGKILL');
    await holder.ended;
  });
  await holder.says('holding');
  return holder;
}

/** Waits until so many more processes hold a lock or wait for one. What killed processes left behind is not counted. */
async function watchContenders(): Promise<(more: number) => Promise<void>> {
  const { locks } = scene().machine;
  const contenders = async (): Promise<readonly string[]> => (await readdir(locks).catch(() => [])).filter((name) => name.endsWith('.s'));
  const before = new Set(await contenders());
  return async (more) => {
    await expect.poll(async () => (await contenders()).filter((name) => !before.has(name)).length, { timeout: 60_000 }).toBe(more);
  };
}

const CANCELLED = [130, '', expect.stringMatching(/^error\[cancelled\]/)];

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it('during a slow request lets the new tokens be stored, and ends with 130 afterwards', async () => {
    await expired();
    const held = gate();
    gateway.next({ first: held.opened });
    const program = scene().machine.program(...TOKEN);
    const ended = exitOf(program);
    await expect.poll(() => gateway.arrived(), { timeout: 60_000 }).toBe(1);
    await interrupt(program, signal);
    held.open();
    expect(await ended).toEqual(CANCELLED);
    await expectStored();
  });

  it('during the write to the store lets it come to its end, and ends with 130 afterwards', async () => {
    await expired();
    const { machine } = scene();
    await mkdir(machine.data, { recursive: true });
    const lock = createLock({ dir: machine.locks, clock: createClock(), random: createRandom(), platform: process.platform });
    // The file store waits for this one before it writes.
    const held = await lock.acquire(`file store ${await realpath(machine.data)}`, { waitMs: 10_000 });
    const arrive = await watchContenders();
    const program = machine.program(...TOKEN);
    const ended = exitOf(program);
    // Its lock of the credential, and the one that it waits for.
    await arrive(2);
    await interrupt(program, signal);
    await held.release();
    expect(await ended).toEqual(CANCELLED);
    expect(gateway.arrived()).toBe(1);
    await expectStored();
  });

  it('before the request is sent ends the command, and nothing was spent', async () => {
    await expired();
    const { machine } = scene();
    const holder = await startHolder();
    const arrive = await watchContenders();
    const program = machine.program(...TOKEN);
    const ended = exitOf(program);
    await arrive(1);
    await interrupt(program, signal);
    expect(await ended).toEqual(CANCELLED);
    holder.process.kill('SIGKILL');
    await holder.ended;
    expect(gateway.arrived()).toBe(0);
    expect(await machine.run(...TOKEN)).toMatchObject({ exit: 0, stderr: '' });
  });
});

describe('a holder that lives but is stopped', () => {
  it('keeps its lock: others give up in time, say what to do, and go on once it is gone', async () => {
    await expired();
    const { machine } = scene();
    const holder = await startHolder();
    holder.process.kill('SIGSTOP');
    const { answer } = await machine.worker({ lockWaitMs: 1_500 }).ended;
    expect(answer).toMatchObject({
      kind: 'failed',
      code: 'timed-out',
      exit: 7,
      detail: 'Waited 2 s for a lock that another keywright process on this machine holds.',
      hint: 'Let that process finish, or end it if it is stuck or stopped, and try again.',
    });
    expect(gateway.arrived()).toBe(0);
    holder.process.kill('SIGKILL');
    await holder.ended;
    expect(await machine.run(...TOKEN)).toMatchObject({ exit: 0, stderr: '' });
    expect(gateway.arrived()).toBe(1);
  });
});
