import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Machine, ProgramEnd, Worker, WorkerEnd } from './machine.ts';
import { COSTLY_STEPS, type DeathStep } from './orders.ts';
import type { Provider } from './provider.ts';

/** What became of a session. The second is only allowed where the new tokens were nowhere but in the killed process; the third never. */
export type Fate = 'works' | 'spent and said so' | 'lost silently';

/** What one scenario came to. A promise that was broken stands in `broken`, in words. */
export interface Outcome {
  readonly scenario: string;
  readonly runs: number;
  readonly refreshes: number;
  readonly fates: Readonly<Record<Fate, number>>;
  readonly broken: readonly string[];
}

export interface Scene {
  readonly machine: Machine;
  readonly provider: Provider;
}

/** A request that is under way in the provider when its sender dies is answered by then. */
const PROVIDER_DONE_MS = 150;

const TOKEN = ['auth', 'token', '--provider', 'memax'];

function fateOf(end: ProgramEnd): Fate {
  if (end.exit === 0) return 'works';
  return end.exit === 4 && /was cut off before the answer could be stored/.test(end.stderr) ? 'spent and said so' : 'lost silently';
}

/** Gets a token with the built program, lets it expire and gets another: a session that works must also be alive afterwards. */
async function lookAfter({ machine }: Scene): Promise<{ readonly fate: Fate; readonly said: string }> {
  let end = await machine.run(...TOKEN);
  if (end.exit === 0) {
    await machine.age();
    end = await machine.run(...TOKEN);
  }
  return { fate: fateOf(end), said: `exit ${end.exit}: ${end.stderr.trim().replaceAll('\n', ' ')}` };
}

/** Kills a process at a step of its refresh, again and again, and sees each time what the next command makes of it. */
export async function killAt(step: DeathStep, runs: number, scene: Scene): Promise<Outcome> {
  const { machine, provider } = scene;
  const fates: Record<Fate, number> = { works: 0, 'spent and said so': 0, 'lost silently': 0 };
  const broken: string[] = [];
  provider.countRefreshes();
  let refreshes = 0;
  let seeded = false;
  for (let run = 0; run < runs; run += 1) {
    if (seeded) await machine.age();
    else await machine.seed(await provider.signIn());
    provider.countRefreshes();
    const victim = await machine.worker({ die: { at: step } }).ended;
    if (victim.signal !== 'SIGKILL') broken.push(`the process that was to die ended otherwise: ${JSON.stringify(victim.answer)} ${victim.stderr}`);
    // By turns the next command comes while the provider may still be at work, and after that.
    if (run % 2 === 1) await pause(PROVIDER_DONE_MS);
    const { fate, said } = await lookAfter(scene);
    fates[fate] += 1;
    if (fate === 'lost silently' || (fate === 'spent and said so' && !COSTLY_STEPS.has(step))) broken.push(`${fate}: ${said}`);
    refreshes += provider.countRefreshes();
    seeded = fate === 'works';
  }
  return { scenario: `killed: ${step}`, runs, refreshes, fates, broken };
}

export interface CrowdWishes {
  readonly size: number;
  /** Each process has a `HOME`, `TMPDIR` and `XDG_*` of its own, as terminals, cron and agents do. */
  readonly ownFolders?: boolean;
  /** The first to hold the lock is killed there. */
  readonly holderDies?: DeathStep;
}

/** Variables of a process that thinks that it is at home elsewhere. What the file store lies in stays, since it is the store. */
async function elsewhere(machine: Machine, name: string): Promise<Readonly<Record<string, string>>> {
  const folders: Record<string, string> = {};
  const names = [
    'HOME',
    'TMPDIR',
    'XDG_STATE_HOME',
    'XDG_CONFIG_HOME',
    'XDG_CACHE_HOME',
    ...(machine.store === 'keychain' ? ['XDG_DATA_HOME', 'XDG_RUNTIME_DIR'] : []),
  ];
  for (const variable of names) {
    const folder = path.join(machine.dir, 'elsewhere', name, variable);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    folders[variable] = folder;
  }
  return folders;
}

/** Starts the processes, waits until all have loaded, and lets them go at the same moment. */
async function letGo(workers: readonly Worker[]): Promise<readonly WorkerEnd[]> {
  await Promise.all(workers.map((worker) => worker.says('ready')));
  for (const worker of workers) worker.process.stdin?.write('go\n');
  return Promise.all(workers.map((worker) => worker.ended));
}

/** Many processes at once that find the same expired token: one refreshes, all have the new token, and the session lives on. */
export async function crowd(wishes: CrowdWishes, rounds: number, scene: Scene): Promise<Outcome> {
  const { machine, provider } = scene;
  const fates: Record<Fate, number> = { works: 0, 'spent and said so': 0, 'lost silently': 0 };
  const broken: string[] = [];
  let refreshes = 0;
  for (let round = 0; round < rounds; round += 1) {
    const name = `crowd-${Date.now()}-${round}`;
    const die = wishes.holderDies === undefined ? {} : { die: { at: wishes.holderDies, onlyFirst: path.join(machine.dir, name) } };
    await machine.seed(await provider.signIn());
    provider.countRefreshes();
    const homes = await Promise.all(
      Array.from({ length: wishes.size }, (_, index) => (wishes.ownFolders === true ? elsewhere(machine, `${name}-${index}`) : Promise.resolve({}))),
    );
    const ends = await letGo(homes.map((env) => machine.worker({ wait: 'for-a-word', ...die }, env)));
    const count = provider.countRefreshes();
    refreshes += count;
    const killed = ends.filter((end) => end.signal === 'SIGKILL').length;
    const tokens = ends.flatMap((end) => (end.answer?.kind === 'token' ? [end.answer.token] : []));
    const failed = ends.filter((end) => end.signal !== 'SIGKILL' && end.answer?.kind !== 'token');
    fates.works += tokens.length;
    if (killed !== (wishes.holderDies === undefined ? 0 : 1)) broken.push(`${killed} processes were killed`);
    if (count !== 1) broken.push(`${count} refreshes for ${wishes.size} processes`);
    if (new Set(tokens).size !== 1) broken.push(`${new Set(tokens).size} different tokens`);
    broken.push(...failed.slice(0, 3).map((end) => `${JSON.stringify(end.answer)} ${end.stderr}`));
    const { fate, said } = await lookAfter(scene);
    if (fate !== 'works') {
      fates[fate] += 1;
      broken.push(`afterwards: ${said}`);
    }
    provider.countRefreshes();
  }
  const title = [
    `${wishes.size} at once`,
    ...(wishes.ownFolders === true ? ['folders of their own'] : []),
    ...(wishes.holderDies === undefined ? [] : [`killed: ${wishes.holderDies}`]),
  ];
  return { scenario: title.join(', '), runs: rounds * wishes.size, refreshes, fates, broken };
}

export interface Measured {
  readonly refreshes: number;
  /** From the word to go until the last process had its answer. */
  readonly slowestMs: number;
  readonly failed: number;
}

/** One round of a crowd, with the lock or without, timed. */
export async function timedCrowd(size: number, lock: 'lock' | 'none', { machine, provider }: Scene): Promise<Measured> {
  await machine.seed(await provider.signIn());
  provider.countRefreshes();
  const workers = Array.from({ length: size }, () => machine.worker({ wait: 'for-a-word', ...(lock === 'none' ? { lock } : {}) }));
  const ends = await letGo(workers);
  const slowestMs = Math.max(...ends.map((end) => end.answer?.ms ?? 0));
  return { refreshes: provider.countRefreshes(), slowestMs, failed: ends.filter((end) => end.answer?.kind !== 'token').length };
}
