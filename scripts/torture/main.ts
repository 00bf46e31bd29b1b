import process from 'node:process';
import { parseArgs } from 'node:util';
import { type Machine, startMachine } from './machine.ts';
import { DEATH_STEPS } from './orders.ts';
import { type Provider, startProvider } from './provider.ts';
import { crowd, killAt, type Measured, type Outcome, type Scene, timedCrowd } from './rounds.ts';
import { row, TITLES } from './table.ts';

/** How often everything is done. The comparison with a crowd that has no lock is for the full run. */
interface Extent {
  readonly crowd: number;
  readonly rounds: number;
  readonly kills: number;
  readonly measures: number;
}

const QUICK: Extent = { crowd: 50, rounds: 1, kills: 3, measures: 0 };
const FULL: Extent = { crowd: 50, rounds: 3, kills: 25, measures: 5 };

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The real keychain where there is one to be had, else the encrypted file. */
async function openMachine(origin: string, root: string, wanted: string | undefined): Promise<Machine> {
  if (wanted !== 'file') {
    try {
      return await startMachine({ store: 'keychain', origin, root });
    } catch (thrown) {
      if (wanted === 'keychain') throw thrown;
      say(`No keychain could be started (${thrown instanceof Error ? thrown.message : String(thrown)}).`);
    }
  }
  return startMachine({ store: 'file', origin, root });
}

async function torture(scene: Scene, extent: Extent): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const tell = (outcome: Outcome): void => {
    outcomes.push(outcome);
    say(row(outcome));
    for (const line of new Set(outcome.broken)) say(`  BROKEN: ${line}`);
  };
  say(TITLES);
  for (const wishes of [{}, { ownFolders: true }, { holderDies: 'holding' as const }, { holderDies: 'journal-written' as const, ownFolders: true }]) {
    tell(await crowd({ size: extent.crowd, ...wishes }, extent.rounds, scene));
  }
  for (const step of DEATH_STEPS) tell(await killAt(step, extent.kills, scene));
  return outcomes;
}

/** The same crowd with the lock and without, by turns, so that other load on the machine meets both. */
async function measure(scene: Scene, extent: Extent): Promise<void> {
  const pairs: Array<{ readonly locked: Measured; readonly free: Measured }> = [];
  for (let turn = 0; turn < extent.measures; turn += 1) {
    pairs.push({ locked: await timedCrowd(extent.crowd, 'lock', scene), free: await timedCrowd(extent.crowd, 'none', scene) });
  }
  say(`\n${extent.crowd} processes at once, ${extent.measures} rounds by turns: refreshes, processes that failed, slowest in ms`);
  for (const { locked, free } of pairs) {
    const words = ({ refreshes, failed, slowestMs }: Measured): string => `${refreshes} / ${failed} / ${Math.round(slowestMs)}`;
    say(`  with the lock ${words(locked)}   without ${words(free)}   slowest, with to without: ${(locked.slowestMs / free.slowestMs).toFixed(2)}`);
  }
}

export async function main(root: string): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, store: { type: 'string' } } });
  const extent = values.quick === true ? QUICK : FULL;
  const provider: Provider = await startProvider();
  try {
    const machine = await openMachine(provider.realm.origin, root, values.store);
    try {
      say(
        `Store: ${machine.store === 'keychain' ? 'a real gnome-keyring' : 'the encrypted file'}. The provider is strict: a refresh token that comes twice ends the session.\n`,
      );
      const outcomes = await torture({ machine, provider }, extent);
      if (extent.measures > 0) await measure({ machine, provider }, extent);
      const broken = outcomes.filter((outcome) => outcome.broken.length > 0);
      say(broken.length === 0 ? '\nEvery promise was kept.' : `\nBROKEN in ${broken.length} of ${outcomes.length} scenarios.`);
      if (broken.length > 0) process.exitCode = 1;
    } finally {
      await machine.stop();
    }
  } finally {
    await provider.stop();
  }
}
