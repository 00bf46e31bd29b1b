import { expect, it } from 'vitest';

import { filesBelow, keywright, type Variables } from '../support/cli.ts';
import { describeWith } from '../support/requires.ts';
import { terminalScene } from '../support/terminal-scene.ts';
import type { Terminal } from '../support/tmux.ts';

const DAY_MS = 86_400_000;

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
}

describeWith(['tmux'], 'questions in a terminal', () => {
  const scene = terminalScene();

  async function keysOf(env: Variables): Promise<readonly Listed[]> {
    const listed: ReadonlyArray<Record<string, string>> = JSON.parse((await keywright(env, ['auth', 'list-keys', '--json'])).stdout);
    return listed.map((key) => ({
      id: key['id'] ?? '',
      name: key['name'] ?? '',
      scopes: [...(key['scopes'] ?? [])],
      createdAt: key['created_at'] ?? '',
      expiresAt: key['expires_at'] ?? null,
    }));
  }

  /** Types or presses, each when the screen shows what comes before it. Keys are written as tmux names them, in brackets. */
  async function answer(terminal: Terminal, steps: ReadonlyArray<readonly [shown: RegExp, does: string]>): Promise<void> {
    for (const [shown, does] of steps) {
      await terminal.shows(shown);
      const key = /^<(.+)>$/.exec(does)?.[1];
      await (key === undefined ? terminal.type(does) : terminal.press(key));
    }
  }

  it('signs in to the provider that is searched for and chosen', async () => {
    const env = { ...(await scene.person()), BROWSER: scene.standIn().allow };
    const terminal = await scene.runs(env, ['login']);
    const all = await terminal.shows(/Which provider\?[\s\S]*> Memax \(memax\) +through the browser/);
    expect(all).toMatch(/^ {2}Minds \(minds\) +with a key or token$/m);
    await answer(terminal, [
      [/Which provider/, 'zzz'],
      [/Which provider\? zzz[\s\S]*No results found/, '<C-u>'],
      [/Which provider\?\s*\n[\s\S]*Minds/, 'emax'],
      [/Which provider\? emax\s*\n> Memax \(memax\)[^\n]*\n(?!.*Minds)/, '<Enter>'],
    ]);
    expect(await terminal.ended()).toBe(0);
    expect(await terminal.screen()).toMatch(/Which provider\? Memax \(memax\)[\s\S]*Signed in to memax as /);
  });

  it('makes a key with the scopes and the end that were chosen', async () => {
    const env = await scene.signedInPerson();
    const terminal = await scene.runs(env, ['auth', 'create-key']);
    await answer(terminal, [
      [/What shall the key be called\?/, ' '],
      [/be called\?/, '<Enter>'],
      [/warning: The key needs a name/, 'by-hand'],
      [/be called\? by-hand/, '<Enter>'],
      [/\[ \] read +read memories, topics, chats and hubs\n +\[ \] write +add and change memories/, '<Space>'],
      [/>\[x\] read/, '<Down>'],
      [/>\[ \] write/, '<Down>'],
      [/>\[ \] organize/, '<Space>'],
      [/>\[x\] organize/, '<Enter>'],
      [/When shall the key end\?[\s\S]*> in 90 days/, '<Enter>'],
    ]);
    expect(await terminal.ended()).toBe(0);
    const screen = await terminal.screen();
    expect(screen).toContain('What may the key do? With nothing chosen it gets what Memax usually gives. read, organize');
    expect(screen).toMatch(/^mxk_[0-9a-f]{64}$/m);
    const [made] = await keysOf(env);
    expect(made).toMatchObject({ name: 'by-hand', scopes: ['read', 'organize'] });
    expect(Math.round((Date.parse(made?.expiresAt ?? '') - Date.parse(made?.createdAt ?? '')) / DAY_MS)).toBe(90);
  });

  it('takes another end, once it can be understood, and asks only for what was not said', async () => {
    const env = await scene.signedInPerson();
    const terminal = await scene.runs(env, ['auth', 'create-key', 'short', '--scope', 'read']);
    await answer(terminal, [
      [/> in 90 days/, '<Down>'],
      [/> in a year/, '<Down>'],
      [/> at another time/, '<Enter>'],
      [/on which date/, 'soon'],
      [/2027-01-31\? soon/, '<Enter>'],
      [/warning: The end "soon" is not a duration[\s\S]*2027-01-31\?\s*$/, '3d'],
      [/2027-01-31\? 3d/, '<Enter>'],
    ]);
    expect(await terminal.ended()).toBe(0);
    expect(await terminal.screen()).not.toContain('What may the key do');
    const [made] = await keysOf(env);
    expect(Math.round((Date.parse(made?.expiresAt ?? '') - Date.parse(made?.createdAt ?? '')) / DAY_MS)).toBe(3);
  });

  it('makes a key as before where nobody is to be asked, or the result goes elsewhere', async () => {
    const env = await scene.signedInPerson();
    const [latest] = await keysOf(env);
    const unasked = await scene.runs(env, ['auth', 'create-key', 'unasked', '--no-input']);
    expect(await unasked.ended()).toBe(0);
    const json = await scene.runs(env, ['auth', 'create-key', 'for-a-program', '--json']);
    expect(await json.ended()).toBe(0);
    expect(`${await unasked.screen()}${await json.screen()}`).not.toContain('?');
    const nameless = await scene.runs(env, ['auth', 'create-key', '--no-input']);
    expect(await nameless.ended()).toBe(2);
    expect((await keysOf(env)).slice(0, 3).map(({ name, expiresAt }) => [name, expiresAt])).toEqual([
      ['for-a-program', null],
      ['unasked', null],
      [latest?.name, latest?.expiresAt],
    ]);
  });

  it('names the keys that it is about to revoke, and revokes them only after a yes', async () => {
    const env = await scene.signedInPerson();
    for (const name of ['old-one', 'old-two', 'kept']) await keywright(env, ['auth', 'create-key', name]);
    const before = await keysOf(env);
    const declined = await scene.runs(env, ['auth', 'revoke-key', '--name', 'old-*']);
    const asked = await declined.shows(/Do you want to revoke 2 keys at Memax\?/);
    expect(asked).toMatch(/^ID +NAME +AGENT +CREATED +EXPIRES +LAST USED$/m);
    for (const { id, name } of before) expect(asked.includes(`${id}  ${name}`)).toBe(name.startsWith('old-'));
    await declined.type('n');
    await declined.press('Enter');
    expect(await declined.ended()).toBe(130);
    expect(await keysOf(env)).toEqual(before);
    const agreed = await scene.runs(env, ['auth', 'revoke-key', '--name', 'old-*']);
    await answer(agreed, [
      [/Do you want to revoke/, 'y'],
      [/Memax\? \(y\/N\) y/, '<Enter>'],
    ]);
    expect(await agreed.ended()).toBe(0);
    expect(await keysOf(env)).toEqual(before.filter(({ name }) => !name.startsWith('old-')));
  });

  it('shows what an agent loses, and takes it away only after a yes', async () => {
    const env = await scene.signedInPerson();
    const before = await keysOf(env);
    const granting = await scene.runs(env, ['auth', 'create-grant']);
    await answer(granting, [
      [/Which agent gets the grant/, 'cursor'],
      [/claude-code\? cursor/, '<Enter>'],
      [/What may cursor do\?[\s\S]*\[x\] read[\s\S]*\[x\] write[\s\S]*\[ \] organize/, '<Enter>'],
    ]);
    expect(await granting.ended()).toBe(0);
    const [made] = await keysOf(env);
    expect(made?.scopes).toEqual(['read', 'write']);
    const declined = await scene.runs(env, ['auth', 'revoke-grant', '--agent', 'cursor']);
    const asked = await declined.shows(/Do you want to revoke all that cursor has\?/);
    expect(asked).toContain(`${made?.name} (key ${made?.id}) at memax, last used never`);
    await declined.press('Enter');
    expect(await declined.ended()).toBe(130);
    expect(await keysOf(env)).toEqual([made, ...before]);
    const sure = await scene.runs(env, ['auth', 'revoke-grant', '--agent', 'cursor', '--yes']);
    expect(await sure.ended()).toBe(0);
    expect(await keysOf(env)).toEqual(before);
  });

  const CTRL_C: ReadonlyArray<readonly [what: string, words: readonly string[], steps: ReadonlyArray<readonly [RegExp, string]>]> = [
    ['the list of providers', ['login'], [[/> Memax/, '<C-c>']]],
    [
      'a search that was begun',
      ['login'],
      [
        [/> Memax/, 'min'],
        [/\? min/, '<C-c>'],
      ],
    ],
    ['the redirect', ['login', 'memax', '--no-browser'], [[/browser ended at:/, '<C-c>']]],
    [
      'the name of a key',
      ['auth', 'create-key'],
      [
        [/be called\?/, 'ci'],
        [/called\? ci/, '<C-c>'],
      ],
    ],
    [
      'its scopes',
      ['auth', 'create-key', 'ci'],
      [
        [/>\[ \] read/, '<Space>'],
        [/>\[x\] read/, '<C-c>'],
      ],
    ],
    ['its end', ['auth', 'create-key', 'ci', '--scope', 'read'], [[/> in 90 days/, '<C-c>']]],
    [
      'another end',
      ['auth', 'create-key', 'ci', '--scope', 'read'],
      [
        [/> in 90 days/, '<Down>'],
        [/> in a year/, '<Down>'],
        [/> at another/, '<Enter>'],
        [/which date/, '<C-c>'],
      ],
    ],
    ['the agent of a grant', ['auth', 'create-grant'], [[/Which agent/, '<C-c>']]],
    [
      'the scopes of a grant',
      ['auth', 'create-grant'],
      [
        [/Which agent/, 'x'],
        [/\? x/, '<Enter>'],
        [/What may x do/, '<C-c>'],
      ],
    ],
    ['keys to be revoked', ['auth', 'revoke-key', '--name', 'there'], [[/Do you want to revoke 1 key/, '<C-c>']]],
    ['an agent to be stopped', ['auth', 'revoke-grant', '--agent', 'x'], [[/Do you want to revoke all that x has/, '<C-c>']]],
  ];

  it('ends at Ctrl-C at every question, with the terminal as it was and nothing made', async () => {
    const env = await scene.signedInPerson();
    await keywright(env, ['auth', 'create-key', 'there']);
    const before = { keys: await keysOf(env), files: filesBelow(env['XDG_STATE_HOME'] ?? '') };
    const ends: Array<readonly [string, number, boolean, string]> = [];
    for (const [what, words, steps] of CTRL_C) {
      const terminal = await scene.runs(env, words);
      await answer(terminal, steps);
      ends.push([what, await terminal.ended(), (await terminal.screen()).includes('error[cancelled]'), await terminal.cursor()]);
    }
    expect(ends).toEqual(ends.map(([what]) => [what, 130, true, 'shown']));
    expect(ends.length).toBe(CTRL_C.length);
    expect({ keys: await keysOf(env), files: filesBelow(env['XDG_STATE_HOME'] ?? '') }).toEqual(before);
  }, 240_000);

  it('goes on where it was when it comes back from Ctrl-Z', async () => {
    const env = await scene.person();
    const terminal = await scene.runs(env, ['login'], undefined, ['sh', '-c', 'set -m; "$@"; echo stopped; fg', 'sh']);
    await answer(terminal, [
      [/> Memax/, '<C-z>'],
      [/stopped/, 'min'],
      [/\? min\s+> Minds/, '<C-c>'],
    ]);
    expect(await terminal.ended()).toBe(130);
    expect((await terminal.screen()).match(/error\[[a-z-]+\]/g)).toEqual(['error[cancelled]']);
  });

  it.each<readonly [what: string, words: readonly string[], shown: RegExp]>([
    ['a list', ['login'], />\s*Memax/],
    ['a text', ['auth', 'create-key'], /be called\?/],
    ['several choices', ['auth', 'create-key', 'ci'], />\[ \] read/],
    ['a yes', ['auth', 'revoke-key', '--name', 'there'], /Do you want to revoke [0-9]+ key/],
    ['what nobody may see', ['login', 'memax', '--no-browser'], /browser ended at:/],
  ])('ends at the end of input (Ctrl-D) at %s, and says so once', async (_what, words, shown) => {
    const env = await scene.signedInPerson();
    await keywright(env, ['auth', 'create-key', 'there']);
    const terminal = await scene.runs(env, words);
    await answer(terminal, [[shown, '<C-d>']]);
    expect([await terminal.ended(), await terminal.cursor()]).toEqual([130, 'shown']);
    expect((await terminal.screen()).match(/error\[[a-z-]+\]/g)).toEqual(['error[cancelled]']);
  });
});
