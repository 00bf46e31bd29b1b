import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { DAY_MS } from '../../src/model/duration.ts';
import { filesWith, type Home, leadingTo, leftBehind, makeHome, PROGRAM, ROOT, type Variables } from '../support/cli.ts';
import { type FakeGithub, SEAL_BYTES, startFakeGithub } from '../support/fake-github.ts';
import { type KeyOwner, keyOwner, type OwnedKey } from '../support/key-owner.ts';
import { watchProcesses } from '../support/process-watch.ts';
import { describeWith } from '../support/requires.ts';

/* The commands are taken out of docs/ci.md, and run by a real shell as they stand there. */

const KEY = /mxk_[0-9a-f]{64}/g;

/** The blocks of shell commands below a heading of the page, in their order. */
async function blocksOf(heading: string): Promise<readonly string[]> {
  const page = await readFile(path.join(ROOT, 'docs/ci.md'), 'utf8');
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let backend: LocalBackend;
let realm: LocalRealm;
let owner: KeyOwner;
let home: Home;
let env: Variables;
let pipelineKey: OwnedKey;

/** The backend's clock begins half a year ago, so that keys can be old by now. */
const BEGAN_BEFORE_MS = 180 * DAY_MS;

beforeAll(async () => {
  backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 }, { clock: () => Date.now() - BEGAN_BEFORE_MS });
  realm = backend.realm('memax');
  home = await makeHome();
  const bin = path.join(home.dir, 'bin');
  await mkdir(bin);
  await symlink(PROGRAM, path.join(bin, 'keywright'));
  await symlink(process.execPath, path.join(bin, 'node'));
  env = { ...home.env, PATH: `${bin}:${home.env['PATH'] ?? ''}`, ...leadingTo(realm), KEYWRIGHT_STORE: 'file', KEYWRIGHT_STORE_KEY: 'ab'.repeat(32) };
});

afterAll(async () => {
  await backend.stop();
  const left = await leftBehind([home.dir], [backend]);
  await home.remove();
  expect(left).toEqual([]);
});

/** Runs a block in the pipeline's folder. */
async function shell(block: string, more: Variables = {}): Promise<Ran> {
  const { exitCode, stdout, stderr } = await execa('bash', ['-euo', 'pipefail', '-c', block], {
    env: { ...env, MEMAX_API_KEY: pipelineKey.key, ...more },
    extendEnv: false,
    reject: false,
    cwd: home.dir,
    stdin: 'ignore',
  });
  return { code: exitCode ?? -1, stdout, stderr };
}

/** The names of the keys that there are, with the tag of a rotation as a word, but for the pipeline's own. */
async function names(): Promise<readonly string[]> {
  const all = (await owner.list()).filter(({ id }) => id !== pipelineKey.id);
  return all.map(({ name }) => name.replace(/~[a-z0-9]{4}$/, '~TAG')).sort();
}

const keysIn = (text: string): readonly string[] => text.match(KEY) ?? [];

describeWith(['bash', 'gh'], 'a key for a deployment', () => {
  let github: FakeGithub;
  beforeAll(async () => {
    github = await startFakeGithub();
    owner = await keyOwner(realm, 'deployment@keywright.test');
    pipelineKey = await owner.make('pipeline');
  });
  afterAll(() => github.stop());

  it('is made, stored, used, rotated with overlap and revoked, with no key in a log or an argument', async () => {
    const [create = '', use = '', rotate = '', finish = '', revoke = '', ...more] = await blocksOf('A key for a deployment, from its making to its end');
    expect([revoke.split('\n').length, more]).toEqual([2, []]);
    const file = path.join(home.dir, 'deploy.env');
    await writeFile(file, '# of the service\nPORT=8080\n');
    const watch = watchProcesses(home.dir);
    const runs: Ran[] = [];
    const run = async (block: string): Promise<Ran> => {
      const ran = await shell(block, github.env);
      runs.push(ran);
      expect(ran.code, ran.stderr).toBe(0);
      return ran;
    };

    await run(create);
    const [first = 'none'] = keysIn(await readFile(file, 'utf8'));
    expect([await readFile(file, 'utf8'), await names(), await owner.works(first)]).toEqual([
      `# of the service\nPORT=8080\nDEPLOY_KEY='${first}'\n`,
      ['deploy'],
      true,
    ]);
    expect((await run(use)).stdout).toContain('deployment@keywright.test');

    await run(rotate);
    const [second = 'none'] = keysIn(await readFile(file, 'utf8'));
    expect([await names(), await owner.works(first), await owner.works(second), first === second]).toEqual([['deploy', 'deploy~TAG'], true, true, false]);

    await run(finish);
    expect([await names(), await owner.works(first), await owner.works(second)]).toEqual([['deploy~TAG'], false, true]);
    await run(revoke);
    expect([await names(), await owner.works(second)]).toEqual([[], false]);
    await watch.stop();

    const sealed = { path: '/repos/owner/repo/actions/secrets/DEPLOY_KEY', bytes: SEAL_BYTES + first.length };
    expect(github.secrets).toEqual([sealed, sealed]);
    expect(runs.filter(({ stdout, stderr }) => keysIn(stdout + stderr).length > 0)).toEqual([]);
    expect(watch.seen.filter((seen) => keysIn(seen.arguments).length > 0)).toEqual([]);
    expect(watch.seen.filter((seen) => seen.arguments.startsWith('gh\n') || /\/gh\n/.test(seen.arguments)).length).toBeGreaterThan(0);
    const ofGh = watch.seen.filter((seen) => /(^|\/)gh\n/.test(seen.arguments));
    expect(ofGh.filter((seen) => [first, second, pipelineKey.key, 'ab'.repeat(32)].some((secret) => seen.environment.includes(secret)))).toEqual([]);
    expect(await filesWith(home.dir, [first, pipelineKey.key])).toEqual([]);
    expect(await filesWith(home.dir, [second])).toEqual(['deploy.env']);
  });
});

describeWith(['bash'], 'a clean-up every quarter', () => {
  it('revokes what is stale or has ended, and rotates what is old', async () => {
    owner = await keyOwner(realm, 'clean-up@keywright.test');
    const [used, agent] = [await owner.make('web app'), await owner.make('worker')];
    await owner.make('forgotten');
    await owner.make('ended', { expires_in_days: 30 });
    realm.advanceClock(BEGAN_BEFORE_MS);
    // Whoever looks signs in anew after half a year.
    owner = await keyOwner(realm, 'clean-up@keywright.test');
    pipelineKey = await owner.make('pipeline');
    const recent = await owner.make('recent');
    for (const { key } of [used, agent, recent]) await owner.works(key);

    const [look = '', revoke = '', rotate = '', finish = '', ...more] = await blocksOf('A clean-up every quarter');
    expect(more).toEqual([]);
    const seen = await shell(look);
    expect([seen.code, seen.stderr]).toEqual([0, '']);
    const stale = seen.stdout.split('\n').map((line) => line.split('\t')[1] ?? '');
    expect(stale.sort()).toEqual(['ended', 'ended', 'forgotten', 'forgotten']);

    const revoked = await shell(revoke);
    expect([revoked.code, await names()], revoked.stderr).toEqual([0, ['recent', 'web app', 'worker']]);
    const rotated = await shell(rotate);
    expect([rotated.code, await names()], rotated.stderr).toEqual([0, ['recent', 'web app', 'web app~TAG', 'worker', 'worker~TAG']]);
    expect(rotated.stderr).toContain('rotated 0, waiting for their grace period 2, failed 0');
    const early = await shell(finish.replace(' --now', ''));
    expect([early.code, early.stderr]).toEqual([9, expect.stringContaining('error[rotation-unfinished]')]);

    const finished = await shell(finish);
    expect([finished.code, await names()], finished.stderr).toEqual([0, ['recent', 'web app~TAG', 'worker~TAG']]);
    const file = await readFile(path.join(home.dir, 'keys.env'), 'utf8');
    expect(file).toMatch(/^WEB_APP='mxk_[0-9a-f]{64}'\nWORKER='mxk_[0-9a-f]{64}'\n$/);
    expect(await Promise.all([...keysIn(file), recent.key, used.key, agent.key].map((key) => owner.works(key)))).toEqual([true, true, true, false, false]);
  });
});

describe('docs/ci.md', () => {
  it('has no commands but those that are run', async () => {
    const page = await readFile(path.join(ROOT, 'docs/ci.md'), 'utf8');
    expect((page.match(/```/g) ?? []).length / 2).toBe(9);
    expect((await blocksOf('A key for a deployment, from its making to its end')).length + (await blocksOf('A clean-up every quarter')).length).toBe(9);
  });
});
