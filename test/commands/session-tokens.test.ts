import { describe, expect, it } from 'vitest';
import { ask, textAt } from '../integration/backend/running.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { jwtOf } from '../support/tokens.ts';
import { makeWorld, type World } from '../support/world.ts';

const realm = sharedBackend({}, 'agntix');

/** A session token of the local realm, as its dashboard gives it. */
async function sessionToken(form: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const token = textAt((await ask(realm().origin, '/dashboard', { method: 'POST', body: { make: 'session-token', ...form } })).json, 'token');
  realm().stats.reset();
  return token;
}

const claimsOf = (token: string): Readonly<Record<string, unknown>> => {
  const claims: Readonly<Record<string, unknown>> = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  return claims;
};

const secondsFrom = (world: World, seconds: number): number => Math.floor(world.clock.now() / 1000) + seconds;
const timeOf = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** Commands that would show the credential to the provider. */
const ASKING: ReadonlyArray<readonly string[]> = [['whoami'], ['auth', 'list-keys'], ['auth', 'create-key', 'n', '--scope', 'chat:read'], ['auth', 'token']];

describe('a session token', () => {
  it('says whose it is, of which organization and until when, once the provider has accepted it', async () => {
    const token = await sessionToken();
    const { sub, o, exp, iss } = claimsOf(token);
    const organization = textAt(o, 'id');
    const ends = timeOf(Number(exp));
    const world = await makeWorld({ realm: realm(), env: { AGNTIX_API_KEY: token } });
    expect(await world.run('whoami')).toEqual({
      exit: 0,
      stdout: `${String(sub)} at agntix, by AGNTIX_API_KEY; organization ${organization}; the token ends at ${ends}\n`,
      stderr: '',
    });
    expect(world.sent.map(({ headers }) => [headers?.['authorization'], headers?.['x-api-key']])).toEqual([[`Bearer ${token}`, undefined]]);
    expect(JSON.parse((await world.run('whoami', '--json')).stdout)).toEqual({
      provider: 'agntix',
      origin: realm().origin,
      identity: { id: sub, label: sub },
      kind: 'session-token',
      project: null,
      token: { subject: sub, email: null, organization, issuer: iss, expires_at: ends },
      source: { kind: 'variable', name: 'AGNTIX_API_KEY' },
    });
  });

  it('is kept by login --with-token, and used', async () => {
    const token = await sessionToken();
    const world = await makeWorld({ realm: realm(), stdin: token });
    expect((await world.run('login', 'agntix', '--with-token')).exit).toBe(0);
    expect((await world.accounts.list()).map(({ identity }) => identity?.id)).toEqual([claimsOf(token)['sub']]);
    expect(await world.run('auth', 'token')).toEqual({ exit: 0, stdout: `${token}\n`, stderr: '' });
    expect((await world.run('auth', 'list-keys')).exit).toBe(0);
  });

  it('is believed only where the provider accepts it', async () => {
    const world = await makeWorld({ realm: realm() });
    world.setEnv('AGNTIX_API_KEY', jwtOf({ sub: 'admin', exp: secondsFrom(world, 60) }));
    const { exit, stdout, stderr } = await world.run('whoami');
    expect([exit, stdout, world.sent.length]).toEqual([4, '', 1]);
    expect(stderr).toContain('Agntix does not accept the key in AGNTIX_API_KEY');
    expect(stderr).not.toContain('admin');
  });

  it('lets no escape sequence of its claims through', async () => {
    const world = await makeWorld({ elsewhere: () => ({ status: 200, headers: {}, body: '{"data":[]}' }) });
    world.setEnv('AGNTIX_API_KEY', jwtOf({ sub: 'u\u001b[31m1', email: 'ada\u009b2J@x', o: { id: 'org\u0007\r\n_1' } }));
    expect((await world.run('whoami')).stdout).toBe('ada 2J@x (u1) at agntix, by AGNTIX_API_KEY; organization org _1\n');
  });
});

describe('a session token that has expired', () => {
  it.each(ASKING.map((words) => [words]))('in a variable is shown to nobody: %j', async (words) => {
    const world = await makeWorld({ realm: realm() });
    const ended = secondsFrom(world, 0);
    world.setEnv('AGNTIX_API_KEY', jwtOf({ sub: 'u1', exp: ended }));
    expect(await world.run(...words)).toEqual({
      exit: 4,
      stdout: '',
      stderr: `error[session-ended]: The provider no longer accepts this credential\n  What AGNTIX_API_KEY holds is a token that expired at ${timeOf(ended)}; nothing was sent.\nhint: Set AGNTIX_API_KEY to a new one.\n`,
    });
    expect(world.sent).toEqual([]);
  });

  it.each(ASKING.map((words) => [words]))('in the store is shown to nobody: %j', async (words) => {
    const token = await sessionToken({ expires_in: 60 });
    const ended = timeOf(Number(claimsOf(token)['exp']));
    const world = await makeWorld({ realm: realm(), stdin: token });
    expect((await world.run('login', 'agntix', '--with-token')).exit).toBe(0);
    world.clock.advance(61_000);
    expect(await world.run(...words)).toEqual({
      exit: 4,
      stdout: '',
      stderr: `error[session-ended]: The provider no longer accepts this credential\n  What is stored for Agntix is a token that expired at ${ended}; nothing was sent.\nhint: Sign in with a new one: keywright login agntix --with-token\n`,
    });
    expect(world.sent).toEqual([]);
  });

  it('is not taken by login --with-token, and nothing is stored', async () => {
    const ended = Math.floor(Date.parse('2026-01-01T00:00:00Z') / 1000);
    const world = await makeWorld({ realm: realm(), stdin: jwtOf({ sub: 'u1', exp: ended }) });
    expect(await world.run('login', 'agntix', '--with-token')).toEqual({
      exit: 4,
      stdout: '',
      stderr: `error[session-ended]: The provider no longer accepts this credential\n  What came in is a token that expired at ${timeOf(ended)}; nothing was sent.\nhint: Get a new one from Agntix.\n`,
    });
    expect([world.sent, await world.accounts.list(), world.stores.keychain.entries.size]).toEqual([[], [], 0]);
  });

  it('is refused also where the provider has no such tokens of its own', async () => {
    const world = await makeWorld({ env: { MEMAX_API_KEY: jwtOf({ sub: 'u1', exp: 1 }) } });
    const { exit, stderr } = await world.run('whoami', 'memax');
    expect([exit, world.sent]).toEqual([4, []]);
    expect(stderr).toContain('What MEMAX_API_KEY holds is a token that expired at 1970-01-01T00:00:01.000Z; nothing was sent.');
  });
});

describe('a token of which the end cannot be told', () => {
  const OPEN = { status: 200, headers: {}, body: '{"data":[]}' } as const;

  it.each<[string, string, string]>([
    ['no end', jwtOf({ sub: 'u1' }), 'u1 at agntix, by AGNTIX_API_KEY\n'],
    ['an end in the year 275760', jwtOf({ sub: 'u1', exp: 8_640_000_000_000 }), 'u1 at agntix, by AGNTIX_API_KEY\n'],
    ['an end that is text', jwtOf({ sub: 'u1', exp: '1' }), 'u1 at agntix, by AGNTIX_API_KEY\n'],
    ['a payload that is no JSON', jwtOf('{"sub":"u1"'), 'agntix accepts AGNTIX_API_KEY, and does not say whose it is\n'],
    ['a payload that is a list', jwtOf([1]), 'agntix accepts AGNTIX_API_KEY, and does not say whose it is\n'],
    [
      'an end that is far but can be written',
      jwtOf({ sub: 'u1', exp: 253_402_300_799 }),
      'u1 at agntix, by AGNTIX_API_KEY; the token ends at 9999-12-31T23:59:59.000Z\n',
    ],
  ])('is for the provider to judge: %s', async (_title, token, stdout) => {
    const world = await makeWorld({ elsewhere: () => OPEN, env: { AGNTIX_API_KEY: token } });
    expect(await world.run('whoami')).toEqual({ exit: 0, stdout, stderr: '' });
    expect(world.sent.map(({ headers }) => headers?.['authorization'])).toEqual([`Bearer ${token}`]);
  });
});
