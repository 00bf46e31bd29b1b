import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/backend/faults.ts';
import { type LocalBackend, type LocalRealm, startBackend } from '../../../src/backend/start.ts';
import { type KeyOwner, keyOwner, type OwnedKey } from '../../support/key-owner.ts';
import { keyPlaces, type KeyPlaces } from '../../support/key-places.ts';
import { makeWorld, type Result, type World } from '../../support/world.ts';
import { valueAt } from '../backend/running.ts';

/*
 * Every request of a rotation meets every fault, again and again until the command gives up. What is left is judged by the backend:
 * there is always a key that works where it is needed, and never one that nobody knows of. Then the rotation is finished, and in a
 * second run undone. What each case came to stands in a table that is kept, so that a change is seen.
 */

const FAULTS: Readonly<Record<string, Fault>> = {
  '500': { kind: 'status', status: 500 },
  '401': { kind: 'status', status: 401 },
  '403': { kind: 'status', status: 403 },
  'drop-before': { kind: 'drop-before' },
  'drop-after': { kind: 'drop-after' },
  html: { kind: 'html' },
  'half-json': { kind: 'half-json', how: 'cut' },
  'broken-json': { kind: 'half-json', how: 'broken' },
  'rate-limit': { kind: 'rate-limit', retryAfter: 1 },
};

/** More than any request is tried. */
const OFTEN = { times: 30 };

const STEPS = ['list', 'create', 'prove', 'revoke', 'list again'] as const;

type Step = (typeof STEPS)[number];

const routeOf = (step: Step, realm: LocalRealm): string =>
  ({ list: 'keys.list', create: 'keys.create', prove: realm.id === 'agntix' ? 'agents.list' : 'me', revoke: 'keys.revoke', 'list again': 'keys.list' })[step];

interface Case {
  readonly realm: LocalRealm;
  readonly world: World;
  readonly owner: KeyOwner;
  readonly own: OwnedKey;
  readonly base: string;
  readonly places: KeyPlaces;
  readonly label: string;
}

let backend: LocalBackend;
beforeAll(async () => {
  backend = await startBackend({ realms: ['memax', 'minds', 'agntix'], dataDir: undefined, port: 0 });
});
afterAll(() => backend.stop());

/** The pauses of the command pass at once. */
async function hurried(world: World, ...words: string[]): Promise<Result> {
  const { ended } = world.start(...words);
  let over = false;
  void ended.finally(() => (over = true)).catch(() => undefined);
  while (!over) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    world.clock.advance(500);
  }
  return ended;
}

/** The record of the rotation, as it lies there. */
async function recordOf({ world }: Case): Promise<unknown> {
  const dir = join(world.dir, 'state/rotations');
  const [name] = (await readdir(dir).catch((): string[] => [])).filter((each) => each.endsWith('.json'));
  return name === undefined ? undefined : JSON.parse(await readFile(join(dir, name), 'utf8'));
}

const keyIn = async ({ places }: Case): Promise<string | undefined> => {
  const text = await places.text('key');
  return text === undefined || text === 'what was there before' ? undefined : text.trim();
};

/** What must hold at any time: a key that works where it is needed, and none that nobody knows of. */
async function expectSafe(at: Case): Promise<string> {
  const record = await recordOf(at);
  const delivered = await keyIn(at);
  const [oldLives, newLives] = [await at.owner.works(at.own.key), delivered !== undefined && (await at.owner.works(delivered))];
  expect(oldLives || newLives, `${at.label}: one of the keys works where it is needed`).toBe(true);
  const known = [at.base, valueAt(record, 'successor', 'name')];
  const left = await at.owner.named(at.base);
  expect(
    left.filter(({ name }) => !known.includes(name) && record !== undefined).map(({ name }) => name),
    `${at.label}: no key that nobody knows of`,
  ).toEqual([]);
  expect(left.length, `${at.label}: one key where no rotation is under way`).toBeLessThanOrEqual(record === undefined ? 1 : 2);
  const step = record === undefined ? 'over' : String(valueAt(record, 'step'));
  return `${step.padEnd(9)} old ${oldLives ? 'works' : 'ended'}, new ${newLives ? 'works' : 'nowhere'}`;
}

/** Whoever has the key in a variable sets it to what was delivered, once the old one is dead. */
async function follow(at: Case): Promise<void> {
  if (!(await at.owner.works(at.own.key))) at.world.setEnv(`${at.realm.id.toUpperCase()}_API_KEY`, await keyIn(at));
}

async function begin(step: Step, fault: Fault, at: Case): Promise<number> {
  const sink = ['--to', `file:${at.places.at('key')}`];
  const { faults } = at.realm;
  if (step === 'list again') {
    faults.next('keys.create', { kind: 'drop-after' });
    // The list that begins the rotation works, and the one that looks for the successor does not.
    faults.next('keys.list', { kind: 'slow', ms: 0 });
    faults.next('keys.list', { kind: 'status', status: 500 }, OFTEN);
    await at.world.run('auth', 'rotate-key', at.own.id, '--now', ...sink);
    faults.clear();
    faults.next('keys.list', fault, OFTEN);
    const { exit } = await hurried(at.world, 'auth', 'rotate-key', '--resume');
    faults.clear();
    return exit;
  }
  faults.next(routeOf(step, at.realm), fault, OFTEN);
  const { exit } = await hurried(at.world, 'auth', 'rotate-key', at.own.id, '--now', ...sink);
  faults.clear();
  return exit;
}

async function finish(at: Case): Promise<string> {
  await follow(at);
  const under = await recordOf(at);
  const words = under === undefined ? [at.own.id, '--now', '--to', `file:${at.places.at('key')}`] : ['--resume'];
  if (under === undefined && !(await at.owner.works(at.own.key))) return 'done before';
  const { exit, stderr } = await at.world.run('auth', 'rotate-key', ...words);
  expect(exit, `${at.label}: ends well (${stderr})`).toBe(0);
  return under === undefined ? 'begun anew' : 'finished';
}

async function expectRotated(at: Case): Promise<void> {
  const delivered = (await keyIn(at)) ?? 'nothing';
  const left = await at.owner.named(at.base);
  expect(
    left.map(({ name }) => name.replace(/~[a-z0-9]{4}$/, '~TAG')),
    `${at.label}: one key of that name`,
  ).toEqual([`${at.base}~TAG`]);
  expect([await at.owner.works(at.own.key), await at.owner.works(delivered), await recordOf(at)], at.label).toEqual([false, true, undefined]);
}

/** The same once more, to be undone. */
async function undoAgain(at: Case, step: Step, fault: Fault): Promise<string> {
  await begin(step, fault, at);
  await expectSafe(at);
  await follow(at);
  const { exit, stderr } = await at.world.run('auth', 'rotate-key', '--rollback');
  if (exit === 5) {
    await finish(at);
    await expectRotated(at);
    return 'refused, then finished';
  }
  expect(exit, `${at.label}: is undone (${stderr})`).toBe(0);
  expect(
    (await at.owner.named(at.base)).map(({ id }) => id),
    at.label,
  ).toEqual([at.own.id]);
  expect([await at.owner.works(at.own.key), await at.places.text('key'), await recordOf(at)], at.label).toEqual([true, 'what was there before', undefined]);
  return 'undone';
}

describe('a rotation that meets faults', () => {
  it.each(['memax', 'minds', 'agntix'])('at %s always leaves a key that works, and none that nobody knows of', async (id) => {
    const realm = backend.realm(id);
    const owner = await keyOwner(realm, `faults-${id}@keywright.test`);
    const rows: string[] = [];
    let number = 0;
    const newCase = async (label: string): Promise<Case> => {
      number += 1;
      const base = `case-${number}`;
      const own = await owner.make(base);
      const world = await makeWorld({ realm, env: { [`${id.toUpperCase()}_API_KEY`]: own.key } });
      const places = await keyPlaces();
      await places.put('key', 'what was there before');
      return { realm, world, owner, own, base, places, label: `${id}, ${label}` };
    };
    for (const step of STEPS) {
      for (const [name, fault] of Object.entries(FAULTS)) {
        const label = `${step} meets ${name}`;
        const first = await newCase(label);
        const exit = await begin(step, fault, first);
        const state = await expectSafe(first);
        const finished = await finish(first);
        await expectRotated(first);
        const undone = state.startsWith('over') ? 'nothing to undo' : await undoAgain(await newCase(label), step, fault);
        rows.push(`${step.padEnd(10)} | ${name.padEnd(11)} | exit ${exit} | ${state.padEnd(33)} | ${finished.padEnd(11)} | ${undone}`);
      }
    }
    const head = `${'request'.padEnd(10)} | ${'fault'.padEnd(11)} | ended  | ${'what is left'.padEnd(33)} | ${'then'.padEnd(11)} | or --rollback`;
    await expect(`${[head, ...rows].join('\n')}\n`).toMatchFileSnapshot(fileURLToPath(new URL(`../../golden/rotation-faults-${id}.txt`, import.meta.url)));
  });
});
