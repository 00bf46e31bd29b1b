import { describe, expect, it } from 'vitest';

import { sharedBackend } from '../../support/shared-backend.ts';
import { makeWorld } from '../../support/world.ts';
import { ask, textAt } from '../../integration/backend/running.ts';
import { ASKED, attacked, OBEYED, reply } from './vendors.ts';

const LISTS = ASKED.filter(({ asking }) => asking.words[1] === 'list-keys');

/** The list with something else in these fields of its only key. */
const listWith = (body: unknown, fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(body, (name, inner: unknown) => (Object.hasOwn(fields, name) ? fields[name] : inner));

describe.each(LISTS)('$title', ({ vendor, asking }) => {
  const good = asking.body('fine');
  const created = JSON.stringify(good).includes('created_at') ? 'created_at' : 'createdAt';

  it.each([
    ['a/b'],
    ['..'],
    ['.'],
    [''],
    [' '],
    ['../x'],
    ['x?y'],
    ['\u001b[31m'],
    ['\u202e'],
    ['x\ty'],
    ['x\ny'],
    ['x'.repeat(201)],
    [null],
    [{}],
    [-1],
    [1.5],
  ])('refuses a list with the id %j, which could be in no address and no table', async (id) => {
    const { run } = await attacked(vendor, asking, reply(listWith(good, { id })));
    const { exit, stdout, stderr } = await run();
    expect([exit, stdout]).toEqual([8, '']);
    expect(stderr).toMatch(/field "[a-z.0-9]*id" is missing or of the wrong kind/);
  });

  it('takes a whole number for an id', async () => {
    const { run } = await attacked(vendor, asking, reply(listWith(good, { id: 42 })));
    expect((await run()).stdout).toMatch(/^42\t/);
  });

  it.each([
    '+275760-09-13T00:00:00.000Z',
    '+010000-01-01T00:00:00Z',
    'NaN',
    'never',
    '2026-13-45T99:99:99Z',
    '\u001b[31m2026',
    8.64e15,
    1_767_225_600,
    true,
    {},
  ])('refuses the time %j', async (time) => {
    const { run } = await attacked(vendor, asking, reply(listWith(good, { [created]: time })));
    const { exit, stdout, stderr } = await run();
    expect([exit, stdout]).toEqual([8, '']);
    expect(stderr).toContain(`.${created}" is missing or of the wrong kind`);
  });

  it.each(['-000001-01-01T00:00:00Z', '-271821-04-20T00:00:00.000Z', '0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '', null])(
    'takes the time %j for none',
    async (time) => {
      for (const terminal of [false, true]) {
        const { run } = await attacked(vendor, asking, reply(listWith(good, { [created]: time })), { terminal });
        expect((await run()).exit).toBe(0);
      }
      const { run } = await attacked(vendor, asking, reply(listWith(good, { [created]: time })));
      expect(JSON.parse((await run('--json')).stdout)).toMatchObject([{ id: 'key_1', created_at: null }]);
    },
  );

  it.each(['9999-12-31T23:59:59Z', '2026-03-01T12:00:00+14:00', '2026-03-01'])('takes the time %j', async (time) => {
    for (const terminal of [false, true]) {
      const { run } = await attacked(vendor, asking, reply(listWith(good, { [created]: time })), { terminal });
      const { exit, stdout } = await run();
      expect([exit, stdout.includes('NaN'), stdout.includes('Invalid')]).toEqual([0, false, false]);
    }
  });

  it('keeps a table in columns whatever its texts are', async () => {
    const texts = [
      'plain',
      '\u5bc6\u94a5\u5bc6\u94a5',
      '\ud83d\udd11\ud83d\udd11',
      'e\u0301\u0301\u0301',
      '\ud800',
      '\u202eevil',
      'x'.repeat(5_000),
      'a\tb\nc',
      '\u0627\u0644',
    ];
    const { run } = await attacked(vendor, asking, reply(listWith(good, { name: texts.join(' ') })), { terminal: true });
    const { exit, stdout } = await run();
    expect([exit, OBEYED.test(stdout), stdout.split('\n').length]).toEqual([0, false, 3]);
    expect(stdout.split('\n').every((line) => Array.from(line).length < 300)).toBe(true);
  });
});

describe('a reply without an end', () => {
  const realms = { minds: sharedBackend({}, 'minds'), reminix: sharedBackend({}, 'reminix'), agntix: sharedBackend({}, 'agntix') };

  /** The first credential, as the dashboard makes it. */
  async function first(id: keyof typeof realms): Promise<string> {
    const { origin } = realms[id]();
    const dashboard = async (body: unknown): Promise<unknown> => (await ask(origin, '/dashboard', { method: 'POST', body })).json;
    if (id === 'minds') return textAt(await dashboard({ make: 'key' }), 'key');
    if (id === 'agntix') return textAt(await dashboard({ make: 'key', name: `k-${Math.random()}`, scopes: ['chat:read'] }), 'key');
    return textAt(await dashboard({ make: 'key', project: textAt(await dashboard({ list: 'projects' }), 'projects', 0, 'id') }), 'key');
  }

  it.each([
    ['minds', ['whoami'], 'me'],
    ['minds', ['auth', 'create-key'], 'keys.create'],
    ['minds', ['auth', 'revoke-key', 'key_1', '--self'], 'keys.revoke'],
    ['reminix', ['whoami'], 'project'],
    ['reminix', ['auth', 'create-client-token'], 'client-tokens.create'],
    ['reminix', ['auth', 'revoke-client-token', 'ct_1'], 'client-tokens.revoke'],
    ['agntix', ['whoami'], 'agents.list'],
    ['agntix', ['auth', 'create-key', 'ci', '--scope', 'chat:read'], 'keys.create'],
    ['agntix', ['auth', 'list-keys'], 'keys.list'],
    ['agntix', ['auth', 'revoke-key', 'key_1', '--self'], 'keys.revoke'],
  ] as const)('%s: %j ends by itself', async (id, words, route) => {
    const realm = realms[id]();
    const world = await makeWorld({ realm, env: { [`${id.toUpperCase()}_API_KEY`]: await first(id) } });
    realm.faults.next(route, { kind: 'huge', megabytes: 2 });
    const { exit, stdout, stderr } = await world.run(...words);
    expect([exit, stdout]).toEqual([8, '']);
    expect(stderr).toContain(`The reply of ${new URL(realm.origin).host} is longer than 1000000 bytes.`);
  });
});
