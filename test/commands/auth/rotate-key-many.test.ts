import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/model/duration.ts';
import { until } from '../../support/cli.ts';
import { type KeyOwner, keyOwner, type OwnedKey } from '../../support/key-owner.ts';
import { keyPlaces, type KeyPlaces } from '../../support/key-places.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { makeWorld, type World, type WorldWishes } from '../../support/world.ts';

const realm = sharedBackend();
const old = ['auth', 'rotate-key', '--older-than', '90d'] as const;

interface Scene {
  readonly world: World;
  readonly owner: KeyOwner;
  /** The credential in use; made in this hour, so that it is not old. */
  readonly own: OwnedKey;
  readonly keys: readonly OwnedKey[];
  readonly places: KeyPlaces;
}

let people = 0;

/** Somebody with old keys of these names. */
async function scene(names: readonly string[], wishes: WorldWishes = {}): Promise<Scene> {
  people += 1;
  const email = `many-${people}@keywright.test`;
  const first = await keyOwner(realm(), email);
  const keys: OwnedKey[] = [];
  for (const name of names) keys.push(await first.make(name));
  realm().advanceClock(91 * DAY_MS);
  const owner = await keyOwner(realm(), email);
  const own = await owner.make('own');
  const world = await makeWorld({ realm: realm(), ...wishes, env: { MEMAX_API_KEY: own.key, ...wishes.env } });
  // The backend's clock is shared by the tests of this file and only ever moves on.
  world.clock.advance(91 * DAY_MS * people);
  realm().stats.reset();
  return { world, owner, own, keys, places: await keyPlaces() };
}

const works = ({ owner, keys }: Scene): Promise<readonly boolean[]> => Promise.all(keys.map(({ key }) => owner.works(key)));

const keyIn = (text: string | undefined): string => /mxk_[0-9a-f]{64}/.exec(text ?? '')?.[0] ?? 'no key';

describe('auth rotate-key --older-than', () => {
  it('shows with --dry-run which keys are old, and rotates none', async () => {
    const at = await scene(['one', 'two']);
    const { exit, stdout, stderr } = await at.world.run(...old, '--dry-run');
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').map((line) => line.split('\t').slice(0, 2))).toEqual([...at.keys.map(({ id }, index) => [id, ['one', 'two'][index]]), ['']]);
    const json: ReadonlyArray<{ readonly id: string }> = JSON.parse((await at.world.run(...old, '--dry-run', '--json')).stdout);
    expect(json.map(({ id }) => id)).toEqual(at.keys.map(({ id }) => id));
    expect([realm().stats.count('keys.create'), await works(at)]).toEqual([0, [true, true]]);
  });

  it('leaves alone what has expired, since a successor would be a key that works again', async () => {
    const at = await scene(['lives']);
    const dead = await at.owner.make('dead', { expires_in_days: 30 });
    realm().advanceClock(91 * DAY_MS);
    people += 1;
    const owner = await keyOwner(realm(), `many-${people - 1}@keywright.test`);
    const own = await owner.make('own');
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: own.key } });
    world.clock.advance(91 * DAY_MS * people);
    const listed = await world.run('auth', 'list-keys', '--expired');
    const planned: ReadonlyArray<{ readonly id: string }> = JSON.parse((await world.run(...old, '--dry-run', '--json')).stdout);
    expect([listed.stdout.split('\t')[0], planned.map(({ id }) => id).sort()]).toEqual([dead.id, [at.own.id, ...at.keys.map(({ id }) => id)].sort()]);
  });

  it('rotates them one after the other, each into its own place, with a summary', async () => {
    const at = await scene(['ci/build 1', 'ci~deploy~ab12']);
    const result = await at.world.run(
      ...old,
      '--yes',
      '--now',
      '--to',
      `file:${at.places.dir}/{name}.key`,
      '--to',
      `env-file:${at.places.at('vars')}#KEY_{NAME}`,
    );
    expect(result.exit).toBe(0);
    expect(result.stdout).toMatch(new RegExp(`^rotated ${at.keys[0]?.id} to \\S{36}\nrotated ${at.keys[1]?.id} to \\S{36}\n$`));
    expect(result.stderr).toContain(
      `Rotating 1 of 2: ${at.keys[0]?.id}\nRotating 2 of 2: ${at.keys[1]?.id}\nrotated 2, waiting for their grace period 0, failed 0\n`,
    );
    const made = [keyIn(await at.places.text('ci-build-1.key')), keyIn(await at.places.text('ci-deploy.key'))];
    expect(await at.places.text('vars')).toBe(`KEY_CI_BUILD_1='${made[0]}'\nKEY_CI_DEPLOY='${made[1]}'\n`);
    expect([await works(at), await Promise.all(made.map((key) => at.owner.works(key)))]).toEqual([
      [false, false],
      [true, true],
    ]);
    expect((await at.owner.list()).map(({ name }) => name).sort()).toEqual([
      expect.stringMatching(/^ci\/build 1~/),
      expect.stringMatching(/^ci~deploy~/),
      'own',
    ]);
  });

  it('gives each a line of JSON with its id where they go to stdout', async () => {
    const at = await scene(['one', 'two']);
    const { exit, stdout, stderr } = await at.world.run(...old, '--yes', '--format', 'json');
    expect([exit, stderr]).toEqual([0, expect.stringContaining('rotated 0, waiting for their grace period 2, failed 0\n')]);
    const lines: ReadonlyArray<{ readonly name: string; readonly key: string }> = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ name }) => name)).toEqual([expect.stringMatching(/^one~/), expect.stringMatching(/^two~/)]);
    expect(await Promise.all(lines.map(({ key }) => at.owner.works(key)))).toEqual([true, true]);
    expect(await works(at)).toEqual([true, true]);
    // What waits is not begun a second time.
    expect((await at.world.run(...old, '--yes', '--format', 'json')).stderr).toBe('No key is that old.\n');
  });

  it('lets one failure not stop the others, and names the command for what it began', async () => {
    const at = await scene(['one', 'two', 'three']);
    realm().faults.next('keys.create', { kind: 'status', status: 403 });
    realm().faults.next('me', { kind: 'status', status: 500 });
    const result = await at.world.run(...old, '--yes', '--now', '--to', `file:${at.places.dir}/{name}`);
    const [left = ''] = await readdir(join(at.world.dir, 'state/rotations'));
    expect(result.exit).toBe(9);
    expect(result.stdout).toMatch(
      new RegExp(
        `^failed ${at.keys[0]?.id}: .*403.*\nfailed ${at.keys[1]?.id}: The successor .* could not be tried: .*\nrotated ${at.keys[2]?.id} to \\S{36}\n$`,
      ),
    );
    expect(result.stderr).toContain('error[partly-done]: Only a part was done\n  rotated 1, waiting for their grace period 0, failed 2\n');
    expect(result.stderr).toContain(`hint: Finish what was begun: keywright auth rotate-key --resume ${left.replace('.json', '')} --provider memax\n`);
    expect(await works(at)).toEqual([true, true, false]);
    expect((await at.world.run('auth', 'rotate-key', '--resume')).exit).toBe(0);
    expect((await at.world.run(...old, '--yes', '--now', '--json', '--to', `file:${at.places.dir}/{name}`)).stdout).toContain(
      `"old_id":"${at.keys[0]?.id}","kind":"rotated"`,
    );
    expect(await works(at)).toEqual([false, false, false]);
  });

  it('tells programs what became of each, also where a part failed', async () => {
    const at = await scene(['one', 'two']);
    realm().faults.next('keys.create', { kind: 'status', status: 500 });
    const { exit, stdout } = await at.world.run(...old, '--yes', '--now', '--json', '--to', `file:${at.places.dir}/{name}`);
    expect([exit, JSON.parse(stdout)]).toMatchObject([
      9,
      {
        error: {
          code: 'partly-done',
          results: [
            { old_id: at.keys[0]?.id, kind: 'failed', code: 'unreachable', next: null },
            { old_id: at.keys[1]?.id, kind: 'rotated', rotation: { step: 'done', next: null } },
          ],
        },
      },
    ]);
  });

  it('asks a person, who sees the keys first', async () => {
    const at = await scene(['one'], { terminal: true, answers: ['no'] });
    const { exit, stderr } = await at.world.run(...old, '--to', `file:${at.places.dir}/{name}`);
    expect([exit, await works(at)]).toEqual([130, [true]]);
    expect(stderr).toMatch(new RegExp(`^ID .*LAST USED\\s*\n${at.keys[0]?.id}  one +91d ago`, 'm'));
    expect(at.world.keyboard.asked).toEqual([{ kind: 'confirm', question: 'Rotate 1 key?' }]);
  });

  it.each([
    [['one', 'two'], ['--to', 'file:x'], 2, 'Several keys would go to the same place: file:x'],
    [['a b', 'a-b'], ['--to', 'file:{name}'], 2, 'Several keys would go to the same place: file:a-b'],
    [['one', 'two'], [], 2, 'Several keys on one stream could not be told apart.'],
    [['one', 'two'], ['--format', 'env'], 2, 'Several keys on one stream could not be told apart.'],
    [['one'], ['--to', 'file:x'], 2, '1 key would be rotated, and nobody can be asked.'],
  ])('with the keys %j and %j rotates none', async (names, words, exit, detail) => {
    const at = await scene(names);
    const result = await at.world.run(...old, ...words, ...(detail.startsWith('1 key') ? [] : ['--yes']));
    expect([result.exit, result.stdout, realm().stats.count('keys.create')]).toEqual([exit, '', 0]);
    expect(result.stderr).toContain(detail);
  });

  it('says where there is nothing to do', async () => {
    const at = await scene([]);
    expect(await at.world.run(...old, '--yes', '--to', 'file:x')).toEqual({ exit: 0, stdout: '', stderr: 'No key is that old.\n' });
    expect(await at.world.run(...old, '--yes', '--json')).toEqual({ exit: 0, stdout: '[]\n', stderr: '' });
  });

  it('rotates the stored key last, since the others need it', async () => {
    const at = await scene(['own-old', 'other-1', 'other-2']);
    const [own] = at.keys;
    const world = await makeWorld({ realm: realm(), stdin: own?.key ?? '' });
    world.clock.advance(at.world.clock.now() - Date.now());
    await world.run('login', 'memax', '--with-token');
    const result = await world.run(...old, '--yes', '--now', '--to', `file:${at.places.dir}/{name}`);
    expect([result.exit, result.stdout.match(/(?<=rotated )\S{36}/g)?.at(-1)]).toEqual([0, own?.id]);
    const stored = await world.stored();
    expect(stored?.kind === 'key' && `${stored.key.reveal()}\n`).toBe(await at.places.text('own-old'));
    expect(await works(at)).toEqual([false, false, false]);
  });

  it('stops after the key in hand on Ctrl-C, and says what was not begun', async () => {
    const at = await scene(['one', 'two', 'three']);
    realm().faults.next('me', { kind: 'slow', ms: 5_000 });
    const running = at.world.start(...old, '--yes', '--now', '--to', `file:${at.places.dir}/{name}`);
    await until('the proof', () => realm().stats.count('me') === 1);
    running.interrupt();
    const { exit, stderr } = await running.ended;
    expect(exit).toBe(9);
    expect(stderr).toContain('failed 1, not begun 2\n');
    expect(await works(at)).toEqual([true, true, true]);
    expect((await at.world.run('auth', 'rotate-key', '--resume')).exit).toBe(0);
    expect(await works(at)).toEqual([false, true, true]);
  });

  it('are gone on with together, and the command ends well only when none is left', async () => {
    const at = await scene(['one', 'two', 'three']);
    const resume = ['auth', 'rotate-key', '--resume', '--all'] as const;
    expect(await at.world.run(...resume)).toEqual({ exit: 0, stdout: '', stderr: 'No rotation is under way here.\n' });
    realm().faults.next('me', { kind: 'status', status: 500 });
    expect((await at.world.run(...old, '--yes', '--to', `file:${at.places.dir}/{name}`)).exit).toBe(9);

    const early = await at.world.run(...resume);
    expect([early.exit, early.stdout.split('\n').map((line) => line.replace(/until .*/, 'until TIME'))]).toEqual([
      9,
      [...at.keys.map(({ id }) => expect.stringMatching(new RegExp(`^rotated ${id} to \\S{36}; the old key lives until TIME$`))), ''],
    ]);
    expect(early.stderr).toMatch(
      /error\[rotation-unfinished\].*\n {2}rotated 0, waiting for their grace period 3, failed 0\. The next old key lives until 2\d{3}-/,
    );
    expect(await works(at)).toEqual([true, true, true]);

    realm().faults.next('keys.revoke', { kind: 'status', status: 500 });
    const part = await at.world.run(...resume, '--now');
    expect([part.exit, part.stderr]).toEqual([
      9,
      expect.stringContaining('  rotated 2, waiting for their grace period 0, failed 1\nhint: Finish what was begun: keywright auth rotate-key --resume '),
    ]);
    const done = await at.world.run(...resume, '--json');
    expect([done.exit, JSON.parse(done.stdout)]).toMatchObject([0, [{ kind: 'rotated', rotation: { step: 'done' } }]]);
    expect(await works(at)).toEqual([false, false, false]);
    expect((await at.owner.list()).length).toBe(4);
  });

  it('that still have to be printed are gone on with one by one', async () => {
    const at = await scene(['one']);
    realm().faults.next('me', { kind: 'status', status: 500 });
    await at.world.run(...old, '--yes');
    const together = await at.world.run('auth', 'rotate-key', '--resume', '--all');
    expect([together.exit, together.stdout]).toEqual([9, `failed ${at.keys[0]?.id}: Its successor is still to be printed, which is done for one alone.\n`]);
    const [command = ''] = /keywright auth rotate-key --resume \w{12} --provider memax/.exec(together.stderr) ?? [];
    const alone = await at.world.run(...command.split(' ').slice(1), '--now');
    expect([alone.exit, await at.owner.works(alone.stdout.trim()), await works(at)]).toEqual([0, true, [false]]);
  });
});
