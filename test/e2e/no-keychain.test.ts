import { existsSync } from 'node:fs';
import { chmod, cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { filesBelow, filesWith, type Home, keywright, leadingTo, leftBehind, makeHome, PROGRAM, ROOT, type Variables } from '../support/cli.ts';
import { describeWith } from '../support/requires.ts';
import { lookAtSessions, type StoredSessions } from '../support/stored-session.ts';

/** Where the bus of a desktop lies. Where it exists, a missing variable leads to that one, which is not ours to use. */
const USUAL_BUS = `/run/user/${process.getuid?.() ?? 0}/bus`;

/** The ways in which there is no keychain. */
const WITHOUT: ReadonlyArray<readonly [string, (home: Home) => Variables]> = [
  ['no bus is wanted', (home) => home.env],
  ['the bus has gone', (home) => ({ ...home.env, DBUS_SESSION_BUS_ADDRESS: `unix:path=${home.dir}/no-such-bus` })],
  ...(existsSync(USUAL_BUS) ? [] : [['no variable names a bus', ({ env: { DBUS_SESSION_BUS_ADDRESS: _disabled, ...rest } }: Home) => rest] as const]),
];

let backend: LocalBackend;
let realm: LocalRealm;
let standIn: StandIn;
let sessions: StoredSessions;
let key: string;
const homes: Home[] = [];

async function newHome(): Promise<Home> {
  const home = await makeHome();
  homes.push(home);
  return home;
}

beforeAll(async () => {
  backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
  realm = backend.realm('memax');
  standIn = await makeStandIn();
  sessions = await lookAtSessions();
  const env = { ...(await newHome()).env, ...leadingTo(realm), KEYWRIGHT_STORE: 'file', BROWSER: standIn.allow };
  await keywright(env, ['login', 'memax']);
  key = (await keywright(env, ['auth', 'create-key', 'ci'])).stdout.trim();
});

afterAll(async () => {
  await backend.stop();
  await standIn.remove();
  await sessions.remove();
  const left = await leftBehind(
    homes.map((home) => home.dir),
    [backend],
  );
  await Promise.all(homes.map((home) => home.remove()));
  expect(left).toEqual([]);
});

describe.each(WITHOUT)('without a keychain, since %s', (_why, without) => {
  it('ends a sign-in before a browser opens or a request is made, says what to do, and writes nothing', async () => {
    const home = await newHome();
    realm.stats.reset();
    const told = path.join(home.dir, 'told');
    const ended = await keywright({ ...without(home), ...leadingTo(realm), BROWSER: standIn.tell(told) }, ['login', 'memax']);
    expect(ended).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining('error[keychain-unavailable]') });
    expect(ended.stderr).toMatch(/^hint: .*--store file/m);
    expect(realm.stats.all()).toEqual({});
    expect(filesBelow(home.dir)).toEqual([]);
  });

  it('does not take a key that is brought along either', async () => {
    const home = await newHome();
    const ended = await keywright({ ...without(home), ...leadingTo(realm) }, ['login', 'memax', '--with-token'], { input: `${key}\n` });
    expect(ended).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining('error[keychain-unavailable]') });
    expect(filesBelow(home.dir)).toEqual([]);
  });

  it('does not call anybody signed out whom it cannot know', async () => {
    const home = await newHome();
    const ended = await keywright({ ...without(home), ...leadingTo(realm) }, ['whoami', 'memax']);
    expect(ended).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining('MEMAX_API_KEY') });
  });

  it('works with a key from a variable, and writes nothing', async () => {
    const home = await newHome();
    const env = { ...without(home), ...leadingTo(realm), MEMAX_API_KEY: key };
    const who = await keywright(env, ['whoami', '--json']);
    expect(who).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(who.stdout)).toMatchObject({ source: { kind: 'variable', name: 'MEMAX_API_KEY' } });
    expect(await keywright(env, ['auth', 'list-keys'])).toMatchObject({ code: 0, stdout: expect.stringContaining('\tci\t'), stderr: '' });
    expect(filesBelow(home.dir)).toEqual([]);
  });

  it.each([[[]], [['--local-only']]])('says after a sign-out that nobody is signed in, as with a keychain: logout memax %j', async (words) => {
    const env = { ...without(await newHome()), ...leadingTo(realm), BROWSER: standIn.allow };
    expect(await keywright(env, ['login', 'memax', '--store', 'file'])).toMatchObject({ code: 0 });
    expect(await keywright(env, ['logout', 'memax', ...words])).toMatchObject({ code: 0 });
    const again = await keywright(env, ['logout', 'memax', ...words]);
    expect(again).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining('There is no sign-in for Memax') });
  });
});

describe('without a keychain, with the encrypted file', () => {
  it.each([
    ['--store file', ['--store', 'file'], {}],
    ['KEYWRIGHT_STORE=file', [], { KEYWRIGHT_STORE: 'file' }],
  ])('keeps a session by %s, and no token can be read in any file', async (_name, flags, variables) => {
    const home = await newHome();
    const env = { ...home.env, ...leadingTo(realm), BROWSER: standIn.allow };
    expect(await keywright({ ...env, ...variables }, ['login', 'memax', ...flags])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('encrypted file'),
    });
    // The account remembers its store, so nothing needs to be named again.
    expect(await keywright(env, ['whoami'])).toMatchObject({ code: 0, stderr: '' });
    const session = await sessions.show(env, 'file', realm);
    if (session === undefined) throw new Error('nothing was stored');
    expect(await filesWith(home.dir, [session.access, session.refresh])).toEqual([]);
    expect(await keywright(env, ['logout', 'memax'])).toMatchObject({ code: 0 });
    expect(await sessions.show(env, 'file', realm)).toBeUndefined();
  });
});

describe('with a key from a variable, in a home that cannot be written', () => {
  it.each([
    ['does not exist and cannot be made', '/dev/null/home'],
    ['is not named at all', ''],
  ])('works where the home %s', async (_name, home) => {
    const { PATH = '' } = homes[0]?.env ?? {};
    const env = { PATH, HOME: home, DBUS_SESSION_BUS_ADDRESS: 'disabled:', ...leadingTo(realm), MEMAX_API_KEY: key };
    expect(await keywright(env, ['whoami'])).toMatchObject({ code: 0, stderr: '' });
    const made = await keywright(env, ['auth', 'create-key', 'from-ci', '--json']);
    expect(made).toMatchObject({ code: 0 });
    const { id }: { readonly id: string } = JSON.parse(made.stdout);
    expect(await keywright(env, ['auth', 'revoke-key', id])).toEqual({ code: 0, stdout: `revoked ${id}\n`, stderr: '' });
  });
});

describeWith(['setpriv'], 'with a key from a variable, as a user without a home', () => {
  it('works in a folder that this user may not write to', async () => {
    const home = await newHome();
    // The whole way to the program must be open to that user, which a checkout need not be.
    const installed = path.join(home.dir, 'installed');
    for (const part of ['bin', 'dist', 'package.json']) await cp(path.join(ROOT, part), path.join(installed, part), { recursive: true });
    const readOnly = path.join(home.dir, 'read-only');
    await mkdir(readOnly);
    await chmod(home.dir, 0o755);
    await chmod(readOnly, 0o555);
    // Root ignores modes, so it becomes nobody; anybody else is held by them as he is.
    const nobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
    const through = [...nobody, process.execPath, path.join(installed, path.relative(ROOT, PROGRAM))];
    const { PATH = '' } = home.env;
    const env = { PATH, HOME: readOnly, DBUS_SESSION_BUS_ADDRESS: 'disabled:', ...leadingTo(realm) };
    const before = filesBelow(home.dir);
    expect(await keywright({ ...env, MEMAX_API_KEY: key }, ['whoami'], { through })).toMatchObject({ code: 0, stderr: '' });
    expect(await keywright({ ...env, MEMAX_API_KEY: key }, ['auth', 'list-keys'], { through })).toMatchObject({ code: 0, stderr: '' });
    // The same user cannot keep anything there, and is told so.
    const kept = await keywright({ ...env, KEYWRIGHT_STORE: 'file' }, ['login', 'memax', '--with-token'], { through, input: `${key}\n` });
    expect({ ...kept, code: kept.code !== 0 }).toMatchObject({ code: true, stdout: '', stderr: expect.stringMatching(/^error\[(?!bug)/) });
    expect(filesBelow(home.dir)).toEqual(before);
  });
});
