import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createAccountIndex } from '../../../src/adapters/accounts.ts';
import { createClock } from '../../../src/adapters/clock.ts';
import { createEncryptedFileNotes } from '../../../src/adapters/encrypted-file/notes.ts';
import { createEncryptedFileStore } from '../../../src/adapters/encrypted-file/store.ts';
import { createLock } from '../../../src/adapters/lock/lock.ts';
import { createRandom } from '../../../src/adapters/random.ts';
import { type LocalBackend, startBackend } from '../../../src/backend/start.ts';
import { Secret } from '../../../src/model/secret.ts';
import { type Home, makeHome } from '../../support/cli.ts';
import { type KeyOwner, keyOwner, type OwnedKey } from '../../support/key-owner.ts';
import { buildKillable, type KillableProgram } from '../../support/killable-program.ts';
import { valueAt } from '../backend/running.ts';

/*
 * A rotation of the key in use, into a file and a file of variables, is killed before and after everything that it does to the disk
 * and the network. What is left is judged by the backend; then another process finishes it, and in a second run undoes it.
 */

const AT_ONCE = 3;

/** To end a walk that hangs; none is written to come near it. */
const HANG_MS = 600_000;

const KEY = /mxk_[0-9a-f]{64}/;

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

type When = 'before' | 'after';

interface Machine {
  readonly owner: KeyOwner;
  readonly home: Home;
  readonly own: OwnedKey;
  readonly base: string;
  readonly label: string;
  run(words: readonly string[], kill?: { readonly at: number; readonly when: When }): Promise<{ readonly code: number; readonly text: string }>;
  /** What the program did to the disk and the network, in order. */
  trace(): Promise<readonly string[]>;
  place(name: 'account' | 'file' | 'vars'): Promise<string>;
  record(): Promise<unknown>;
  notes(): Promise<number>;
}

const WAS = { file: 'what was there\n', vars: "A='b'\nKEY='what was there' # and this\n" };

let machines = 0;

/** A home with somebody's key in the encrypted file, and with files that the new key is to go to. */
async function machine(label: string): Promise<Machine> {
  machines += 1;
  const base = `machine-${machines}`;
  // Somebody of their own: among many keys two may have the same prefix, and then nobody can tell which is the one in use.
  const owner = await keyOwner(backend.realm('memax'), `${base}@keywright.test`);
  const own = await owner.make(base);
  const home = await makeHome();
  onTestFinished(() => home.remove());
  const realm = backend.realm('memax');
  const { HOME = '', XDG_DATA_HOME = '', XDG_STATE_HOME = '' } = home.env;
  const [clock, random] = [createClock(), createRandom()];
  const lock = createLock({ dir: path.join(HOME, '.keywright/locks'), clock, random, platform: process.platform });
  const world = { dir: path.join(XDG_DATA_HOME, 'keywright'), env: {}, uid: process.getuid?.() ?? 0, lock, random, clock, askPassphrase: undefined };
  const [store, notes] = [createEncryptedFileStore(world), createEncryptedFileNotes(world)];
  const address = { origin: realm.origin, account: 'default' };
  await createAccountIndex({ dir: path.join(XDG_STATE_HOME, 'keywright/accounts'), warn: () => undefined }).write({
    ...address,
    provider: 'memax',
    kind: 'key',
    store: 'file',
    signedInAt: new Date().toISOString(),
    expiresAt: null,
    scopes: [],
    identity: null,
  });
  await store.write(address, { kind: 'key', key: new Secret(own.key), obtainedAt: clock.now() });
  const keys = path.join(home.dir, 'keys');
  await mkdir(keys);
  for (const [name, text] of Object.entries(WAS)) await writeFile(path.join(keys, name), text);
  const traceFile = path.join(home.dir, 'trace');
  const rotations = path.join(XDG_STATE_HOME, 'keywright/rotations');
  return {
    owner,
    home,
    own,
    base,
    label,
    run: async (words, kill) => {
      const countdown = kill === undefined ? {} : { COUNTDOWN_AT: String(kill.at), COUNTDOWN_WHEN: kill.when, COUNTDOWN_TRACE: traceFile };
      const { exitCode, signal, all } = await execa(process.execPath, [program.file, 'auth', 'rotate-key', ...words], {
        env: { ...home.env, MEMAX_API_URL: realm.origin, ...countdown },
        extendEnv: false,
        reject: false,
        all: true,
        stdin: 'ignore',
        cwd: home.dir,
      });
      return { code: signal === 'SIGKILL' ? 137 : (exitCode ?? -1), text: all };
    },
    trace: async () => (await readFile(traceFile, 'utf8')).trim().split('\n'),
    place: async (name) => {
      if (name !== 'account') return readFile(path.join(keys, name), 'utf8');
      const stored = await store.read(address);
      return stored?.kind === 'key' ? stored.key.reveal() : 'nothing';
    },
    record: async () => {
      const [name] = (await readdir(rotations).catch((): string[] => [])).filter((each) => each.endsWith('.json'));
      return name === undefined ? undefined : JSON.parse(await readFile(path.join(rotations, name), 'utf8'));
    },
    notes: async () => (await notes.list()).length,
  };
}

const begin = ({ home, own }: Machine): readonly string[] => [
  own.id,
  '--now',
  '--to',
  `file:${path.join(home.dir, 'keys/file')}`,
  '--to',
  `env-file:${path.join(home.dir, 'keys/vars')}#KEY`,
];

const PLACES = ['account', 'file', 'vars'] as const;

const asItWas = (at: Machine, name: (typeof PLACES)[number], text: string): boolean => text === (name === 'account' ? at.own.key : WAS[name]);

/** No key lies in the clear anywhere but where the person wanted it. */
async function expectNoLeak(at: Machine): Promise<void> {
  const found: string[] = [];
  for (const entry of await readdir(at.home.dir, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || path.dirname(file) === path.join(at.home.dir, 'keys')) continue;
    if (KEY.test(await readFile(file, 'latin1'))) found.push(path.relative(at.home.dir, file));
  }
  expect(found, `${at.label}: files with a key in them`).toEqual([]);
}

/** What must hold at any time, and in a few words what there is. */
async function expectSafe(at: Machine): Promise<string> {
  const record = await at.record();
  const texts = await Promise.all(PLACES.map(async (name) => ({ name, text: await at.place(name) })));
  const oldLives = await at.owner.works(at.own.key);
  for (const { name, text } of texts) {
    const was = asItWas(at, name, text);
    expect(oldLives || !was, `${at.label}: ${name} holds the old key only while that lives`).toBe(true);
    if (!was) expect(await at.owner.works(KEY.exec(text)?.[0] ?? 'no key'), `${at.label}: what ${name} holds works`).toBe(true);
  }
  const known = [at.base, valueAt(record, 'successor', 'name')];
  const live = await at.owner.named(at.base);
  expect(
    live.map(({ name }) => name).filter((name) => record !== undefined && !known.includes(name)),
    `${at.label}: no key that nobody knows of`,
  ).toEqual([]);
  if (record === undefined) expect(live.length, `${at.label}: one key where no rotation is under way`).toBe(1);
  await expectNoLeak(at);
  const step = record === undefined ? 'none' : String(valueAt(record, 'step'));
  const news = texts.map(({ name, text }) => `${name} ${asItWas(at, name, text) ? 'old' : 'new'}`).join(', ');
  return `${step.padEnd(9)} | ${news} | ${String(live.length).padEnd(4)} | ${(oldLives ? 'works' : 'ended').padEnd(7)}`;
}

/** `untouched`: all is as before; `finished`: the successor is everywhere, and the old key gone. Anything else fails. */
async function expectSettled(at: Machine): Promise<'untouched' | 'finished'> {
  expect(await at.record(), `${at.label}: no rotation is under way`).toBeUndefined();
  const texts = await Promise.all(PLACES.map((name) => at.place(name)));
  const live = await at.owner.named(at.base);
  await expectNoLeak(at);
  const oldLives = await at.owner.works(at.own.key);
  const names = live.map(({ name }) => name.replace(/~[a-z0-9]{4}$/, '~TAG'));
  const [successor = ''] = texts;
  const wanted = oldLives
    ? [[at.own.key, WAS.file, WAS.vars], [at.base]]
    : [[successor, `${successor}\n`, WAS.vars.replace('what was there', successor)], [`${at.base}~TAG`]];
  expect([texts, names], at.label).toEqual(wanted);
  expect(await at.owner.works(successor), `${at.label}: the successor works`).toBe(true);
  return oldLives ? 'untouched' : 'finished';
}

async function settle(at: Machine, how: '--resume' | '--rollback'): Promise<string> {
  const first = await at.run([how]);
  const refused = how === '--rollback' && first.code === 5;
  const { code, text } = refused ? await at.run(['--resume']) : first;
  const settled = await expectSettled(at);
  // Exit 3 says that there is nothing to go on with.
  expect([code, settled], `${at.label}: ${text}`).toEqual(code === 3 ? [3, settled] : [0, refused || how === '--resume' ? 'finished' : 'untouched']);
  if (refused) return 'refused';
  return code === 3 ? `nothing to do (${settled})` : settled === 'untouched' ? 'undone' : settled;
}

async function killedAndUndone(at: number, when: When, label: string, state: string): Promise<string> {
  const one = await machine(label);
  await one.run(begin(one), { at, when });
  expect(await expectSafe(one), label).toBe(state);
  return settle(one, '--rollback');
}

/** Undoes a rotation that waits for its time, is killed on the way, and undoes it again. */
async function killedUndoing(at: number, when: When, steps: readonly string[]): Promise<string> {
  const label = `killed while undoing, ${when} ${at}. ${steps[at - 1] ?? ''}`;
  const one = await machine(label);
  expect((await one.run(begin(one).filter((word) => word !== '--now'))).code, label).toBe(0);
  expect((await one.run(['--rollback'], { at, when })).code, label).toBe(137);
  expect(await one.trace()).toEqual(steps.slice(0, at));
  const state = await expectSafe(one);
  // The files may hold the old key again: going on would revoke it.
  const undoing = state.startsWith('undoing');
  const goneOn = undoing ? (await one.run(['--resume', '--now'])).code : 'not tried';
  expect([goneOn, await expectSafe(one)], label).toEqual([undoing ? 9 : 'not tried', state]);
  const undone = await settle(one, '--rollback');
  return row(at, when, steps, state, undone, await one.notes());
}

const row = (at: number, when: When, steps: readonly string[], state: string, then: string, left: number, undone?: string): string =>
  [
    `${String(at).padStart(2)} ${when.padEnd(6)} ${(steps[at - 1] ?? '').padEnd(31)}`,
    state,
    then.padEnd(25),
    String(left).padEnd(5),
    ...(undone === undefined ? [] : [undone]),
  ].join(' | ');

/** Walks all points where a process can be killed, some at a time. */
async function walk(steps: readonly string[], kill: (at: number, when: When, steps: readonly string[]) => Promise<string>): Promise<readonly string[]> {
  const points = steps.flatMap((_, index) => (['before', 'after'] as const).map((when) => ({ at: index + 1, when })));
  const rows = new Map<number, string>();
  const waiting = [...points.entries()];
  const walker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, { at, when }] = next;
      rows.set(index, await kill(at, when, steps));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, walker));
  return points.map((_, index) => rows.get(index) ?? 'missing');
}

const HEAD = `${'killed'.padEnd(41)} | record    | ${'in place'.padEnd(31)} | keys | old key`;

async function expectTable(name: string, head: string, rows: readonly string[]): Promise<void> {
  await expect(`${[head, ...rows].join('\n')}\n`).toMatchFileSnapshot(fileURLToPath(new URL(`../../golden/${name}.txt`, import.meta.url)));
}

async function killed(at: number, when: When, steps: readonly string[]): Promise<string> {
  const label = `killed ${when} ${at}. ${steps[at - 1] ?? ''}`;
  const one = await machine(label);
  expect((await one.run(begin(one), { at, when })).code, label).toBe(137);
  expect(await one.trace()).toEqual(steps.slice(0, at));
  const state = await expectSafe(one);
  const resumed = await settle(one, '--resume');
  const left = await one.notes();
  const undone = state.startsWith('none') ? 'nothing to do' : await killedAndUndone(at, when, label, state);
  return row(at, when, steps, state, resumed, left, undone);
}

it(
  'a rotation that is killed anywhere leaves a key that works, and can be finished or undone',
  async () => {
    const whole = await machine('not killed');
    const { code, text } = await whole.run(begin(whole), { at: 0, when: 'before' });
    expect(code, text).toBe(0);
    expect([await expectSettled(whole), await whole.notes()]).toEqual(['finished', 0]);
    const rows = await walk(await whole.trace(), killed);
    await expectTable('rotation-kills', `${HEAD} | ${'--resume'.padEnd(25)} | notes | or --rollback`, rows);
  },
  HANG_MS,
);

it(
  'a rotation that is killed while it is undone can be undone again, and not gone on with',
  async () => {
    const whole = await machine('not killed');
    expect((await whole.run(begin(whole).filter((word) => word !== '--now'))).code).toBe(0);
    expect((await whole.run(['--rollback'], { at: 0, when: 'before' })).code).toBe(0);
    expect([await expectSettled(whole), await whole.notes()]).toEqual(['untouched', 0]);
    const rows = await walk(await whole.trace(), killedUndoing);
    await expectTable('rotation-kills-undoing', `${HEAD} | ${'--rollback again'.padEnd(25)} | notes`, rows);
  },
  HANG_MS,
);
