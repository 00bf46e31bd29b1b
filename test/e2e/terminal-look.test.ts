import { expect, it, onTestFinished } from 'vitest';

import { keywright, until, type Variables } from '../support/cli.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { describeWith } from '../support/requires.ts';
import { newKey } from '../support/signed-in.ts';
import { terminalScene } from '../support/terminal-scene.ts';
import type { Terminal } from '../support/tmux.ts';

/** What cannot be broken: ids, keys, addresses. */
const UNBREAKABLE = /^\s*\S+\s*$/;

const tooLong = (screen: string, columns: number): readonly string[] =>
  screen
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.length > columns && !UNBREAKABLE.test(line));

/** Whether what came to a terminal is lines and nothing else, but for colour (SGR, ECMA-48 section 8.3.117): nothing moves, and nothing goes away. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const movesSomething = (raw: string): boolean => /[^\P{Cc}\t\n]/u.test(raw.replace(/\u001B\[[0-9;]*m/g, '').replace(/\r+\n/g, '\n'));

describeWith(['tmux'], 'what a terminal shows', () => {
  const scene = terminalScene();

  /** Somebody with a key in a variable, behind a gate. */
  async function behindGate(): Promise<{ readonly gate: Gate; readonly env: Variables; readonly open: Variables }> {
    const gate = await startGate(scene.realm().origin);
    onTestFinished(() => gate.close());
    const { key } = await newKey(scene.realm(), { name: 'own' }, `gate-${process.hrtime.bigint()}@keywright.test`);
    const open = { ...(await scene.person()), MEMAX_API_KEY: key };
    return { gate, env: { ...open, MEMAX_API_URL: gate.origin }, open };
  }

  /** Makes a key, as its owner, and gives its id. */
  async function newKeyOf(env: Variables, name: string): Promise<string> {
    const headers = { authorization: `Bearer ${env['MEMAX_API_KEY']}`, 'content-type': 'application/json' };
    const reply = await fetch(`${scene.realm().origin}/v1/auth/api-keys`, { method: 'POST', headers, body: JSON.stringify({ name }) });
    const made: { data: { id: string } } = JSON.parse(await reply.text());
    return made.data.id;
  }

  const held = (gate: Gate): Promise<unknown> => until('a request at the gate', () => gate.waiting() > 0);

  it('tells in one line what is waited for, and takes the line away', async () => {
    const { gate, env } = await behindGate();
    const list = await scene.runs(env, ['auth', 'list-keys']);
    await list.shows(/^[|/\\-] Listing keys/m);
    gate.open();
    expect(await list.ended()).toBe(0);
    const screen = await list.screen();
    expect(screen).toMatch(/^ID +NAME/m);
    expect(screen).not.toContain('Listing');
    expect([movesSomething(await list.raw()), movesSomething('a line\r\n\u001B[31manother\u001B[39m\r\n')]).toEqual([true, false]);
    gate.shut();
    const json = await scene.runs(env, ['whoami', '--json']);
    await json.shows(/Waiting for 127\.0\.0\.1/);
    gate.open();
    expect(await json.ended()).toBe(0);
    expect(await json.screen()).not.toContain('Waiting');
  });

  it('counts in a bar what is revoked, and makes way for the error when it is interrupted', async () => {
    const { gate, env, open } = await behindGate();
    for (let number = 0; number < 40; number += 1) await newKeyOf(open, `old-${number}`);
    const bulk = await scene.runs(env, ['auth', 'revoke-key', '--name', 'old-*', '--yes']);
    await held(gate);
    gate.open(1);
    await bulk.shows(/Revoking/);
    gate.open(10);
    await bulk.shows(/^\[#{5}\.{15}\] Revoking \(10 of 40/m);
    await bulk.press('C-c');
    gate.open();
    expect(await bulk.ended()).not.toBe(0);
    const screen = await bulk.screen();
    expect(screen).not.toContain('Revoking');
    expect(screen).toMatch(/^error\[/m);
  });

  it('shows nothing of it with --quiet, and in a pipe', async () => {
    const { gate, env } = await behindGate();
    const quiet = await scene.runs(env, ['auth', 'list-keys', '--quiet']);
    await held(gate);
    // Long enough for what would be shown after 300 ms; on a slow machine it proves less, and fails no sooner.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect((await quiet.screen()).trim()).toBe('');
    gate.open();
    expect(await quiet.ended()).toBe(0);
    gate.shut();
    const piped = keywright(env, ['auth', 'list-keys']);
    await held(gate);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    gate.open();
    expect(await piped).toMatchObject({ code: 0, stderr: '' });
  });

  it('colours what a key is marked with, unless nobody wants colour', async () => {
    const { open } = await behindGate();
    await keywright(open, ['auth', 'create-key', 'ends-soon', '--expires', '2d']);
    const words = ['auth', 'list-keys', '--name', 'ends-soon'];
    const shown = async (env: Variables, more: readonly string[] = []): Promise<string> => {
      const terminal = await scene.runs(env, [...words, ...more]);
      expect(await terminal.ended()).toBe(0);
      return terminal.colours();
    };
    expect(await shown(open)).toContain('\u001B[33mexpires-soon');
    for (const plain of [await shown({ ...open, NO_COLOR: '1' }), await shown(open, ['--no-color'])]) {
      expect(plain).toContain('expires-soon');
      expect(plain).not.toContain('\u001B[');
    }
    const failing = await scene.runs(open, ['auth', 'nonsense']);
    await failing.ended();
    // Red is 31 (ECMA-48 section 8.3.117).
    expect((await failing.colours()).split('error[usage]:')[0]).toContain('31');
    const asked = await scene.runs({ ...open, NO_COLOR: '1' }, ['auth', 'create-key', 'x']);
    await asked.shows(/>\[ \] read/);
    expect(await asked.colours()).not.toContain('\u001B[');
    await asked.press('C-c');
    expect(await asked.ended()).toBe(130);
  });

  it('fits into 40 columns: questions, tables and progress', async () => {
    const { gate, env, open } = await behindGate();
    await keywright(open, ['auth', 'create-key', 'a-key-with-a-rather-long-name', '--scope', 'read', '--scope', 'write']);
    const screens: string[] = [];
    const login = await scene.runs(open, ['login'], 40);
    screens.push(await login.shows(/enter: select/));
    await login.press('C-c');
    await login.ended();
    const making = await scene.runs(open, ['auth', 'create-key', 'narrow'], 40);
    screens.push(await making.shows(/read memories[\s\S]*enter: submit/));
    await making.press('Space');
    await making.shows(/>\[x\] read/);
    await making.press('Enter');
    screens.push(await making.shows(/> in 90 days[\s\S]*enter: select/));
    await making.press('Enter');
    expect(await making.ended()).toBe(0);
    const list = await scene.runs(env, ['auth', 'list-keys'], 40);
    screens.push(await list.shows(/Listing keys/));
    gate.open();
    expect(await list.ended()).toBe(0);
    const table = await list.screen();
    screens.push(table);
    expect(table).toMatch(/^ {2}NAME a-key-with-a-rather-long-name/m);
    const revoking = await scene.runs(open, ['auth', 'revoke-key', '--name', 'narrow'], 40);
    screens.push(await revoking.shows(/NAME narrow[\s\S]*Do you want to revoke 1 key at Memax\?/));
    await revoking.press('C-c');
    await revoking.ended();
    expect(screens.flatMap((screen) => tooLong(screen, 40))).toEqual([]);
  });

  it('loses no line of a long table while the window changes', async () => {
    const { gate, env, open } = await behindGate();
    const ids: string[] = [];
    for (let number = 0; number < 30; number += 1) ids.push(await newKeyOf(open, `key-${number}`));
    const list = await scene.runs(env, ['auth', 'list-keys'], 200);
    await list.shows(/Listing keys/);
    await list.widen(120);
    gate.open();
    await list.widen(60);
    expect(await list.ended()).toBe(0);
    await list.widen(200);
    const screen = await list.screen();
    for (const [number, id] of ids.entries()) {
      expect(screen.split(id)).toHaveLength(2);
      expect(screen).toMatch(new RegExp(`\\bkey-${number}\\b`));
    }
  });

  async function line(terminal: Terminal, text: string): Promise<void> {
    if (text !== '') await terminal.type(text);
    await terminal.press('Enter');
  }

  it('asks line by line for whoever does not see a screen, and moves nothing', async () => {
    const accessible = { ...(await scene.person()), KEYWRIGHT_ACCESSIBLE: '1', NO_COLOR: '1', BROWSER: scene.standIn().allow };
    const login = await scene.runs(accessible, ['login']);
    await login.shows(/^Which provider\?\n1\. Memax \(memax\): through the browser\n[\s\S]*^Type a number from 1 to [0-9]+\.$/m);
    await line(login, '99');
    await login.shows(/^Please type a number/m);
    await line(login, 'mem');
    expect(await login.ended()).toBe(0);
    expect(await login.screen()).toContain('Waiting for Memax to send the browser back');
    const making = await scene.runs(accessible, ['auth', 'create-key']);
    await making.shows(/^What shall the key be called\?$/m);
    await line(making, 'spoken');
    await making.shows(/^1\. read: read memories[\s\S]*^Type numbers with commas between them, or nothing for none\.$/m);
    await line(making, '1, 3');
    await making.shows(/^3\. in 90 days\n[\s\S]*or nothing for in 90 days\.$/m);
    await line(making, '');
    expect(await making.ended()).toBe(0);
    expect(await making.screen()).toContain('scopes: read, organize; it expires at ');
    const revoking = await scene.runs(accessible, ['auth', 'revoke-key', '--name', 'spoken']);
    await revoking.shows(/^Do you want to revoke 1 key at Memax\? Type yes or no\.$/m);
    await line(revoking, 'perhaps');
    await revoking.shows(/^Please type yes or no\.$/m);
    await line(revoking, 'yes');
    expect(await revoking.ended()).toBe(0);
    const token = await scene.runs(accessible, ['login', 'memax', '--with-token']);
    await token.shows(/What you type is not shown\.$/m);
    await token.type('mxk_not-shown');
    await token.press('C-c');
    expect(await token.ended()).toBe(130);
    expect(await token.screen()).not.toContain('mxk_');
    const interrupted = await scene.runs(accessible, ['login']);
    await interrupted.shows(/^Type a number/m);
    await interrupted.press('C-c');
    expect(await interrupted.ended()).toBe(130);
    for (const terminal of [login, making, revoking, token, interrupted]) expect(await terminal.colours()).toBe(await terminal.screen());
    const { NO_COLOR: _none, ...coloured } = accessible;
    const failing = await scene.runs(coloured, ['auth', 'nonsense']);
    expect(await failing.ended()).toBe(2);
    expect(await failing.colours()).not.toBe(await failing.screen());
    const all = await Promise.all([login, making, revoking, token, interrupted, failing].map((terminal) => terminal.raw()));
    expect(all.map((raw) => [movesSomething(raw), raw.includes('ended with')])).toEqual(all.map(() => [false, true]));
    expect(all.join('')).not.toContain('mxk_not');
  });

  it('tells an accessible terminal once what is waited for', async () => {
    const { gate, env } = await behindGate();
    const list = await scene.runs({ ...env, KEYWRIGHT_ACCESSIBLE: '1' }, ['auth', 'list-keys']);
    await list.shows(/^Listing keys$/m);
    gate.open();
    expect(await list.ended()).toBe(0);
    expect((await list.screen()).match(/Listing keys/g)).toHaveLength(1);
    expect(movesSomething(await list.raw())).toBe(false);
  });
});
