import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { filesBelow, filesWith, keywright, leadingTo, leftBehind, type Variables } from '../support/cli.ts';
import { KEYRING_PROGRAMS, type PrivateKeyring, startKeyring } from '../support/keyring.ts';
import { describeWith } from '../support/requires.ts';
import { lookAtSessions, spend, type StoredSessions } from '../support/stored-session.ts';

async function search(env: Variables): Promise<string> {
  const { stdout, stderr } = await execa('secret-tool', ['search', '--all', 'service', 'keywright'], { env, extendEnv: false, reject: false });
  return `${stdout}\n${stderr}`;
}

async function statusWith(origin: string, token: string): Promise<number> {
  const response = await fetch(`${origin}/v1/memories`, { headers: { authorization: `Bearer ${token}` } });
  await response.body?.cancel();
  return response.status;
}

describeWith([...KEYRING_PROGRAMS, 'secret-tool'], 'with a keychain', () => {
  let backend: LocalBackend;
  let realm: LocalRealm;
  let standIn: StandIn;
  let sessions: StoredSessions;
  const keyrings: PrivateKeyring[] = [];

  async function person(): Promise<{ readonly keyring: PrivateKeyring; readonly env: Variables }> {
    const keyring = await startKeyring();
    keyrings.push(keyring);
    return { keyring, env: { ...keyring.env, ...leadingTo(realm), BROWSER: standIn.allow } };
  }

  beforeAll(async () => {
    backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
    realm = backend.realm('memax');
    standIn = await makeStandIn();
    sessions = await lookAtSessions();
  });

  afterAll(async () => {
    await Promise.all(keyrings.map((keyring) => keyring.stop()));
    await backend.stop();
    await standIn.remove();
    await sessions.remove();
    expect(
      await leftBehind(
        keyrings.map((keyring) => keyring.dir),
        [backend],
      ),
    ).toEqual([]);
  });

  it('takes one from a sign-in to a refused key and out again, with every secret in the keychain alone', async () => {
    const { keyring, env } = await person();

    const login = await keywright(env, ['login', 'memax']);
    expect(login).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Signed in to memax as .+@.+\. The credential is in the system keychain\.\n$/) });

    const session = await sessions.show(env, 'keychain', realm);
    if (session === undefined) throw new Error(login.stderr);
    const secrets = [session.access, session.refresh];
    expect(await filesWith(keyring.dir, secrets)).toEqual([]);
    expect(`${login.stdout}${login.stderr}`).not.toMatch(new RegExp(secrets.join('|')));
    const held = await search(env);
    expect(held).toContain(`attribute.account = ${realm.origin}|default`);
    for (const secret of secrets) expect(held).toContain(secret);

    const who = await keywright(env, ['whoami', '--json']);
    expect(JSON.parse(who.stdout)).toMatchObject({ provider: 'memax', origin: realm.origin, source: { kind: 'stored', name: 'default' } });
    expect(await keywright(env, ['auth', 'token'])).toEqual({ code: 0, stdout: `${session.access}\n`, stderr: '' });

    const made = await keywright(env, ['auth', 'create-key', 'ci-deploy', '--scope', 'read', '--expires', '90d']);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^mxk_[0-9a-f]{64}\n$/) });
    const key = made.stdout.trim();
    expect(made.stderr).not.toContain(key);
    expect(await statusWith(realm.origin, key)).toBe(200);

    const listed = await keywright(env, ['auth', 'list-keys']);
    const [row = ''] = listed.stdout.split('\n');
    expect(row.split('\t').slice(1, 4)).toEqual(['ci-deploy', key.slice(0, 8), 'read']);
    const [id = ''] = row.split('\t');
    expect(await keywright(env, ['auth', 'revoke-key', id])).toEqual({ code: 0, stdout: `revoked ${id}\n`, stderr: '' });
    expect(await statusWith(realm.origin, key)).toBe(401);
    expect(await keywright({ ...env, MEMAX_API_KEY: key }, ['whoami'])).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('error[session-ended]'),
    });

    expect(await keywright(env, ['logout', 'memax'])).toMatchObject({ code: 0 });
    const afterwards = await search(env);
    for (const secret of [realm.origin, ...secrets]) expect(afterwards).not.toContain(secret);
    expect(await spend(session)).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await keywright(env, ['whoami'])).toMatchObject({ code: 4, stderr: expect.stringContaining('error[signed-out]') });
    // What is left is the keyring's own.
    expect(filesBelow(keyring.dir).filter((file) => file.includes('keywright'))).toEqual([]);
  });

  it('calls a locked keychain locked, not signed out', async () => {
    const { keyring, env } = await person();
    expect(await keywright(env, ['login', 'memax'])).toMatchObject({ code: 0 });
    await keyring.lock();

    for (const words of [['whoami'], ['auth', 'token'], ['auth', 'list-keys'], ['logout', 'memax']]) {
      const ended = await keywright(env, words);
      expect({ words, ...ended }).toMatchObject({ words, code: 6, stdout: '', stderr: expect.stringContaining('error[keychain-locked]') });
    }
    const asJson = await keywright(env, ['whoami', '--json']);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ error: { code: 'keychain-locked', retry: true } });
  });

  it('calls it locked also where no index of accounts is left', async () => {
    const { keyring, env } = await person();
    expect(await keywright(env, ['login', 'memax'])).toMatchObject({ code: 0 });
    await keyring.lock();
    const elsewhere = { ...env, XDG_STATE_HOME: `${keyring.dir}/another-state` };
    expect(await keywright(elsewhere, ['whoami', 'memax'])).toMatchObject({ code: 6, stderr: expect.stringContaining('error[keychain-locked]') });
  });

  it('does not open a browser before the keychain is known to take a session', async () => {
    const { keyring, env } = await person();
    await keyring.lock();
    const told = `${keyring.dir}/told`;
    const ended = await keywright({ ...env, BROWSER: standIn.tell(told) }, ['login', 'memax']);
    expect(ended).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining('error[keychain-locked]') });
    expect(filesBelow(keyring.dir)).not.toContain('told');
  });
});
