import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../support/requires.ts';
import { type CompletionHome, HOSTILE_LINES, makeCompletionHome } from './hostile-home.ts';

const run = promisify(execFile);

let home: CompletionHome;

beforeAll(async () => {
  home = await makeCompletionHome();
});
afterAll(async () => home.remove());

describeWith(['fish'], 'in fish', () => {
  async function offered(line: string): Promise<readonly string[]> {
    const { stdout, stderr } = await run('fish', ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', '--', home.script('fish'), line], {
      cwd: home.cwd,
      env: home.env,
    });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((each) => each !== '');
  }
  const words = async (line: string): Promise<readonly string[]> => (await offered(line)).map((each) => each.split('\t')[0] ?? '');

  it('offers words with what they do', async () => {
    expect(await offered('keywright auth list-k')).toEqual(['list-keys\tList the API keys of your account']);
    expect(await offered('kw login --sto')).toEqual(['--store\tWhere to keep the credential: keychain or file']);
    expect(await words('keywright api -')).toEqual(expect.arrayContaining(['-f', '--field']));
  });

  it('offers for help the commands, the words below a group, and the topics', async () => {
    expect(await words('keywright hel')).toEqual(['help']);
    expect(await words('keywright help log')).toEqual(['login', 'logout']);
    expect(await words('kw help e')).toEqual(['environment', 'exit-codes']);
    expect(await words('keywright help auth rotate-')).toEqual(['rotate-key']);
    expect(await words('keywright help completion ')).toEqual(['install', 'uninstall']);
    expect(await words('keywright help login ')).toEqual([]);
    expect(await words('keywright help auth login ')).toEqual([]);
  });

  it('offers the choices of a flag and of an argument in its place, and files where files belong', async () => {
    expect(await words('keywright login --store ')).toEqual(['file', 'keychain']);
    expect(await words('keywright login --store=f')).toEqual(['--store=file']);
    expect(await words('keywright login m')).toEqual(['memax', 'minds']);
    expect(await words('keywright auth create-key n --scope chat:')).toEqual(['chat:read', 'chat:write']);
    expect(await words('keywright auth create-key --to e')).toEqual(['env-file:', 'exec:']);
    expect(await words('keywright auth create-key --to file:pre')).toEqual(['file:precious.txt']);
    expect(await words('keywright api GET /x --input pre')).toEqual(['precious.txt']);
    expect(await words('keywright auth create-key --expires ')).toEqual([]);
    expect(await words('keywright run -- cat pre')).toEqual(['precious.txt']);
    expect(await words('keywright run -- touc')).toContain('touch');
  });

  it('offers what this machine knows, names as text beside ids, and only such values as no shell takes for more', async () => {
    expect((await words('keywright auth revoke-key ')).toSorted()).toEqual(['key_deploy', 'key_hostile', 'key_minds', 'key_work']);
    expect(await offered('keywright auth revoke-key key_d')).toEqual(['key_deploy\tci-deploy, claude-code']);
    expect(await words('keywright auth revoke-key --provider minds ')).toEqual(['key_minds']);
    expect(await words('keywright auth revoke-key --account=work ')).toEqual(['key_work']);
    expect(await words('keywright whoami --account me@')).toEqual(['me@work.example']);
    expect(await words('keywright auth revoke-grant Z')).toEqual(['Zk3mQx81TfPa']);
    expect(await words('keywright auth rotate-key --grant ')).toEqual(['Zk3mQx81TfPa']);
    expect(await offered('keywright login --complete ')).toEqual(['b3GunS1gn1n\tmemax, work']);
    // oxlint-disable-next-line no-control-regex -- that there is none is the point
    expect((await offered('keywright auth revoke-key key_h')).join('')).not.toMatch(/[\u0000-\u0008\u000a-\u001f]/);
  });

  it.each(HOSTILE_LINES)('runs nothing of: %s', async (line) => {
    await offered(line);
    expect(await home.harm()).toBe(undefined);
  });

  it('can be loaded again, for both names, without offering anything twice', async () => {
    const script = 'source $argv[1]; source $argv[1]; complete -C "kw auth list-k"';
    const { stdout } = await run('fish', ['--no-config', '-c', script, '--', home.script('fish')], { cwd: home.cwd, env: home.env });
    expect(stdout).toBe('list-keys\tList the API keys of your account\n');
  });
});
