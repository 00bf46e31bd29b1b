import { describe, expect, it } from 'vitest';
import { ask } from '../integration/backend/running.ts';
import { letTimePass } from '../support/device-time.ts';
import { approveDevice, signInAs } from '../support/person.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { makeWorld, type Result, type World, type WorldWishes } from '../support/world.ts';

const realm = sharedBackend();
const device = sharedBackend({ device: true });

interface Begun {
  readonly url: string;
  readonly code: string | null;
  readonly expires_at: string;
  readonly next: string;
  readonly warning: string | null;
}

interface Step {
  readonly world: World;
  readonly begun: Begun;
  /** The words of the second step, without the program's name. */
  readonly next: readonly string[];
}

/** The first step. The second one reads what `pipe` gives, which may come later. */
async function begin(words: readonly string[] = [], wishes: WorldWishes = {}): Promise<Step & { pipe(text: string): void }> {
  let pipe = (_text: string): void => undefined;
  const stdin = new Promise<string>((resolve) => (pipe = resolve));
  const world = await makeWorld({ realm: realm(), browserLikely: false, stdin, ...wishes });
  const result = await world.run('login', 'memax', '--begin', '--json', ...words);
  expect([result.exit, result.stderr]).toEqual([0, '']);
  const begun: Begun = JSON.parse(result.stdout);
  return { world, begun, next: begun.next.split(' ').slice(1), pipe: (text) => pipe(text) };
}

const noteNames = async (world: World): Promise<readonly string[]> => (await world.notes.keychain.list()).map((title) => title.name);

async function expectNothingLeft(world: World): Promise<void> {
  expect([...world.stores.keychain.entries, ...world.stores.file.entries]).toEqual([]);
  expect(await world.accounts.list()).toEqual([]);
  expect(await noteNames(world)).toEqual([]);
}

const GONE = {
  exit: 3,
  stdout: '',
  stderr:
    'error[not-found]: There is no such thing\n  No sign-in with this id is waiting here: it is finished, it took too long, or it was begun with another store.\nhint: Begin again: keywright login memax --begin --json\n',
};

describe('login --begin and --complete, with the address that the browser ended at', () => {
  it('gives an address and the command that completes it, and keeps the rest in the store only', async () => {
    const { world, begun } = await begin();
    const asked = new URL(begun.url).searchParams;
    expect(begun).toEqual({ url: begun.url, code: null, expires_at: begun.expires_at, next: begun.next, warning: null });
    expect(begun.next).toMatch(/^keywright login memax --complete [A-Za-z0-9]{16,20}$/);
    const life = Date.parse(begun.expires_at) - world.clock.now();
    expect([life > 14 * 60_000, life <= 15 * 60_000]).toEqual([true, true]);
    expect([asked.get('code_challenge_method'), asked.get('redirect_uri')?.replace(/[0-9]+\/callback$/, 'PORT')]).toEqual(['S256', 'http://127.0.0.1:PORT']);
    await expect(fetch(asked.get('redirect_uri') ?? '')).rejects.toThrow('fetch failed');
    expect(world.browser.opened).toEqual([]);
    const [name = ''] = await noteNames(world);
    expect(begun.next.endsWith(name.replace('sign-in:', ' --complete '))).toBe(true);
    const { way }: { way: { codeVerifier: string } } = JSON.parse((await world.notes.keychain.read(name))?.reveal() ?? '');
    expect([way.codeVerifier.length, JSON.stringify(begun).includes(way.codeVerifier)]).toEqual([43, false]);
    expect(await world.accounts.list()).toEqual([]);
  });

  it('is completed by the address on standard input, once', async () => {
    const { world, begun, next, pipe } = await begin();
    pipe(`${await signInAs(begun.url, { decision: 'allow', email: world.email })}\n`);
    expect(await world.run(...next)).toEqual({
      exit: 0,
      stdout: `Signed in to memax as ${world.email} at ${realm().origin}. The credential is in the system keychain.\n`,
      stderr: '',
    });
    expect(await noteNames(world)).toEqual([]);
    expect(await world.stored()).toMatchObject({ kind: 'oauth', issuer: realm().origin });
    expect(await world.run(...next)).toEqual(GONE);
    expect((await world.run('whoami', '--json')).stdout).toContain(world.email);
  });

  it('is completed by a hidden question in a terminal, which is asked again for what does not fit', async () => {
    const { world, begun, next } = await begin([], { terminal: true });
    const back = new URL(await signInAs(begun.url, { decision: 'allow', email: world.email }));
    const foreign = new URL(back);
    foreign.searchParams.set('state', 'of-another-sign-in');
    for (const line of ['nothing', foreign.href, back.href]) world.keyboard.type(line);
    const result = await world.run(...next);
    expect(result.exit).toBe(0);
    expect(world.keyboard.asked.map(({ kind }) => kind)).toEqual(['hidden', 'hidden', 'hidden']);
    expect(result.stderr).toContain('warning: The pasted address belongs to another sign-in.');
  });

  it('keeps the account and the scopes of the first step, and prints the account as JSON', async () => {
    const { world, begun, next, pipe } = await begin(['--account', 'work', '--scope', 'memax:read']);
    pipe(await signInAs(begun.url, { decision: 'allow', email: world.email }));
    const result = await world.run(...next, '--json');
    expect(JSON.parse(result.stdout)).toMatchObject({ provider: 'memax', account: 'work', scopes: ['memax:read'], identity: { label: world.email } });
    expect(await world.stored('work')).toMatchObject({ scopes: ['memax:read'] });
  });

  it('can be tried again after an address that does not fit, which is never sent', async () => {
    const { world, begun, next } = await begin([], { stdin: 'https://evil.example/callback?code=abcdefgh&state=x' });
    const result = await world.run(...next);
    expect([result.exit, realm().stats.count('token')]).toEqual([2, 0]);
    expect(result.stderr).toContain('The pasted address is not the one that this sign-in ends at.');
    expect(await noteNames(world)).toHaveLength(1);
    expect(begun.code).toBeNull();
  });

  it('does not take the redirect of another sign-in for its own', async () => {
    const first = await begin();
    const second = await begin();
    const other = new URL(await signInAs(second.begun.url, { decision: 'allow', email: second.world.email }));
    const own = new URL(new URL(first.begun.url).searchParams.get('redirect_uri') ?? '');
    own.search = other.search;
    first.pipe(own.href);
    const result = await first.world.run(...first.next);
    expect([result.exit, result.stderr.includes('belongs to another sign-in'), realm().stats.count('token')]).toEqual([2, true, 0]);
    expect(await noteNames(first.world)).toHaveLength(1);
  });

  it('names the way to pipe where nothing comes in', async () => {
    const { world, begun, next, pipe } = await begin();
    pipe('');
    const result = await world.run(...next);
    expect([result.exit, result.stderr.includes(`hint: Pipe it in: ${begun.next} < url.txt\n`)]).toEqual([2, true]);
    expect(await noteNames(world)).toHaveLength(1);
  });

  it('ends when the person declined, and leaves nothing', async () => {
    const { world, begun, next, pipe } = await begin();
    pipe(await signInAs(begun.url, { decision: 'deny', email: world.email }));
    expect((await world.run(...next)).exit).toBe(5);
    await expectNothingLeft(world);
  });

  it.each([
    ['another server names itself', (back: URL) => back.searchParams.set('iss', 'https://evil.example')],
    ['no server does though this one promised to', (back: URL) => back.searchParams.delete('iss')],
  ])('ends when %s in the redirect (RFC 9207), and leaves nothing', async (_title, change) => {
    const { world, begun, next, pipe } = await begin();
    const back = new URL(await signInAs(begun.url, { decision: 'allow', email: world.email }));
    change(back);
    pipe(back.href);
    expect([(await world.run(...next)).exit, realm().stats.count('token')]).toEqual([8, 0]);
    await expectNothingLeft(world);
  });

  it('ends when the code is refused, and can be tried again when the server has trouble', async () => {
    const { world, begun, next, pipe } = await begin();
    pipe(await signInAs(begun.url, { decision: 'allow', email: world.email }));
    realm().faults.next('token.code', { kind: 'status', status: 503 });
    expect((await world.run(...next)).exit).toBe(7);
    expect(await noteNames(world)).toHaveLength(1);
    realm().faults.next('token.code', { kind: 'status', status: 400, body: { error: 'invalid_grant' } });
    expect((await world.run(...next)).exit).toBe(5);
    await expectNothingLeft(world);
  });

  it('is over after a quarter of an hour', async () => {
    const { world, begun, next, pipe } = await begin();
    pipe(await signInAs(begun.url, { decision: 'allow', email: world.email }));
    world.clock.advance(15 * 60_000);
    expect(await world.run(...next)).toEqual(GONE);
    await expectNothingLeft(world);
  });

  it('is completed by one of two processes that try at once', async () => {
    const { world, begun, next, pipe } = await begin();
    pipe(await signInAs(begun.url, { decision: 'allow', email: world.email }));
    const both = await Promise.all([world.run(...next), world.run(...next)]);
    expect(both.map((result) => result.exit).sort()).toEqual([0, 3]);
    expect(realm().stats.count('token.code')).toBe(1);
    expect((await world.run('whoami')).exit).toBe(0);
  });

  it.each([
    [['login', 'memax', '--complete', 'unknown0'], GONE.stderr],
    [['login', 'memax', '--complete', '../../etc'], GONE.stderr],
    [['login', '--complete', 'unknown0'], GONE.stderr.replace('login memax --begin', 'login --begin')],
  ])('knows no other id: %j', async (words, stderr) => {
    const world = await makeWorld({ realm: realm() });
    expect(await world.run(...words)).toEqual({ ...GONE, stderr });
    expect(world.sent).toEqual([]);
  });

  it('refuses another account or provider than it was begun for', async () => {
    const { world, next } = await begin();
    const account = await world.run(...next, '--account', 'other');
    expect([account.exit, account.stderr.includes('This sign-in was begun for the account "default".')]).toEqual([2, true]);
    expect((await world.run('login', 'nobody', ...next.slice(2))).exit).toBe(2);
    expect(await noteNames(world)).toHaveLength(1);
  });

  it('goes to the server that it was begun at, whatever the environment says later', async () => {
    const { world, begun, next, pipe } = await begin();
    pipe(await signInAs(begun.url, { decision: 'allow', email: world.email }));
    world.setEnv('MEMAX_API_URL', device().origin);
    expect((await world.run(...next)).exit).toBe(0);
    expect((await world.accounts.list()).map((record) => record.origin)).toEqual([realm().origin]);
    expect(device().stats.all()).toEqual({});
  });

  it('lies in the store that was named, and says so in the next command', async () => {
    const { world, begun, next, pipe } = await begin(['--store', 'file']);
    expect(begun.next).toMatch(/ --complete [A-Za-z0-9]+ --store file$/);
    expect([await noteNames(world), (await world.notes.file.list()).length]).toEqual([[], 1]);
    pipe(await signInAs(begun.url, { decision: 'allow', email: world.email }));
    expect((await world.run(...next)).stdout).toContain('The credential is in the encrypted file.');
    expect(world.stores.file.entries.size).toBe(1);
  });

  it('says in words what to do, without --json', async () => {
    const world = await makeWorld({ realm: realm() });
    const { stdout } = await world.run('login', 'memax', '--begin');
    expect(stdout).toMatch(
      /^Open this address:\n\n {2}http:\S+\n\nand before 20\S+Z run:\n\n {2}keywright login memax --complete [A-Za-z0-9]+ < url\.txt {4}\(with the address that the browser ended at\)\n$/,
    );
  });
});

describe('login --begin and --complete, with a code', () => {
  const beginCode = (words: readonly string[] = []): Promise<Step> => begin(words, { realm: device() });
  const approve = ({ world, begun }: Step): Promise<string> => approveDevice(begun.url, { decision: 'allow', email: world.email });

  async function complete({ world, next }: Step, ...words: readonly string[]): Promise<Result> {
    const running = world.start(...next, ...words);
    await letTimePass(world, device(), running.ended);
    return running.ended;
  }

  it('tells a program, too, that the address leads to another host, also with --quiet', async () => {
    device().faults.next('device.authorize', {
      kind: 'wrong-type',
      body: { device_code: 'the-device-code', user_code: 'ABCD-EFGH', verification_uri: 'https://codes.example/device', expires_in: 600 },
    });
    const { begun } = await begin(['--quiet'], { realm: device() });
    expect(begun.warning).toBe(`The address leads to codes.example, not to ${new URL(device().origin).host}. Open it only if you know it to belong to Memax.`);
    expect([begun.url, begun.code]).toEqual(['https://codes.example/device', 'ABCD-EFGH']);
  });

  it('gives the code and an address with it where the server offers that, and is completed once it is confirmed', async () => {
    const step = await beginCode();
    const { world, begun } = step;
    expect(begun.code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    expect(begun.url).toBe(`${device().origin}/oauth/device?user_code=${begun.code}`);
    const life = Date.parse(begun.expires_at) - world.clock.now();
    expect([life > 590_000, life <= 600_000]).toEqual([true, true]);
    await approve(step);
    expect((await complete(step)).stdout).toBe(`Signed in to memax as ${world.email} at ${device().origin}. The credential is in the system keychain.\n`);
    expect(await noteNames(world)).toEqual([]);
    expect((await world.run('whoami')).exit).toBe(0);
  });

  it('waits for the person', async () => {
    const step = await beginCode();
    const done = complete(step);
    await letTimePass(step.world, device(), () => device().stats.count('token.device') > 1);
    await approve(step);
    expect((await done).exit).toBe(0);
  });

  it('goes on where it was interrupted', async () => {
    const step = await beginCode();
    const running = step.world.start(...step.next);
    await running.says(/Waiting for the code to be confirmed/);
    running.interrupt();
    expect((await running.ended).exit).toBe(130);
    await approve(step);
    expect((await complete(step)).exit).toBe(0);
  });

  it('asks once with --no-wait, and not before the server wants to be asked', async () => {
    const step = await beginCode();
    const { world, begun, next } = step;
    const early = await world.run(...next, '--no-wait', '--json');
    expect(JSON.parse(early.stdout)).toEqual({
      error: {
        code: 'timed-out',
        message: 'It took too long',
        detail: 'Nobody has confirmed the code yet.',
        hint: `Ask again in 5 s: ${begun.next} --no-wait`,
        retry: true,
        retry_after: 5,
      },
    });
    expect([early.exit, device().stats.count('token.device')]).toEqual([7, 0]);
    const pass = (ms: number): void => {
      device().advanceClock(ms);
      world.clock.advance(ms);
    };
    pass(5_000);
    expect([(await world.run(...next, '--no-wait')).exit, (await world.run(...next, '--no-wait')).exit, device().stats.count('token.device')]).toEqual([
      7, 7, 1,
    ]);
    device().faults.next('token.device', { kind: 'status', status: 400, body: { error: 'slow_down' } });
    pass(5_000);
    expect((await world.run(...next, '--no-wait')).stderr).toContain('hint: Ask again in 10 s:');
    pass(5_000);
    expect([(await world.run(...next, '--no-wait')).exit, device().stats.count('token.device')]).toEqual([7, 2]);
    await approve(step);
    pass(5_000);
    expect((await world.run(...next, '--no-wait')).exit).toBe(0);
    expect(await noteNames(world)).toEqual([]);
  });

  it('passes trouble on with --no-wait, and keeps what it has', async () => {
    const { world, next } = await beginCode();
    world.clock.advance(5_000);
    device().faults.next('token.device', { kind: 'status', status: 503 });
    expect((await world.run(...next, '--no-wait')).stderr).toMatch(/^error\[unreachable\]/);
    expect(await noteNames(world)).toHaveLength(1);
  });

  it('ends when the person declines, and leaves nothing', async () => {
    const step = await beginCode();
    await approveDevice(step.begun.url, { decision: 'deny', email: step.world.email });
    expect((await complete(step)).exit).toBe(5);
    await expectNothingLeft(step.world);
  });

  it('is over when the code is, by our clock or the word of the server', async () => {
    const step = await beginCode();
    step.world.clock.advance(601_000);
    expect(await step.world.run(...step.next)).toEqual(GONE);
    const other = await beginCode();
    device().faults.next('token.device', { kind: 'status', status: 400, body: { error: 'expired_token' } });
    expect((await complete(other)).exit).toBe(3);
    await expectNothingLeft(other.world);
  });

  it('is not taken where the address is asked for', async () => {
    const { begun } = await begin(['--no-browser'], { realm: device() });
    expect([begun.code, new URL(begun.url).pathname]).toEqual([null, '/oauth/authorize']);
  });

  it('is refused where the server has none', async () => {
    const world = await makeWorld({ realm: realm() });
    const result = await world.run('login', 'memax', '--begin', '--device', '--json');
    expect([result.exit, JSON.parse(result.stdout)]).toMatchObject([2, { error: { code: 'usage' } }]);
    expect((await ask(realm().origin, '/oauth/device')).status).toBe(404);
  });
});

describe('what cannot be told together', () => {
  it.each([
    [['--begin', '--browser'], '--begin and --browser exclude each other.'],
    [['--begin', '--with-token'], '--begin and --with-token exclude each other.'],
    [['--begin', '--complete', 'x'], '--begin and --complete exclude each other.'],
    [['--device', '--complete', 'x'], '--device and --complete exclude each other.'],
    [['--dpop', '--complete', 'x'], '--dpop and --complete exclude each other.'],
    [['--no-wait'], '--no-wait belongs to --complete.'],
  ])('%j', async (words, detail) => {
    const world = await makeWorld({ realm: realm() });
    const result = await world.run('login', 'memax', ...words);
    expect([result.exit, result.stderr.includes(detail), world.sent]).toEqual([2, true, []]);
  });
});
