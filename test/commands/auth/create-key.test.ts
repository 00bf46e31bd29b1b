import { describe, expect, it } from 'vitest';
import { sharedBackend } from '../../support/shared-backend.ts';
import { newKey, signedIn } from '../../support/signed-in.ts';
import { makeWorld } from '../../support/world.ts';

const realm = sharedBackend();
const DAY = 86_400_000;
const create = ['auth', 'create-key'] as const;

interface Made {
  readonly id: string;
  readonly key: string;
  readonly created_at: string;
  readonly expires_at: string | null;
}

const readMade = (stdout: string): Made => {
  const made: Made = JSON.parse(stdout);
  return made;
};

/** The server looks at its clock twice, so it may be a moment less. */
const daysOf = (made: Made): number => Math.round((Date.parse(made.expires_at ?? '') - Date.parse(made.created_at)) / DAY);

describe('auth create-key', () => {
  it('prints the key alone on stdout, and what it is on stderr', async () => {
    const world = await signedIn({ realm: realm() });
    const { exit, stdout, stderr } = await world.run(...create, 'ci-deploy', '--scope', 'read');
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^mxk_[0-9a-f]{64}\n$/);
    expect(stderr).toMatch(/^Created the key "ci-deploy" \(id [0-9a-f-]{36}\) at memax; scopes: read; it does not expire\.\n$/);
    const user = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: stdout.trim() } });
    expect((await user.run('whoami')).stdout).toContain(world.email);
  });

  it('says in a terminal that the key is shown this once', async () => {
    const world = await signedIn({ realm: realm(), terminal: true });
    expect((await world.run(...create, 'laptop', '--no-input')).stderr).toMatch(/\nThe key is shown this once and cannot be shown again\. Keep it now\.\n$/);
  });

  it('prints the key with all that is known of it as JSON', async () => {
    const world = await signedIn({ realm: realm() });
    const { stdout, stderr } = await world.run(
      ...create,
      'laptop',
      '--scope',
      'read',
      '--scope',
      'write',
      '--expires',
      '90d',
      '--agent',
      'claude-code',
      '--json',
    );
    const made = readMade(stdout);
    expect(made).toEqual({
      id: made.id,
      name: 'laptop',
      prefix: made.key.slice(0, 8),
      scopes: ['read', 'write'],
      agent: 'claude-code',
      hubs: [],
      trust: 'standard',
      created_at: made.created_at,
      expires_at: made.expires_at,
      last_used_at: null,
      key: made.key,
    });
    expect(daysOf(made)).toBe(90);
    expect(made.key).toMatch(/^mxk_[0-9a-f]{64}$/);
    expect(stderr).toBe('');
  });

  it('says nothing but the key with --quiet', async () => {
    const world = await signedIn({ realm: realm(), terminal: true });
    expect(await world.run(...create, 'laptop', '--quiet', '--no-input')).toMatchObject({ exit: 0, stderr: '' });
  });

  it.each([
    ['one character', 'n', 'n'],
    ['100 characters', 'n'.repeat(100), 'n'.repeat(100)],
    ['100 characters of two units each', '\u{1f511}'.repeat(100), '\u{1f511}'.repeat(100)],
    ['spaces around it', '  trimmed  ', 'trimmed'],
    ['quotes and more', 'two words, "quoted" & <more>', 'two words, "quoted" & <more>'],
  ])('takes a name with %s', async (_title, name, kept) => {
    const world = await signedIn({ realm: realm() });
    const { exit, stdout } = await world.run(...create, name, '--json');
    expect([exit, JSON.parse(stdout)]).toMatchObject([0, { name: kept }]);
  });

  it.each([
    ['no characters', '', 0],
    ['nothing but spaces', '   ', 0],
    ['101 characters', 'n'.repeat(101), 101],
    ['a line end', 'line\nend', 8],
    ['an escape sequence', 'esc\u001b[31m', 8],
  ])('refuses a name with %s before anything is sent', async (_title, name, length) => {
    const world = await signedIn({ realm: realm() });
    expect(await world.run(...create, name)).toEqual({
      exit: 2,
      stdout: '',
      stderr: `error[usage]: The command was not understood\n  The name of a key has 1 to 100 characters and no line ends; this one has ${length}.\nhint: Such as: keywright auth create-key ci-deploy\n`,
    });
    expect(world.sent).toEqual([]);
  });

  it.each([
    ['0d', '--expires 0d is no time at all.'],
    ['-1d', '--expires "-1d" is not a duration.'],
    ['9999y', '--expires 9999y is more than ten years.'],
    ['12', '--expires "12" is not a duration.'],
    ['soon', '--expires "soon" is not a duration.'],
    ['2020-01-01', '--expires 2020-01-01 is in the past.'],
    ['2020-13-45', '--expires "2020-13-45" is not a date.'],
    ['9000-01-01', '--expires 9000-01-01 is more than ten years away.'],
  ])('refuses --expires %s before anything is sent', async (when, detail) => {
    const world = await signedIn({ realm: realm() });
    const result = await world.run(...create, 'n', '--expires', when);
    expect([result.exit, result.stdout]).toEqual([2, '']);
    expect(result.stderr).toContain(`error[usage]: The command was not understood\n  ${detail}\nhint: `);
    expect(world.sent).toEqual([]);
  });

  it.each([
    ['90d', 90],
    ['2w', 14],
    ['1y', 365],
  ])('makes a key that ends in %s', async (when, days) => {
    const world = await signedIn({ realm: realm() });
    const { stdout } = await world.run(...create, 'n', '--expires', when, '--json');
    const made = readMade(stdout);
    expect(daysOf(made)).toBe(days);
    expect(world.sent.map((request) => JSON.parse(request.body ?? ''))).toEqual([{ name: 'n', expires_in_days: days }]);
  });

  it('says so where the provider counts in whole days', async () => {
    const world = await signedIn({ realm: realm() });
    const { stderr } = await world.run(...create, 'n', '--expires', '12h');
    expect(world.sent.map((request) => JSON.parse(request.body ?? ''))).toEqual([{ name: 'n', expires_in_days: 1 }]);
    expect(stderr).toMatch(/\nMemax counts expiry in whole days: the key ends at [0-9TZ:.-]+, not at [0-9TZ:.-]+\.\n$/);
  });

  it('takes a date', async () => {
    const world = await signedIn({ realm: realm() });
    const end = new Date(world.clock.now() + 10 * DAY).toISOString().slice(0, 10);
    expect((await world.run(...create, 'n', '--expires', end)).exit).toBe(0);
    expect(world.sent.map((request) => JSON.parse(request.body ?? ''))).toEqual([{ name: 'n', expires_in_days: 10 }]);
  });

  it('shows what the server says of an unknown scope', async () => {
    const world = await signedIn({ realm: realm() });
    expect(await world.run(...create, 'n', '--scope', 'everything')).toEqual({
      exit: 5,
      stdout: '',
      stderr:
        'error[refused]: This was refused\n  Could not create the key. Memax says: invalid_permissions: There is no permission or bundle called "everything". (400).\nhint: Correct what the provider names, and try again.\n',
    });
  });

  it.each(['two words', '', 'quo"te', 'back\\slash'])('refuses the scope %j, which is not one word', async (scope) => {
    const world = await signedIn({ realm: realm() });
    const result = await world.run(...create, 'n', '--scope', scope);
    expect([result.exit, world.sent]).toEqual([2, []]);
    expect(result.stderr).toContain('A scope is one word.');
  });

  it('names the scope that is missing', async () => {
    const { key } = await newKey(realm(), { scopes: ['read'] });
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: key } });
    expect(await world.run(...create, 'n', '--scope', 'delete')).toEqual({
      exit: 5,
      stdout: '',
      stderr:
        'error[missing-scope]: The credential lacks a scope\n  Could not create the key. Memax says: forbidden: This credential lacks memory:delete. (403).\nhint: Use a credential that has the scope memory:delete.\n',
    });
  });

  it.each([
    ['a line end in it', `mxk_${'0'.repeat(63)}\n`],
    ['a command in it', `mxk_$(touch /tmp/x)${'0'.repeat(48)}`],
    ['a character too few', `mxk_${'0'.repeat(63)}`],
    ['a character too many', `mxk_${'0'.repeat(65)}`],
    ['another prefix', `key_${'0'.repeat(64)}`],
    ['nothing in it', ''],
  ])('hands on no key with %s, and revokes it again', async (_title, key) => {
    const world = await signedIn({ realm: realm() });
    const { id } = readMade((await world.run(...create, 'n', '--json')).stdout);
    realm().faults.next('keys.create', { kind: 'wrong-type', status: 201, body: { data: { id, name: 'n', prefix: 'mxk_0000', key } } });
    const result = await world.run(...create, 'n');
    expect(result).toEqual({
      exit: 8,
      stdout: '',
      stderr: `error[unexpected-answer]: The provider gave an answer that makes no sense\n  Memax made the key ${id}, but its value does not look like a key of Memax. It was revoked again.\nhint: Check the API address.\n`,
    });
    expect((await world.run('auth', 'list-keys', '--json')).stdout).toBe('[]\n');
  });

  it('names the key where even that revocation does not work', async () => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('keys.create', { kind: 'wrong-type', status: 201, body: { data: { id: 'k1', name: 'n', key: 'nonsense' } } });
    realm().faults.next('keys.revoke', { kind: 'status', status: 500 });
    const result = await world.run(...create, 'n', '--json');
    expect([result.exit, JSON.parse(result.stdout)]).toMatchObject([
      8,
      {
        error: {
          detail: 'Memax made the key k1, but its value does not look like a key of Memax. It could not be revoked again.',
          hint: 'Revoke it: keywright auth revoke-key k1',
        },
      },
    ]);
  });

  it.each([
    [{ name: 'n', key: 'SECRET-7f3a' }, 'data.id'],
    [{ id: 'k1', name: 'n' }, 'data.key'],
    [{ id: 'k1', name: 7, key: 'SECRET-7f3a' }, 'data.name'],
    [{ id: 'k1', key: 'SECRET-7f3a', expires_at: 'never' }, 'data.expires_at'],
  ])('names the field of %j that does not fit, and never shows the rest', async (data, field) => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('keys.create', { kind: 'wrong-type', status: 201, body: { data } });
    const result = await world.run(...create, 'n');
    expect([result.exit, result.stdout]).toEqual([8, '']);
    expect(result.stderr).toContain(`field "${field}" is missing or of the wrong kind.`);
  });

  it.each([
    ['the name of a wrong type', { name: 7, key: 'SECRET-7f3a' }],
    ['no key', { name: 'n' }],
  ])('revokes the key again where the reply has %s', async (_title, rest) => {
    const world = await signedIn({ realm: realm() });
    const { id } = readMade((await world.run(...create, 'n', '--json')).stdout);
    realm().faults.next('keys.create', { kind: 'wrong-type', status: 201, body: { data: { ...rest, id } } });
    const result = await world.run(...create, 'n');
    expect([result.exit, result.stderr]).toEqual([8, expect.stringContaining(`The key ${id} was made, and was revoked again.\n`)]);
    expect((await world.run('auth', 'list-keys', '--json')).stdout).toBe('[]\n');
  });

  it('names the key of a reply that cannot be read where it cannot be revoked again', async () => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('keys.create', { kind: 'wrong-type', status: 201, body: { id: 'k1' } });
    realm().faults.next('keys.revoke', { kind: 'status', status: 500 });
    const result = await world.run(...create, 'n');
    expect([result.exit, result.stderr]).toEqual([8, expect.stringContaining(' Revoke it: keywright auth revoke-key k1\n')]);
  });

  it.each([
    ['the reply has no id', { kind: 'wrong-type', status: 201, body: { data: { name: 'n' } } }, 8],
    ['the id cannot be one', { kind: 'wrong-type', status: 201, body: { data: { id: '../x', name: 'n' } } }, 8],
    ['no reply came', { kind: 'drop-after' }, 7],
  ] as const)('says that a key may have been made where %s', async (_title, fault, exit) => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('keys.create', fault);
    const result = await world.run(...create, 'n');
    expect([result.exit, result.stderr]).toEqual([
      exit,
      expect.stringContaining('If the request got through, a key may have been made; look for it with: keywright auth list-keys\n'),
    ]);
    expect(realm().stats.count('keys.revoke')).toBe(0);
  });

  it('is sent once, whatever happens to the answer', async () => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('keys.create', { kind: 'drop-after' });
    expect((await world.run(...create, 'n')).exit).toBe(7);
    expect(realm().stats.count('keys.create')).toBe(1);
  });

  it('needs a name', async () => {
    const world = await signedIn({ realm: realm() });
    const result = await world.run(...create);
    expect(result).toEqual({
      exit: 2,
      stdout: '',
      stderr: 'error[usage]: The command was not understood\n  A key of Memax needs a name.\nhint: Such as: keywright auth create-key ci-deploy\n',
    });
    expect(world.sent).toEqual([]);
  });
});
