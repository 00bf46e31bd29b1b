import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readySinks } from '../../../src/flows/deliver/ready.ts';
import { deliverTo, mayHaveIt } from '../../../src/flows/deliver/sink.ts';
import { describeWith } from '../../support/requires.ts';
import { DELIVERY, KEY, type SinkWorld, sinkWorld } from '../../support/sink-world.ts';

const modeOf = (file: string): number => statSync(file).mode & 0o777;

/** Delivers to sinks, all of which must take the key. */
async function deliver(world: SinkWorld, ...names: readonly string[]): Promise<void> {
  const { failed } = await deliverTo(await readySinks(names, undefined, world.deps), DELIVERY);
  expect(failed).toEqual([]);
}

describe('file:', () => {
  it.each([
    [undefined, `${KEY}\n`],
    ['raw', `${KEY}\n`],
    ['env', `MEMAX_API_KEY='${KEY}'\n`],
    ['json', `{"id":"key_1","name":"ci","prefix":"mxk_5ec7","expires_at":"2027-02-20T12:00:00.000Z","scopes":["read"],"key":"${KEY}"}\n`],
  ] as const)('gets the key in the format %s, for its owner alone', async (format, content) => {
    const world = sinkWorld();
    const [sink] = await readySinks(['file:key'], format, world.deps);
    await sink?.deliver(DELIVERY);
    expect([sink?.name, readFileSync(world.at('key'), 'utf8'), modeOf(world.at('key'))]).toEqual([`file:${world.at('key')}`, content, 0o600]);
  });

  it('is given back what lay there, or nothing', async () => {
    const world = sinkWorld();
    writeFileSync(world.at('old'), 'the old key\n');
    for (const [name, content] of [
      ['old', 'the old key\n'],
      ['new', undefined],
    ] as const) {
      const [sink] = await readySinks([`file:${name}`], undefined, world.deps);
      const before = (await sink?.before?.()) ?? 'nothing';
      await sink?.deliver(DELIVERY);
      expect(readFileSync(world.at(name), 'utf8')).toBe(`${KEY}\n`);
      await sink?.restore(before);
      expect(existsSync(world.at(name)) ? readFileSync(world.at(name), 'utf8') : undefined).toBe(content);
    }
  });

  it.each([
    ['none/key', 'refused', 'none/key cannot be written: its folder is not there. No key was made.'],
    ['folder', 'refused', 'folder cannot be written: what lies there is no regular file. No key was made.'],
    ['bytes', 'refused', 'bytes is not text in UTF-8.'],
    ['', 'usage', 'file: needs the path of a file.'],
    ['~/key', 'usage', 'file:~/key begins with a "~" that the shell left as it is.'],
  ])('%j is refused before a key is made', async (name, code, detail) => {
    const world = sinkWorld();
    mkdirSync(world.at('folder'));
    writeFileSync(world.at('bytes'), Buffer.from([0xff]));
    await expect(readySinks([`file:${name}`], undefined, world.deps)).rejects.toMatchObject({ code, detail: expect.stringContaining(detail) });
  });

  it('that cannot be written after all does not have the key', async () => {
    const world = sinkWorld();
    mkdirSync(world.at('folder'));
    const sinks = await readySinks(['file:folder/key'], undefined, world.deps);
    execFileSync('rmdir', [world.at('folder')]);
    writeFileSync(world.at('folder'), '');
    const { took, failed } = await deliverTo(sinks, DELIVERY);
    expect([took, failed.map(({ name, failure }) => [name, failure.code, mayHaveIt(failure)])]).toEqual([
      [],
      [[`file:${world.at('folder/key')}`, 'refused', false]],
    ]);
  });
});

describe('env-file:', () => {
  it('changes one line of a file, keeps every other byte, and is read by a shell and by Node', async () => {
    const world = sinkWorld();
    writeFileSync(world.at('.env'), '# ours\nexport DEPLOY_KEY=old # why\nB="two words"\n');
    chmodSync(world.at('.env'), 0o644);
    await deliver(world, 'env-file:.env#DEPLOY_KEY', 'env-file:.env#ADDED');
    const text = readFileSync(world.at('.env'), 'utf8');
    expect([text, modeOf(world.at('.env'))]).toEqual([`# ours\nexport DEPLOY_KEY=${KEY} # why\nB="two words"\nADDED='${KEY}'\n`, 0o600]);
    const read = execFileSync('sh', ['-c', '. ./.env; printf "%s/%s/%s" "$DEPLOY_KEY" "$ADDED" "$B"'], { cwd: world.cwd, encoding: 'utf8' });
    expect(read).toBe(`${KEY}/${KEY}/two words`);
    expect(parseEnv(text)).toEqual({ DEPLOY_KEY: KEY, ADDED: KEY, B: 'two words' });
  });

  it.each([
    ["'old'", `'${KEY}'`],
    ['"old"', `"${KEY}"`],
    ['old', KEY],
    ['old$x', `'${KEY}'`],
    ['', `'${KEY}'`],
  ])('writes in the manner of %j', async (old, value) => {
    const world = sinkWorld();
    writeFileSync(world.at('.env'), `K=${old}\n`);
    await deliver(world, 'env-file:.env#K');
    expect(readFileSync(world.at('.env'), 'utf8')).toBe(`K=${value}\n`);
  });

  it('is made where there is none, and gone again when it is taken back', async () => {
    const world = sinkWorld();
    const [sink] = await readySinks(['env-file:.env#K'], undefined, world.deps);
    const before = (await sink?.before?.()) ?? 'nothing';
    await sink?.deliver(DELIVERY);
    expect([before, readFileSync(world.at('.env'), 'utf8')]).toEqual(['nothing', `K='${KEY}'\n`]);
    await sink?.restore(before);
    expect(existsSync(world.at('.env'))).toBe(false);
  });

  it('is given back the very value that it had, whatever else changed in between', async () => {
    const world = sinkWorld();
    writeFileSync(world.at('.env'), '\uFEFFA=1\r\nK="the old key" # c\r\n');
    const [sink] = await readySinks(['env-file:.env#K'], undefined, world.deps);
    const before = (await sink?.before?.()) ?? 'nothing';
    await sink?.deliver(DELIVERY);
    writeFileSync(world.at('.env'), readFileSync(world.at('.env'), 'utf8').replace('A=1', 'A=2'));
    await sink?.restore(before);
    expect(readFileSync(world.at('.env'), 'utf8')).toBe('\uFEFFA=2\r\nK="the old key" # c\r\n');
  });

  it.each([
    ['.env', 'usage', 'env-file: needs a file and the name of a variable in it.'],
    ['.env#', 'usage', 'env-file: needs the name of a variable, and "" cannot be one.'],
    ['.env#A-B', 'usage', 'env-file: needs the name of a variable, and "A-B" cannot be one.'],
    ['.env#1A', 'usage', '"1A" cannot be one.'],
    ['#A', 'usage', 'env-file: needs the path of a file.'],
    ['.env#TWICE', 'refused', '.env sets TWICE more than once.'],
    ['bytes#A', 'refused', 'bytes is not text in UTF-8.'],
  ])('%j is refused before a key is made', async (name, code, detail) => {
    const world = sinkWorld();
    writeFileSync(world.at('.env'), 'TWICE=a\nexport TWICE=b\n');
    writeFileSync(world.at('bytes'), Buffer.from([0xff]));
    await expect(readySinks([`env-file:${name}`], undefined, world.deps)).rejects.toMatchObject({ code, detail: expect.stringContaining(detail) });
    expect(readFileSync(world.at('.env'), 'utf8')).toBe('TWICE=a\nexport TWICE=b\n');
  });
});

describeWith(['git'], 'a file of variables in a repository', () => {
  const git = (cwd: string, ...args: readonly string[]): string =>
    execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], HOME: cwd } });

  function repository(wishes: Parameters<typeof sinkWorld>[0] = {}): SinkWorld {
    const world = sinkWorld(wishes);
    git(world.cwd, 'init', '--quiet');
    mkdirSync(world.at('app'));
    return world;
  }

  const ready = (world: SinkWorld, file: string): Promise<unknown> => readySinks([`env-file:${file}#K`], undefined, world.deps);

  it('is refused where git tracks it, ignored or not', async () => {
    const world = repository();
    writeFileSync(world.at('app/.env'), 'A=1\n');
    git(world.cwd, 'add', 'app/.env');
    writeFileSync(world.at('.gitignore'), '.env\n');
    await expect(ready(world, 'app/.env')).rejects.toMatchObject({
      code: 'refused',
      detail: `${world.at('app/.env')} is tracked by git: the key would be in the next commit. No key was made.`,
      hint: `Stop tracking it with: git rm --cached -- app/.env, and add the line /app/.env to ${world.cwd}/.gitignore`,
    });
  });

  it.each(['.env', 'app/.env', 'app/odd *name[1].env'])(
    'is refused where git does not ignore %j, and taken once the line that is named is there',
    async (file) => {
      const world = repository();
      const refused: unknown = await ready(world, file).catch((thrown: unknown) => thrown);
      expect(refused).toMatchObject({ code: 'refused', detail: expect.stringContaining('lies in a repository and is not ignored by git') });
      const [, line = ''] = /^Add the line (.*) to .*\/\.gitignore$/.exec(String(Reflect.get(Object(refused), 'hint'))) ?? [];
      writeFileSync(world.at('.gitignore'), `${line}\n`);
      expect(await ready(world, file)).toMatchObject([{ name: `env-file:${world.at(file)}#K` }]);
    },
  );

  it('is looked at where a link leads', async () => {
    const world = repository();
    writeFileSync(world.at('app/tracked'), '');
    git(world.cwd, 'add', 'app/tracked');
    writeFileSync(world.at('.gitignore'), '.env\n');
    symlinkSync('app/tracked', world.at('.env'));
    await expect(ready(world, '.env')).rejects.toMatchObject({ detail: expect.stringContaining(`${world.at('app/tracked')} is tracked by git`) });
  });

  it('is not mistaken for a file of the repository whose hook runs', async () => {
    const other = repository();
    const world = repository({ childEnv: { GIT_DIR: other.at('.git'), GIT_WORK_TREE: other.cwd, GIT_INDEX_FILE: other.at('.git/index') } });
    writeFileSync(world.at('.env'), '');
    git(world.cwd, 'add', '.env');
    await expect(ready(world, '.env')).rejects.toMatchObject({ detail: expect.stringContaining('is tracked by git') });
  });

  it('does not start a program that the repository names', async () => {
    const world = repository();
    git(world.cwd, 'config', 'core.fsmonitor', `touch ${world.at('started')} #`);
    writeFileSync(world.at('.gitignore'), '.env\n');
    await ready(world, '.env');
    expect(existsSync(world.at('started'))).toBe(false);
  });

  it('is refused where git does not say', async () => {
    const world = repository();
    writeFileSync(world.at('.git/config'), 'not a configuration');
    await expect(ready(world, '.env')).rejects.toMatchObject({
      code: 'refused',
      detail: expect.stringMatching(/^Whether git keeps .* cannot be told: fatal: bad config line 1/),
    });
  });

  it('is nothing to look for where there is no git, or no repository', async () => {
    const world = repository({ path: '/nowhere' });
    expect(await ready(world, '.env')).toHaveLength(1);
    const outside = sinkWorld();
    mkdirSync(path.join(outside.cwd, 'app'));
    expect(await ready(outside, 'app/.env')).toHaveLength(1);
  });
});
