import { describe, expect, it } from 'vitest';
import { sharedBackend } from '../../support/shared-backend.ts';
import { newKey, signedIn } from '../../support/signed-in.ts';
import { makeWorld, type World } from '../../support/world.ts';

const realm = sharedBackend();
const revoke = ['auth', 'revoke-key'] as const;
const NOBODY = '00000000-0000-4000-8000-000000000000';

async function create(world: World, name = 'n'): Promise<string> {
  const made: { readonly id: string } = JSON.parse((await world.run('auth', 'create-key', name, '--json')).stdout);
  return made.id;
}

const ids = async (world: World): Promise<readonly string[]> =>
  (await world.run('auth', 'list-keys')).stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));

describe('auth revoke-key', () => {
  it('revokes one key', async () => {
    const world = await signedIn({ realm: realm() });
    const [one, other] = [await create(world), await create(world)];
    expect(await world.run(...revoke, one)).toEqual({ exit: 0, stdout: `revoked ${one}\n`, stderr: '' });
    expect(await ids(world)).toEqual([other]);
  });

  it('revokes many, each once, and tells them in the order of the command line', async () => {
    const world = await signedIn({ realm: realm() });
    const made: string[] = [];
    for (let index = 0; index < 20; index += 1) made.push(await create(world));
    realm().stats.reset();
    const { exit, stdout } = await world.run(...revoke, ...made, ...made.slice(0, 3), '--json');
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toEqual(made.map((id) => ({ id, kind: 'revoked' })));
    expect(realm().stats.count('keys.revoke')).toBe(20);
    expect(await ids(world)).toEqual([]);
  });

  it('takes what is gone already for done', async () => {
    const world = await signedIn({ realm: realm() });
    const one = await create(world);
    await world.run(...revoke, one);
    expect(await world.run(...revoke, one, NOBODY)).toEqual({
      exit: 0,
      stdout: `already gone ${one}\nalready gone ${NOBODY}\n`,
      stderr: 'revoked 0, already gone 2, failed 0\n',
    });
    realm().faults.next('keys.revoke', { kind: 'status', status: 404 });
    expect(await world.run(...revoke, NOBODY, '--json')).toEqual({ exit: 0, stdout: `[{"id":"${NOBODY}","kind":"already-gone"}]\n`, stderr: '' });
  });

  it.each(['a/b', '..', '.', '../v1/auth/me', 'a b', 'a?b', 'a#b', 'a%2fb', '', 'x'.repeat(201), 'caf\u00e9', 'a\nb'])(
    'refuses the id %j before anything is sent',
    async (id) => {
      const world = await signedIn({ realm: realm() });
      const result = await world.run(...revoke, 'good-id', id);
      expect([result.exit, result.stdout, world.sent]).toEqual([2, '', []]);
      expect(result.stderr).toContain('cannot be the id of a key.');
    },
  );

  it('refuses to revoke the key that it is signed in with, unless told --self', async () => {
    const own = await newKey(realm(), {}, 'self@keywright.test');
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: own.key } });
    const other = await create(world);
    expect(await world.run(...revoke, other, own.id)).toEqual({
      exit: 5,
      stdout: '',
      stderr: `error[refused]: This was refused\n  The key ${own.id} looks like the one that this command itself uses. Nothing was revoked.\nhint: Give --self to revoke it all the same.\n`,
    });
    expect(await ids(world)).toEqual([other, own.id]);
    expect((await world.run(...revoke, other)).exit).toBe(0);
    expect(await world.run(...revoke, own.id, '--self')).toEqual({ exit: 0, stdout: `revoked ${own.id}\n`, stderr: '' });
    expect((await world.run('whoami')).exit).toBe(4);
  });

  it('does not take a key without a prefix for its own', async () => {
    const own = await newKey(realm(), {}, 'no-prefix@keywright.test');
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: own.key } });
    const other = await create(world);
    realm().faults.next('keys.list', { kind: 'wrong-type', body: { data: [{ id: other, name: 'n', prefix: '' }] } });
    expect((await world.run(...revoke, other)).exit).toBe(0);
  });

  it('goes on when some fail, names them, and ends with 9', async () => {
    const world = await signedIn({ realm: realm() });
    const made = [await create(world), await create(world), await create(world)];
    realm().faults.next('keys.revoke', { kind: 'status', status: 500, message: 'no \u001b[31mluck' });
    const result = await world.run(...revoke, ...made);
    const [left = ''] = await ids(world);
    expect(await ids(world)).toHaveLength(1);
    expect(result.exit).toBe(9);
    expect(result.stdout.split('\n').sort()).toEqual(
      [
        ...made.filter((id) => id !== left).map((id) => `revoked ${id}`),
        `failed ${left}: Could not revoke the key ${left}. Memax says: internal: no luck (500).`,
        '',
      ].sort(),
    );
    expect(result.stderr).toBe(
      `revoked 2, already gone 0, failed 1\nerror[partly-done]: Only a part was done\n  1 of 3 keys could not be revoked and may still work: ${left}.\nhint: Run it again for these: keywright auth revoke-key ${left}\n`,
    );
  });

  it('tells the same as JSON, with what became of each', async () => {
    const world = await signedIn({ realm: realm() });
    const one = await create(world);
    realm().faults.next('keys.revoke', { kind: 'wrong-type', body: { data: { revoked: false, skipped: [{ id: one, reason: 'revoke_failed' }] } } });
    const { exit, stdout, stderr } = await world.run(...revoke, one, '--json');
    expect([exit, stderr]).toEqual([9, '']);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'partly-done',
        message: 'Only a part was done',
        detail: `1 of 1 keys could not be revoked and may still work: ${one}.`,
        hint: `Run it again for these: keywright auth revoke-key ${one}`,
        retry: true,
        results: [{ id: one, kind: 'failed', why: 'revoke_failed' }],
        summary: { revoked: 0, already_gone: 0, failed: 1, not_done: 0 },
      },
    });
  });

  it('ends at once when the credential is refused', async () => {
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: `mxk_${'0'.repeat(64)}` } });
    const result = await world.run(...revoke, 'key_1', 'key_2', '--self');
    expect([result.exit, result.stdout]).toEqual([4, '']);
    expect(result.stderr).toMatch(/^error\[session-ended\]/);
  });

  it('refreshes once when many meet a 401 at the same time', async () => {
    const world = await signedIn({ realm: realm() });
    const made = [await create(world), await create(world), await create(world), await create(world)];
    realm().stats.reset();
    realm().faults.next('keys.revoke', { kind: 'status', status: 401 }, { times: 4 });
    expect((await world.run(...revoke, ...made)).exit).toBe(0);
    expect([realm().stats.count('token.refresh'), realm().stats.count('keys.revoke')]).toEqual([1, 8]);
  });

  it.each([
    [{ revoked: 'yes' }, 'data.revoked'],
    [{ revoked: false, skipped: [{ id: 'k', reason: 7 }] }, 'data.skipped.0.reason'],
  ])('names the field of %j that does not fit', async (data, field) => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('keys.revoke', { kind: 'wrong-type', body: { data } });
    const result = await world.run(...revoke, 'k');
    expect(result.exit).toBe(8);
    expect(result.stderr).toContain(`field "${field}" is missing or of the wrong kind.`);
  });

  it('needs to know which', async () => {
    const world = await signedIn({ realm: realm() });
    const result = await world.run(...revoke);
    expect([result.exit, world.sent]).toEqual([2, []]);
    expect(result.stderr).toContain('It was not said which keys are meant.');
  });
});
