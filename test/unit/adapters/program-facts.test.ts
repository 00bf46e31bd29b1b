import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stablePath } from '../../../src/adapters/program-facts.ts';

async function folder(): Promise<string> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'keywright-program-')));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** A file, and a link to it, both below a folder. */
async function linked(file: string, link: string): Promise<{ readonly file: string; readonly link: string; readonly dir: string }> {
  const dir = await folder();
  const paths = { file: join(dir, file), link: join(dir, link), dir };
  for (const path of [paths.file, paths.link]) await mkdir(join(path, '..'), { recursive: true });
  await writeFile(paths.file, '');
  await symlink(paths.file, paths.link);
  return paths;
}

describe('the path of a program', () => {
  it('is the link that stays where the file lies in the folder of a version', async () => {
    const { file, link } = await linked('Cellar/node/24.1.0_1/bin/node', 'bin/node');
    expect(await stablePath(file, link, [])).toBe(link);
  });

  it.each([
    ['the link lies in the folder of the same version', '.nvm/v20.20.2/lib/keywright.js', '.nvm/v20.20.2/bin/keywright'],
    ['the file needs no link', 'lib/node_modules/keywright/bin/keywright.js', 'bin/keywright'],
  ])('is the file itself where %s', async (_why, name, linkName) => {
    const { file, link } = await linked(name, linkName);
    expect(await stablePath(file, link, [])).toBe(file);
  });

  it('is no link that goes with the session, or leads elsewhere, or is not there', async () => {
    const { file, link, dir } = await linked('versions/v20.20.2/bin/node', 'shells/1/bin/node');
    const other = await linked('node', 'bin/node');
    expect(await stablePath(file, link, [join(dir, 'shells')])).toBe(file);
    expect(await stablePath(file, other.link, [])).toBe(file);
    expect(await stablePath(file, join(dir, 'nowhere'), [])).toBe(file);
    expect(await stablePath(file, undefined, [])).toBe(file);
  });
});
