import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, textAt } from '../integration/backend/running.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { makeWorld, type World, type WorldWishes } from '../support/world.ts';

const realm = sharedBackend({}, 'reminix');

const desk = async (form: Readonly<Record<string, unknown>>): Promise<unknown> =>
  (await ask(realm().origin, '/dashboard', { method: 'POST', body: form })).json;

/** A token that works in every project of its owner, and two of those. */
async function somebody() {
  const projects = await desk({ list: 'projects' });
  const token = textAt(await desk({ make: 'personal-access-token' }), 'token');
  realm().stats.reset();
  return { token, one: textAt(projects, 'projects', 0, 'id'), two: textAt(projects, 'projects', 1, 'id') };
}

const withToken = (token: string, env: WorldWishes['env'] = {}, more: WorldWishes = {}): Promise<World> =>
  makeWorld({ realm: realm(), ...more, env: { REMINIX_API_KEY: token, ...env } });

const projectsSent = (world: World): ReadonlyArray<string | undefined> => world.sent.map(({ headers }) => headers?.['x-project']);

async function asked(world: World, ...words: string[]): Promise<readonly unknown[]> {
  const { exit, stdout, stderr } = await world.run('whoami', '--json', ...words);
  const { project, identity } = JSON.parse(stdout);
  return [exit, stderr, project, identity?.id, ...projectsSent(world)];
}

const bind = (world: World, content: unknown): Promise<void> => writeFile(join(world.cwd, '.keywright.json'), JSON.stringify(content), { mode: 0o644 });

describe('a credential for many projects', () => {
  it('is asked about for the project of --project, of the variable, and of the folder, in this order', async () => {
    const { token, one, two } = await somebody();
    const world = await withToken(token, { REMINIX_PROJECT: two });
    expect(await asked(world, '--project', one)).toEqual([0, '', one, one, one]);
    expect(await asked(world)).toEqual([0, '', two, two, two]);
    await bind(world, { project: one });
    expect(await asked(world)).toEqual([0, '', two, two, two]);
    world.setEnv('REMINIX_PROJECT', '');
    const path = join(world.cwd, '.keywright.json');
    const said = `warning: The directory binding ${path} leads to REMINIX_API_KEY at reminix (project ${one}), not to REMINIX_API_KEY at reminix.\n`;
    expect(await asked(world)).toEqual([0, said, one, one, one]);
    expect(await asked(world, '--project', two)).toEqual([0, '', two, two, two]);
    await world.run('use', '--here');
    expect(await asked(world)).toEqual([0, '', one, one, one]);
  });

  it('is shown to nobody where no project is named', async () => {
    const { token } = await somebody();
    const world = await withToken(token);
    expect(await world.run('whoami')).toEqual({
      exit: 2,
      stdout: '',
      stderr:
        'error[usage]: The command was not understood\n  Reminix was not asked: a personal access token works for many projects, and no project was named.\nhint: Name it: --project <id>, or set REMINIX_PROJECT, or bind this folder: keywright use reminix --here --project <id>\n',
    });
    expect(world.sent).toEqual([]);
  });

  it.each([
    ['--project', 'not-a-project'],
    ['--project', 'proj_'],
    ['--project', ''],
  ])('is shown to nobody with %s %j', async (...words) => {
    const { token } = await somebody();
    const world = await withToken(token);
    const result = await world.run('whoami', ...words);
    expect([result.exit, result.stdout, world.sent]).toEqual([2, '', []]);
    expect(result.stderr).toContain(
      'What --project says cannot be a project of Reminix.\nhint: The ids of projects begin with proj_; the dashboard shows them.\n',
    );
  });

  it('tells what the provider says of a project that is not theirs', async () => {
    const { token } = await somebody();
    const world = await withToken(token);
    const { exit, stdout, stderr } = await world.run('whoami', '--project', 'proj_of_somebody_else');
    expect([exit, stdout]).toEqual([5, '']);
    expect(stderr).toContain('Could not ask who you are. Reminix says: ');
  });

  it('is signed in with for the project that is named, and not otherwise', async () => {
    const { token, two } = await somebody();
    const world = await makeWorld({ realm: realm(), stdin: token });
    expect((await world.run('login', 'reminix', '--with-token')).exit).toBe(2);
    expect([world.sent, await world.accounts.list(), world.stores.keychain.entries.size]).toEqual([[], [], 0]);
    expect((await world.run('login', 'reminix', '--with-token', '--project', two)).exit).toBe(0);
    expect(projectsSent(world)).toEqual([two]);
    expect((await world.accounts.list()).map(({ identity }) => identity?.id)).toEqual([two]);
    expect(await asked(world, '--project', two)).toEqual([0, '', two, two, two]);
  });

  it('is printed by "auth token --header" with the project beside it', async () => {
    const { token, one } = await somebody();
    const world = await withToken(token, { REMINIX_PROJECT: one });
    expect((await world.run('auth', 'token', '--header')).stdout).toBe(`authorization: Bearer ${token}\nx-project: ${one}\n`);
  });
});

describe('a credential of one project', () => {
  it('names no other, whatever is said', async () => {
    const { one, two } = await somebody();
    const world = await withToken(textAt(await desk({ make: 'key', project: one }), 'key'), { REMINIX_PROJECT: two });
    expect(await asked(world)).toEqual([0, '', two, one, undefined]);
  });
});

describe('use --here --project', () => {
  it('binds the folder to a project, and says so', async () => {
    const { token, one } = await somebody();
    const world = await withToken(token);
    const path = join(world.cwd, '.keywright.json');
    expect(await world.run('use', 'reminix', '--here', '--project', one)).toEqual({
      exit: 0,
      stdout: `No default provider is set.\n${path} binds this folder to reminix, project ${one} (trusted).\n`,
      stderr: '',
    });
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ provider: 'reminix', project: one });
    expect(JSON.parse((await world.run('use', '--json')).stdout)).toEqual({
      provider: null,
      accounts: [],
      binding: { path, provider: 'reminix', account: null, project: one, trusted: true },
    });
    expect(await asked(world)).toEqual([0, '', one, one, one]);
  });

  it.each<[readonly string[], string]>([
    [['reminix', '--project', 'proj_x'], '--project belongs to --here.'],
    [['--project', 'proj_x'], '--project belongs to --here.'],
    [['--clear', '--project', 'proj_x'], '--project belongs to --here.'],
    [['reminix', '--here', '--project', 'x'], 'What --project says cannot be a project of Reminix.'],
    [['memax', '--here', '--project', 'proj_x'], 'Memax has no projects.'],
    [['--here', '--clear', '--project', 'proj_x'], '--here --clear removes the whole binding of this folder, so it takes no names.'],
  ])('refuses use %j, and writes nothing', async (words, detail) => {
    const world = await makeWorld({ realm: realm() });
    const result = await world.run('use', ...words);
    expect([result.exit, result.stdout]).toEqual([2, '']);
    expect(result.stderr).toContain(`error[usage]: The command was not understood\n  ${detail}\n`);
    await expect(readFile(join(world.cwd, '.keywright.json'))).rejects.toThrow('ENOENT');
  });
});

describe('a command about a provider without projects', () => {
  it.each([['whoami'], ['login']])('refuses --project: %s', async (word) => {
    const world = await makeWorld({ env: { MEMAX_API_KEY: `mxk_${'1'.repeat(64)}` } });
    const result = await world.run(word, 'memax', '--project', 'proj_x');
    expect([result.exit, result.stdout, world.sent]).toEqual([2, '', []]);
    expect(result.stderr).toContain('Memax has no projects.\nhint: Leave --project out.\n');
  });
});
