import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createAccountIndex } from '../../../src/adapters/accounts.ts';
import { createClock } from '../../../src/adapters/clock.ts';
import { createEncryptedFileNotes } from '../../../src/adapters/encrypted-file/notes.ts';
import { createEncryptedFileStore } from '../../../src/adapters/encrypted-file/store.ts';
import { createGrantIndex } from '../../../src/adapters/grants.ts';
import { createLock } from '../../../src/adapters/lock/lock.ts';
import { createRandom } from '../../../src/adapters/random.ts';
import { type LocalBackend, startBackend } from '../../../src/backend/start.ts';
import { grantAccount, type GrantRecord } from '../../../src/model/grant.ts';
import { Secret } from '../../../src/model/secret.ts';
import { makeHome } from '../../support/cli.ts';
import { type KeyOwner, keyOwner, type OwnedKey } from '../../support/key-owner.ts';
import { buildKillable, type KillableProgram } from '../../support/killable-program.ts';
import { recordAt } from '../../support/mcp-grants.ts';
import { valueAt } from '../backend/running.ts';

/*
 * The rotation of a grant's key is killed after everything that it writes down: its journal, the entry in the store, the record of the
 * grant. Whatever the entry holds then must work, since an agent goes on with it. Another process finishes it, or in a second run undoes it.
 */

const AT_ONCE = 3;

/** To end a walk that hangs; none is written to come near it. */
const HANG_MS = 600_000;

let backend: LocalBackend;
let program: KillableProgram;
beforeAll(async () => {
  backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
  program = await buildKillable();
});
afterAll(async () => {
  await program.remove();
  await backend.stop();
});

interface Machine {
  readonly owner: KeyOwner;
  readonly made: OwnedKey;
  readonly grant: GrantRecord;
  run(words: readonly string[], killAfter?: number): Promise<{ readonly code: number; readonly text: string }>;
  trace(): Promise<readonly string[]>;
  /** The key in the entry of the grant. */
  entry(): Promise<string>;
  known(): Promise<GrantRecord | undefined>;
  step(): Promise<string>;
  notes(): Promise<number>;
}

let machines = 0;

/** A home with somebody's own key and that of a grant in the encrypted file. */
async function machine(): Promise<Machine> {
  machines += 1;
  const realm = backend.realm('memax');
  const owner = await keyOwner(realm, `grants-${machines}@keywright.test`);
  const own = await owner.make('own');
  const made = await owner.make('codex@laptop', { scopes: ['read'], agent_name: 'codex' });
  const home = await makeHome();
  onTestFinished(() => home.remove());
  const { HOME = '', XDG_DATA_HOME = '', XDG_STATE_HOME = '' } = home.env;
  const [clock, random] = [createClock(), createRandom()];
  const lock = createLock({ dir: path.join(HOME, '.keywright/locks'), clock, random, platform: process.platform });
  const world = { dir: path.join(XDG_DATA_HOME, 'keywright'), env: {}, uid: process.getuid?.() ?? 0, lock, random, clock, askPassphrase: undefined };
  const [store, notes] = [createEncryptedFileStore(world), createEncryptedFileNotes(world)];
  const { origin } = realm;
  const account = { origin, account: 'default' };
  const signedIn = { signedInAt: new Date().toISOString(), expiresAt: null, scopes: [], identity: null };
  await createAccountIndex({ dir: path.join(XDG_STATE_HOME, 'keywright/accounts'), warn: () => undefined }).write({
    ...account,
    ...signedIn,
    provider: 'memax',
    kind: 'key',
    store: 'file',
  });
  await store.write(account, { kind: 'key', key: new Secret(own.key), obtainedAt: clock.now() });
  const grants = createGrantIndex(path.join(XDG_STATE_HOME, 'keywright/grants'));
  const grant: GrantRecord = { ...recordAt(origin), scopes: ['read'], keyId: made.id, keyName: 'codex@laptop', store: 'file', account: 'default' };
  const address = { origin, account: grantAccount(grant.id) };
  await grants.write(grant);
  await store.write(address, { kind: 'key', key: new Secret(made.key), obtainedAt: clock.now() });
  const rotations = path.join(XDG_STATE_HOME, 'keywright/rotations');
  const traceFile = path.join(home.dir, 'trace');
  return {
    owner,
    made,
    grant,
    run: async (words, killAfter) => {
      const countdown = killAfter === undefined ? {} : { COUNTDOWN_AT: String(killAfter), COUNTDOWN_WHEN: 'after', COUNTDOWN_TRACE: traceFile };
      const { exitCode, signal, all } = await execa(process.execPath, [program.file, 'auth', 'rotate-key', ...words], {
        env: { ...home.env, MEMAX_API_URL: origin, ...countdown },
        extendEnv: false,
        reject: false,
        all: true,
        stdin: 'ignore',
        cwd: home.dir,
      });
      return { code: signal === 'SIGKILL' ? 137 : (exitCode ?? -1), text: all };
    },
    trace: async () => (await readFile(traceFile, 'utf8')).trim().split('\n'),
    entry: async () => {
      const stored = await store.read(address);
      return stored?.kind === 'key' ? stored.key.reveal() : 'nothing';
    },
    known: () => grants.find(grant.id),
    step: async () => {
      const [name] = (await readdir(rotations).catch((): string[] => [])).filter((each) => each.endsWith('.json'));
      return name === undefined ? 'none' : String(valueAt(JSON.parse(await readFile(path.join(rotations, name), 'utf8')), 'step'));
    },
    notes: async () => (await notes.list()).length,
  };
}

/** What must hold at any time, and in a few words what there is. */
async function expectSafe(at: Machine, label: string): Promise<string> {
  const [entry, known] = [await at.entry(), await at.known()];
  expect(await at.owner.works(entry), `${label}: the key in the entry works`).toBe(true);
  const live = await at.owner.named('codex@laptop');
  expect(
    live.map(({ id }) => id),
    `${label}: the record names a key that there is`,
  ).toContain(known?.keyId);
  const oldLives = await at.owner.works(at.made.key);
  const words = [`entry ${entry === at.made.key ? 'old' : 'new'}`, `record ${known?.keyId === at.made.id ? 'old' : 'new'}`];
  return `${(await at.step()).padEnd(9)} | ${words.join(', ')} | ${String(live.length).padEnd(4)} | ${oldLives ? 'works' : 'ended'}  `;
}

/** Nothing is under way: either all is as it was, or the new key is everywhere and the old one gone. */
async function expectSettled(at: Machine, label: string): Promise<'untouched' | 'finished'> {
  const state = await expectSafe(at, label);
  const untouched = 'none      | entry old, record old | 1    | works  ';
  expect([untouched, 'none      | entry new, record new | 1    | ended  '], label).toContain(state);
  if (state !== untouched) return 'finished';
  expect(await at.known(), label).toEqual(at.grant);
  return 'untouched';
}

async function settle(at: Machine, how: '--resume' | '--rollback', label: string): Promise<string> {
  const first = await at.run([how]);
  const refused = how === '--rollback' && first.code === 5;
  const { code, text } = refused ? await at.run(['--resume']) : first;
  const settled = await expectSettled(at, `${label}: ${text}`);
  const wanted = refused || how === '--resume' ? 'finished' : 'untouched';
  expect([code, settled], `${label}: ${text}`).toEqual(code === 3 ? [3, 'finished'] : [0, wanted]);
  if (refused) return 'refused';
  return code === 3 ? 'nothing to do' : how === '--resume' ? 'finished' : 'undone';
}

async function killed(after: number, what: string): Promise<string> {
  const label = `killed after ${after}. ${what}`;
  const [one, other] = [await machine(), await machine()];
  for (const each of [one, other]) expect((await each.run(['--grant', each.grant.id, '--now'], after)).code, label).toBe(137);
  const state = await expectSafe(one, label);
  expect(await expectSafe(other, label), label).toBe(state);
  const resumed = await settle(one, '--resume', label);
  expect(await one.notes(), `${label}: notes that are left`).toBe(0);
  return [`${String(after).padStart(2)} ${what.padEnd(27)}`, state, resumed.padEnd(13), await settle(other, '--rollback', label)].join(' | ');
}

const HEAD = `killed after                   | record    | in place              | keys | old key | --resume      | or --rollback`;

it(
  'a rotation of a grant that is killed anywhere leaves it a key that works, and can be finished or undone',
  async () => {
    const whole = await machine();
    const { code, text } = await whole.run(['--grant', whole.grant.id, '--now'], 0);
    expect(code, text).toBe(0);
    expect([await expectSettled(whole, 'not killed'), await whole.notes()]).toEqual(['finished', 0]);
    const points = [...(await whole.trace()).entries()].filter(([, what]) => /^(record|grant):/.test(what));
    const rows = new Map<number, string>();
    const waiting = [...points];
    const walker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) rows.set(next[0], await killed(next[0] + 1, next[1]));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, walker));
    const table = [HEAD, ...points.map(([at]) => rows.get(at) ?? 'missing')].join('\n');
    await expect(`${table}\n`).toMatchFileSnapshot(fileURLToPath(new URL('../../golden/rotation-kills-grant.txt', import.meta.url)));
  },
  HANG_MS,
);
