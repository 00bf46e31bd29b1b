import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LocalRealm } from '../../../src/backend/start.ts';
import type { HttpReply, HttpRequest } from '../../../src/model/http.ts';
import { ask, textAt, valueAt } from '../../integration/backend/running.ts';
import { sharedBackend } from '../../support/shared-backend.ts';
import { makeWorld, type World, type WorldWishes } from '../../support/world.ts';

const realm = sharedBackend({}, 'reminix');

const KEY = `reminix_sk_${'5ec7e7'.repeat(6)}`;
const TOKEN = `reminix_ct_${'70ce4a'.repeat(6)}`;
const create = ['auth', 'create-client-token'] as const;
const show = ['auth', 'show-client-token'] as const;
const revoke = ['auth', 'revoke-client-token'] as const;

/** What the dashboard makes, and what belongs to the demo user there. */
async function atDashboard(local: LocalRealm, form: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { json } = await ask(local.origin, '/dashboard', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(form) });
  return json;
}

async function project(): Promise<string> {
  return textAt(await atDashboard(realm(), { list: 'projects' }), 'projects', 0, 'id');
}

/** Somebody with the key of a project in a variable. */
async function withKey(wishes: WorldWishes = {}): Promise<World> {
  const key = textAt(await atDashboard(realm(), { make: 'key', project: await project() }), 'key');
  realm().stats.reset();
  return makeWorld({ realm: realm(), ...wishes, env: { REMINIX_API_KEY: key, ...wishes.env } });
}

interface Made {
  readonly id: string;
  readonly token: string;
  readonly expires_at: string;
}

async function made(world: World, ...words: string[]): Promise<Made> {
  const { exit, stdout, stderr } = await world.run(...create, ...words, '--json');
  expect([exit, words.includes('--debug') ? '' : stderr]).toEqual([0, '']);
  const token: Made = JSON.parse(stdout);
  return token;
}

const reply = (status: number, body: unknown, headers: HttpReply['headers'] = {}): HttpReply => ({ status, headers, body: JSON.stringify(body) });

/** Somebody with a key at a reminix that answers as it is told. */
const at = (elsewhere: (request: HttpRequest) => HttpReply, more: WorldWishes = {}): Promise<World> =>
  makeWorld({ elsewhere, ...more, env: { REMINIX_API_KEY: KEY, ...more.env } });

describe('auth create-client-token', () => {
  it('has the runner of a pipeline hide the token before it is printed', async () => {
    const { stdout, stderr } = await (await withKey({ env: { GITHUB_ACTIONS: 'true' } })).run(...create);
    expect(stdout).toMatch(/^reminix_ct_/);
    expect(stderr.split('\n')[0]).toBe(`::add-mask::${stdout.trim()}`);
  });

  it('prints the token alone on stdout, and what it is on stderr', async () => {
    const world = await withKey();
    const { exit, stdout, stderr } = await world.run(...create);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^reminix_ct_[A-Za-z0-9_-]+\n$/);
    expect(stderr).toMatch(/^Created the client token ct_[A-Za-z0-9_-]+ at reminix; it ends at [0-9TZ:.-]+\.\n$/);
    expect(await ask(realm().origin, '/client/token', { bearer: stdout.trim() })).toMatchObject({ status: 200 });
  });

  it('says in a terminal that the token is shown this once, and nothing with --quiet', async () => {
    const world = await withKey({ terminal: true });
    expect((await world.run(...create)).stderr).toMatch(/\nThe token is shown this once and cannot be shown again\.\n$/);
    expect((await world.run(...create, '--quiet')).stderr).toBe('');
  });

  it('takes what is public typed, what is private from a file, a life and permissions', async () => {
    const world = await withKey();
    const file = join(world.cwd, 'context.json');
    await writeFile(file, '{"customer":"SECRET-7f3a-customer","quota":4711}');
    const words = ['--public', 'userId=42', '--public', 'plan[name]=pro', '--public', 'trial=false', '--server', `@${file}`];
    const token = await made(world, ...words, '--ttl', '90s', '--permission', 'agents:invoke', '--permission', 'agents:invoke');
    expect(Object.keys(token)).toEqual(['id', 'token', 'expires_at']);
    expect(Math.round((Date.parse(token.expires_at) - Date.now()) / 10_000)).toBe(9);
    expect(JSON.parse(world.sent[0]?.body ?? '')).toEqual({
      publicMetadata: { userId: 42, plan: { name: 'pro' }, trial: false },
      serverContext: { customer: 'SECRET-7f3a-customer', quota: 4711 },
      ttlSeconds: 90,
      permissions: ['agents:invoke'],
    });
    const invoked = await ask(realm().origin, '/client/agents/echo/invoke', { method: 'POST', bearer: token.token, body: { input: { a: 1 } } });
    expect(valueAt(invoked.json, 'output')).toEqual({ echo: { a: 1 }, knows_context: true });
  });

  it('takes what is private from standard input as well', async () => {
    const world = await withKey({ stdin: ' {"a":"SECRET-7f3a-customer"}\n' });
    world.secrets.add('server-context', 'SECRET-7f3a-customer');
    await made(world, '--server', '-', '--debug');
    expect(JSON.parse(world.sent[0]?.body ?? '')).toEqual({ serverContext: { a: 'SECRET-7f3a-customer' }, ttlSeconds: 3600 });
  });

  it('names the project with --project, a variable or a binding where the token works for several', async () => {
    const id = await project();
    const pat = textAt(await atDashboard(realm(), { make: 'personal-access-token' }), 'token');
    const world = await makeWorld({ realm: realm(), env: { REMINIX_API_KEY: pat } });
    expect(await world.run(...create)).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining('no project was named') });
    expect(world.sent).toEqual([]);
    await made(world, '--project', id);
    expect(world.sent[0]?.headers).toMatchObject({ 'x-project': id });
    world.setEnv('REMINIX_PROJECT', id);
    await made(world);
  });

  it.each(['1s', '24h', '1d', '86400s'])('lets a token live for %s', async (ttl) => {
    const world = await withKey();
    await made(world, '--ttl', ttl);
    expect(JSON.parse(world.sent[0]?.body ?? '')).toEqual({ ttlSeconds: ttl === '1s' ? 1 : 86_400 });
  });

  it.each([
    [['--ttl', '0s'], '--ttl 0s is too short.'],
    [['--ttl', '25h'], '--ttl 25h is too long.'],
    [['--ttl', '90'], '--ttl "90" is not a duration.'],
    [['--permission', 'agents:delete'], 'Client tokens of Reminix have no permission "agents:delete".'],
    [['--public', 'userId'], '--public takes a name, an equals sign and a value.'],
    [['--public', 'a=1', '--public', 'a=2'], 'The field "a" is given twice.'],
    [['--server', '{"a":"SECRET-7f3a"}'], '--server takes a file (@file.json) or standard input (-), and no value'],
    [['--server', 'SECRET-7f3a.json'], '--server takes a file (@file.json) or standard input (-), and no value'],
    [['--server', '@{"a":"SECRET-7f3a"}'], 'What --server names is no file that can be read'],
    [['--server', '@'], 'What --server names is no file that can be read'],
    [['--server', '-'], 'What --server reads is not a JSON object.'],
  ])('%j is usage, and sends nothing', async (words, detail) => {
    const world = await withKey({ stdin: '["SECRET-7f3a"]' });
    const result = await world.run(...create, ...words, '--debug');
    expect([result.exit, result.stdout, world.sent]).toEqual([2, '', []]);
    expect(result.stderr).toContain(detail);
    expect(result.stderr).not.toContain('SECRET-7f3a');
  });

  it.each(['{"a":"SECRET-7f3a"', '"SECRET-7f3a"', '', 'null'])('a context %j is usage, and not repeated', async (stdin) => {
    const world = await withKey({ stdin });
    const result = await world.run(...create, '--server', '-', '--json');
    expect([result.exit, result.stderr, world.sent]).toEqual([2, '', []]);
    expect(result.stdout).not.toContain('SECRET-7f3a');
  });

  it('never repeats what is private, whatever the server does with it', async () => {
    const stdin = '{"customer":"SECRET-7f3a \\u00e9/x","nested":[{"quota":471142}],"s":"pq"}';
    const echo = 'bad customer SECRET-7f3a \u00e9/x, quota 471142, s pq, cpqr';
    const answers: ReadonlyArray<readonly [HttpReply, number]> = [
      [reply(400, { error: { code: 'SECRET-7f3a \u00e9/x', message: echo } }), 5],
      [reply(401, { error: { message: echo } }), 4],
      [reply(403, { error: { message: 'no' } }, { 'www-authenticate': 'Bearer error="insufficient_scope", scope="SECRET-7f3a \u00e9/x"' }), 5],
      [{ status: 500, headers: {}, body: '{"error":{"message":"\\u0053ECRET-7f3a \\u00e9\\/x"}}' }, 7],
      [{ status: 400, headers: {}, body: `<p>${echo}</p>` }, 5],
      [{ status: 200, headers: { 'content-type': 'text/plain' }, body: `${echo}` }, 8],
      [reply(200, { message: echo }), 8],
    ];
    for (const [answer, exit] of answers) {
      for (const more of [['--debug'], ['--json']]) {
        const world = await at(() => answer, { stdin });
        const result = await world.run(...create, '--server', '-', ...more);
        expect([result.exit, result.stdout.startsWith('{') || result.stdout === '']).toEqual([exit, true]);
        expect(result.stdout + result.stderr).not.toMatch(/7f3a|471142|\bpq\b/);
      }
    }
    const world = await at(() => reply(400, { error: { code: 'invalid', message: echo } }), { stdin });
    expect((await world.run(...create, '--server', '-')).stderr).toContain('invalid: bad customer [secret], quota [secret], s [secret], cpqr (400).');
  });

  it.each(['short', `reminix_sk_${'a'.repeat(40)}`, `reminix_ct_${'a'.repeat(40)} `, `reminix_ct_${'\u00e9'.repeat(40)}`, `reminix_ct_${'a'.repeat(600)}`])(
    'gives nobody the token %j, and revokes it again',
    async (token) => {
      const world = await at((request) =>
        request.method === 'DELETE' ? reply(204, null) : reply(201, { token, id: 'ct_1', expiresAt: '2030-01-01T00:00:00Z' }),
      );
      const result = await world.run(...create);
      expect([result.exit, result.stdout]).toEqual([8, '']);
      expect(result.stderr).toContain('does not look like a client token of Reminix. The client token ct_1 was made, and was revoked again.');
      expect(world.sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
        'POST https://api.reminix.com/v1/client-tokens',
        'DELETE https://api.reminix.com/v1/client-tokens/ct_1',
      ]);
    },
  );

  it('says what became of a token whose reply cannot be read', async () => {
    const world = await at((request) => (request.method === 'DELETE' ? reply(500, {}) : reply(201, { id: 'ct_1', token: 7 })));
    const result = await world.run(...create);
    expect(result.exit).toBe(8);
    expect(result.stderr).toContain('field "token" is missing or of the wrong kind. The client token ct_1 was made and could not be revoked again.');
    expect(result.stderr).toContain('Revoke it: keywright auth revoke-client-token ct_1');
    const nameless = await at(() => reply(201, {}));
    expect((await nameless.run(...create, '--ttl', '5m')).stderr).toContain('If a client token was made, it ends by itself after 300 s.');
    const world2 = await withKey();
    realm().faults.next('client-tokens.create', { kind: 'drop-after' });
    expect(await world2.run(...create)).toMatchObject({
      exit: 7,
      stdout: '',
      stderr: expect.stringContaining('a client token may have been made; it ends by itself after 3600 s.'),
    });
    expect(realm().stats.count('client-tokens.create')).toBe(1);
  });

  it('is nothing that other providers can', async () => {
    const world = await makeWorld({ env: { MEMAX_API_KEY: `mxk_${'5ec7e7'.repeat(10)}5ec7` } });
    for (const words of [create, show, [...revoke, 'ct_1']]) {
      expect(await world.run(...words)).toEqual({
        exit: 2,
        stdout: '',
        stderr: 'error[usage]: The command was not understood\n  Memax has no client tokens.\nhint: Name a provider that has them: --provider <id>\n',
      });
    }
  });
});

describe('auth show-client-token', () => {
  it('shows the project and what is public, from standard input', async () => {
    const maker = await withKey({ stdin: '{"customer":"SECRET-7f3a-customer"}' });
    const { token } = await made(maker, '--public', 'userId=42', '--public', 'plan[name]=pro', '--public', 'n=Ada', '--server', '-');
    const world = await makeWorld({ realm: realm(), stdin: `${token}\n` });
    const id = await project();
    expect(await world.run(...show, '--provider', 'reminix')).toEqual({
      exit: 0,
      stdout: `project\t${id}\npublic.userId\t42\npublic.plan\t{"name":"pro"}\npublic.n\tAda\n`,
      stderr: '',
    });
    expect(world.sent.map(({ url, headers }) => [url, headers])).toEqual([[`${realm().origin}/client/token`, { authorization: `Bearer ${token}` }]]);
    expect(JSON.parse((await world.run(...show, '--provider', 'reminix', '--json')).stdout)).toEqual({
      project_id: id,
      public_metadata: { userId: 42, plan: { name: 'pro' }, n: 'Ada' },
    });
  });

  it('asks a person without showing what is typed', async () => {
    const { token } = await made(await withKey());
    const world = await makeWorld({ realm: realm(), terminal: true, answers: [token] });
    expect((await world.run(...show, '--provider', 'reminix')).stdout).toMatch(/^NAME +VALUE\nproject +proj_/);
    expect(world.keyboard.asked).toEqual([{ kind: 'hidden', question: 'Client token of reminix:' }]);
  });

  it('says of one that is over that it is over', async () => {
    const maker = await withKey();
    const { token, id } = await made(maker);
    await maker.run(...revoke, id);
    const world = await makeWorld({ realm: realm(), stdin: token });
    const result = await world.run(...show, '--provider', 'reminix');
    expect(result).toMatchObject({ exit: 4, stdout: '', stderr: expect.stringContaining('Reminix does not accept this client token (it says: ') });
  });

  it.each([
    ['', 'No client token came in on standard input.'],
    [KEY, 'What came in does not look like a client token of Reminix. Nothing was sent.'],
    [`${TOKEN} ${TOKEN}`, 'What came in is not one client token'],
    ['short', 'What came in is not one client token'],
  ])('sends nothing for %j', async (stdin, detail) => {
    const world = await makeWorld({ realm: realm(), stdin });
    const result = await world.run(...show, '--provider', 'reminix');
    expect([result.exit, result.stdout, world.sent]).toEqual([2, '', []]);
    expect(result.stderr).toContain(detail);
  });

  it('sends a token to no stray address', async () => {
    const world = await makeWorld({ stdin: TOKEN, env: { API_URL: 'https://other.test' } });
    expect(await world.run(...show, '--provider', 'reminix')).toMatchObject({
      exit: 5,
      stdout: '',
      stderr: expect.stringContaining('The client token would go to https://other.test'),
    });
    expect(world.sent).toEqual([]);
  });

  it('says nothing to a terminal that it obeys', async () => {
    const publicMetadata = { 'a\u001b[31m': 'x\u001b]0;t\u0007\ny\u202e', b: { c: '\u009b31m' } };
    for (const terminal of [true, false]) {
      const world = await makeWorld({
        stdin: TOKEN,
        terminal,
        answers: [TOKEN],
        elsewhere: () => reply(200, { projectId: 'proj_\u001b[1m1', publicMetadata }),
      });
      for (const more of [[], ['--json']]) {
        const { exit, stdout } = await world.run(...show, '--provider', 'reminix', ...more);
        // oxlint-disable-next-line no-control-regex -- they are what is looked for
        expect([exit, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/.test(stdout)]).toEqual([0, false]);
        if (terminal) world.keyboard.type(TOKEN);
      }
    }
  });
});

describe('auth revoke-client-token', () => {
  it('revokes one or several, at once for everybody, and takes what is gone for done', async () => {
    const world = await withKey();
    const [one, two, three] = [await made(world), await made(world), await made(world)];
    expect(await world.run(...revoke, one.id)).toEqual({ exit: 0, stdout: `revoked ${one.id}\n`, stderr: '' });
    expect((await ask(realm().origin, '/client/token', { bearer: one.token })).status).toBe(401);
    expect(await world.run(...revoke, two.id, one.id, three.id, two.id)).toEqual({
      exit: 0,
      stdout: `revoked ${two.id}\nalready gone ${one.id}\nrevoked ${three.id}\n`,
      stderr: '',
    });
    expect(JSON.parse((await world.run(...revoke, one.id, '--json')).stdout)).toEqual([{ id: one.id, kind: 'already-gone' }]);
  });

  it('goes on when some fail, names them, and ends with 9', async () => {
    const world = await withKey();
    const [one, two] = [await made(world), await made(world)];
    realm().faults.next('client-tokens.revoke', { kind: 'status', status: 500 });
    const result = await world.run(...revoke, one.id, two.id);
    expect([result.exit, result.stdout.match(/^revoked /gm)?.length, result.stdout.match(/^failed /gm)?.length]).toEqual([9, 1, 1]);
    expect(result.stderr).toMatch(
      /1 of 2 client tokens could not be revoked and may still work: ct_.*\nhint: Run it again for these: keywright auth revoke-client-token ct_/,
    );
  });

  it.each(['../x', 'a/b', '', 'a b'])('refuses the id %j before anything is sent', async (id) => {
    const world = await withKey();
    expect(await world.run(...revoke, id)).toMatchObject({ exit: 2, stderr: expect.stringContaining('This cannot be the id of a client token.') });
    expect(world.sent).toEqual([]);
  });

  it('asks first where a folder chose the project', async () => {
    const id = await project();
    const pat = textAt(await atDashboard(realm(), { make: 'personal-access-token' }), 'token');
    const world = await makeWorld({ realm: realm(), env: { REMINIX_API_KEY: pat } });
    const token = await made(world, '--project', id);
    await writeFile(join(world.cwd, '.keywright.json'), JSON.stringify({ provider: 'reminix', project: id }), { mode: 0o600 });
    expect(await world.run(...revoke, token.id)).toMatchObject({
      exit: 2,
      stdout: '',
      stderr: expect.stringContaining('nobody can be asked whether to revoke client tokens there'),
    });
    expect(world.sent).toEqual([]);
  });
});

describe('keys of a provider that makes them in its dashboard', () => {
  it.each([
    [['auth', 'create-key', 'ci'], 'create'],
    [['auth', 'create-key'], 'create'],
    [['auth', 'list-keys'], 'list'],
    [['auth', 'revoke-key', 'key_1'], 'revoke'],
    [['auth', 'revoke-key', 'key_1', 'key_2'], 'revoke'],
  ])('%j says where they are made', async (words, what) => {
    const world = await withKey();
    expect(await world.run(...words)).toEqual({
      exit: 2,
      stdout: '',
      stderr: `error[usage]: The command was not understood\n  Reminix has no API to ${what} keys.\nhint: Keys are managed at https://reminix.com (project settings, API Keys)\n`,
    });
    expect(world.sent).toEqual([]);
  });
});
