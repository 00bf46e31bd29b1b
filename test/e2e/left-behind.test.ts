import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { filesWith, keywright, leadingTo, leftBehind, type Variables } from '../support/cli.ts';
import { KEYRING_PROGRAMS, type PrivateKeyring, startKeyring } from '../support/keyring.ts';
import { describeWith } from '../support/requires.ts';

const DAY_MS = 24 * 3_600_000;

/** What the keychain itself says of an entry's service. */
async function search(env: Variables, service: string): Promise<string> {
  const { stdout, stderr } = await execa('secret-tool', ['search', '--all', 'service', service], { env, extendEnv: false, reject: false });
  return `${stdout}\n${stderr}`;
}

async function statusWith(origin: string, token: string): Promise<number> {
  const response = await fetch(`${origin}/v1/memories`, { headers: { authorization: `Bearer ${token}` } });
  await response.body?.cancel();
  return response.status;
}

/** Lets the next try of everything that waits be due. */
async function makeDue(env: Variables): Promise<number> {
  const folder = path.join(env['XDG_STATE_HOME'] ?? '', 'keywright/revocations');
  const names = await readdir(folder);
  for (const name of names) {
    const file = path.join(folder, name);
    const record: unknown = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...(record as object), next_try_at: new Date(Date.now() - DAY_MS).toISOString() }));
  }
  return names.length;
}

describeWith([...KEYRING_PROGRAMS, 'secret-tool'], 'what is left behind', () => {
  let backend: LocalBackend;
  let realm: LocalRealm;
  let standIn: StandIn;
  const keyrings: PrivateKeyring[] = [];

  async function signedIn(): Promise<{ readonly keyring: PrivateKeyring; readonly env: Variables; readonly token: string }> {
    const keyring = await startKeyring();
    keyrings.push(keyring);
    const env = { ...keyring.env, ...leadingTo(realm), BROWSER: standIn.allow };
    expect(await keywright(env, ['login', 'memax'])).toMatchObject({ code: 0 });
    return { keyring, env, token: (await keywright(env, ['auth', 'token'])).stdout.trim() };
  }

  beforeAll(async () => {
    backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
    realm = backend.realm('memax');
    standIn = await makeStandIn();
  });

  afterAll(async () => {
    await Promise.all(keyrings.map((keyring) => keyring.stop()));
    await backend.stop();
    await standIn.remove();
    expect(
      await leftBehind(
        keyrings.map((keyring) => keyring.dir),
        [backend],
      ),
    ).toEqual([]);
  });

  it('waits in the keychain alone after a sign-out in trouble, and is revoked by a later command', async () => {
    const { keyring, env, token } = await signedIn();
    realm.faults.next('revoke', { kind: 'status', status: 503 }, { times: 2 });
    expect(await keywright(env, ['logout'])).toMatchObject({ code: 9, stderr: expect.stringContaining('It is tried again by the next login') });
    expect(await statusWith(realm.origin, token)).toBe(200);
    expect((await search(env, 'keywright-pending')).match(/label = /g)).toHaveLength(2);
    expect(await search(env, 'keywright')).not.toContain('label = ');
    expect(await filesWith(keyring.dir, [token])).toEqual([]);
    expect(await makeDue(env)).toBe(2);

    // Two seconds are all that a command gives to this, which may be too few for both tokens on a busy machine.
    let said = '';
    for (let commands = 0; commands < 20 && (await makeDue(env)) > 0; commands += 1) {
      const { code, stderr } = await keywright(env, ['auth', 'status']);
      expect(code).toBe(4);
      said += stderr;
    }
    expect(said.match(/^Revoked at last: the (access|refresh) token of memax/gm)).toHaveLength(2);
    expect(await statusWith(realm.origin, token)).toBe(401);
    expect(await search(env, 'keywright-pending')).not.toContain('label = ');
    expect(await makeDue(env)).toBe(0);
  });

  it('does not trouble a command while the keychain is locked', async () => {
    const { keyring, env, token } = await signedIn();
    realm.faults.next('revoke', { kind: 'status', status: 503 }, { times: 2 });
    await keywright(env, ['logout']);
    await makeDue(env);
    await keyring.lock();
    expect(await keywright(env, ['auth', 'status'])).toMatchObject({ code: 4, stderr: expect.not.stringContaining('locked') });
    expect(await makeDue(env)).toBe(2);
    expect(await statusWith(realm.origin, token)).toBe(200);
    const { stdout } = await keywright(env, ['doctor', '--json', '--offline']);
    expect(stdout).toContain('"code":"session-bus","level":"warning","what":"The keychain behind the session bus is locked."');
    expect(stdout).toContain('"code":"revocation-queue","level":"warning"');
  });

  it('moves from the keychain to the encrypted file and back', async () => {
    const { env, token } = await signedIn();
    expect(await keywright(env, ['doctor', '--offline'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok\tstore-usable\t/m) });
    expect(await keywright(env, ['store', 'migrate', '--to', 'file'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^moved memax at /) });
    expect(await search(env, 'keywright')).not.toContain('label = ');
    expect(JSON.parse((await keywright(env, ['store', 'status', '--json'])).stdout)).toMatchObject({
      stores: [
        { store: 'keychain', state: 'usable' },
        { store: 'file', state: 'usable', mode: '600', key_source: expect.stringMatching(/store\.key$/) as string },
      ],
      entries: [{ store: 'file', pinned: true, entry: 'present' }],
    });
    expect((await keywright(env, ['auth', 'token'])).stdout.trim()).toBe(token);
    expect(await keywright(env, ['store', 'migrate', '--to', 'keychain'])).toMatchObject({ code: 0 });
    expect(await search(env, 'keywright')).toContain('label = ');
    expect((await keywright(env, ['auth', 'token'])).stdout.trim()).toBe(token);
    expect(await keywright(env, ['logout'])).toMatchObject({ code: 0 });
  });
});
