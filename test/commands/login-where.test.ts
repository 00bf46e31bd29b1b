import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/model/failure.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey } from '../support/signed-in.ts';
import { letTimePass } from '../support/device-time.ts';
import { approveDevice, signInAs } from '../support/person.ts';
import { makeWorld } from '../support/world.ts';

const realm = sharedBackend({ device: true });
const other = sharedBackend();

describe('the store of a sign-in', () => {
  it('stays the one that the account is in, and others of the provider go there too', async () => {
    const world = await makeWorld({ realm: realm(), env: { KEYWRIGHT_STORE: 'file' } });
    await world.run('login', 'memax');
    world.setEnv('KEYWRIGHT_STORE', undefined);
    expect((await world.run('login', 'memax')).stdout).toContain('The credential is in the encrypted file.');
    expect((await world.run('login', 'memax', '--account', 'work')).stdout).toContain('The credential is in the encrypted file.');
    expect([...world.stores.keychain.entries]).toEqual([]);
    expect(world.stores.file.entries.size).toBe(2);
  });

  it('of the same account comes before that of another one, and a named one before both', async () => {
    const world = await makeWorld({ realm: realm() });
    await world.run('login', 'memax', '--account', 'aaa', '--store', 'file');
    await world.run('login', 'memax', '--account', 'work', '--store', 'keychain');
    await world.run('login', 'memax', '--account', 'work');
    expect((await world.accounts.list()).map(({ account, store }) => [account, store])).toEqual([
      ['aaa', 'file'],
      ['work', 'keychain'],
    ]);
    world.setEnv('KEYWRIGHT_STORE', 'file');
    await world.run('login', 'memax', '--account', 'work');
    await world.run('login', 'memax', '--account', 'aaa', '--store', 'keychain');
    expect((await world.accounts.list()).map(({ account, store }) => [account, store])).toEqual([
      ['aaa', 'keychain'],
      ['work', 'file'],
    ]);
  });

  /** A machine whose keychain cannot be used at all. */
  const withoutKeychain = (answers: readonly string[]) =>
    makeWorld({
      realm: realm(),
      terminal: true,
      answers,
      store: (memory) =>
        memory.name === 'file'
          ? memory
          : { ...memory, probe: async () => Promise.reject(new Failure('keychain-unavailable', { detail: 'There is no session bus.' })) },
    });

  it('is the encrypted file where the keychain cannot be used and the person says so, after they were told why', async () => {
    const world = await withoutKeychain(['yes']);
    const result = await world.run('login', 'memax');
    expect([result.exit, result.stderr.split('\n')[0]]).toEqual([0, 'warning: The system keychain cannot be used here. There is no session bus.']);
    expect([world.stores.file.entries.size, world.stores.keychain.entries.size]).toEqual([1, 0]);
  });

  it('is none where they say no, and nothing is opened or sent', async () => {
    const world = await withoutKeychain(['no']);
    expect((await world.run('login', 'memax')).exit).toBe(6);
    expect([world.browser.opened, world.sent, world.stores.file.entries.size]).toEqual([[], [], 0]);
  });

  it('is not asked about where the keychain was named', async () => {
    const world = await withoutKeychain([]);
    const result = await world.run('login', 'memax', '--store', 'keychain');
    expect([result.exit, result.stderr.split('\n')[0]]).toEqual([6, 'error[keychain-unavailable]: The credential store cannot be used']);
  });
});

describe('login --with-token at an address that only API_URL names', () => {
  const STRAY = 'https://api.stray.example';

  it('is refused before the key is read', async () => {
    const world = await makeWorld({ env: { API_URL: STRAY }, stdin: `mxk_${'0'.repeat(64)}` });
    const result = await world.run('login', 'memax', '--with-token');
    expect([result.exit, result.stderr]).toEqual([
      5,
      `error[refused]: This was refused\n  The key would go to ${STRAY}, which only API_URL names. Nothing was sent.\nhint: Set MEMAX_API_URL to say that this key belongs there, or unset API_URL.\n`,
    ]);
    expect(world.sent).toEqual([]);
  });

  it.each(['MEMAX_API_URL', 'KEYWRIGHT_API_URL'])('goes there where %s names it', async (name) => {
    const world = await makeWorld({ env: { API_URL: 'https://else.example', [name]: STRAY }, stdin: `mxk_${'0'.repeat(64)}` });
    await world.run('login', 'memax', '--with-token');
    expect(world.sent.map(({ url }) => new URL(url).origin)).toContain(STRAY);
  });

  it('goes to this machine, and the last line names where', async () => {
    const { key } = await newKey(other());
    const world = await makeWorld({ env: { API_URL: other().origin }, stdin: key });
    const result = await world.run('login', 'memax', '--with-token');
    expect([result.exit, result.stdout]).toEqual([0, expect.stringMatching(`^Signed in to memax as .* at ${other().origin}\\. `)]);
  });
});

describe('--quiet still says what a person must act on', () => {
  it('with --no-browser: the address, and nothing else', async () => {
    const world = await makeWorld({ realm: realm() });
    const running = world.start('login', 'memax', '--no-browser', '--quiet');
    const address = await running.says(/^ {2}(http\S+)$/m);
    await signInAs(address, { decision: 'allow', email: world.email, deliver: true });
    const result = await running.ended;
    expect([result.exit, result.stderr]).toEqual([0, `To sign in to Memax, open this address:\n\n  ${address}\n\n`]);
  });

  it('with --device: the address and the code, and nothing else', async () => {
    const world = await makeWorld({ realm: realm(), browserLikely: false });
    const running = world.start('login', 'memax', '--device', '--quiet');
    const userCode = await running.says(/\n {2}([A-Z]{4}-[A-Z]{4})\n/);
    await approveDevice(`${realm().origin}/oauth/device`, { decision: 'allow', email: world.email, userCode });
    await letTimePass(world, realm(), running.ended);
    const result = await running.ended;
    expect(result.exit).toBe(0);
    expect(result.stderr).toContain(`  ${realm().origin}/oauth/device\n`);
    expect(result.stderr).not.toContain('Waiting for you');
  });

  it('where no browser could be opened: the address', async () => {
    const world = await makeWorld({ realm: realm(), browserBroken: 'no such program' });
    const running = world.start('login', 'memax', '--quiet', '--browser');
    const address = await running.says(/^ {2}(http\S+)$/m);
    await signInAs(address, { decision: 'allow', email: world.email, deliver: true });
    expect((await running.ended).exit).toBe(0);
  });
});
