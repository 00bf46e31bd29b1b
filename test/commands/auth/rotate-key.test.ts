import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/model/duration.ts';
import type { SecretNotes } from '../../../src/model/secret-notes.ts';
import { Failure } from '../../../src/model/failure.ts';
import { Secret } from '../../../src/model/secret.ts';
import { until } from '../../support/cli.ts';
import { type KeyOwner, keyOwner, type OwnedKey } from '../../support/key-owner.ts';
import { keyPlaces, type KeyPlaces } from '../../support/key-places.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { signedIn } from '../../support/signed-in.ts';
import { makeWorld, type Result, type World, type WorldWishes } from '../../support/world.ts';

const realm = sharedBackend();
const rotate = ['auth', 'rotate-key'] as const;

const HOUR = 3_600_000;

interface Scene {
  readonly world: World;
  readonly owner: KeyOwner;
  readonly old: OwnedKey;
  readonly places: KeyPlaces;
}

/** Somebody who is signed in, with a key called `deploy` to rotate. */
async function scene(more: Readonly<Record<string, unknown>> = { scopes: ['read', 'write'] }, wishes: WorldWishes = {}): Promise<Scene> {
  const world = await signedIn({ realm: realm(), ...wishes });
  const owner = await keyOwner(realm(), world.email);
  return { world, owner, old: await owner.make('deploy', more), places: await keyPlaces() };
}

const records = async (world: World): Promise<readonly string[]> => readdir(join(world.dir, 'state/rotations')).catch(() => []);

const keyIn = (text: string | undefined): string => /mxk_[0-9a-f]{64}/.exec(text ?? '')?.[0] ?? 'no key';

/** The id of the only rotation that is under way. */
async function rotationId(world: World): Promise<string> {
  const [name = ''] = await records(world);
  return name.replace(/\.json$/, '');
}

/** Nothing of a rotation is left, and the keys of the name are these. */
async function expectOver({ world, owner }: Scene, ids: readonly string[]): Promise<void> {
  expect(await records(world)).toEqual([]);
  expect([await world.notes.keychain.list(), await world.notes.file.list()]).toEqual([[], []]);
  expect((await owner.named('deploy')).map(({ id }) => id)).toEqual(ids);
}

const idOf = (result: Result): string => /successor is ([0-9a-f-]{36})/.exec(result.stderr)?.[1] ?? 'no id';

describe('auth rotate-key', () => {
  it('with --now makes a successor, prints it alone, and revokes the old key', async () => {
    const at = await scene();
    const result = await at.world.run(...rotate, at.old.id, '--now');
    expect(result).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^mxk_[0-9a-f]{64}\n$/) });
    expect(result.stderr).toMatch(/^Rotated the key [0-9a-f-]{36}: its successor is [0-9a-f-]{36} \(deploy~[a-z0-9]{4}\), and the old key is revoked\.\n$/);
    expect([await at.owner.works(at.old.key), await at.owner.works(result.stdout.trim())]).toEqual([false, true]);
    await expectOver(at, [idOf(result)]);
  });

  it('asks for one list, one new key, one proof and one revocation', async () => {
    const { world, old } = await scene();
    await world.run(...rotate, old.id, '--now');
    expect(world.sent.map(({ method, url }) => `${method} ${new URL(url).pathname.replace(old.id, 'OLD')}`)).toEqual([
      'GET /v1/auth/api-keys',
      'POST /v1/auth/api-keys',
      'GET /v1/auth/me',
      'DELETE /v1/auth/api-keys/OLD',
    ]);
  });

  it('carries over the scopes, the agent, the trust, the hubs and the span of life', async () => {
    const at = await scene();
    const who: { readonly identity: { readonly hubs: ReadonlyArray<{ readonly id: string }> } } = JSON.parse((await at.world.run('whoami', '--json')).stdout);
    const [hub] = who.identity.hubs;
    const old = await at.owner.make('agent-key', {
      scopes: ['read', 'organize'],
      agent_name: 'codex',
      trust_level: 'elevated',
      hub_ids: [hub?.id],
      expires_in_days: 30,
    });
    realm().advanceClock(10 * DAY_MS);
    at.world.clock.advance(10 * DAY_MS);
    await at.world.run('login', 'memax', '--quiet', '--browser');
    expect((await at.world.run(...rotate, old.id, '--now')).exit).toBe(0);
    const [made] = JSON.parse((await at.world.run('auth', 'list-keys', '--json')).stdout).filter(({ name }: { name: string }) => name.startsWith('agent-key~'));
    expect(made).toMatchObject({ scopes: ['read', 'organize'], agent: 'codex', trust: 'elevated', hubs: [hub?.id] });
    expect(Math.round(((Date.parse(made.expires_at) - Date.parse(made.created_at)) / DAY_MS) * 1000) / 1000).toBe(30);
  });

  it('lets the old key live for its grace period, and revokes it after that', async () => {
    const at = await scene();
    const first = await at.world.run(...rotate, at.old.id, '--grace', '2h', '--json', '--to', `file:${at.places.at('key')}`);
    const begun = JSON.parse(first.stdout);
    expect([first.exit, first.stderr]).toEqual([0, '']);
    expect(begun).toMatchObject({ old_id: at.old.id, old_name: 'deploy', step: 'delivered', delivered: [`file:${at.places.at('key')}`] });
    expect(begun.next).toBe(`keywright auth rotate-key --resume ${begun.id} --provider memax`);
    expect(Math.abs(Date.parse(begun.revoke_at) - Date.now() - 2 * HOUR)).toBeLessThan(60_000);
    const successor = keyIn(await at.places.text('key'));
    expect([await at.owner.works(at.old.key), await at.owner.works(successor)]).toEqual([true, true]);

    const early = await at.world.run(...rotate, '--resume');
    expect([early.exit, early.stdout]).toEqual([9, '']);
    expect(early.stderr).toContain(`The successor is in place, and the old key ${at.old.id} lives until ${begun.revoke_at}.`);
    expect(early.stderr).toContain(`hint: Run it again after that, or end the old key now: ${begun.next} --now\n`);
    expect(await at.owner.works(at.old.key)).toBe(true);
    const json = JSON.parse((await at.world.run(...rotate, '--resume', '--json')).stdout);
    expect(json.error).toMatchObject({ code: 'rotation-unfinished', retry: true, rotation: { id: begun.id, step: 'delivered', revoke_at: begun.revoke_at } });

    at.world.clock.advance(2 * HOUR + 1000);
    const late = await at.world.run(...begun.next.split(' ').slice(1));
    expect([late.exit, late.stdout]).toEqual([0, '']);
    expect([await at.owner.works(at.old.key), await at.owner.works(successor)]).toEqual([false, true]);
    await expectOver(at, [begun.new_id]);
  });

  it('leaves the old key alone where somebody has revoked its successor meanwhile', async () => {
    const at = await scene();
    const begun = await at.world.run(...rotate, at.old.id);
    expect((await at.world.run('auth', 'revoke-key', idOf(begun))).exit).toBe(0);
    const result = await at.world.run(...rotate, '--resume', '--now');
    expect(result).toMatchObject({ exit: 9, stderr: expect.stringContaining('does not accept the successor') as string });
    expect(await at.owner.works(at.old.key)).toBe(true);
    expect(await records(at.world)).toHaveLength(1);
  });

  it('ends the grace period at once with --resume --now', async () => {
    const at = await scene();
    const first = await at.world.run(...rotate, at.old.id);
    expect(first.stderr).toMatch(/The old key lives until [0-9T:.-]+Z; then revoke it: keywright auth rotate-key --resume \w{12} --provider memax\n$/);
    expect((await at.world.run(...rotate, '--resume', '--now')).exit).toBe(0);
    expect(await at.owner.works(at.old.key)).toBe(false);
    await expectOver(at, [idOf(first)]);
  });

  it('tells of unfinished rotations in auth status, at their provider alone', async () => {
    const { world, old } = await scene();
    await world.run(...rotate, old.id);
    const line = new RegExp(
      `^Unfinished rotation of the key ${old.id} \\(deploy\\) at memax: its successor was delivered; the old key lives until \\S+\\. Finish it: keywright auth rotate-key --resume ${await rotationId(world)} --provider memax\n`,
    );
    expect((await world.run('auth', 'status')).stderr).toMatch(line);
    expect((await world.run('auth', 'status', '--provider', 'memax')).stderr).toMatch(line);
    expect((await world.run('auth', 'status', '--provider', 'minds')).stderr).not.toContain('Unfinished');
  });

  it('undoes a rotation whose sinks can be given back what they held', async () => {
    const at = await scene();
    const held = `\uFEFF# mine\r\nOTHER="a b"\r\nexport DEPLOY_KEY="${at.old.key}"   # do not touch\r\n`;
    await at.places.put('vars', held);
    await at.places.put('key', 'what was there\n\n');
    const sinks = [`env-file:${at.places.at('vars')}#DEPLOY_KEY`, `file:${at.places.at('key')}`, `file:${at.places.at('fresh')}`];
    const first = await at.world.run(...rotate, at.old.id, ...sinks.flatMap((sink) => ['--to', sink]));
    const successor = keyIn(await at.places.text('fresh'));
    expect([first.exit, first.stdout]).toEqual([0, '']);
    expect(first.stderr).toContain(`\nDelivered it to ${sinks.join(', ')}.\n`);
    expect(await at.places.text('vars')).toBe(held.replace(at.old.key, successor));

    expect(await at.world.run(...rotate, '--rollback')).toEqual({
      exit: 0,
      stdout: `rolled back ${at.old.id}\n`,
      stderr: 'The successor was revoked, and what had taken it holds again what it held.\n',
    });
    expect([await at.places.text('vars'), await at.places.text('key'), await at.places.text('fresh')]).toEqual([held, 'what was there\n\n', undefined]);
    expect([await at.owner.works(at.old.key), await at.owner.works(successor)]).toEqual([true, false]);
    await expectOver(at, [at.old.id]);
  });

  it('leaves alone on the way back what somebody else has changed', async () => {
    const at = await scene();
    await at.places.put('key', 'before');
    await at.world.run(...rotate, at.old.id, '--to', `file:${at.places.at('key')}`);
    await at.places.put('key', 'somebody else');
    expect((await at.world.run(...rotate, '--rollback')).exit).toBe(0);
    expect(await at.places.text('key')).toBe('somebody else');
    await expectOver(at, [at.old.id]);
  });

  it.each(['stdout', 'exec'])('does not undo what %s took', async (kind) => {
    const at = await scene();
    const sink = kind === 'exec' ? `exec:${await at.places.taker('vault')}` : 'stdout';
    const first = await at.world.run(...rotate, at.old.id, '--to', `file:${at.places.at('key')}`, '--to', sink);
    const back = await at.world.run(...rotate, '--rollback');
    expect(back.exit).toBe(5);
    expect(back.stderr).toContain(`The rotation of ${at.old.id} cannot be undone: what these held before is not known: ${sink}.`);
    expect(back.stderr).toContain(`hint: Finish it: keywright auth rotate-key --resume ${await rotationId(at.world)} --provider memax\n`);
    const successor = keyIn(await at.places.text('key'));
    expect([await at.owner.works(at.old.key), await at.owner.works(successor)]).toEqual([true, true]);
    expect((await at.world.run(...rotate, '--resume', '--now')).exit).toBe(0);
    await expectOver(at, [idOf(first)]);
  });

  it('goes on, after some sinks failed, with those that do not have the key', async () => {
    const at = await scene();
    const program = await at.places.taker('vault');
    await at.places.put('vault.broken', '');
    const first = await at.world.run(...rotate, at.old.id, '--now', '--to', `exec:${program}`, '--to', `file:${at.places.at('key')}`);
    const successor = keyIn(await at.places.text('key'));
    const finish = `keywright auth rotate-key --resume ${await rotationId(at.world)} --provider memax`;
    expect([first.exit, first.stdout]).toEqual([9, '']);
    expect(first.stderr).toContain(
      `could not be delivered to exec:${program}: ${program} ended with 3: the vault is closed. The old key ${at.old.id} still works.`,
    );
    expect(first.stderr).toContain(`hint: Finish it: ${finish}\n`);
    expect([await at.owner.works(at.old.key), await at.owner.works(successor)]).toEqual([true, true]);

    expect((await at.world.run(...rotate, '--resume')).stderr).toContain(`Going on runs ${program}, which may have been run before.`);
    await at.places.put('key', 'whoever delivers twice overwrites this');
    expect((await at.world.run(...rotate, '--resume', '--yes')).exit).toBe(9);
    await rm(at.places.at('vault.broken'));
    const done = await at.world.run(...finish.split(' ').slice(1), '--yes');
    expect([done.exit, done.stdout]).toEqual([0, '']);
    expect(done.stderr).toContain(`Running ${program}\n`);
    expect([await at.places.text('vault'), await at.places.text('key')]).toEqual([`${successor}\n`, 'whoever delivers twice overwrites this']);
    expect([await at.owner.works(at.old.key), await at.owner.works(successor)]).toEqual([false, true]);
    expect((await at.owner.named('deploy')).length).toBe(1);
  });

  it('asks a person before a program is run again', async () => {
    const at = await scene({}, { terminal: true, answers: ['no', 'yes'] });
    const program = await at.places.taker('vault');
    await at.places.put('vault.broken', '');
    expect((await at.world.run(...rotate, at.old.id, '--now', '--to', `exec:${program}`)).exit).toBe(9);
    await rm(at.places.at('vault.broken'));
    const no = await at.world.run(...rotate, '--resume', '--quiet');
    expect([no.exit, await at.places.text('vault')]).toEqual([130, undefined]);
    expect((await at.world.run(...rotate, '--resume', '--quiet')).exit).toBe(0);
    const question = { kind: 'confirm', question: `Run ${program} with the new key?` };
    expect(at.world.keyboard.asked).toEqual([question, question]);
    expect(await at.owner.works(keyIn(await at.places.text('vault')))).toBe(true);
  });

  it('puts each file back to what that file held, also when a later command reached it', async () => {
    let refusals = 1;
    const once = (memory: SecretNotes): SecretNotes => ({
      ...memory,
      write: async (name, text, expiresAt) => {
        if (name.endsWith(':before-1') && refusals-- > 0) throw new Failure('keychain-locked', { detail: 'The keychain is locked.' });
        await memory.write(name, text, expiresAt);
      },
    });
    const at = await scene({}, { notes: once });
    for (const name of ['one', 'two']) await at.places.put(name, name);
    const first = await at.world.run(...rotate, at.old.id, '--to', `file:${at.places.at('one')}`, '--to', `file:${at.places.at('two')}`);
    expect([first.exit, keyIn(await at.places.text('one')).length, await at.places.text('two')]).toEqual([9, 68, 'two']);
    expect((await at.world.run(...rotate, '--resume')).exit).toBe(9);
    expect(await at.places.text('two')).toBe(await at.places.text('one'));
    expect((await at.world.run(...rotate, '--rollback')).exit).toBe(0);
    expect([await at.places.text('one'), await at.places.text('two')]).toEqual(['one', 'two']);
    await expectOver(at, [at.old.id]);
  });

  it.each([
    ['deploy~ab12', 'deploy', /^deploy~[a-z0-9]{4}$/],
    ['a~b', 'a~b', /^a~b~[a-z0-9]{4}$/],
    ['x'.repeat(100), 'cut', /^x{95}~[a-z0-9]{4}$/],
    ['\u{1f511}'.repeat(100), 'cut by characters', /^\u{1f511}{95}~[a-z0-9]{4}$/u],
  ])('calls the successor of %s like %s with four characters', async (name, _like, pattern) => {
    const { world, owner } = await scene();
    const old = await owner.make(name);
    expect((await world.run(...rotate, old.id, '--now')).exit).toBe(0);
    const names = (await owner.list()).map((key) => key.name).filter((each) => each !== 'deploy');
    expect(names).toEqual([expect.stringMatching(pattern)]);
    expect(names).not.toEqual([name]);
  });

  it('does not rotate a key twice at once, nor a successor that is not settled', async () => {
    const { world, owner, old } = await scene();
    await world.run(...rotate, old.id);
    const id = await rotationId(world);
    const again = await world.run(...rotate, old.id, '--now');
    expect([again.exit, again.stdout]).toEqual([9, '']);
    expect(again.stderr).toContain(`The key ${old.id} is being rotated already.`);
    expect(again.stderr).toContain(`hint: Finish it: keywright auth rotate-key --resume ${id} --provider memax\n`);
    const successor = (await owner.named('deploy')).find((key) => key.id !== old.id);
    expect((await world.run(...rotate, successor?.id ?? '', '--now')).stderr).toContain('is the successor in a rotation that is not finished.');
    expect((await owner.named('deploy')).length).toBe(2);
  });

  it('is not begun while another process rotates the same key', async () => {
    const { world, owner, old } = await scene();
    const held = await world.lock.acquire(`rotate|${realm().origin}|${old.id}`, { waitMs: 1000 });
    const refused = await world.run(...rotate, old.id);
    await held.release();
    expect(refused.exit).toBe(5);
    expect(refused.stderr).toContain(`Another process is rotating the key ${old.id}.`);
    expect((await owner.named('deploy')).length).toBe(1);
  });

  it('asks which of several unfinished rotations is meant, and takes the id of either', async () => {
    const { world, owner, old } = await scene();
    const other = await owner.make('other');
    await world.run(...rotate, old.id);
    const first = await rotationId(world);
    await world.run(...rotate, other.id);
    const which = await world.run(...rotate, '--resume', '--now');
    expect([which.exit, which.stderr]).toEqual([2, expect.stringContaining('Several rotations are under way here.')]);
    expect((await world.run(...rotate, '--resume', first, '--now')).exit).toBe(0);
    expect((await world.run(...rotate, '--resume', other.id, '--now')).exit).toBe(0);
    const none = await world.run(...rotate, '--resume', 'nobody');
    expect([none.exit, none.stderr]).toEqual([3, expect.stringContaining('No rotation is under way here for "nobody".')]);
  });

  it.each([
    [['--resume', '--rollback'], 2, '--resume and --rollback exclude each other.'],
    [['id', '--now', '--grace', '2h'], 2, '--now and --grace exclude each other.'],
    [['--rollback', '--now'], 2, '--now and --rollback exclude each other.'],
    [['id', '--all', '--resume'], 2, '--all and an id exclude each other.'],
    [['--all', '--rollback'], 2, '--all belongs to --resume.'],
    [['id', '--older-than', '90d'], 2, '--older-than and an id exclude each other.'],
    [['--resume', '--to', 'stdout'], 2, 'A rotation goes on as it was begun; what was said then cannot be changed.'],
    [['--resume', '--format', 'env'], 2, 'A rotation goes on as it was begun; what was said then cannot be changed.'],
    [['--rollback', '--grace', '1h'], 2, 'A rotation goes on as it was begun; what was said then cannot be changed.'],
    [[], 2, 'It was not said which key to rotate.'],
    [['id', '--dry-run'], 2, '--dry-run belongs to --older-than.'],
    [['id', '--grace', 'soon'], 2, '--grace "soon" is not a duration.'],
    [['id', '--format', 'xml'], 2, '"xml" is no format of a key.'],
    [['--resume'], 3, 'No rotation is under way here.'],
  ])('with %j ends before anything is sent', async (words, exit, detail) => {
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: `mxk_${'0'.repeat(64)}` } });
    const result = await world.run(...rotate, ...words);
    expect([result.exit, result.stdout, world.sent]).toEqual([exit, '', []]);
    expect(result.stderr).toContain(detail);
  });

  it('says that a key is not in the list, and that a sink cannot be used, before anything is made', async () => {
    const { world, owner, old, places } = await scene();
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect(await world.run(...rotate, nobody)).toMatchObject({ exit: 3, stderr: expect.stringContaining(`Memax lists no key ${nobody}.`) });
    expect((await world.run(...rotate, old.id, '--to', `file:${places.at('no/such/folder')}`)).exit).toBe(5);
    expect((await world.run(...rotate, old.id, '--to', 'carrier-pigeon')).exit).toBe(2);
    expect(await records(world)).toEqual([]);
    expect((await owner.named('deploy')).length).toBe(1);
  });

  it('goes on only at the address where it was begun', async () => {
    const { world, old } = await scene();
    await world.run(...rotate, old.id);
    const { origin } = realm();
    world.setEnv('MEMAX_API_URL', 'http://127.0.0.1:9');
    const elsewhere = await world.run(...rotate, '--resume');
    expect([elsewhere.exit, elsewhere.stderr]).toEqual([
      2,
      expect.stringContaining(`This rotation was begun at ${origin}, and commands go to http://127.0.0.1:9 now.`),
    ]);
    expect(world.sent).toEqual([]);
  });

  it('keeps the format for a later command', async () => {
    const at = await scene();
    realm().faults.next('me', { kind: 'status', status: 500 });
    const sinks = ['--to', `file:${at.places.at('env')}`, '--to', `env-file:${at.places.at('vars')}#K`];
    expect((await at.world.run(...rotate, at.old.id, '--format', 'env', ...sinks)).exit).toBe(9);
    expect((await at.world.run(...rotate, '--resume', '--now', '--json')).exit).toBe(0);
    expect(await at.places.text('env')).toMatch(/^MEMAX_API_KEY='mxk_[0-9a-f]{64}'\n$/);
    expect(await at.places.text('vars')).toBe(`K='${keyIn(await at.places.text('env'))}'\n`);
  });

  it('makes the successor anew where its value is lost before anybody got it', async () => {
    const at = await scene();
    realm().faults.next('me', { kind: 'status', status: 500 });
    expect((await at.world.run(...rotate, at.old.id, '--now', '--to', `file:${at.places.at('key')}`)).exit).toBe(9);
    for (const { name } of await at.world.notes.keychain.list()) await at.world.notes.keychain.delete(name);
    const result = await at.world.run(...rotate, '--resume');
    expect(result.stderr).toMatch(/^warning: The value of the successor [0-9a-f-]{36} is not in the keychain any more: another one is made in its place\.\n/);
    expect([result.exit, await at.owner.works(keyIn(await at.places.text('key')))]).toEqual([0, true]);
    await expectOver(at, [idOf(result)]);
  });

  it('lets a person choose where the value is lost and only some have it', async () => {
    const at = await scene();
    const program = await at.places.taker('vault');
    await at.places.put('vault.broken', '');
    const first = await at.world.run(...rotate, at.old.id, '--now', '--to', `file:${at.places.at('key')}`, '--to', `exec:${program}`);
    expect(first.exit).toBe(9);
    for (const { name } of await at.world.notes.keychain.list()) await at.world.notes.keychain.delete(name);
    const back = await at.world.run(...rotate, '--rollback');
    expect([back.exit, await at.owner.works(keyIn(await at.places.text('key')))]).toEqual([5, true]);
    const successor = (await at.owner.named('deploy')).find(({ id }) => id !== at.old.id)?.id ?? '';
    const stuck = await at.world.run(...rotate, '--resume', '--yes');
    expect([stuck.exit, stuck.stderr]).toEqual([
      9,
      expect.stringContaining(`hint: Revoke the one that is not to stay: keywright auth revoke-key ${at.old.id}, or ${successor}.`),
    ]);
    expect((await at.owner.named('deploy')).length).toBe(2);
    await at.owner.revoke(at.old.id);
    expect(await at.world.run(...rotate, '--resume', '--yes')).toMatchObject({ exit: 9, stderr: expect.stringContaining('the rotation is over.') });
    await expectOver(at, [successor]);
  });

  it('takes no new way back once what the sinks held is lost', async () => {
    const at = await scene();
    await at.world.run(...rotate, at.old.id, '--to', `file:${at.places.at('key')}`);
    const successor = keyIn(await at.places.text('key'));
    for (const { name } of await at.world.notes.keychain.list()) await at.world.notes.keychain.delete(name);
    const back = await at.world.run(...rotate, '--rollback');
    expect([back.exit, back.stderr]).toEqual([9, expect.stringContaining(`What file:${at.places.at('key')} held before is not known any more.`)]);
    expect([await at.owner.works(successor), keyIn(await at.places.text('key'))]).toEqual([true, successor]);
    expect((await at.world.run(...rotate, '--resume', '--now')).exit).toBe(0);
    expect(await at.owner.works(successor)).toBe(true);
  });

  it('does not forget a successor that the provider may still be making', async () => {
    const at = await scene();
    at.world.patience.set('/v1/auth/api-keys', 500);
    realm().faults.next('keys.create', { kind: 'slow', ms: 2_000 });
    const first = await at.world.run(...rotate, at.old.id, '--now', '--to', `file:${at.places.at('key')}`);
    expect([first.exit, first.stderr]).toEqual([9, expect.stringContaining('The provider may still make it.')]);
    at.world.patience.clear();
    await until('the late key', async () => (await at.owner.named('deploy')).length === 2);
    expect((await at.world.run(...rotate, '--resume')).exit).toBe(0);
    expect(await at.owner.works(keyIn(await at.places.text('key')))).toBe(true);
    expect((await at.owner.named('deploy')).length).toBe(1);
  });
});

describe('auth rotate-key with the key in use', () => {
  it('lets the stored key follow, after the successor is proved', async () => {
    const owner = await keyOwner(realm(), 'own-key@keywright.test');
    const own = await owner.make('own');
    const world = await makeWorld({ realm: realm(), stdin: own.key });
    await world.run('login', 'memax', '--with-token');
    const result = await world.run(...rotate, own.id, '--now');
    expect([result.exit, result.stderr]).toEqual([0, expect.stringContaining('\nDelivered it to the account that is signed in.\n')]);
    const stored = await world.stored();
    expect(stored?.kind === 'key' && stored.key.reveal()).toBe(result.stdout.trim());
    expect([await owner.works(own.key), (await world.run('whoami')).exit]).toEqual([false, 0]);
  });

  it('gives the stored key back on the way back', async () => {
    const owner = await keyOwner(realm(), 'own-key-back@keywright.test');
    const own = await owner.make('own');
    const world = await makeWorld({ realm: realm(), stdin: own.key });
    await world.run('login', 'memax', '--with-token');
    const places = await keyPlaces();
    expect((await world.run(...rotate, own.id, '--to', `file:${places.at('key')}`)).exit).toBe(0);
    const between = await world.stored();
    expect(between?.kind === 'key' && between.key.reveal()).toBe(keyIn(await places.text('key')));
    expect((await world.run(...rotate, '--rollback')).exit).toBe(0);
    const stored = await world.stored();
    expect(stored?.kind === 'key' && stored.key.reveal()).toBe(own.key);
    expect((await owner.named('own')).map(({ id }) => id)).toEqual([own.id]);
    expect((await world.run('whoami')).exit).toBe(0);
  });

  it('does not touch a sign-in that took the place of the key meanwhile', async () => {
    const owner = await keyOwner(realm(), 'own-key-meanwhile@keywright.test');
    const [own, other] = [await owner.make('own'), await owner.make('other')];
    const world = await makeWorld({ realm: realm(), stdin: own.key });
    await world.run('login', 'memax', '--with-token');
    realm().faults.next('me', { kind: 'status', status: 500 });
    expect((await world.run(...rotate, own.id, '--now')).exit).toBe(9);
    await world.stores.keychain.write({ origin: realm().origin, account: 'default' }, { kind: 'key', key: new Secret(other.key), obtainedAt: 1 });
    expect((await world.run(...rotate, '--resume')).exit).toBe(0);
    const stored = await world.stored();
    expect(stored?.kind === 'key' && stored.key.reveal()).toBe(other.key);
  });

  it('is not taken for another of the same prefix', async () => {
    const owner = await keyOwner(realm(), 'same-prefix@keywright.test');
    const [own, other] = [await owner.make('own'), await owner.make('other')];
    const world = await makeWorld({ realm: realm(), stdin: own.key });
    await world.run('login', 'memax', '--with-token');
    const listed = (await owner.list()).map(({ raw }) => Object.assign({}, raw, { prefix: own.key.slice(0, 8) }));
    realm().faults.next('keys.list', { kind: 'wrong-type', body: { data: listed } });
    expect((await world.run(...rotate, other.id, '--now')).exit).toBe(0);
    const stored = await world.stored();
    expect(stored?.kind === 'key' && stored.key.reveal()).toBe(own.key);
    expect([await owner.works(own.key), await owner.works(other.key)]).toEqual([true, false]);
  });

  it('lies in a variable: says that it must be set anew', async () => {
    const owner = await keyOwner(realm(), 'variable@keywright.test');
    const own = await owner.make('own');
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: own.key } });
    const result = await world.run(...rotate, own.id, '--now');
    expect([result.exit, await owner.works(own.key), await owner.works(result.stdout.trim())]).toEqual([0, false, true]);
    expect(result.stderr).toContain('\nMEMAX_API_KEY may hold the old key: set it to the new one before the old one ends.\n');
    expect(await world.stored()).toBeUndefined();
  });

  it('lies in a variable where there is no store: ends before anything is made, and says what to set', async () => {
    const owner = await keyOwner(realm(), 'no-store@keywright.test');
    const own = await owner.make('own');
    const broken = new Failure('keychain-unavailable', { detail: 'There is no session bus, through which the keychain would be reached.' });
    const world = await makeWorld({
      realm: realm(),
      env: { MEMAX_API_KEY: own.key },
      store: (memory) => (memory.name === 'file' ? memory : { ...memory, probe: () => Promise.reject(broken) }),
    });
    const result = await world.run(...rotate, own.id, '--now');
    expect([result.exit, result.stdout, world.sent.map(({ method }) => method)]).toEqual([6, '', ['GET']]);
    expect(result.stderr).toContain('The new key must lie in a store until it is delivered, and there is none: There is no session bus');
    expect(result.stderr).toContain('hint: On a machine without a keychain set KEYWRIGHT_STORE=file, and KEYWRIGHT_STORE_KEY to 32 random bytes');
    expect(await records(world)).toEqual([]);
    world.setEnv('KEYWRIGHT_STORE', 'file');
    expect((await world.run(...rotate, own.id, '--now')).exit).toBe(0);
    expect((await owner.named('own')).length).toBe(1);
  });
});
