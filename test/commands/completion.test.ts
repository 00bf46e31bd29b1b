import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorld, type World } from '../support/world.ts';

const homeOf = (world: World): string => dirname(world.cwd);
const text = (path: string): Promise<string> => readFile(path, 'utf8');

/** Variables under which shells may look elsewhere are set by some of the tests alone. */
const makeAtShell = (shell: string, env: Readonly<Record<string, string>> = {}): Promise<World> => makeWorld({ env: { SHELL: shell, ...env } });

describe('completion', () => {
  it('prints the script of a shell, and knows no other', async () => {
    const world = await makeWorld();
    for (const [shell, file] of [
      ['bash', 'keywright.bash'],
      ['zsh', '_keywright'],
      ['fish', 'keywright.fish'],
      ['powershell', 'keywright.ps1'],
    ] as const)
      expect(await world.run('completion', shell)).toEqual({ exit: 0, stdout: await text(`completions/${file}`), stderr: '' });
    expect(await world.run('completion', 'tcsh')).toMatchObject({ exit: 2, stdout: '' });
  });
});

describe('completion install', () => {
  it('puts the script of the login shell where fish looks, for both names', async () => {
    const world = await makeAtShell('/usr/bin/fish');
    const folder = join(homeOf(world), '.config/fish/completions');
    const { exit, stdout } = await world.run('completion', 'install');
    expect([exit, stdout]).toEqual([0, `${folder}/keywright.fish\n${folder}/kw.fish\n`]);
    expect(await text(join(folder, 'kw.fish'))).toBe(await text('completions/keywright.fish'));
    expect(await world.run('completion', 'uninstall')).toMatchObject({ exit: 0, stdout });
    expect(await readdir(folder)).toEqual([]);
    expect(await world.run('completion', 'uninstall')).toMatchObject({ exit: 0, stdout: '' });
  });

  it('follows XDG_CONFIG_HOME', async () => {
    const world = await makeWorld();
    world.setEnv('XDG_CONFIG_HOME', join(world.dir, 'elsewhere'));
    expect((await world.run('completion', 'install', 'fish')).stdout).toContain(`${world.dir}/elsewhere/fish/completions/keywright.fish\n`);
  });

  it('says the line that bash needs where bash-completion is not there, and writes no start-up file', async () => {
    const world = await makeAtShell('/bin/bash');
    const script = join(homeOf(world), '.local/share/bash-completion/completions/keywright');
    const { exit, stderr } = await world.run('completion', 'install');
    expect([exit, stderr]).toEqual([0, expect.stringContaining(`\n  source '${script}'\n`)]);
    expect(await readdir(homeOf(world))).not.toContain('.bashrc');
    await mkdir(join(world.dir, 'usr/share/bash-completion'), { recursive: true });
    await writeFile(join(world.dir, 'usr/share/bash-completion/bash_completion'), '');
    expect((await world.run('completion', 'install')).stderr).toBe('The next bash completes keywright and kw.\n');
    expect(await text(join(dirname(script), 'kw'))).toBe(await text('completions/keywright.bash'));
  });

  it('takes a folder of fpath that is the person own, else says the line that zsh needs', async () => {
    const world = await makeAtShell('/bin/zsh');
    const folder = join(homeOf(world), '.local/share/zsh/site-functions');
    const said = await world.run('completion', 'install');
    expect(said).toMatchObject({ exit: 0, stdout: `${folder}/_keywright\n`, stderr: expect.stringContaining(`fpath+=('${folder}')`) });
    expect(await readdir(homeOf(world))).not.toContain('.zshrc');
    const own = join(homeOf(world), 'zfunctions');
    await mkdir(own);
    world.setEnv('FPATH', `/usr/share/zsh:${own}`);
    expect(await world.run('completion', 'install')).toMatchObject({ exit: 0, stdout: `${own}/_keywright\n` });
  });

  it('says the line of $PROFILE for PowerShell, which needs no file', async () => {
    const world = await makeWorld();
    const { exit, stdout, stderr } = await world.run('completion', 'install', 'powershell');
    expect([exit, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/\$PROFILE .*\n {2}\. '.*keywright\.ps1'\n/);
  });

  it('overwrites and removes nothing that is not ours, be it a file or a link', async () => {
    const world = await makeWorld();
    const folder = join(homeOf(world), '.config/fish/completions');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'kw.fish'), 'complete -c kw -f\n');
    for (const word of ['install', 'uninstall']) expect(await world.run('completion', word, 'fish')).toMatchObject({ exit: 5, stdout: '' });
    expect(await readdir(folder)).toEqual(['kw.fish']);
    expect(await text(join(folder, 'kw.fish'))).toBe('complete -c kw -f\n');
    await symlink('kw.fish', join(folder, 'keywright.fish'));
    expect(await world.run('completion', 'install', 'fish')).toMatchObject({ exit: 5 });
  });

  it('asks for the shell where SHELL tells none that it knows', async () => {
    const world = await makeAtShell('/bin/tcsh');
    expect(await world.run('completion', 'install')).toMatchObject({ exit: 2, stdout: '' });
  });

  it('is looked after by doctor, which finds a script of another version', async () => {
    const world = await makeWorld({ env: { DBUS_SESSION_BUS_ADDRESS: 'disabled:' } });
    const findings = async (): Promise<readonly unknown[]> => {
      const all: ReadonlyArray<{ code: string; level: string }> = JSON.parse((await world.run('doctor', '--offline', '--json')).stdout);
      return all.filter(({ code }) => code === 'completion-stale').map(({ level }) => level);
    };
    expect(await findings()).toEqual([]);
    await world.run('completion', 'install', 'fish');
    expect(await findings()).toEqual(['ok']);
    const path = join(homeOf(world), '.config/fish/completions/keywright.fish');
    await writeFile(path, (await text(path)).replace(/^# keywright \S+ /, '# keywright 0.0.1 '));
    expect(await findings()).toEqual(['warning']);
    expect(await world.run('completion', 'install', 'fish')).toMatchObject({ exit: 0 });
    expect(await findings()).toEqual(['ok']);
  });
});
