import { chmod, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClock } from '../../../src/adapters/clock.ts';
import { createRenewals, renewalEnv } from '../../../src/adapters/renewals.ts';
import type { GrantRecord } from '../../../src/model/grant.ts';
import { until } from '../../support/cli.ts';
import { makeGrant, recordAt } from '../../support/mcp-grants.ts';
import { backends } from '../backend/running.ts';
import { playBridge, STATELESS } from './running.ts';

const HOUR = 3_600_000;

const span = (before: number, after: number): Pick<GrantRecord, 'createdAt' | 'expiresAt'> => ({
  createdAt: new Date(Date.now() - before).toISOString(),
  expiresAt: new Date(Date.now() + after).toISOString(),
});

const NEAR_END = span(9 * HOUR, HOUR);

describe('a bridge', () => {
  const start = backends();

  async function asked(kept: Partial<GrantRecord>, before: (grants: { write(record: GrantRecord): Promise<void> }, record: GrantRecord) => Promise<void>) {
    const { realm } = await start();
    const grant = await makeGrant(realm.origin, ['read'], kept);
    const renewed: string[] = [];
    const bridge = await playBridge(grant.record, grant.key, { renew: async ({ id }) => void renewed.push(id) });
    expect(await bridge.ask(0, 'tools/list', STATELESS)).toMatchObject({ result: {} });
    await before(bridge.grants, grant.record);
    for (const id of [1, 2, 3]) expect(await bridge.ask(id, 'tools/list', STATELESS)).toMatchObject({ result: {} });
    await bridge.leave();
    return { renewed, id: grant.record.id };
  }

  it('has a grant renewed once that is in the last fifth of its span and may be', async () => {
    const { renewed, id } = await asked({ ...NEAR_END, renew: 'allowed' }, async () => undefined);
    await until('the renewal', () => renewed.length > 0);
    expect(renewed).toEqual([id]);
  });

  it.each<[string, Partial<GrantRecord>]>([
    ['that may not be', { ...NEAR_END, renew: 'not-allowed' }],
    ['before its last fifth', { ...span(7 * HOUR, 3 * HOUR), renew: 'allowed' }],
    ['without an end', { expiresAt: null, renew: 'allowed' }],
  ])('has no grant renewed %s', async (_, kept) => {
    expect((await asked(kept, async () => wait(100))).renewed).toEqual([]);
  });
});

interface Place {
  readonly dir: string;
  readonly told: () => Promise<{ readonly words: readonly string[]; readonly env: Readonly<Record<string, string>>; readonly times: number }>;
  renew(env?: Readonly<Record<string, string>>): Promise<void>;
  readonly warnings: readonly string[];
  readonly record: GrantRecord;
}

/** A program in our place that writes down how it was called. */
async function place(exit = 0): Promise<Place> {
  const dir = await mkdtemp(join(tmpdir(), 'renewals-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const program = join(dir, 'program.mjs');
  const out = join(dir, 'told');
  const line = 'JSON.stringify({ words: process.argv.slice(2), env: process.env }) + "\\n"';
  await writeFile(program, `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(out)}, ${line}); process.exit(${exit});`);
  await chmod(program, 0o600);
  const warnings: string[] = [];
  const record = { ...recordAt('http://127.0.0.1:9'), ...NEAR_END, renew: 'allowed' } as const;
  return {
    dir,
    told: async () => {
      const text = await until('the program to run', async () => (await readFile(out, 'utf8').catch(() => '')) || undefined);
      const lines = text.trim().split('\n');
      return { ...JSON.parse(lines[0] ?? ''), times: lines.length };
    },
    renew: (env = {}) =>
      createRenewals({ dir, program: [process.execPath, program], env, cwd: dir, clock: createClock(), warn: (text) => void warnings.push(text) })(record),
    warnings,
    record,
  };
}

describe('beginning a renewal', () => {
  it('starts a rotation of the grant that asks nobody, with no secret on its command line', async () => {
    const at = await place();
    await at.renew({ PATH: '/usr/bin' });
    const { words, env } = await at.told();
    expect(words).toEqual(['auth', 'rotate-key', '--grant', at.record.id, '--provider', 'memax', '--now', '--no-input', '--quiet']);
    expect(env).toMatchObject({ PATH: '/usr/bin' });
    expect(at.warnings).toEqual([]);
  });

  it('is not begun again within ten minutes, whoever asks, and is after that', async () => {
    const at = await place();
    await Promise.all([at.renew(), at.renew()]);
    await at.renew();
    await at.told();
    const old = Date.now() / 1000 - 601;
    await utimes(join(at.dir, `${at.record.id}.renewal`), old, old);
    await at.renew();
    await until('the second renewal', async () => (await at.told()).times >= 2);
    // Others that were begun wrongly would still be starting.
    await wait(500);
    expect((await at.told()).times).toBe(2);
  });

  it('tells the log of the client when it did not work, and how a person can do it', async () => {
    const at = await place(4);
    await at.renew();
    await until('the warning', () => at.warnings.length > 0);
    expect(at.warnings).toEqual([
      expect.stringContaining(
        `could not be renewed (exit 4), and ends at ${at.record.expiresAt ?? ''}. Run: keywright auth rotate-key --grant ${at.record.id}`,
      ),
    ]);
  });

  it('gets no credential out of a variable, and goes to where the grant was made', () => {
    const env = {
      PATH: '/bin',
      API_KEY: 'a',
      MEMAX_API_KEY: 'b',
      KEYWRIGHT_API_KEY: 'c',
      acme_api_key: 'd',
      KEYWRIGHT_STORE_KEY: 'e',
      MEMAX_API_URL: 'https://other.example',
    };
    expect(renewalEnv(env, { variable: 'MEMAX_API_URL', baseUrl: 'http://127.0.0.1:9' }, { XDG_STATE_HOME: '/s' })).toEqual({
      PATH: '/bin',
      KEYWRIGHT_STORE_KEY: 'e',
      MEMAX_API_URL: 'http://127.0.0.1:9',
      XDG_STATE_HOME: '/s',
    });
  });
});
