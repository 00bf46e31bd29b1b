import { describe, expect, it } from 'vitest';
import type { HttpReply, HttpRequest } from '../../../src/model/http.ts';
import { Failure } from '../../../src/model/failure.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { newKey, signedIn } from '../../support/signed-in.ts';
import { makeWorld, type World, type WorldWishes } from '../../support/world.ts';

const realm = sharedBackend();
const revoke = ['auth', 'revoke-key'] as const;
const DAY = 86_400_000;

async function create(world: World, name: string, ...words: string[]): Promise<string> {
  const made: { readonly id: string } = JSON.parse((await world.run('auth', 'create-key', name, '--json', ...words)).stdout);
  return made.id;
}

async function listed(world: World): Promise<ReadonlyArray<{ readonly id: string; readonly name: string }>> {
  return JSON.parse((await world.run('auth', 'list-keys', '--json')).stdout);
}

const names = async (world: World): Promise<readonly string[]> => (await listed(world)).map(({ name }) => name).sort();

/** A person with keys of these names, a hundred days later. */
async function later(keys: readonly string[], wishes: Partial<WorldWishes> = {}): Promise<World> {
  const world = await signedIn({ realm: realm(), ...wishes });
  for (const name of keys) await create(world, name);
  world.clock.advance(100 * DAY);
  return world;
}

describe('auth revoke-key with a selection', () => {
  const KEYS = ['ci-one', 'ci-two', 'laptop'];

  it('shows what it is about with its last use, asks how many, and revokes', async () => {
    const world = await later(KEYS, { terminal: true, answers: ['yes'] });
    const [two, one] = (await listed(world)).filter(({ name }) => name.startsWith('ci-')).map(({ id }) => id);
    const { exit, stdout, stderr } = await world.run(...revoke, '--stale', '90d', '--name', 'ci-*');
    expect([exit, stdout]).toEqual([0, `revoked ${two}\nrevoked ${one}\n`]);
    expect(stderr.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['To be revoked: 2 keys at Memax'],
      ['ID', 'NAME', 'AGENT', 'CREATED', 'EXPIRES', 'LAST USED'],
      [two, 'ci-two', '100d ago', '-', '-'],
      [one, 'ci-one', '100d ago', '-', '-'],
      ['revoked 2, already gone 0, failed 0'],
      [''],
    ]);
    expect(world.keyboard.asked).toEqual([{ kind: 'confirm', question: 'Do you want to revoke 2 keys at Memax?' }]);
    expect(await names(world)).toEqual(['laptop']);
  });

  it('revokes nothing after a no, and shows what it asks about with --quiet too', async () => {
    const world = await later(KEYS, { terminal: true, answers: ['no'] });
    const { exit, stdout, stderr } = await world.run(...revoke, '--name', 'lap*', '--quiet');
    expect([exit, stdout]).toEqual([130, '']);
    expect(stderr).toMatch(
      /^To be revoked: 1 key at Memax\nID .*\n.* laptop .*\nerror\[cancelled\]: .*\n {2}You did not want to revoke them\. Nothing was revoked\.\n$/,
    );
    expect(await names(world)).toEqual(KEYS);
  });

  it.each([
    ['a pipe', false, []],
    ['a terminal with --no-input', true, ['--no-input']],
  ])('needs --yes in %s, and shows the plan all the same', async (_title, terminal, flags) => {
    const world = await later(KEYS, { terminal });
    const { exit, stdout, stderr } = await world.run(...revoke, '--name', 'ci-*', ...flags);
    expect([exit, stdout, world.keyboard.asked]).toEqual([2, '', []]);
    expect(stderr).toMatch(/^To be revoked: 2 keys at Memax\nID /);
    expect(stderr).toContain('error[needs-answer]');
    expect(stderr).toContain('hint: Give --yes');
    expect(await names(world)).toEqual(KEYS);
  });

  it('asks nobody with --yes, and is silent beside its result with --quiet', async () => {
    const world = await later(KEYS, { terminal: true });
    const { exit, stdout, stderr } = await world.run(...revoke, '--name', 'ci-*', '--yes', '--quiet');
    expect([exit, stdout.match(/^revoked /gm)?.length, stderr, world.keyboard.asked]).toEqual([0, 2, '', []]);
    expect(await world.run(...revoke, '--name', 'ci-*', '--yes')).toEqual({ exit: 0, stdout: '', stderr: 'No key is like that. Nothing was revoked.\n' });
    expect((await world.run(...revoke, '--name', 'ci-*', '--yes', '--json')).stdout).toBe('[]\n');
    expect(await names(world)).toEqual(['laptop']);
  });

  it('combines what is asked, by agent and by expiry too', async () => {
    const world = await signedIn({ realm: realm() });
    await create(world, 'a', '--agent', 'codex', '--expires', '12h');
    await create(world, 'b', '--agent', 'codex');
    await create(world, 'c', '--expires', '12h');
    world.clock.advance(2 * DAY);
    expect((await world.run(...revoke, '--agent', 'codex', '--expired', '--yes')).exit).toBe(0);
    expect(await names(world)).toEqual(['b', 'c']);
    expect((await world.run(...revoke, '--expired', '--yes')).exit).toBe(0);
    expect(await names(world)).toEqual(['b']);
    expect((await world.run(...revoke, '--agent', 'codex', '--yes')).exit).toBe(0);
    expect(await names(world)).toEqual([]);
  });

  it('prints what list-keys prints with --dry-run, and changes nothing', async () => {
    const world = await later(KEYS);
    for (const form of [[], ['--json']]) {
      const list = await world.run('auth', 'list-keys', '--stale', '90d', '--name', 'ci-*', ...form);
      expect(list.stdout.match(/ci-/g)).toHaveLength(2);
      expect(await world.run(...revoke, '--stale', '90d', '--name', 'ci-*', '--dry-run', ...form)).toEqual(list);
    }
    expect(await names(world)).toEqual(KEYS);
  });

  it('looks at ids with --dry-run as well, and tells which are in no list', async () => {
    const world = await later(KEYS);
    const laptop = (await listed(world)).find(({ name }) => name === 'laptop')?.id ?? '';
    const { exit, stdout, stderr } = await world.run(...revoke, laptop, 'gone', '--dry-run');
    expect([exit, stdout.split('\t')[0], stderr]).toEqual([0, laptop, 'Not in the list, so gone already or not yours: gone\n']);
    expect(await names(world)).toEqual(KEYS);
  });

  it.each([
    [['key_1', '--stale', '90d'], 'Ids and --stale exclude each other.'],
    [['key_1', '--expired'], 'Ids and --expired exclude each other.'],
    [['--name', ''], '--name has no value.'],
    [['--dry-run'], 'It was not said which keys are meant.'],
    [['--yes', '--self'], 'It was not said which keys are meant.'],
  ])('refuses %j before anything is sent', async (flags, detail) => {
    const world = await signedIn({ realm: realm() });
    const result = await world.run(...revoke, ...flags);
    expect([result.exit, world.sent]).toEqual([2, []]);
    expect(result.stderr).toContain(detail);
  });

  it('shows fifty of many', async () => {
    const world = await signedIn({ realm: realm() });
    const data = Array.from({ length: 73 }, (_, index) => ({ id: `k${index}`, name: 'n', prefix: 'mxk_1234' }));
    realm().faults.next('keys.list', { kind: 'wrong-type', body: { data } });
    const lines = (await world.run(...revoke, '--name', 'n')).stderr.split('\n');
    expect(lines[0]).toBe('To be revoked: 73 keys at Memax');
    expect([lines[2]?.slice(0, 3), lines[11]?.slice(0, 3), lines[12], lines[13]?.slice(0, 5)]).toEqual(['k0 ', 'k9 ', 'and 63 more', 'error']);
  });

  it('leaves the key in use out with a warning', async () => {
    const email = 'spare@keywright.test';
    const own = await newKey(realm(), { name: 'ci-own' }, email);
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: own.key } });
    await create(world, 'ci-other');
    const warning = `warning: The key ${own.id} looks like the one that this command itself uses, and is left out. Give --self to revoke it too.\n`;
    const looked = await world.run(...revoke, '--name', 'ci-*', '--dry-run', '--json');
    expect([JSON.parse(looked.stdout), looked.stderr]).toEqual([[expect.objectContaining({ name: 'ci-other' })], warning]);
    const { exit, stdout, stderr } = await world.run(...revoke, '--name', 'ci-*', '--yes');
    expect([exit, stdout.match(/^revoked /gm)?.length]).toEqual([0, 1]);
    expect(stderr.startsWith(warning)).toBe(true);
    expect(await names(world)).toEqual(['ci-own']);
  });

  it.each(['by pattern', 'by ids'])('revokes it after all others with --self, %s', async (how) => {
    const own = await newKey(realm(), { name: 'x-own' }, `self-${how.slice(3)}@keywright.test`);
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: own.key } });
    const others: string[] = [];
    for (let index = 0; index < 20; index += 1) others.push(await create(world, `x-${index}`));
    const chosen = how === 'by pattern' ? ['--name', 'x-*'] : [own.id, ...others];
    const { exit, stdout } = await world.run(...revoke, ...chosen, '--self', '--yes');
    expect(exit).toBe(0);
    const lines = stdout.trim().split('\n');
    expect([lines.length, lines.at(-1), lines.every((line) => line.startsWith('revoked '))]).toEqual([21, `revoked ${own.id}`, true]);
    expect((await world.run('whoami')).exit).toBe(4);
  });

  it('names the command to run again, as a shell takes it', async () => {
    const world = await signedIn({ realm: realm() });
    for (let index = 0; index < 12; index += 1) await create(world, `it's ${index}`);
    realm().faults.next('keys.revoke', { kind: 'status', status: 500 }, { times: 11 });
    const { exit, stderr } = await world.run(...revoke, '--name', "it's *", '--yes', '--provider', 'memax');
    expect(exit).toBe(9);
    expect(stderr).toContain('\nrevoked 1, already gone 0, failed 11\nerror[partly-done]');
    expect(stderr).toContain("\nhint: Run it again: keywright auth revoke-key --name 'it'\\''s *' --yes --provider memax\n");
    expect((await world.run(...revoke, '--name', "it's *", '--yes')).stdout.match(/^revoked /gm)).toHaveLength(11);
    expect(await names(world)).toEqual([]);
  });
});

describe('auth revoke-key of many', () => {
  /** Makes keys at the realm and gives their ids. */
  async function many(world: World, count: number): Promise<readonly string[]> {
    for (let index = 0; index < count; index += 1) await create(world, `many-${index}`);
    return (await listed(world)).map(({ id }) => id);
  }

  it('stops asking for more when it is interrupted, waits for those under way, and says what was done', async () => {
    const world = await signedIn({ realm: realm() });
    const ids = await many(world, 24);
    realm().stats.reset();
    realm().faults.next('keys.revoke', { kind: 'slow', ms: 500 }, { times: 16 });
    const running = world.start(...revoke, '--name', 'many-*', '--yes');
    while (realm().stats.count('keys.revoke') < 16) await new Promise((resolve) => setTimeout(resolve, 5));
    running.interrupt();
    const { exit, stdout, stderr } = await running.ended;
    expect([exit, realm().stats.count('keys.revoke'), stdout]).toEqual([
      130,
      16,
      ids
        .slice(0, 16)
        .map((id) => `revoked ${id}\n`)
        .join(''),
    ]);
    expect(stderr).toContain('\nrevoked 16, already gone 0, failed 0, not done 8\nerror[cancelled]: Cancelled\n');
    expect(stderr).toContain('  The command was interrupted: revoked 16, already gone 0, failed 0, not done 8. 8 of 24 keys may still work.\n');
    expect(stderr).toContain(`hint: Run it again for these: keywright auth revoke-key ${ids.slice(16).join(' ')}\n`);
    expect((await listed(world)).map(({ id }) => id)).toEqual(ids.slice(16));
  });

  it('waits as long as the server asks, and then revokes all', async () => {
    const world = await signedIn({ realm: realm() });
    await many(world, 20);
    realm().stats.reset();
    realm().faults.next('keys.revoke', { kind: 'rate-limit', retryAfter: 6 });
    const running = world.start(...revoke, '--name', 'many-*', '--yes', '--json');
    expect(await running.says(/^The provider asks for a pause.*$/m)).toBe('The provider asks for a pause. Going on in 6 s.');
    world.clock.advance(6_000);
    const { exit, stdout } = await running.ended;
    expect([exit, JSON.parse(stdout).length, realm().stats.count('keys.revoke')]).toEqual([0, 20, 21]);
    expect(await names(world)).toEqual([]);
  });

  it('gives up where the server asks for too long a pause, and says so as it is', async () => {
    const world = await signedIn({ realm: realm() });
    await many(world, 20);
    realm().stats.reset();
    realm().faults.next('keys.revoke', { kind: 'rate-limit', retryAfter: 3600 }, { times: 100 });
    const { exit, stdout, stderr } = await world.run(...revoke, '--name', 'many-*', '--yes');
    expect([exit, stdout]).toEqual([7, '']);
    expect(stderr).toContain('error[rate-limited]');
    expect(realm().stats.count('keys.revoke')).toBeLessThanOrEqual(16);
  });

  const AGNTIX_KEY = `pk_live_${'5ec7e7'.repeat(6)}`;
  const IDS = Array.from({ length: 100 }, (_, index) => `k${index}`);

  /** Agntix with a hundred keys, whose deletions are answered by their number, from 1. */
  async function agntix(answer: (nth: number) => HttpReply): Promise<{ readonly world: World; readonly deletions: () => number }> {
    const counted = { deletions: 0 };
    const elsewhere = ({ method }: HttpRequest): HttpReply => {
      if (method === 'DELETE') return answer((counted.deletions += 1));
      return json(200, { data: IDS.map((id) => ({ id, name: 'n', scopes: [] })), pagination: { totalPages: 1 } });
    };
    return { world: await makeWorld({ env: { AGNTIX_API_KEY: AGNTIX_KEY }, elsewhere }), deletions: () => counted.deletions };
  }
  const json = (status: number, body: unknown): HttpReply => ({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const gone: HttpReply = { status: 204, headers: {}, body: '' };

  it('ends when the credential is refused in the middle, and tells what was done before', async () => {
    const { world, deletions } = await agntix((nth) => (nth <= 30 ? gone : json(401, { error: { code: 'unauthorized', message: 'no more' } })));
    const { exit, stdout, stderr } = await world.run(...revoke, '--name', 'n', '--yes');
    expect([exit, stdout.match(/^revoked k[0-9]+$/gm)?.length, deletions() < 50]).toEqual([9, 30, true]);
    expect(stderr).toContain('error[partly-done]');
    expect(stderr).toContain('It ended early: revoked 30, already gone 0, failed 0, not done 70. Agntix does not accept the key in AGNTIX_API_KEY');
    expect(stderr).toContain('hint: Set AGNTIX_API_KEY to a valid key');
  });

  it('is the refusal itself where nothing was done before', async () => {
    const { world } = await agntix(() => json(401, {}));
    expect(await world.run(...revoke, ...IDS)).toMatchObject({ exit: 4, stdout: '', stderr: expect.stringMatching(/^error\[session-ended\]/) });
  });

  it('does not try them all where nobody is there', async () => {
    const { world, deletions } = await agntix(() => {
      throw new Failure('unreachable', { detail: 'api.agntix.ai: nobody there.' });
    });
    const { exit, stderr } = await world.run(...revoke, ...IDS);
    expect([exit, deletions() < 60]).toEqual([7, true]);
    expect(stderr).toContain('It ended early: revoked 0, already gone 0, failed 31, not done 69. api.agntix.ai: nobody there.');
    expect(stderr).toContain('hint: Run the same command again; what is gone already is passed over.');
  });

  it('goes on past single failures, and gives every count in JSON', async () => {
    const { world } = await agntix((nth) => (nth % 10 === 0 ? json(500, {}) : nth % 10 === 1 ? json(404, {}) : gone));
    const { exit, stdout } = await world.run(...revoke, ...IDS, '--json');
    expect(exit).toBe(9);
    const { error }: { readonly error: { readonly summary: unknown; readonly results: readonly unknown[]; readonly detail: string } } = JSON.parse(stdout);
    expect(error.summary).toEqual({ revoked: 80, already_gone: 10, failed: 10, not_done: 0 });
    expect([error.results.length, error.detail]).toEqual([100, expect.stringMatching(/^10 of 100 keys could not be revoked and may still work: k/)]);
  });
});
