import { connect } from 'node:net';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import { type LocalBackend, type LocalRealm, startBackend } from '../../src/backend/start.ts';
import { makeStandIn, type StandIn } from '../support/browser.ts';
import { filesBelow, filesWith, type Home, keywright, leadingTo, leftBehind, makeHome, PROGRAM, type Variables } from '../support/cli.ts';
import { signInAs } from '../support/person.ts';
import { describeWith } from '../support/requires.ts';
import { openTerminal, type Terminal } from '../support/tmux.ts';

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** The address that a sign-in shows on the screen. */
function shownAddress(screen: string): URL {
  return new URL(/^\s*(http:\S+\/oauth\/authorize\S+)\s*$/m.exec(screen)?.[1] ?? '');
}

function portOf(address: URL): number {
  return Number(new URL(address.searchParams.get('redirect_uri') ?? '').port);
}

describeWith(['tmux'], 'in a terminal', () => {
  let backend: LocalBackend;
  let realm: LocalRealm;
  let standIn: StandIn;
  let key: string;
  const homes: Home[] = [];
  const terminals: Terminal[] = [];

  async function person(): Promise<Variables> {
    const home = await makeHome();
    homes.push(home);
    return { ...home.env, ...leadingTo(realm), KEYWRIGHT_STORE: 'file' };
  }

  async function runs(env: Variables, ...words: readonly string[]): Promise<Terminal> {
    const terminal = await openTerminal(env, [process.execPath, PROGRAM, ...words]);
    terminals.push(terminal);
    return terminal;
  }

  beforeAll(async () => {
    backend = await startBackend({ realms: ['memax'], dataDir: undefined, port: 0 });
    realm = backend.realm('memax');
    standIn = await makeStandIn();
    const env = { ...(await person()), BROWSER: standIn.allow };
    await keywright(env, ['login', 'memax']);
    key = (await keywright(env, ['auth', 'create-key', 'brought-along'])).stdout.trim();
  });

  afterEach(async () => {
    await Promise.all(terminals.splice(0).map((terminal) => terminal.close()));
  });

  afterAll(async () => {
    await backend.stop();
    await standIn.remove();
    const left = await leftBehind(
      homes.map((home) => home.dir),
      [backend],
    );
    await Promise.all(homes.map((home) => home.remove()));
    expect(left).toEqual([]);
  });

  it('asks for a key without showing it, and signs in with it', async () => {
    const env = await person();
    const terminal = await runs(env, 'login', 'memax', '--with-token');
    await terminal.shows(/Key or token for memax:/);
    await terminal.type(key);
    expect(await terminal.screen()).not.toContain(key.slice(4, 12));
    await terminal.press('Enter');
    expect(await terminal.ended()).toBe(0);
    const screen = await terminal.screen();
    expect(screen).toContain('Signed in to memax as ');
    expect(screen).not.toContain(key.slice(4, 12));
    expect(await keywright(env, ['whoami'])).toMatchObject({ code: 0 });
  });

  it('ends at Ctrl-C at that question, and leaves nothing', async () => {
    const env = await person();
    const terminal = await runs(env, 'login', 'memax', '--with-token');
    await terminal.shows(/Key or token for memax:/);
    await terminal.type(key.slice(0, 30));
    await terminal.press('C-c');
    expect(await terminal.ended()).toBe(130);
    const screen = await terminal.screen();
    expect(screen).toContain('error[cancelled]');
    expect(screen).not.toContain(key.slice(4, 12));
    expect(filesBelow(env['XDG_STATE_HOME'] ?? '')).toEqual([]);
    expect(await keywright(env, ['whoami'])).toMatchObject({ code: 4, stderr: expect.stringContaining('error[signed-out]') });
  });

  it('ends at Ctrl-C while it waits for the browser, and closes its port', async () => {
    const env = await person();
    const terminal = await runs({ ...env, BROWSER: standIn.handOver(`${env['TMPDIR']}/address`) }, 'login', 'memax');
    const port = portOf(shownAddress(await terminal.shows(/Waiting for .* to send the browser back/)));
    expect(await listens(port)).toBe(true);
    await terminal.press('C-c');
    expect(await terminal.ended()).toBe(130);
    expect(await terminal.screen()).toContain('error[cancelled]');
    expect(await listens(port)).toBe(false);
    expect(filesBelow(env['XDG_STATE_HOME'] ?? '')).toEqual([]);
  });

  it('takes the redirect typed in with --no-browser, after one that does not fit', async () => {
    const env = await person();
    const terminal = await runs(env, 'login', 'memax', '--no-browser');
    const address = shownAddress(await terminal.shows(/Paste the address that the browser ended at:/));
    await terminal.type('https://example.com/?code=another');
    await terminal.press('Enter');
    await terminal.shows(/The pasted address is not the one that this sign-in ends at\./);
    const redirect = await signInAs(address, { decision: 'allow', email: 'ada@example.com' });
    await terminal.type(redirect);
    await terminal.press('Enter');
    expect(await terminal.ended()).toBe(0);
    expect(await terminal.screen()).toContain('Signed in to memax as ada@example.com');
    expect(await listens(portOf(address))).toBe(false);
    expect(await keywright(env, ['whoami'])).toMatchObject({ code: 0, stdout: expect.stringContaining('ada@example.com') });
  });

  it('lets a browser answer while it waits for the redirect to be typed', async () => {
    const env = await person();
    const terminal = await runs(env, 'login', 'memax', '--no-browser');
    const address = shownAddress(await terminal.shows(/Paste the address that the browser ended at:/));
    expect(await signInAs(address, { decision: 'allow', deliver: true })).toMatchObject({ status: 200, text: expect.stringContaining('You are signed in') });
    expect(await terminal.ended()).toBe(0);
    expect(await terminal.screen()).toContain('Signed in to memax as ');
  });

  it('says that a new key is shown this once, and shows keys as a table', async () => {
    const env = await person();
    await keywright({ ...env, BROWSER: standIn.allow }, ['login', 'memax']);
    const terminal = await runs(env, 'auth', 'create-key', 'by-hand', '--scope', 'read', '--expires', '90d');
    expect(await terminal.ended()).toBe(0);
    const screen = await terminal.screen();
    expect(screen).toMatch(/^mxk_[0-9a-f]{64}$/m);
    expect(screen).toContain('Created the key "by-hand" (id ');
    expect(screen).toContain('The key is shown this once and cannot be shown again. Keep it now.');
    const made = /^mxk_[0-9a-f]{64}$/m.exec(screen)?.[0] ?? '';
    expect(await filesWith(env['XDG_DATA_HOME'] ?? '', [made])).toEqual([]);

    const list = await runs(env, 'auth', 'list-keys');
    expect(await list.ended()).toBe(0);
    const table = await list.screen();
    expect(table).toMatch(/^ID +NAME +PREFIX +SCOPES/m);
    expect(table).toMatch(/ by-hand +mxk_/);
    expect(table).not.toContain(made);
  });
});
