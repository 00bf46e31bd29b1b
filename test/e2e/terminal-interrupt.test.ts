import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';

import { filesBelow, keywright, PROGRAM, ROOT, type Variables } from '../support/cli.ts';
import { documentedDefinitions } from '../support/own-providers.ts';
import { describeWith } from '../support/requires.ts';
import { terminalScene } from '../support/terminal-scene.ts';
import { openTerminal, type Terminal } from '../support/tmux.ts';

/** Every question of the source, as it is written there, and the file whose test presses Ctrl-C at it. */
const QUESTIONS: Readonly<Record<string, string>> = {
  'Which provider?': 'terminal-prompts.test.ts',
  'Paste the address that the browser ended at:': 'terminal-prompts.test.ts',
  'What shall the key be called?': 'terminal-prompts.test.ts',
  'When shall the key end?': 'terminal-prompts.test.ts',
  'After what time, such as 12h or 45d, or on which date, such as 2027-01-31?': 'terminal-prompts.test.ts',
  'Which agent gets the grant, such as claude-code?': 'terminal-prompts.test.ts',
  'Do you want to revoke ${keys}?': 'terminal-prompts.test.ts',
  'Do you want to revoke all that ${plainText(agent)} has?': 'terminal-prompts.test.ts',
  // What is asked stands in a variable: the scopes of a key or a grant, and a key or token that is brought along.
  'flows/ask-for-key.ts': 'terminal-prompts.test.ts',
  'flows/brought-secret.ts': 'terminal.test.ts',
  'Rotate ${many}?': 'terminal-interrupt.test.ts',
  'Run ${programs} with the new key?': 'terminal-interrupt.test.ts',
  'Forget it?': 'terminal-interrupt.test.ts',
  'Do they all belong to ${plainText(name)}, and do you want to add it?': 'terminal-interrupt.test.ts',
  'Paste the address that the browser ended at (it is not shown):': 'terminal-interrupt.test.ts',
  'Do you want to ${action} with ${effect.leadsTo}?': 'terminal-interrupt.test.ts',
  'Do you want to ${work}?': 'terminal-interrupt.test.ts',
  'Do you want to take out ${many} in plain text?': 'terminal-interrupt.test.ts',
  'Keep the credential in an encrypted file instead?': 'terminal-interrupt.test.ts',
  'Passphrase of the credential file:': 'terminal-interrupt.test.ts',
};

/** What the source asks, or the file that asks it where its words are not in the call. */
function questionsOf(file: string): readonly string[] {
  const calls = readFileSync(path.join(ROOT, 'src', file), 'utf8').matchAll(
    /\bprompt\s*\.(?:text|hidden|confirm|choose|search|chooseMany)\(\s*(?:(['"`])(?<words>.*?)\1|)/g,
  );
  return [...calls].map(({ groups }) => groups?.['words'] ?? file.replaceAll('\\', '/'));
}

describe('every question of the source', () => {
  it('has a test that presses Ctrl-C at it', () => {
    const files = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.startsWith('adapters'),
    );
    expect([...new Set(files.flatMap(questionsOf))].sort()).toEqual(Object.keys(QUESTIONS).sort());
  });
});

const HALF_AN_HOUR = 1_800_000;

/** How a command ends, with nothing done. */
const CANCELLED = { code: 130, told: 'error[cancelled]', cursor: 'shown', changed: [] };

/** All that is in a home, but for the times that a record keeps of what was looked at, and what the terminal itself needs. */
function contents(dir: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    filesBelow(dir)
      .filter((file) => !file.startsWith('tmp/'))
      .map((file) => [file, readFileSync(path.join(dir, file), 'utf8')]),
  );
}

describeWith(['tmux'], 'Ctrl-C at a question', () => {
  const scene = terminalScene();
  const terminals: Terminal[] = [];
  afterEach(async () => {
    await Promise.all(terminals.splice(0).map((terminal) => terminal.close()));
  });

  const dirOf = (env: Variables): string => path.dirname(env['HOME'] ?? '');

  async function done(env: Variables, words: readonly string[], code = 0): Promise<string> {
    const ended = await keywright(env, words);
    expect([words, ended.code, ended.code === code ? '' : ended.stderr]).toEqual([words, code, '']);
    return ended.stdout;
  }

  const keysOf = (env: Variables): Promise<string> => done(env, ['auth', 'list-keys', '--json']);

  /** Runs a command, answers what comes before the question, and presses Ctrl-C at it. Gives how it ended, and which files are not as they were. */
  async function interruptedAt(
    question: RegExp,
    env: Variables,
    words: readonly string[],
    more: { before?: readonly RegExp[]; cwd?: string } = {},
  ): Promise<unknown> {
    const before = contents(dirOf(env));
    const command = [process.execPath, PROGRAM, ...words];
    const terminal = await openTerminal(env, more.cwd === undefined ? command : ['sh', '-c', `cd '${more.cwd}' && exec "$@"`, 'sh', ...command]);
    terminals.push(terminal);
    for (const first of more.before ?? []) {
      await terminal.shows(first);
      await terminal.type('y');
      await terminal.press('Enter');
    }
    await terminal.shows(question);
    await terminal.press('C-c');
    const code = await terminal.ended();
    const told = /error\[[a-z-]+\]/.exec(await terminal.screen())?.[0];
    const after = contents(dirOf(env));
    const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((file) => before[file] !== after[file]);
    return { code, told, cursor: await terminal.cursor(), changed };
  }

  it('rotates none of many keys', async () => {
    const env = await scene.signedInPerson();
    scene.realm().advanceClock(-HALF_AN_HOUR);
    for (const name of ['old-one', 'old-two']) await done(env, ['auth', 'create-key', name]);
    scene.realm().advanceClock(HALF_AN_HOUR);
    const before = await keysOf(env);
    expect(await interruptedAt(/old-one[\s\S]*Rotate 2 keys\?/, env, ['auth', 'rotate-key', '--older-than', '10m', '--format', 'json'])).toEqual(CANCELLED);
    expect(await keysOf(env)).toBe(before);
  });

  it('runs no program again and forgets no rotation', async () => {
    const env = await scene.signedInPerson();
    const { id }: { readonly id: string } = JSON.parse(await done(env, ['auth', 'create-key', 'shared', '--json']));
    const ran = path.join(dirOf(env), 'ran');
    const program = path.join(dirOf(env), 'taker');
    writeFileSync(program, `#!/bin/sh\necho ran >> '${ran}'\nexit 1\n`, { mode: 0o755 });
    await done(env, ['auth', 'rotate-key', id, '--to', `exec:${program}`], 9);
    const before = [await keysOf(env), readFileSync(ran, 'utf8')];
    expect(await interruptedAt(/Run .*taker.* with the new key\?/, env, ['auth', 'rotate-key', '--resume'])).toEqual(CANCELLED);
    expect(await interruptedAt(/Forget it\?/, env, ['auth', 'rotate-key', '--forget'])).toEqual(CANCELLED);
    expect([await keysOf(env), readFileSync(ran, 'utf8')]).toEqual(before);
  });

  it('adds no provider', async () => {
    const env = await scene.person();
    const file = path.join(dirOf(env), 'acme.json');
    writeFileSync(file, (await documentedDefinitions()).get('acme') ?? '');
    expect(await interruptedAt(/do you want to add it\?/, env, ['providers', 'add', file])).toEqual(CANCELLED);
  });

  it('leaves a sign-in that was begun as it was', async () => {
    const env = await scene.person();
    const { next }: { readonly next: string } = JSON.parse(await done(env, ['login', 'memax', '--begin', '--no-browser', '--json']));
    expect(await interruptedAt(/it is not shown\)/, env, next.split(' ').slice(1))).toEqual(CANCELLED);
  });

  it('makes nothing with an account that a folder chose', async () => {
    const env = await scene.signedInPerson();
    await done(env, ['login', 'memax', '--account', 'work']);
    await done(env, ['use', 'memax', '--account', 'default']);
    const folder = path.join(env['HOME'] ?? '', 'project');
    mkdirSync(path.join(folder, '.git'), { recursive: true });
    writeFileSync(path.join(folder, '.keywright.json'), '{ "provider": "memax", "account": "work" }\n');
    expect(await interruptedAt(/Do you want to revoke keys with /, env, ['auth', 'revoke-key', 'key_1'], { cwd: folder })).toEqual(CANCELLED);
  });

  it('sets nothing up and takes nothing down', async () => {
    const env = await scene.signedInPerson();
    const folder = path.join(env['HOME'] ?? '', '.cursor');
    mkdirSync(folder);
    const key = (await done(env, ['auth', 'create-key', 'plain'])).trim();
    const entry = { url: 'https://memax.example/mcp', headers: { Authorization: `Bearer ${key}` } };
    writeFileSync(path.join(folder, 'mcp.json'), JSON.stringify({ mcpServers: { memax: entry } }));
    const before = await keysOf(env);
    const setup = ['setup', '--mcp', '--only', 'cursor'];
    expect(await interruptedAt(/Do you want to change these files\?/, env, setup)).toEqual(CANCELLED);
    expect(
      await interruptedAt(/Do you want to take out the entry that holds a key in plain text\?/, env, setup, {
        before: [/Do you want to change these files\?/],
      }),
    ).toEqual(CANCELLED);
    expect(await interruptedAt(/Do you want to make these grants\?/, env, [...setup, '--print'])).toEqual(CANCELLED);
    expect(await keysOf(env)).toBe(before);
    await done(env, [...setup, '--yes']);
    expect(await interruptedAt(/Do you want to undo this\?/, env, ['teardown'])).toEqual(CANCELLED);
  });

  it('keeps nothing in a file that nobody chose', async () => {
    const { KEYWRIGHT_STORE: _none, ...env } = await scene.person();
    expect(await interruptedAt(/Keep the credential in an encrypted file instead\?/, env, ['login', 'memax'])).toEqual(CANCELLED);
  });

  it('opens no store whose passphrase was not typed', async () => {
    const env = await scene.person();
    await done({ ...env, KEYWRIGHT_STORE_PASSPHRASE: 'four plain words here', BROWSER: scene.standIn().allow }, ['login', 'memax']);
    expect(await interruptedAt(/Passphrase of the credential file:/, env, ['whoami'])).toEqual(CANCELLED);
  });
});
