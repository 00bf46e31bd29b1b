import { describe, expect, it } from 'vitest';
import { COSTLY_STEPS, DEATH_STEPS } from '../../../scripts/torture/orders.ts';
import { crowd, type CrowdWishes, killAt } from '../../../scripts/torture/rounds.ts';
import { KEYRING_PROGRAMS } from '../../support/keyring.ts';
import { describeWith } from '../../support/requires.ts';
import { sceneWith } from './machines.ts';

/** The same with more processes and more kills: `npm run torture`. */
const CROWD = 10;

const CROWDS: ReadonlyArray<readonly [string, Omit<CrowdWishes, 'size'>]> = [
  ['at once', {}],
  ['at once that differ in HOME, TMPDIR and XDG_*', { ownFolders: true }],
  ['at once whose first holder of the lock is killed', { holderDies: 'holding' }],
  ['at once whose first holder is killed with the line in the journal', { holderDies: 'journal-written', ownFolders: true }],
];

const SAFE_STEPS = DEATH_STEPS.filter((step) => !COSTLY_STEPS.has(step));

describe('with the encrypted file', () => {
  const scene = sceneWith('file');

  it.each(CROWDS)(`${CROWD} processes %s: one refreshes, all that live have the token, and the session lives on`, async (_title, wishes) => {
    const outcome = await crowd({ size: CROWD, ...wishes }, 1, scene());
    expect(outcome.broken).toEqual([]);
    expect([outcome.refreshes, outcome.fates.works]).toEqual([1, wishes.holderDies === undefined ? CROWD : CROWD - 1]);
  });

  it.each(SAFE_STEPS)('a process that is killed here costs nothing: %s', async (step) => {
    const outcome = await killAt(step, 1, scene());
    expect(outcome.broken).toEqual([]);
    expect(outcome.fates).toEqual({ works: 1, 'spent and said so': 0, 'lost silently': 0 });
  });

  it.each(['reply-received', 'half-written'] as const)('a process that is killed here costs the session, and the next command says why: %s', async (step) => {
    const outcome = await killAt(step, 1, scene());
    expect(outcome.broken).toEqual([]);
    expect(outcome.fates).toEqual({ works: 0, 'spent and said so': 1, 'lost silently': 0 });
  });

  it('a process that is killed while its request is on the way costs nothing, or the next command says why', async () => {
    const outcome = await killAt('request-sent', 2, scene());
    expect(outcome.broken).toEqual([]);
    expect(outcome.fates.works + outcome.fates['spent and said so']).toBe(2);
  });
});

describeWith(KEYRING_PROGRAMS, 'with a real keychain', () => {
  const scene = sceneWith('keychain');

  it(`${CROWD} processes at once that differ in HOME, TMPDIR and XDG_*, the first holder killed: one refreshes, all that live have the token`, async () => {
    const outcome = await crowd({ size: CROWD, ownFolders: true, holderDies: 'holding' }, 1, scene());
    expect(outcome.broken).toEqual([]);
    expect([outcome.refreshes, outcome.fates.works]).toEqual([1, CROWD - 1]);
  });

  it.each(['journal-written', 'written', 'journal-cleared'] as const)('a process that is killed here costs nothing: %s', async (step) => {
    const outcome = await killAt(step, 1, scene());
    expect(outcome.broken).toEqual([]);
    expect(outcome.fates.works).toBe(1);
  });

  it.each(['request-sent', 'reply-received', 'half-written'] as const)(
    'a process that is killed here costs nothing, or the next command says why: %s',
    async (step) => {
      const outcome = await killAt(step, 2, scene());
      expect(outcome.broken).toEqual([]);
      expect(outcome.fates.works + outcome.fates['spent and said so']).toBe(2);
    },
  );
});
