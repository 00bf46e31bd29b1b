import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completionScripts } from '../../../src/cli/completion/scripts.ts';
import { describeWith } from '../../support/requires.ts';
import { openTerminal } from '../../support/tmux.ts';

const run = promisify(execFile);

let dir = '';
const at = (file: string): string => path.join(dir, file);

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'completion-'));
  for (const { file, script } of await completionScripts(__KEYWRIGHT_VERSION__)) await writeFile(at(file), script);
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

describe('completions/', () => {
  it('holds the scripts of this very command tree and nothing else', async () => {
    const made = Object.fromEntries((await completionScripts(__KEYWRIGHT_VERSION__)).map(({ file, script }) => [file, script]));
    const kept = Object.fromEntries(
      await Promise.all((await readdir('completions')).map(async (file) => [file, await readFile(path.join('completions', file), 'utf8')] as const)),
    );
    expect(kept).toEqual(made);
  });
});

describeWith(['bash'], 'in bash', () => {
  /** What Tab offers after these words, the last of which is being typed. */
  async function offered(...words: string[]): Promise<readonly string[]> {
    const script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _keywright; [ ${#COMPREPLY[@]} -eq 0 ] || printf "%s\\n" "${COMPREPLY[@]}"';
    const { stdout } = await run('bash', ['--norc', '-c', script, 'bash', at('keywright.bash'), ...words], { cwd: dir });
    return stdout.split('\n').filter((line) => line !== '');
  }

  it('offers commands, the commands below a group, choices and flags', async () => {
    expect(await offered('keywright', 'auth', '')).toEqual([
      'status',
      'token',
      'create-key',
      'list-keys',
      'rotate-key',
      'revoke-key',
      'create-client-token',
      'show-client-token',
      'revoke-client-token',
      'create-grant',
      'list-grants',
      'revoke-grant',
    ]);
    expect(await offered('keywright', 'log')).toEqual(['login', 'logout']);
    expect(await offered('keywright', 'login', '--store', '')).toEqual(['keychain', 'file']);
    expect(await offered('keywright', 'login', 'm')).toEqual(['memax', 'minds']);
    expect(await offered('keywright', 'auth', 'create-key', '--exp')).toEqual(['--expires']);
    expect(await offered('keywright', 'auth', 'create-key', '--expires', '')).toEqual([]);
    expect(await offered('keywright', 'auth', 'create-key', '--to', 'e')).toEqual(['env-file:', 'exec:']);
    expect(await offered('keywright', 'auth', 'create-key', '--format', '')).toEqual(['raw', 'env', 'json']);
    expect(await offered('keywright', 'api', 'P')).toEqual(['POST', 'PUT', 'PATCH']);
    expect(await offered('keywright', 'api', '--fi')).toEqual(['--field', '--file-field']);
    expect(await offered('keywright', 'api', '-')).toEqual(expect.arrayContaining(['-f', '-F', '--field']));
    expect(await offered('keywright', 'api', '-f', '')).toEqual([]);
  });

  it('runs nothing that stands on the line', async () => {
    await offered('keywright', '$(touch ran)', '');
    await offered('keywright', 'auth', '`touch ran`');
    await offered('keywright', 'login', '--store', '$(touch ran)');
    expect(await readdir(dir)).not.toContain('ran');
  });
});

describeWith(['bash', 'tmux'], 'in bash at a terminal', () => {
  it('adds no space behind a word that goes on', async () => {
    const terminal = await openTerminal({ PATH: process.env['PATH'] ?? '', TMPDIR: dir }, ['bash', '--norc', '-i']);
    try {
      await terminal.type(`source ${at('keywright.bash')}; PS1='ready> '`);
      await terminal.press('Enter');
      await terminal.shows(/^ready> *$/m);
      await terminal.type('keywright auth create-key n --to env');
      await terminal.press('Tab');
      await terminal.shows(/--to env-file:/);
      await terminal.type('.env#K');
      expect(await terminal.shows(/\.env#K/)).toContain('--to env-file:.env#K');
    } finally {
      await terminal.close();
    }
  });
});

describeWith(['fish'], 'in fish', () => {
  async function offered(line: string): Promise<readonly string[]> {
    const { stdout } = await run('fish', ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', '--', at('keywright.fish'), line], { cwd: dir });
    return stdout.split('\n').filter((each) => each !== '');
  }

  it('offers words with what they do', async () => {
    expect(await offered('keywright auth list-k')).toEqual(['list-keys\tList the API keys of your account']);
    expect(await offered('keywright login --store ')).toEqual(['file', 'keychain'].map((word) => expect.stringContaining(word)));
    expect(await offered('keywright api -')).toEqual(expect.arrayContaining([expect.stringMatching(/^-f\t/), expect.stringMatching(/^--field\t/)]));
    await offered('keywright auth $(touch ran) ');
    await offered('keywright login "`touch ran`" ');
    expect(await readdir(dir)).not.toContain('ran');
  });
});

describeWith(['zsh'], 'in zsh', () => {
  it('is a script that zsh reads and takes for keywright and kw', async () => {
    const { stdout } = await run('zsh', [
      '-f',
      '-c',
      'autoload -U compinit; compinit -D -u; source "$1"; print $_comps[keywright] $_comps[kw]',
      'zsh',
      at('_keywright'),
    ]);
    expect(stdout.trim()).toBe('_keywright _keywright');
  });

  it('offers the commands below a group', async () => {
    const probe = [
      'zmodload zsh/zpty; zpty z zsh -f -i',
      'zpty -w z "PS1=; autoload -U compinit; compinit -D -u; zstyle \\":completion:*\\" list-prompt \\"\\"; source $1; echo READY"',
      'for i in {1..200}; do zpty -rt z line; [[ $line == *READY* ]] && break; sleep 0.05; done',
      'zpty -w -n z "keywright auth list-k"$\'\\t\'',
      'for i in {1..200}; do zpty -rt z more; got+=$more; [[ $got == *list-keys* ]] && break; sleep 0.05; done; zpty -d z; print -r -- "$got"',
    ].join('\n');
    const { stdout } = await run('zsh', ['-f', '-c', probe, 'zsh', at('_keywright')]);
    expect(stdout).toContain('list-keys');
  });
});
