import { describe, expect, it } from 'vitest';
import { letTimePass } from '../support/device-time.ts';
import { approveDevice } from '../support/person.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { makeWorld, type Result, type World, type WorldWishes } from '../support/world.ts';

const realm = sharedBackend({ device: true });
const without = sharedBackend();

const CODE = /\n {2}([A-Z]{4}-[A-Z]{4})\n/;

async function expectNothingLeft(world: World): Promise<void> {
  expect([...world.stores.keychain.entries, ...world.stores.file.entries]).toEqual([]);
  expect(await world.accounts.list()).toEqual([]);
}

interface Played {
  readonly world: World;
  readonly result: Result;
}

/** Runs `login` with these words; once the code is shown, the person does what `person` says, and time passes until the command ends. */
async function play(words: readonly string[], person: (userCode: string, world: World) => Promise<unknown>, wishes: WorldWishes = {}): Promise<Played> {
  const world = await makeWorld({ realm: realm(), browserLikely: false, ...wishes });
  const running = world.start('login', 'memax', ...words);
  await person(await running.says(CODE), world);
  await letTimePass(world, realm(), running.ended);
  return { world, result: await running.ended };
}

const approve = (userCode: string, world: World): Promise<string> =>
  approveDevice(`${realm().origin}/oauth/device`, { decision: 'allow', email: world.email, userCode });

describe('login --device', () => {
  it('shows a code and where to type it, waits, and stores the session', async () => {
    const { world, result } = await play(['--device'], approve);
    expect([result.exit, result.stdout]).toEqual([0, `Signed in to memax as ${world.email} at ${realm().origin}. The credential is in the system keychain.\n`]);
    const code = CODE.exec(result.stderr)?.[1] ?? '';
    expect(result.stderr).toBe(
      [
        'To sign in to Memax, open this address on any device:\n',
        `  ${realm().origin}/oauth/device\n`,
        'and enter this code:\n',
        `  ${code}\n`,
        'Or open this one, and compare the code there:\n',
        `  ${realm().origin}/oauth/device?user_code=${code}\n`,
        'Waiting for you to confirm it, until the code ends in 10 min (Ctrl-C to stop).\n',
      ].join('\n'),
    );
    expect(world.browser.opened).toEqual([]);
    expect(await world.stored()).toMatchObject({ kind: 'oauth', issuer: realm().origin, scopes: ['memax:read', 'memax:write'] });
    expect((await world.run('whoami')).exit).toBe(0);
    expect((await world.run('logout')).exit).toBe(0);
  });

  it('registers a client that can do nothing else, and asks for the scopes that are named', async () => {
    const { world } = await play(['--device', '--scope', 'memax:read'], approve);
    const sent = (path: string): string => world.sent.find((request) => request.url.endsWith(path))?.body ?? '';
    expect(JSON.parse(sent('/oauth/register'))).toEqual({
      client_name: 'keywright',
      redirect_uris: [],
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
      response_types: [],
      scope: 'memax:read',
    });
    expect(new URLSearchParams(sent('/oauth/device_authorization')).get('scope')).toBe('memax:read');
    expect(await world.stored()).toMatchObject({ scopes: ['memax:read'] });
  });

  it('goes on asking while the person takes their time, and never so often that it is told off', async () => {
    const { result } = await play(['--device'], async (userCode, world) => {
      await letTimePass(world, realm(), () => realm().stats.count('token.device') >= 3);
      await approve(userCode, world);
    });
    expect(result.exit).toBe(0);
    expect(realm().stats.count('token.device')).toBeGreaterThanOrEqual(4);
  });

  it('slows down when it is told to', async () => {
    realm().faults.next('token.device', { kind: 'status', status: 400, body: { error: 'slow_down' } }, { times: 2 });
    const { result } = await play(['--device'], approve);
    expect([result.exit, result.stderr.includes('warning')]).toEqual([0, false]);
  });

  it.each([
    ['the connection breaks', { kind: 'drop-before' }],
    ['the server has trouble', { kind: 'status', status: 503 }],
    ['the server asks for a pause', { kind: 'rate-limit', retryAfter: 1 }],
  ] as const)('tries again when %s, and says so once', async (_title, fault) => {
    realm().faults.next('token.device', fault, { times: 2 });
    const { result } = await play(['--device'], approve);
    expect(result.exit).toBe(0);
    expect(result.stderr.match(/^warning: .* Still trying\.$/gm)).toHaveLength(1);
  });

  it('opens the page with the code in it where a browser is likely', async () => {
    let page = '';
    const world = await makeWorld({ realm: realm(), person: async (address) => (page = await approveDevice(address, { decision: 'allow' })) });
    const running = world.start('login', 'memax', '--device');
    const code = await running.says(CODE);
    await letTimePass(world, realm(), running.ended);
    expect((await running.ended).exit).toBe(0);
    expect(world.browser.opened).toEqual([`${realm().origin}/oauth/device?user_code=${code}`]);
    expect(page).toContain('The device is signed in');
  });

  it('says so when the person declines, and leaves nothing', async () => {
    const { world, result } = await play(['--device'], (userCode) => approveDevice(`${realm().origin}/oauth/device`, { decision: 'deny', userCode }));
    expect(result.exit).toBe(5);
    expect(result.stderr).toContain('error[consent-denied]: The sign-in was declined\n');
    await expectNothingLeft(world);
  });

  it('ends when nobody confirms the code in time', async () => {
    const { world, result } = await play(['--device', '--json'], async () => undefined);
    expect(result.exit).toBe(7);
    expect(JSON.parse(result.stdout)).toMatchObject({
      error: { code: 'timed-out', detail: 'Nobody confirmed the code before it ended. Nothing was stored.', retry: true },
    });
    await expectNothingLeft(world);
  });

  it('ends when the server says that the code has ended', async () => {
    realm().faults.next('token.device', { kind: 'status', status: 400, body: { error: 'expired_token' } });
    const { world, result } = await play(['--device'], async () => undefined);
    expect(result.stderr).toContain('error[timed-out]: It took too long\n  Nobody confirmed the code before it ended.');
    await expectNothingLeft(world);
  });

  it('ends at Ctrl-C', async () => {
    const world = await makeWorld({ realm: realm(), browserLikely: false });
    const running = world.start('login', 'memax', '--device');
    await running.says(/Waiting for you to confirm it/);
    running.interrupt();
    expect((await running.ended).exit).toBe(130);
    await expectNothingLeft(world);
  });

  it('keeps no session that comes in after Ctrl-C, and has it revoked', async () => {
    realm().faults.next('token.device', { kind: 'slow', ms: 500 });
    const world = await makeWorld({ realm: realm(), browserLikely: false });
    const running = world.start('login', 'memax', '--device');
    await approve(await running.says(CODE), world);
    await letTimePass(world, realm(), () => realm().stats.count('token.device') === 1);
    running.interrupt();
    expect((await running.ended).exit).toBe(130);
    await expectNothingLeft(world);
    expect(realm().stats.count('revoke')).toBe(2);
  });

  it.each([
    [{ error: 'invalid_grant' }, 5],
    [{ error: 'invalid_client' }, 5],
    ['<html>', 8],
  ])('ends with what cannot get better: %j', async (body, exit) => {
    realm().faults.next('token.device', typeof body === 'string' ? { kind: 'html' } : { kind: 'status', status: 400, body });
    const { world, result } = await play(['--device'], async () => undefined);
    expect(result.exit).toBe(exit);
    await expectNothingLeft(world);
  });

  it('says that the server has no such sign-in, before anything is registered', async () => {
    const world = await makeWorld({ realm: without() });
    expect(await world.run('login', 'memax', '--device')).toEqual({
      exit: 2,
      stdout: '',
      stderr:
        'error[usage]: The command was not understood\n  Memax does not offer to sign in with a code on another device.\nhint: Print the address instead: keywright login memax --no-browser\n',
    });
    expect(without().stats.count('register')).toBe(0);
  });

  it.each([
    ['--no-browser', '--device and --no-browser exclude each other.'],
    ['--with-token', '--device and --with-token exclude each other.'],
  ])('is not understood together with %s', async (flag, detail) => {
    const world = await makeWorld({ realm: realm() });
    const result = await world.run('login', 'memax', '--device', flag);
    expect([result.exit, result.stderr.includes(detail), world.sent]).toEqual([2, true, []]);
  });
});

describe('the address for the code', () => {
  const answer = (change: Readonly<Record<string, unknown>>): void =>
    realm().faults.next('device.authorize', {
      kind: 'wrong-type',
      body: { device_code: 'the-device-code', user_code: 'ABCD-EFGH', verification_uri: `${realm().origin}/oauth/device`, expires_in: 600, ...change },
    });

  it.each([
    ['javascript:alert(1)', 'is neither https nor on this machine'],
    ['http://api.example.test/device', 'is neither https nor on this machine'],
    ['https://somebody@api.example.test/', 'carries a user name'],
    ['https://api.example.test/\u202e', 'is not an address'],
  ])('is never opened or shown where it is %j', async (address, why) => {
    for (const field of ['verification_uri', 'verification_uri_complete']) {
      answer({ [field]: address });
      const world = await makeWorld({ realm: realm() });
      const result = await world.run('login', 'memax', '--device');
      expect([result.exit, world.browser.opened]).toEqual([8, []]);
      expect(result.stderr).toContain(`The address for the code ${why}, so it was not opened.`);
    }
  });

  it.each(['verification_uri', 'verification_uri_complete'])('is shown with a warning and not opened where it (%s) leads to another host', async (field) => {
    answer({ [field]: 'https://codes.example/device' });
    const world = await makeWorld({ realm: realm() });
    const running = world.start('login', 'memax', '--device');
    await running.says(/Waiting for you to confirm it/);
    running.interrupt();
    const { stderr } = await running.ended;
    expect(stderr).toContain('  https://codes.example/device\n');
    expect(stderr).toContain(
      `warning: The address leads to codes.example, not to ${new URL(realm().origin).host}. Open it only if you know it to belong to Memax.\n`,
    );
    expect(world.browser.opened).toEqual([]);
  });

  it('comes with a code in which no escape sequence is left', async () => {
    answer({ user_code: '\u001b[31mAB\u0007CD\u202e' });
    const world = await makeWorld({ realm: realm(), browserLikely: false });
    const running = world.start('login', 'memax', '--device');
    await running.says(/Waiting for you to confirm it/);
    running.interrupt();
    expect((await running.ended).stderr).toMatch(/\n {2}AB ?CD\n/);
  });

  it('is refused with a code of which nothing can be shown', async () => {
    answer({ user_code: '\u0007' });
    const world = await makeWorld({ realm: realm() });
    expect((await world.run('login', 'memax', '--device')).exit).toBe(8);
  });
});

describe('where no browser can be expected', () => {
  it('a code is taken where the server offers it, and it is said why', async () => {
    const { result } = await play([], approve, { terminal: true });
    expect(result.exit).toBe(0);
    expect(result.stderr).toMatch(/^No browser is expected to open here, because this is a test; so you sign in with a code on any device\.\n/);
  });

  it('the address is shown where it does not, and it is said why', async () => {
    const world = await makeWorld({ realm: without(), terminal: true, browserLikely: false });
    const running = world.start('login', 'memax');
    await running.says(/No browser is expected to open here, because this is a test; so the address is only shown\./);
    await running.says(/(http:\S+authorize\S+)/);
    running.interrupt();
    expect((await running.ended).exit).toBe(130);
  });

  it('and nobody can be asked, two commands are named, before anything is sent', async () => {
    const world = await makeWorld({ realm: realm(), browserLikely: false });
    const result = await world.run('login', 'memax');
    expect([result.exit, world.sent]).toEqual([2, []]);
    expect(result.stderr).toMatch(
      /^error\[needs-answer\].*\n.*because this is a test.*\nhint: Sign in with two commands: keywright login memax --begin --json /,
    );
  });

  it('what the person names is what happens', async () => {
    const world = await makeWorld({ realm: realm(), browserLikely: false });
    expect((await world.run('login', 'memax', '--browser')).exit).toBe(0);
    expect(world.browser.opened[0]).toContain('/oauth/authorize?');
  });
});
