import { describe, expect, it } from 'vitest';
import { ask, textAt } from '../integration/backend/running.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey, signedIn } from '../support/signed-in.ts';
import { makeWorld, type World } from '../support/world.ts';

const realm = sharedBackend();

/** The id of the person's own hub, as the provider itself tells it. */
async function hubOf(world: World): Promise<string> {
  const stored = await world.stored();
  const bearer = stored?.kind === 'oauth' ? stored.accessToken.reveal() : '';
  return textAt((await ask(realm().origin, '/v1/auth/me', { bearer })).json, 'data', 'hubs', 0, 'hub', 'id');
}

describe('whoami', () => {
  it('says who one is and by which sign-in', async () => {
    const world = await signedIn({ realm: realm(), email: 'ada@keywright.test' });
    const identity = (await world.accounts.list())[0]?.identity;
    expect(await world.run('whoami')).toEqual({
      exit: 0,
      stdout: `ada@keywright.test (${identity?.id}) at memax, by the stored sign-in "default"\n`,
      stderr: '',
    });
    expect(await world.run('whoami', 'memax', '--json')).toEqual({
      exit: 0,
      stdout: `${JSON.stringify({
        provider: 'memax',
        origin: realm().origin,
        identity: { ...identity, hubs: [{ id: await hubOf(world), name: 'ada', role: 'owner' }] },
        kind: null,
        project: null,
        token: null,
        source: { kind: 'stored', name: 'default' },
      })}\n`,
      stderr: '',
    });
  });

  it('says who a key in a variable belongs to, and names the variable', async () => {
    const world = await makeWorld({ realm: realm(), env: { MEMAX_API_KEY: (await newKey(realm(), {}, 'grace@keywright.test')).key } });
    const result = await world.run('whoami', '--provider', 'memax');
    expect(result.stdout).toMatch(/^grace@keywright\.test \([0-9a-f-]{36}\) at memax, by MEMAX_API_KEY\n$/);
    expect(JSON.parse((await world.run('whoami', '--json')).stdout)).toMatchObject({ source: { kind: 'variable', name: 'MEMAX_API_KEY' } });
  });

  it('prints indented JSON in a terminal', async () => {
    const world = await signedIn({ realm: realm(), terminal: true });
    expect((await world.run('whoami', '--json')).stdout).toMatch(/^\{\n {2}"provider": "memax",\n/);
  });

  it('lets no escape sequence of a name through to the terminal, in text or in JSON', async () => {
    const world = await signedIn({ realm: realm() });
    const hostile = { kind: 'wrong-type', body: { data: { user: { id: 'u1', email: '\u001b]0;owned\u0007ada\u009b31m\u202e' } } } } as const;
    realm().faults.next('me', hostile, { times: 2 });
    expect((await world.run('whoami')).stdout).toBe('ada 31m (u1) at memax, by the stored sign-in "default"\n');
    const { stdout } = await world.run('whoami', '--json');
    expect(stdout).toMatch(/^[\x20-\x7e]*\n$/);
    expect(JSON.parse(stdout)).toMatchObject({ identity: { label: '\u001b]0;owned\u0007ada\u009b31m\u202e' } });
  });

  it.each([
    [{ email: null, display_name: 'Ada', name: 'ada' }, 'Ada (u1)'],
    [{ email: '', display_name: '', name: 'ada' }, 'ada (u1)'],
    [{}, 'u1'],
  ])('names a user %j as %s', async (fields, label) => {
    const world = await signedIn({ realm: realm() });
    realm().faults.next('me', { kind: 'wrong-type', body: { data: { user: { id: 'u1', ...fields } } } });
    expect((await world.run('whoami')).stdout).toBe(`${label} at memax, by the stored sign-in "default"\n`);
  });

  it('says that nobody is signed in, and how to', async () => {
    const world = await makeWorld({ realm: realm() });
    const there = {
      words: ['memax'],
      detail: `There is no sign-in for Memax at ${realm().origin}.`,
      hint: `Run: MEMAX_API_URL=${realm().origin} keywright login memax   (or set MEMAX_API_KEY)`,
    };
    const anywhere = { words: [], detail: 'Nobody is signed in to any provider, and no variable holds a key of one.', hint: 'Run: keywright login' };
    for (const { words, detail, hint } of [there, anywhere]) {
      expect(await world.run('whoami', ...words)).toEqual({
        exit: 4,
        stdout: '',
        stderr: `error[signed-out]: You are not signed in\n  ${detail}\nhint: ${hint}\n`,
      });
      const { exit, stdout, stderr } = await world.run('whoami', ...words, '--json');
      expect([exit, JSON.parse(stdout), stderr]).toEqual([
        4,
        { error: { code: 'signed-out', message: 'You are not signed in', detail, hint, retry: false } },
        '',
      ]);
      expect(world.sent).toEqual([]);
    }
  });

  it('asks which provider is meant where keys of several are there', async () => {
    const world = await makeWorld({ env: { MEMAX_API_KEY: `mxk_${'1'.repeat(64)}`, MINDS_API_KEY: `minds_${'1'.repeat(48)}` } });
    expect(await world.run('whoami')).toEqual({
      exit: 2,
      stdout: '',
      stderr:
        'error[needs-answer]: An answer is needed and nobody can be asked\n  It is not clear which provider is meant.\nhint: Name it: --provider memax|minds|reminix|agntix   (or choose a default: keywright use <provider>)\n',
    });
    expect(world.sent).toEqual([]);
  });

  it('does not take a keychain that says "nothing there" for a sign-out', async () => {
    const world = await signedIn({ realm: realm() });
    world.stores.keychain.entries.clear();
    const result = await world.run('whoami');
    expect(result.exit).toBe(6);
    expect(result.stderr).toContain('error[keychain-locked]: The credential store is locked\n');
    expect(await world.accounts.list()).toHaveLength(1);
    expect(world.sent).toEqual([]);
  });

  it.each([
    ['not JSON', 'it is not JSON'],
    ['{"v":1,"kind":"oauth","refresh_token":null,"issuer":7}', 'the field issuer is not text'],
  ])('says what is wrong with a damaged entry (%s) without showing it', async (text, why) => {
    const world = await signedIn({ realm: realm() });
    world.stores.keychain.entries.set(`${realm().origin}|default`, text);
    expect(await world.run('whoami')).toMatchObject({ exit: 8, stderr: expect.stringContaining(`The stored credential is damaged: ${why}.`) as string });
    expect(world.sent).toEqual([]);
  });
});
