import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../support/requires.ts';
import { openTerminal, type Terminal } from '../../support/tmux.ts';
import { type CompletionHome, HOSTILE_LINES, makeCompletionHome } from './hostile-home.ts';

const run = promisify(execFile);

let home: CompletionHome;

beforeAll(async () => {
  home = await makeCompletionHome();
});
afterAll(async () => home.remove());

describeWith(['zsh'], 'in zsh', () => {
  /** What the inner shell loads: every word that fits goes through `compadd`, which lists it between marks. */
  const INNER = [
    'PS1=; unsetopt prompt_cr prompt_sp zle_bracketed_paste 2>/dev/null; autoload -Uz compinit; compinit -D -u',
    'source "$KEYWRIGHT_SCRIPT"',
    'compadd() {',
    '  local -a fits',
    // Calls that only count or filter give nothing to the person.
    '  if (( ! ${@[(I)-[OAD]]} )); then',
    '    builtin compadd -A fits "$@"',
    '    (( ! ${#fits} )) || print -rl -- "<"${^fits}">" >> "$KEYWRIGHT_SEEN"',
    '  fi',
    '  builtin compadd "$@"',
    '}',
    // Keys that come before the line editor would be taken by the terminal itself.
    'zle-line-init() { print -n READY; }; zle -N zle-line-init',
  ].join('\n');

  /** Types a line at a terminal of zsh's own (zpty) and presses Tab; what comes after it is run when the answer is there. */
  const DRIVER = [
    'zmodload zsh/zpty; zpty z zsh -i',
    'all=""; for i in {1..1200}; do if zpty -rt z got; then all+=$got; [[ $all == *READY* ]] && break; else sleep 0.05; fi; done',
    "zpty -w -n z \"$1\"$'\\t'$'\\x15'",
    'zpty -w z "echo DO\'\'NE"',
    'all=""; for i in {1..1200}; do if zpty -rt z got; then all+=$got; [[ $all == *DONE* ]] && break; else sleep 0.05; fi; done; zpty -d z',
  ].join('\n');

  async function offered(line: string): Promise<readonly string[]> {
    const folder = await mkdtemp(path.join(home.env['TMPDIR'] ?? '', 'zsh-'));
    const seen = path.join(folder, 'seen');
    await writeFile(seen, '');
    await writeFile(path.join(folder, '.zshrc'), INNER);
    const env = { ...home.env, TERM: 'dumb', ZDOTDIR: folder, KEYWRIGHT_SCRIPT: home.script('zsh'), KEYWRIGHT_SEEN: seen };
    await run('zsh', ['-f', '-c', DRIVER, 'zsh', line], { cwd: home.cwd, env });
    return [...(await readFile(seen, 'utf8')).matchAll(/^<(.+)>$/gm)].map(([, word]) => word ?? '');
  }

  it('is a script that zsh reads and takes for keywright and kw, sourced or found in fpath', async () => {
    const script =
      'autoload -Uz compinit; [ -z "$2" ] || fpath=("$2" $fpath); compinit -D -u; [ -n "$2" ] || source "$1"; print $_comps[keywright] $_comps[kw]';
    const folder = home.script('zsh').replace(/\/_keywright$/, '');
    const ways = await Promise.all(['', folder].map((dir) => run('zsh', ['-f', '-c', script, 'zsh', home.script('zsh'), dir], { env: home.env })));
    expect(ways.map(({ stdout }) => stdout)).toEqual(['_keywright _keywright\n', '_keywright _keywright\n']);
  });

  it('offers commands, choices in their place, and what this machine knows', async () => {
    expect(await offered('keywright auth list-')).toEqual(['list-keys', 'list-grants']);
    expect(await offered('keywright login --store ')).toEqual(['keychain', 'file']);
    expect(await offered('keywright login --store=f')).toEqual(['file']);
    expect(await offered('keywright auth create-key n --scope chat:')).toEqual(['chat:read', 'chat:write']);
    expect(await offered('keywright auth create-key --to file:pre')).toContain('precious.txt');
    expect(await offered('keywright api GET /x --input pre')).toContain('precious.txt');
    expect(await offered('keywright auth revoke-key ')).toEqual(['key_hostile', 'key_deploy', 'key_work', 'key_minds']);
    expect(await offered('keywright auth revoke-key --provider minds ')).toEqual(['key_minds']);
    expect(await offered('keywright auth revoke-key --account=work ')).toEqual(['key_work']);
    expect(await offered('kw whoami --account me@')).toEqual(['me@work.example']);
    expect(await offered('keywright auth create-key --expires ')).toEqual([]);
    expect(await offered('keywright hel')).toEqual(['help']);
    expect(await offered('keywright help log')).toEqual(['login', 'logout']);
    expect(await offered('keywright help e')).toEqual(['exit-codes', 'environment']);
    expect(await offered('keywright help auth rotate-')).toEqual(['rotate-key']);
    expect(await offered('keywright help login ')).toEqual([]);
    expect(await offered('keywright auth rotate-key --grant ')).toEqual(['Zk3mQx81TfPa']);
    expect(await offered('keywright login --complete ')).toEqual(['b3GunS1gn1n']);
    expect(await offered('keywright run -- cat pre')).toContain('precious.txt');
    expect(await home.harm()).toBe(undefined);
  });
});

describeWith(['zsh', 'tmux'], 'in zsh at a terminal', () => {
  async function open(): Promise<Terminal> {
    const terminal = await openTerminal({ ...home.env, LANG: 'C.UTF-8' }, ['zsh', '-f', '-i']);
    // Tab at first expands a word in zsh, with every command in it, whatever is completed; here it completes.
    await terminal.type("bindkey '^I' complete-word");
    await terminal.press('Enter');
    // With this option a prompt, or what is taken for one, may run commands: the worst that a person can have set.
    await terminal.type(`cd '${home.cwd}'; setopt prompt_subst; autoload -Uz compinit; compinit -D -u; source '${home.script('zsh')}'; PS1='ready> '; clear`);
    await terminal.press('Enter');
    await terminal.shows(/^ready> *$/m);
    return terminal;
  }

  it('shows names beside ids, and they are text', async () => {
    const terminal = await open();
    try {
      await terminal.type('keywright auth revoke-key key_');
      await terminal.press('Tab');
      await terminal.press('Tab');
      expect(await terminal.shows(/key_hostile +-- it's "x" /)).toContain('key_deploy');
      expect(await home.harm()).toBe(undefined);
    } finally {
      await terminal.close();
    }
  });

  it('runs nothing and overwrites nothing at a real Tab', async () => {
    const terminal = await open();
    try {
      for (const [index, line] of HOSTILE_LINES.entries()) {
        await terminal.type(line);
        await terminal.press('Tab');
        await terminal.press('Tab');
        await terminal.press('C-u');
        await terminal.type(`: done-${index}`);
        await terminal.press('Enter');
        await terminal.shows(new RegExp(`ready> : done-${index}\\s`));
        expect([line, await home.harm()]).toEqual([line, undefined]);
      }
    } finally {
      await terminal.close();
    }
  });
});
