import { execFile } from 'node:child_process';
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

describeWith(['bash'], 'in bash', () => {
  /** Cuts the line as bash does without quotes, and asks the function. */
  const DRIVER = [
    'source "$1"; COMP_LINE="$2"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9; COMP_WORDBREAKS="${3-$COMP_WORDBREAKS}"',
    'set -f; COMP_WORDS=($2); case "$2" in *" ") COMP_WORDS+=("");; esac; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))',
    '_keywright; [ ${#COMPREPLY[@]} -eq 0 ] || printf "%s\\n" "${COMPREPLY[@]}"',
  ].join('\n');

  async function offered(line: string, ...breaks: string[]): Promise<readonly string[]> {
    const { stdout, stderr } = await run('bash', ['--norc', '-c', DRIVER, 'bash', home.script('bash'), line, ...breaks], { cwd: home.cwd, env: home.env });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((each) => each !== '');
  }

  it('offers commands, those below a group, and flags', async () => {
    expect(await offered('keywright log')).toEqual(['login', 'logout']);
    expect(await offered('kw auth rev')).toEqual(['revoke-key', 'revoke-client-token', 'revoke-grant']);
    expect(await offered('keywright auth create-key --exp')).toEqual(['--expires']);
    expect(await offered('keywright api --fi')).toEqual(['--field', '--file-field']);
    expect(await offered('keywright api -')).toEqual(expect.arrayContaining(['-f', '-F', '--field']));
    expect(await offered('keywright completion ')).toEqual(['install', 'uninstall', 'bash', 'zsh', 'fish', 'powershell']);
    expect(await offered('keywright completion install f')).toEqual(['fish']);
  });

  it('offers for help the commands, the words below a group, and the topics', async () => {
    expect(await offered('keywright hel')).toEqual(['help']);
    expect(await offered('keywright help log')).toEqual(['login', 'logout']);
    expect(await offered('kw help e')).toEqual(['exit-codes', 'environment']);
    expect(await offered('keywright help auth rotate-')).toEqual(['rotate-key']);
    expect(await offered('keywright help completion ')).toEqual(['install', 'uninstall']);
    expect(await offered('keywright help login ')).toEqual([]);
    expect(await offered('keywright help auth login ')).toEqual([]);
  });

  it('offers the choices of a flag and of an argument in its place', async () => {
    expect(await offered('keywright login --store ')).toEqual(['keychain', 'file']);
    expect(await offered('keywright login --store=f')).toEqual(['file']);
    expect(await offered('keywright login m')).toEqual(['memax', 'minds']);
    expect(await offered('keywright api P')).toEqual(['POST', 'PUT', 'PATCH']);
    expect(await offered('keywright api GET P')).toEqual([]);
    expect(await offered('keywright auth create-key --expires ')).toEqual([]);
    expect(await offered('keywright auth create-key n --scope agent')).toEqual(['agent-sync', 'agents:read']);
    expect(await offered('keywright auth create-key n --scope chat:')).toEqual(['read', 'write']);
    expect(await offered('keywright auth create-key n --scope chat:', ' \t\n')).toEqual(['chat:read', 'chat:write']);
    expect(await offered('keywright auth create-key --to e')).toEqual(['env-file:', 'exec:']);
  });

  it('offers files where files belong', async () => {
    expect(await offered('keywright api GET /x --input pre')).toEqual(['precious.txt']);
    expect(await offered('keywright auth create-key --to file:pre')).toEqual(['precious.txt']);
    expect(await offered('keywright auth create-client-token --server @pre')).toEqual(['precious.txt']);
    expect(await offered('keywright providers add pre')).toEqual(['precious.txt']);
    expect(await offered('keywright run -- cat pre')).toEqual(['precious.txt']);
    expect(await offered('keywright run -- touc')).toContain('touch');
  });

  it('offers ids, names, accounts and grants of this machine, and only such as no shell takes for more than text', async () => {
    expect(await offered('keywright auth revoke-key ')).toEqual(['key_hostile', 'key_deploy', 'key_work', 'key_minds']);
    expect(await offered('keywright auth revoke-key key_deploy key_w')).toEqual(['key_work']);
    expect(await offered('keywright auth revoke-key --provider minds ')).toEqual(['key_minds']);
    expect(await offered('keywright auth revoke-key --account=work ')).toEqual(['key_work']);
    expect(await offered('keywright auth list-keys --name ')).toEqual(['ci-deploy', 'nightly']);
    expect(await offered('keywright auth list-keys --agent ')).toEqual(['claude-code']);
    expect(await offered('keywright auth revoke-grant ')).toEqual(['Zk3mQx81TfPa']);
    expect(await offered('keywright auth rotate-key --grant ')).toEqual(['Zk3mQx81TfPa']);
    expect(await offered('keywright login --complete ')).toEqual(['b3GunS1gn1n']);
    expect(await offered('keywright whoami --account ')).toEqual(['me@work.example']);
  });

  it.each(HOSTILE_LINES)('runs nothing of: %s', async (line) => {
    await offered(line);
    expect(await home.harm()).toBe(undefined);
  });

  it('lets through nothing but plain words, whatever the program answers', async () => {
    const lying = 'keywright() { :; }; command() { printf "%s\\t%s\\n" "\\$(touch ran)" x "*" x "ok_1" "\\$(touch ran)" "-rf" x; }; ';
    const { stdout } = await run('bash', ['--norc', '-c', `${lying}${DRIVER}`, 'bash', home.script('bash'), 'keywright auth revoke-key '], {
      cwd: home.cwd,
      env: home.env,
    });
    expect([stdout, await home.harm()]).toEqual(['ok_1\n', undefined]);
  });
});

describeWith(['bash', 'tmux'], 'in bash at a terminal', () => {
  async function open(): Promise<Terminal> {
    const terminal = await openTerminal(home.env, ['bash', '--norc', '-i']);
    await terminal.type(`cd '${home.cwd}'; source '${home.script('bash')}'; bind 'set show-all-if-ambiguous on'; PS1='ready> '; clear`);
    await terminal.press('Enter');
    await terminal.shows(/^ready> *$/m);
    return terminal;
  }

  it('completes ids, sinks and files, and adds no space behind a word that goes on', async () => {
    const terminal = await open();
    try {
      const typed = async (text: string, shows: RegExp): Promise<void> => {
        await terminal.type(text);
        await terminal.press('Tab');
        await terminal.shows(shows);
        await terminal.press('C-u');
      };
      await typed('keywright auth revoke-key key_d', /revoke-key key_deploy $/m);
      await typed('keywright whoami --account me@w', /--account me@work\.example/m);
      await typed('keywright auth create-key n --scope chat:r', /--scope chat:read/m);
      await typed('keywright auth create-key n --to file:pre', /--to file:precious\.txt/m);
      await typed('keywright login --store=f', /--store=file/m);
      await terminal.type('keywright auth create-key n --to env');
      await terminal.press('Tab');
      await terminal.shows(/--to env-file:/);
      await terminal.type('.env#K');
      expect(await terminal.shows(/\.env#K/)).toContain('--to env-file:.env#K');
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
        await terminal.press('C-e');
        await terminal.press('C-u');
        // Comes after the answer to the Tab, since bash reads one key after the other.
        await terminal.type(`: done-${index}`);
        await terminal.press('Enter');
        await terminal.shows(new RegExp(`ready> : done-${index}\\s`));
        await terminal.shows(/ready>\s*$/);
        expect([line, await home.harm()]).toEqual([line, undefined]);
      }
    } finally {
      await terminal.close();
    }
  });
});
