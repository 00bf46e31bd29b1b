import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/model/failure.ts';
import { ask, makeKey, quickToken, signIn } from '../integration/backend/running.ts';
import { signInAs } from '../support/person.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { makeWorld, type World } from '../support/world.ts';

const realm = sharedBackend();
const modest = sharedBackend({ revocation: false, advertiseIss: false });
const unregistered = sharedBackend({ registration: false });

const redirectOf = (address: string): URL => new URL(new URL(address).searchParams.get('redirect_uri') ?? '');
const stateOf = (address: string): string => new URL(address).searchParams.get('state') ?? '';

/** Whether anybody still listens where the browser was to be sent back to. */
async function isListening(address: string): Promise<boolean> {
  return fetch(redirectOf(address).origin).then(
    () => true,
    () => false,
  );
}

/** Nothing that a sign-in makes may be there: no entry, no record, no listener. */
async function expectNothingLeft(world: World, addresses = world.browser.opened): Promise<void> {
  expect([...world.stores.keychain.entries, ...world.stores.file.entries]).toEqual([]);
  expect(await world.accounts.list()).toEqual([]);
  expect(await Promise.all(addresses.map(isListening))).toEqual(addresses.map(() => false));
}

/** Whether the server still honours an access token. */
async function isHonoured(token: string): Promise<boolean> {
  return (await ask(realm().origin, '/v1/auth/me', { bearer: token })).status === 200;
}

describe('login through the browser', () => {
  it('signs in, stores the session, shows the closing page and says who one is', async () => {
    const world = await makeWorld({ realm: realm(), email: 'ada@keywright.test' });
    const result = await world.run('login', 'memax');
    expect(result.exit).toBe(0);
    expect(result.stdout).toBe(`Signed in to memax as ada@keywright.test at ${realm().origin}. The credential is in the system keychain.\n`);
    const page = await world.browser.lastPage();
    expect([page?.status, page?.text.includes('<h1>You are signed in</h1>')]).toEqual([200, true]);
    expect(await world.stored()).toMatchObject({
      kind: 'oauth',
      issuer: realm().origin,
      tokenEndpoint: `${realm().origin}/oauth/token`,
      revocationEndpoint: `${realm().origin}/oauth/revoke`,
      scopes: ['memax:read', 'memax:write'],
    });
    expect(await isListening(world.browser.opened[0] ?? '')).toBe(false);
  });

  it('prints the account as JSON, without the tokens, and keeps the same in the index', async () => {
    const world = await makeWorld({ realm: realm() });
    const result = await world.run('login', 'memax', '--json', '--quiet');
    const [record] = await world.accounts.list();
    const stored = await world.stored();
    const clientId = stored?.kind === 'oauth' ? stored.clientId : '';
    expect(clientId).not.toBe('');
    expect(JSON.parse(result.stdout)).toEqual({
      provider: 'memax',
      origin: realm().origin,
      account: 'default',
      kind: 'oauth',
      store: 'keychain',
      signed_in_at: record?.signedInAt,
      expires_at: record?.expiresAt,
      scopes: ['memax:read', 'memax:write'],
      identity: { id: record?.identity?.id, label: world.email },
    });
    expect(Date.parse(record?.expiresAt ?? '') - Date.parse(record?.signedInAt ?? '')).toBe(3_600_000);
    expect(result.stderr).toBe('');
  });

  it('registers a public native client with the exact redirect address of the listener, and asks with PKCE and state', async () => {
    const world = await makeWorld({ realm: realm() });
    await world.run('login', 'memax');
    const [address = ''] = world.browser.opened;
    const registration = world.sent.find((request) => request.url.endsWith('/oauth/register'));
    expect(JSON.parse(registration?.body ?? '')).toEqual({
      client_name: 'keywright',
      redirect_uris: [redirectOf(address).href],
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: 'memax:read memax:write',
    });
    expect(redirectOf(address).href).toMatch(/^http:\/\/127\.0\.0\.1:[0-9]+\/callback$/);
    const asked = new URL(address).searchParams;
    expect([asked.get('code_challenge_method'), asked.get('response_type'), asked.get('scope')]).toEqual(['S256', 'code', 'memax:read memax:write']);
    expect([asked.get('state')?.length, asked.get('code_challenge')?.length]).toEqual([43, 43]);
  });

  it('asks for the scopes that are named, and keeps what was given', async () => {
    const world = await makeWorld({ realm: realm() });
    expect((await world.run('login', 'memax', '--scope', 'memax:read')).exit).toBe(0);
    expect(new URL(world.browser.opened[0] ?? '').searchParams.get('scope')).toBe('memax:read');
    expect(await world.stored()).toMatchObject({ scopes: ['memax:read'] });
  });

  it('keeps a named account beside the default one', async () => {
    const world = await makeWorld({ realm: realm() });
    await world.run('login', 'memax');
    const result = await world.run('login', 'memax', '--account', 'work');
    expect(result.stdout).toBe(`Signed in to memax as ${world.email} (account work) at ${realm().origin}. The credential is in the system keychain.\n`);
    expect((await world.accounts.list()).map((record) => record.account)).toEqual(['default', 'work']);
    expect([...world.stores.keychain.entries.keys()].sort()).toEqual([`${realm().origin}|default`, `${realm().origin}|work`]);
  });

  it('says that it was declined, and leaves nothing', async () => {
    const world = await makeWorld({ realm: realm(), person: 'deny' });
    const result = await world.run('login', 'memax', '--quiet');
    expect(result).toEqual({
      exit: 5,
      stdout: '',
      stderr:
        'error[consent-denied]: The sign-in was declined\n  The request was declined on the page of the provider.\nhint: Run the same command again and choose Allow.\n',
    });
    expect((await world.browser.lastPage())?.text).toContain('<h1>The sign-in was declined</h1>');
    await expectNothingLeft(world);
  });

  it('turns away redirects that are not ours with 400, a favicon with 404, and waits on for the right one', async () => {
    const answers: number[] = [];
    const world = await makeWorld({
      realm: realm(),
      person: async (address) => {
        const { origin, host } = redirectOf(address);
        const state = stateOf(address);
        const status = async (path: string, more: Parameters<typeof ask>[2] = {}): Promise<void> => void answers.push((await ask(origin, path, more)).status);
        await status('/callback?code=stolen-code&state=another-state');
        await status('/callback?code=stolen-code');
        await status(`/callback?code=stolen-code&state=${state}&state=${state}`);
        await status(`/callback?code=stolen-code&state=${state}`, { headers: { host: 'evil.example' } });
        await status(`/callback?code=stolen-code&state=${state}`, { headers: { host: host.replace('127.0.0.1', 'localhost') } });
        await status(`/callback?code=stolen-code&state=${state}`, { method: 'POST' });
        await status('/favicon.ico');
        await signInAs(address, { decision: 'allow', deliver: true });
      },
    });
    const result = await world.run('login', 'memax');
    expect(answers).toEqual([400, 400, 400, 400, 400, 400, 404]);
    expect(result.exit).toBe(0);
    expect(result.stderr.match(/warning: A redirect came in that does not belong to this sign-in/g)).toHaveLength(4);
    expect(realm().stats.count('token.code')).toBe(1);
  });

  it('is signed in although the browser goes away before it sees the closing page', async () => {
    realm().faults.next('token.code', { kind: 'slow', ms: 200 });
    const world = await makeWorld({
      realm: realm(),
      person: async (address) => {
        const back = await signInAs(address, { decision: 'allow' });
        const leaving = new AbortController();
        const seen = fetch(back, { signal: leaving.signal }).catch(() => undefined);
        while (realm().stats.count('token.code') === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        leaving.abort();
        await seen;
      },
    });
    expect((await world.run('login', 'memax', '--quiet')).exit).toBe(0);
  });

  it('refuses a redirect that names another server (RFC 9207), and leaves nothing', async () => {
    let status = 0;
    const world = await makeWorld({
      realm: realm(),
      person: async (address) => {
        const back = new URL(await signInAs(address, { decision: 'allow' }));
        back.searchParams.set('iss', 'https://evil.example');
        status = (await fetch(back)).status;
      },
    });
    const result = await world.run('login', 'memax', '--quiet');
    expect(result.exit).toBe(8);
    expect(result.stderr).toMatch(/^error\[unexpected-answer\]/);
    await world.browser.lastPage();
    expect(status).toBe(502);
    expect(realm().stats.count('token.code')).toBe(0);
    await expectNothingLeft(world);
  });

  it('gives up when nobody finishes within five minutes', async () => {
    const world = await makeWorld({ realm: realm(), person: 'goes-away' });
    const running = world.start('login', 'memax');
    await running.says(/Waiting for Memax/);
    world.clock.advance(5 * 60_000 - 5_000);
    expect(running.stderr()).not.toContain('error[');
    world.clock.advance(5_000);
    const result = await running.ended;
    expect(result.exit).toBe(7);
    expect(result.stderr).toContain('error[timed-out]: It took too long\n  Nobody finished the sign-in within 5 minutes. Nothing was stored.\n');
    await expectNothingLeft(world);
  });

  it('ends at Ctrl-C: the listener is closed and nothing is left', async () => {
    const world = await makeWorld({ realm: realm(), person: 'goes-away' });
    const running = world.start('login', 'memax', '--json');
    await running.says(/Waiting for Memax/);
    running.interrupt();
    const result = await running.ended;
    expect(result.exit).toBe(130);
    expect(JSON.parse(result.stdout)).toEqual({
      error: { code: 'cancelled', message: 'Cancelled', detail: 'The command was interrupted.', hint: null, retry: false },
    });
    await expectNothingLeft(world);
  });

  it('tells the browser when the token endpoint is too slow', async () => {
    realm().faults.next('token.code', { kind: 'slow', ms: 3_000 });
    const world = await makeWorld({ realm: realm() });
    world.patience.set('/oauth/token', 300);
    const result = await world.run('login', 'memax', '--quiet');
    expect(result.exit).toBe(7);
    expect(result.stderr).toMatch(/^error\[timed-out\]/);
    const page = await world.browser.lastPage();
    expect([page?.status, page?.text.includes('<h1>The sign-in took too long</h1>')]).toEqual([504, true]);
    await expectNothingLeft(world);
  });

  it('names the trouble when the token endpoint fails, and tells the browser', async () => {
    realm().faults.next('token.code', { kind: 'status', status: 500 });
    const world = await makeWorld({ realm: realm() });
    const result = await world.run('login', 'memax', '--quiet');
    expect(result.stderr).toBe(
      'error[unreachable]: The provider cannot be reached\n  Could not complete the sign-in: the server answered 500.\nhint: The provider has trouble. Try again in a while.\n',
    );
    expect((await world.browser.lastPage())?.status).toBe(502);
    await expectNothingLeft(world);
  });

  it('says so when no browser opens, and still takes the redirect', async () => {
    const world = await makeWorld({ realm: realm(), browserBroken: 'no \u001b[31mprogram' });
    const running = world.start('login', 'memax');
    const address = await running.says(/(http:\S+authorize\S+)/);
    await running.says(/No browser could be opened \(no program\)\. Open this address by hand:/);
    await signInAs(address, { decision: 'allow', email: world.email, deliver: true });
    expect((await running.ended).exit).toBe(0);
  });

  it('says so when the provider does not tell who one is, and is signed in all the same', async () => {
    realm().faults.next('me', { kind: 'status', status: 500 });
    const world = await makeWorld({ realm: realm() });
    const result = await world.run('login', 'memax', '--quiet');
    expect(result).toEqual({
      exit: 0,
      stdout: `Signed in to memax as somebody the provider does not name at ${realm().origin}. The credential is in the system keychain.\n`,
      stderr: '',
    });
    expect((await world.run('whoami')).exit).toBe(0);
  });

  it('lets no escape sequence of a name through to the terminal', async () => {
    realm().faults.next('me', { kind: 'wrong-type', body: { data: { user: { id: 'u1', email: '\u001b]0;owned\u0007ada\u009b31m\n\u202e@x' } } } });
    const world = await makeWorld({ realm: realm() });
    const result = await world.run('login', 'memax', '--quiet');
    expect(result.stdout).toBe(`Signed in to memax as ada 31m @x at ${realm().origin}. The credential is in the system keychain.\n`);
  });
});

describe('the place for the credential', () => {
  it('is tried before a browser opens', async () => {
    const world = await makeWorld({
      realm: realm(),
      store: (memory) => ({ ...memory, probe: async () => Promise.reject(new Failure('keychain-locked', { detail: 'The keychain is locked.' })) }),
    });
    const result = await world.run('login', 'memax');
    expect(result).toEqual({ exit: 6, stdout: '', stderr: 'error[keychain-locked]: The credential store is locked\n  The keychain is locked.\n' });
    expect(world.browser.opened).toEqual([]);
    expect(world.sent).toEqual([]);
    await expectNothingLeft(world);
  });

  const failing = (memory: World['stores']['keychain']) => ({
    ...memory,
    write: async () => Promise.reject(new Failure('keychain-unavailable', { detail: 'The keychain went away.' })),
  });

  it('leaves nothing known and nothing usable when it fails at the write', async () => {
    const world = await makeWorld({ realm: realm(), store: failing });
    const result = await world.run('login', 'memax', '--quiet');
    expect(result).toEqual({ exit: 6, stdout: '', stderr: 'error[keychain-unavailable]: The credential store cannot be used\n  The keychain went away.\n' });
    expect((await world.browser.lastPage())?.status).toBe(502);
    await expectNothingLeft(world);
    expect(realm().stats.count('revoke')).toBe(2);
  });

  it('puts the record back when a second sign-in cannot be stored, and revokes only the fresh session', async () => {
    let failsNow = false;
    const world = await makeWorld({
      realm: realm(),
      store: (memory) => ({ ...memory, write: (address, credential) => (failsNow ? failing(memory).write() : memory.write(address, credential)) }),
    });
    await world.run('login', 'memax');
    const before = await world.accounts.list();
    const entries = [...world.stores.keychain.entries];
    failsNow = true;
    expect((await world.run('login', 'memax', '--scope', 'memax:read')).exit).toBe(6);
    expect(await world.accounts.list()).toEqual(before);
    expect([...world.stores.keychain.entries]).toEqual(entries);
    const revoked = world.sent.filter((request) => request.url.endsWith('/oauth/revoke')).map((request) => new URLSearchParams(request.body).get('token'));
    expect(revoked).toHaveLength(2);
    for (const token of revoked) expect(await isHonoured(token ?? '')).toBe(false);
    expect((await world.run('whoami')).exit).toBe(0);
  });

  it('revokes the fresh session when the account index cannot be written', async () => {
    const world = await makeWorld({
      realm: realm(),
      accounts: (real) => ({ ...real, write: async () => Promise.reject(new Failure('refused', { detail: 'The account record cannot be written.' })) }),
    });
    const result = await world.run('login', 'memax', '--quiet');
    expect(result.exit).toBe(5);
    expect(realm().stats.count('revoke')).toBe(2);
    await expectNothingLeft(world);
  });

  it('revokes the session that it replaces', async () => {
    const world = await makeWorld({ realm: realm() });
    await world.run('login', 'memax');
    const old = await world.stored();
    await world.run('login', 'memax');
    const token = old?.kind === 'oauth' ? old.accessToken.reveal() : '';
    expect(await isHonoured(token)).toBe(false);
    expect(realm().stats.count('revoke')).toBe(2);
    expect((await world.run('whoami')).exit).toBe(0);
  });

  it('is the file where that is named, by flag or by variable', async () => {
    const flagged = await makeWorld({ realm: realm() });
    const result = await flagged.run('login', 'memax', '--store', 'file');
    expect(result.stdout).toBe(`Signed in to memax as ${flagged.email} at ${realm().origin}. The credential is in the encrypted file.\n`);
    expect([flagged.stores.file.entries.size, flagged.stores.keychain.entries.size]).toEqual([1, 0]);
    expect((await flagged.run('whoami')).exit).toBe(0);
    const told = await makeWorld({ realm: realm(), env: { KEYWRIGHT_STORE: 'file' } });
    expect((await told.run('login', 'memax')).exit).toBe(0);
    expect([told.stores.file.entries.size, told.stores.keychain.entries.size]).toEqual([1, 0]);
  });

  it.each([
    [['--store', 'paper'], {}, '--store "paper" is not a store.'],
    [[], { KEYWRIGHT_STORE: 'paper' }, 'KEYWRIGHT_STORE "paper" is not a store.'],
  ])('is never another one than was named: %j %j', async (words, env, detail) => {
    const world = await makeWorld({ realm: realm(), env });
    expect(await world.run('login', 'memax', ...words)).toEqual({
      exit: 2,
      stdout: '',
      stderr: `error[usage]: The command was not understood\n  ${detail}\nhint: The stores are: keychain, file.\n`,
    });
    expect(world.browser.opened).toEqual([]);
  });
});

describe('login --no-browser', () => {
  interface Pasted {
    readonly world: World;
    readonly result: Awaited<ReturnType<World['run']>>;
  }

  /** Starts the sign-in, signs in with a browser elsewhere, and gives back what `paste` makes of the address that it ended at. */
  async function loginByPaste(which: typeof realm, terminal: boolean, paste: (back: URL) => readonly string[]): Promise<Pasted> {
    let pipe = (_text: string): void => undefined;
    const piped = new Promise<string>((resolve) => (pipe = resolve));
    const world = await makeWorld({ realm: which(), terminal, stdin: piped });
    const running = world.start('login', 'memax', '--no-browser');
    const address = await running.says(/(http:\S+authorize\S+)/);
    const lines = paste(new URL(await signInAs(address, { decision: 'allow', email: world.email })));
    if (terminal) lines.forEach((line) => world.keyboard.type(line));
    else pipe(`${lines.join('\n')}\n`);
    const result = await running.ended;
    expect(world.browser.opened).toEqual([]);
    return { world, result };
  }

  it.each([
    ['a terminal', true],
    ['a pipe', false],
  ])('takes the pasted redirect address from %s', async (_title, terminal) => {
    const { world, result } = await loginByPaste(realm, terminal, (back) => [`  ${back.href}  `]);
    expect([result.exit, result.stdout]).toEqual([0, `Signed in to memax as ${world.email} at ${realm().origin}. The credential is in the system keychain.\n`]);
  });

  it('asks again for what is not the address, and refuses a bare code where the server names itself', async () => {
    const { world, result } = await loginByPaste(realm, true, (back) => [
      back.searchParams.get('code') ?? '',
      'https://evil.example/callback?code=x&state=y',
      back.href.replace('/callback', '/elsewhere'),
      back.href,
    ]);
    expect(result.exit).toBe(0);
    const warnings = result.stderr.split('\n').filter((line) => line.startsWith('warning: '));
    expect(warnings.map((line) => line.replace(/http:\S+/, 'ADDRESS'))).toEqual([
      'warning: This provider names itself in the redirect, and a bare code does not carry that name. Paste the whole address that begins with ADDRESS',
      'warning: The pasted address is not the one that this sign-in ends at. Paste the address that begins with ADDRESS',
      'warning: The pasted address is not the one that this sign-in ends at. Paste the address that begins with ADDRESS',
    ]);
    expect(world.keyboard.asked).toEqual(Array.from({ length: 4 }, () => ({ kind: 'text', question: 'Paste the address that the browser ended at:' })));
  });

  it('takes a bare code where the server does not name itself, and not just any words', async () => {
    const { result } = await loginByPaste(modest, true, (back) => ['two words', back.searchParams.get('code') ?? '']);
    expect(result.exit).toBe(0);
    expect(result.stderr).toContain('warning: What was pasted is neither an address nor a code. Paste the address from the browser.\n');
  });

  it('refuses a piped bare code where the server names itself', async () => {
    const { world, result } = await loginByPaste(realm, false, (back) => [back.searchParams.get('code') ?? '']);
    expect(result.exit).toBe(2);
    expect(result.stderr).toContain('error[usage]: The command was not understood\n  This provider names itself in the redirect');
    await expectNothingLeft(world);
  });

  it('refuses a pasted address with another state', async () => {
    const { world, result } = await loginByPaste(realm, false, (back) => {
      back.searchParams.set('state', 'another');
      return [back.href];
    });
    expect(result.exit).toBe(8);
    expect(realm().stats.count('token.code')).toBe(0);
    await expectNothingLeft(world);
  });

  it('takes the redirect by the listener as well, while nothing is pasted', async () => {
    const world = await makeWorld({ realm: realm(), terminal: true });
    const running = world.start('login', 'memax', '--no-browser');
    const address = await running.says(/(http:\S+authorize\S+)/);
    const page = await signInAs(address, { decision: 'allow', email: world.email, deliver: true });
    expect([(await running.ended).exit, page.status]).toEqual([0, 200]);
  });

  it('ends at Ctrl-C while it asks', async () => {
    const world = await makeWorld({ realm: realm(), terminal: true });
    const running = world.start('login', 'memax', '--no-browser');
    const address = await running.says(/(http:\S+authorize\S+)/);
    running.interrupt();
    expect((await running.ended).exit).toBe(130);
    await expectNothingLeft(world, [address]);
  });

  it('is what happens by itself in a terminal without a browser', async () => {
    const world = await makeWorld({ realm: realm(), terminal: true, browserLikely: false });
    const running = world.start('login', 'memax');
    await running.says(/No browser is expected to open here, because this is a test; so the address is only shown\./);
    const address = await running.says(/(http:\S+authorize\S+)/);
    await signInAs(address, { decision: 'allow', email: world.email, deliver: true });
    expect((await running.ended).exit).toBe(0);
    expect(world.browser.opened).toEqual([]);
  });

  it('is not what happens where nobody can be asked: then it is an error, unless --browser insists', async () => {
    const world = await makeWorld({ realm: realm(), browserLikely: false });
    expect(await world.run('login', 'memax')).toEqual({
      exit: 2,
      stdout: '',
      stderr:
        'error[needs-answer]: An answer is needed and nobody can be asked\n  No browser is expected to open here, because this is a test, and there is nobody who can be asked.\nhint: Sign in with two commands: keywright login memax --begin --json   (or wait for somebody with --device or --no-browser, or give a key with --with-token)\n',
    });
    expect(world.sent).toEqual([]);
    expect((await world.run('login', 'memax', '--browser')).exit).toBe(0);
  });

  it('is not asked for with --no-input', async () => {
    const world = await makeWorld({ realm: realm(), terminal: true, browserLikely: false });
    expect((await world.run('login', 'memax', '--no-input')).exit).toBe(2);
    expect(world.keyboard.asked).toEqual([]);
  });
});

describe('login --with-token', () => {
  const newKey = async (): Promise<string> => (await makeKey(realm().origin, await quickToken(realm().origin))).key;

  it('stores a key from standard input, and whoever uses it is who it belongs to', async () => {
    const key = await newKey();
    const world = await makeWorld({ realm: realm(), stdin: `${key}\n` });
    const result = await world.run('login', 'memax', '--with-token');
    expect(result).toEqual({
      exit: 0,
      stdout: `Signed in to memax as demo@keywright.test at ${realm().origin}. The credential is in the system keychain.\n`,
      stderr: '',
    });
    const stored = await world.stored();
    expect([stored?.kind, stored?.kind === 'key' && stored.key.reveal() === key]).toEqual(['key', true]);
    expect(await world.accounts.list()).toMatchObject([{ kind: 'key', expiresAt: null, scopes: [] }]);
    expect((await world.run('whoami')).stdout).toContain('demo@keywright.test');
    expect(world.browser.opened).toEqual([]);
  });

  it('asks for it in a terminal without showing it', async () => {
    const world = await makeWorld({ realm: realm(), terminal: true, answers: [await newKey()] });
    expect((await world.run('login', 'memax', '--with-token')).exit).toBe(0);
    expect(world.keyboard.asked).toEqual([{ kind: 'hidden', question: 'Key or token for memax:' }]);
  });

  it('stores an access token as well', async () => {
    const { accessToken } = await signIn(realm().origin);
    const world = await makeWorld({ realm: realm(), stdin: accessToken });
    world.secrets.add('access-token', accessToken);
    expect((await world.run('login', 'memax', '--with-token', '--account', 'borrowed')).exit).toBe(0);
    expect((await world.run('whoami', '--json')).stdout).toContain('"source":{"kind":"stored","name":"borrowed"}');
  });

  it.each([
    ['minds', `minds_${'0a'.repeat(24)}`],
    ['agntix', `pk_live_${'0a'.repeat(16)}`],
  ])('shows a key of %s to nobody else', async (owner, key) => {
    const world = await makeWorld({ realm: realm(), stdin: `${key}\n` });
    const { exit, stdout, stderr } = await world.run('login', 'memax', '--with-token');
    expect([exit, stdout, world.sent, await world.accounts.list()]).toEqual([5, '', [], []]);
    expect(stderr).toMatch(/^error\[refused\]: .*\n {2}What came in looks like a key of \S+; it was not sent to Memax, and nothing was stored\.\n/);
    expect(stderr).toContain(`hint: Sign in there: keywright login ${owner} --with-token\n`);
  });

  it('stores a refused key nowhere, and says what the provider says', async () => {
    const world = await makeWorld({ realm: realm(), stdin: `mxk_${'0'.repeat(64)}\n` });
    expect(await world.run('login', 'memax', '--with-token')).toEqual({
      exit: 4,
      stdout: '',
      stderr:
        'error[session-ended]: The provider no longer accepts this credential\n  Memax does not accept this key (it says: unauthorized: A valid API key or access token is needed.). Nothing was stored.\nhint: Check that the whole key was given, and that it was not revoked.\n',
    });
    await expectNothingLeft(world);
  });

  it.each([
    ['nothing', '', 'needs-answer', 'No key came in on standard input.'],
    ['white space', '  \n', 'needs-answer', 'No key came in on standard input.'],
    ['two words', 'two words\n', 'usage', 'What came in is not one key'],
    ['two lines', 'line-one\nline-two\n', 'usage', 'What came in is not one key'],
    ['a short word', 'short', 'usage', 'What came in is not one key'],
    ['letters beyond ASCII', 'caf\u00e9-caf\u00e9-caf\u00e9', 'usage', 'What came in is not one key'],
    ['far too much', 'k'.repeat(9_000), 'usage', 'More than 8192 bytes came in on standard input.'],
  ])('refuses %s before anything is sent', async (_title, stdin, code, detail) => {
    const world = await makeWorld({ realm: realm(), stdin });
    const result = await world.run('login', 'memax', '--with-token');
    expect(result.exit).toBe(2);
    expect(result.stderr).toMatch(new RegExp(`^error\\[${code}\\]`));
    expect(result.stderr).toContain(detail);
    expect(world.sent).toEqual([]);
  });

  it('stores nothing when the provider cannot be asked', async () => {
    realm().faults.next('me', { kind: 'status', status: 500 }, { times: 3 });
    const world = await makeWorld({ realm: realm(), stdin: await newKey() });
    expect((await world.run('login', 'memax', '--with-token')).exit).toBe(7);
    await expectNothingLeft(world);
  });
});

describe('what the authorization server says', () => {
  const metadata = async (change: Readonly<Record<string, unknown>>): Promise<void> => {
    const body: unknown = await (await fetch(`${realm().origin}/.well-known/oauth-authorization-server`)).json();
    realm().faults.next('metadata', { kind: 'wrong-type', body: Object.assign({}, body, change) });
  };

  it.each([
    ['file:///etc/passwd', 'is neither https nor on this machine'],
    ['javascript:alert(1)', 'is neither https nor on this machine'],
    ['http://api.example.test/authorize', 'is neither https nor on this machine'],
    ['https://somebody@api.example.test/authorize', 'carries a user name'],
    ['https://api.example.test/auth\torize', 'is not an address'],
    ['https://api.example.test/\nauthorize', 'is not an address'],
    ['https://api.example.test/\u202eauthorize', 'is not an address'],
    ['https://api.example.test/"; open -a Calculator; "', 'is not an address'],
  ])('never opens or shows the address %j', async (endpoint, why) => {
    await metadata({ authorization_endpoint: endpoint });
    const world = await makeWorld({ realm: realm() });
    const result = await world.run('login', 'memax');
    expect(result).toEqual({
      exit: 8,
      stdout: '',
      stderr: `error[unexpected-answer]: The provider gave an answer that makes no sense\n  The sign-in address of the provider ${why}, so it was not opened.\nhint: Check the API address and the provider.\n`,
    });
    expect(world.browser.opened).toEqual([]);
    await expectNothingLeft(world);
  });

  it('opens an address with quotes only in its encoded form', async () => {
    await metadata({ authorization_endpoint: 'https://api.example.test/a"b<c>?d="e' });
    const world = await makeWorld({ realm: realm(), person: 'goes-away' });
    const running = world.start('login', 'memax');
    await running.says(/Waiting for Memax/);
    running.interrupt();
    await running.ended;
    expect(world.browser.opened[0]).toMatch(/^https:\/\/api\.example\.test\/a%22b%3Cc%3E\?d=%22e&/);
  });

  it.each([
    [{ issuer: 'https://evil.example' }, 'prepare the sign-in'],
    [{ code_challenge_methods_supported: ['plain'] }, 'does not offer PKCE with S256'],
    [{ registration_endpoint: undefined }, 'prepare the sign-in'],
  ])('is not followed when it is %j', async (change, words) => {
    await metadata(change);
    const world = await makeWorld({ realm: realm() });
    const result = await world.run('login', 'memax', '--quiet');
    expect(result.exit).toBe(8);
    expect(result.stderr).toContain(words);
    expect(world.browser.opened).toEqual([]);
  });

  it('may lack registration, which is said', async () => {
    const world = await makeWorld({ realm: unregistered() });
    const result = await world.run('login', 'memax', '--quiet');
    expect(result.exit).toBe(8);
    expect(world.browser.opened).toEqual([]);
  });

  it.each([
    ['metadata', { kind: 'html' }, 8],
    ['metadata', { kind: 'status', status: 404 }, 8],
    ['metadata', { kind: 'redirect', to: 'https://evil.example/' }, 8],
    ['register', { kind: 'status', status: 500 }, 7],
    ['register', { kind: 'rate-limit', retryAfter: 5 }, 7],
    ['register', { kind: 'status', status: 400, body: { error: 'invalid_client_metadata', error_description: 'No \u001b[31mthanks.' } }, 5],
    ['token.code', { kind: 'html' }, 8],
    ['token.code', { kind: 'wrong-type', body: { access_token: 7 } }, 8],
    ['token.code', { kind: 'half-json', how: 'broken' }, 8],
    ['token.code', { kind: 'status', status: 400, body: { error: 'invalid_grant' } }, 5],
  ] as const)('leaves nothing when %s answers %j', async (route, fault, exit) => {
    realm().faults.next(route, fault, { times: 3 });
    const world = await makeWorld({ realm: realm() });
    const result = await world.run('login', 'memax', '--quiet');
    expect(result.exit).toBe(exit);
    expect(result.stderr).not.toContain('\u001b');
    expect(world.sent.filter((request) => !request.url.startsWith(realm().origin))).toEqual([]);
    await expectNothingLeft(world);
  });

  it('ends when nothing answers at all', async () => {
    const world = await makeWorld({ env: { MEMAX_API_URL: 'http://127.0.0.1:9' } });
    const result = await world.run('login', 'memax', '--quiet');
    expect(result.exit).toBe(7);
    expect(result.stderr).toMatch(/^error\[unreachable\]/);
    await expectNothingLeft(world);
  });
});

describe('what login is told', () => {
  it.each([
    [['login', 'nobody'], 'No provider is called "nobody".'],
    [['login', '--provider', 'nobody'], 'No provider is called "nobody".'],
    [['login', 'memax', 'more'], 'Too many arguments'],
    [['login', '--brauser'], "Unknown option '--brauser'"],
    [['login', '--account', '../etc'], 'An account name has 1 to 64 letters'],
    [['login', '--store'], "Option '--store <store>' argument missing"],
  ])('refuses %j', async (words, detail) => {
    const world = await makeWorld({ realm: realm() });
    const result = await world.run(...words);
    expect(result.exit).toBe(2);
    expect(result.stderr).toMatch(/^error\[usage\]: The command was not understood\n/);
    expect(result.stderr).toContain(detail);
    expect(world.sent).toEqual([]);
  });

  it('warns that a variable will be used in its place', async () => {
    const key = `mxk_${'a'.repeat(64)}`;
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: key } });
    const result = await world.run('login', 'memax');
    expect(result.exit).toBe(0);
    expect(result.stderr.match(/warning: MEMAX_API_KEY is set; other commands will use it instead of this sign-in until it is unset\./g)).toHaveLength(1);
  });

  it('writes nothing but the account record and the lock', async () => {
    const world = await makeWorld({ realm: realm() });
    await world.run('login', 'memax', '--debug');
    expect((await readdir(world.dir)).sort()).toEqual(['locks', 'state']);
    expect(await readdir(join(world.dir, 'state/accounts'))).toHaveLength(1);
  });
});
