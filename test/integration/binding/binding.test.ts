import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBindingFile } from '../../../src/adapters/binding.ts';
import type { Binding } from '../../../src/model/binding.ts';
import { describeWith } from '../../support/requires.ts';

const uid = process.getuid?.();
const WORK = '{"provider":"memax","account":"work"}';

let root: string;
let warnings: string[];

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'keywright-binding-')));
  warnings = [];
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** Makes a file, and the folders above it, below the root. A name that ends in a slash is a folder. */
async function put(name: string, text = '', mode = 0o644): Promise<string> {
  const path = join(root, name);
  if (name.endsWith('/')) {
    await mkdir(path, { recursive: true });
    return path;
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

function file(cwd: string, home = 'home', user = uid) {
  return createBindingFile({ cwd: join(root, cwd), home: join(root, home), uid: user, warn: (line) => warnings.push(line) });
}

/** Where the binding that counts lies, below the root; undefined where none counts. */
async function foundIn(cwd: string, home?: string): Promise<string | undefined> {
  return (await file(cwd, home).find())?.path.slice(root.length + 1);
}

describe('where a binding counts', () => {
  it('is the current folder', async () => {
    const path = await put('home/p/.keywright.json', WORK);
    const expected: Binding = { path, provider: 'memax', account: 'work', project: null, hash: createHash('sha256').update(WORK).digest('hex') };
    expect(await file('home/p').find()).toEqual(expected);
  });

  it('may name a project, also alone', async () => {
    const path = await put('home/p/.keywright.json', '{"project":"proj_1"}');
    expect(await file('home/p').find()).toMatchObject({ path, provider: null, account: null, project: 'proj_1' });
  });

  it('is every folder up to the root of the repository, the nearest first', async () => {
    await put('home/p/.git/');
    await put('home/p/a/b/');
    await put('home/p/.keywright.json', WORK);
    expect(await foundIn('home/p/a/b')).toBe('home/p/.keywright.json');
    await put('home/p/a/.keywright.json', WORK);
    expect(await foundIn('home/p/a/b')).toBe('home/p/a/.keywright.json');
  });

  it('ends at a repository within another, also where .git is a file as in a worktree', async () => {
    await put('home/p/.git/');
    await put('home/p/.keywright.json', WORK);
    await put('home/p/inner/.git', 'gitdir: elsewhere');
    await put('home/p/inner/a/');
    expect(await foundIn('home/p/inner/a')).toBeUndefined();
    await put('home/p/inner/.keywright.json', WORK);
    expect(await foundIn('home/p/inner/a')).toBe('home/p/inner/.keywright.json');
  });

  it('is no folder above the current one outside a repository', async () => {
    await put('home/p/a/');
    await put('home/p/.keywright.json', WORK);
    expect(await foundIn('home/p/a')).toBeUndefined();
  });

  it('may be the home folder, and is never above it', async () => {
    await put('.git/');
    await put('.keywright.json', WORK);
    await put('home/p/');
    expect(await foundIn('home/p')).toBeUndefined();
    expect(await foundIn('home')).toBeUndefined();
    expect(await foundIn('.')).toBeUndefined();
    await put('home/.keywright.json', WORK);
    expect(await foundIn('home')).toBe('home/.keywright.json');
    expect(await foundIn('home/p')).toBeUndefined();
    await put('home/.git/');
    expect(await foundIn('home/p')).toBe('home/.keywright.json');
  });

  it('is never above the home folder when that is named by a link from elsewhere', async () => {
    await put('real/.git/');
    await put('real/.keywright.json', WORK);
    await put('real/home/p/');
    await put('links/');
    await symlink(join(root, 'real/home'), join(root, 'links/home'));
    expect(await foundIn('real/home/p', 'links/home')).toBeUndefined();
    expect(await foundIn('real/home/p', 'links')).toBe('real/.keywright.json');
  });

  it('is never above a home folder that is not there, however that is written', async () => {
    await put('real/.git/');
    await put('real/.keywright.json', WORK);
    await put('real/p/');
    const homeAt = (home: string) => createBindingFile({ cwd: join(root, 'real/p'), home: `${root}/${home}`, uid, warn: () => undefined });
    expect(await homeAt('other//../real/gone').find()).toBeUndefined();
    expect((await homeAt('real-gone').find())?.path).toBe(join(root, 'real/.keywright.json'));
  });

  it('may be beside the home folder', async () => {
    await put('srv/p/.git/');
    await put('srv/p/a/');
    await put('srv/p/.keywright.json', WORK);
    expect(await foundIn('srv/p/a')).toBe('srv/p/.keywright.json');
  });

  it('is nowhere in a folder that was deleted', async () => {
    const deleted = createBindingFile({ cwd: undefined, home: root, uid, warn: (line) => warnings.push(line) });
    expect(await deleted.find()).toBeUndefined();
    await expect(deleted.write({ provider: 'memax', account: null, project: null })).rejects.toMatchObject({ code: 'refused' });
    expect(warnings).toEqual([]);
  });
});

describe('a file that does not count', () => {
  const ignored = (why: string): unknown => ({
    found: [undefined, undefined],
    warnings: [`The directory binding ${join(root, 'home/p/.keywright.json')} is ignored: ${why}.`],
  });

  /** Looks twice, since one command may: it is warned of once. */
  async function lookTwice(): Promise<unknown> {
    const binding = file('home/p');
    return { found: [await binding.find(), await binding.find()], warnings };
  }

  it.each([
    [0o664, 'the group'],
    [0o646, 'everybody'],
  ])('is one with mode %o, which %s may write to', async (mode) => {
    await put('home/p/.keywright.json', WORK, mode);
    expect(await lookTwice()).toEqual(ignored('others may write to it (chmod go-w makes it yours alone)'));
  });

  it('is one of another user', async () => {
    await put('home/p/.keywright.json', WORK);
    const binding = file('home/p', 'home', (uid ?? 0) + 1);
    expect(await binding.find()).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/is ignored: it belongs to another user\.$/)]);
  });

  it('is a link, even to a file that would count', async () => {
    await put('home/q/real.json', WORK);
    await put('home/p/');
    await symlink(join(root, 'home/q/real.json'), join(root, 'home/p/.keywright.json'));
    expect(await lookTwice()).toEqual(ignored('it is not a regular file'));
  });

  it('is a folder', async () => {
    await put('home/p/.keywright.json/');
    expect(await lookTwice()).toEqual(ignored('it is not a regular file'));
  });

  it.each([
    ['nothing', '', 'it is not JSON'],
    ['half a text', '{"provider":', 'it is not JSON'],
    ['a list', '["memax"]', 'it is not a JSON object'],
    ['null', 'null', 'it is not a JSON object'],
    ['a project that is none', '{"provider":"memax","project":"a b"}', 'its project is not the id of a project'],
    ['a project that ends a line', '{"project":"proj_1\\r\\nx-admin: 1"}', 'its project is not the id of a project'],
    ['a project that is a number', '{"project":7}', 'its project is not the id of a project'],
    ['no names', '{}', 'it names no provider, no account and no project'],
    ['only names that we do not know', '{"keys":["x"]}', 'it names no provider, no account and no project'],
    ['a number for a provider', '{"provider":1}', 'its provider is not the id of a provider'],
    ['null for a provider', '{"provider":null,"account":"work"}', 'its provider is not the id of a provider'],
    ['an escape sequence for a provider', '{"provider":"\\u001b[31mmemax"}', 'its provider is not the id of a provider'],
    ['a path for an account', '{"provider":"memax","account":"../x"}', 'its account is not the name of an account'],
    ['a line end in an account', '{"account":"work\\nx"}', 'its account is not the name of an account'],
    ['more than names need', `{"provider":"memax","x":"${'x'.repeat(17_000)}"}`, 'it has more than 16384 bytes'],
  ])('is one with %s', async (_title, text, why) => {
    await put('home/p/.keywright.json', text);
    expect(await lookTwice()).toEqual(ignored(why));
  });

  it('is not passed over for one further up, which was not meant here', async () => {
    await put('home/p/.git/');
    await put('home/p/.keywright.json', WORK);
    await put('home/p/a/.keywright.json', 'broken');
    expect(await foundIn('home/p/a')).toBeUndefined();
    expect(warnings).toHaveLength(1);
  });

  it('is named without anything that a terminal obeys', async () => {
    await put('home/\u001b[31mp\u202e/.keywright.json', 'broken');
    expect(await foundIn('home/\u001b[31mp\u202e')).toBeUndefined();
    expect(warnings).toEqual([`The directory binding ${join(root, 'home/?[31mp?/.keywright.json')} is ignored: it is not JSON.`]);
  });

  it('is none at all: then nothing is said', async () => {
    await put('home/p/');
    expect(await foundIn('home/p')).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it('counts all the same with fields that we do not know', async () => {
    await put('home/p/.keywright.json', '{"account":"work","since":2}');
    expect(await file('home/p').find()).toMatchObject({ provider: null, account: 'work' });
    expect(warnings).toEqual([]);
  });
});

describeWith(['mkfifo'], 'a pipe in place of the file', () => {
  it('is ignored and not waited for', async () => {
    await put('home/p/');
    execFileSync('mkfifo', [join(root, 'home/p/.keywright.json')]);
    expect(await foundIn('home/p')).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/is ignored: it is not a regular file\.$/)]);
  });
});

describe.runIf(uid === 0)('as root', () => {
  it('ignores the file of another user in a folder of theirs', async () => {
    const path = await put('home/p/.keywright.json', WORK);
    await chown(dirname(path), 12_345, 12_345);
    await chown(path, 12_345, 12_345);
    expect(await foundIn('home/p')).toBeUndefined();
    expect(warnings).toEqual([`The directory binding ${path} is ignored: it belongs to another user.`]);
  });
});

describe('writing', () => {
  it('puts the names into a file that others can read and only we can write, sorted and with an end of line', async () => {
    await put('home/p/');
    const written = await file('home/p').write({ provider: 'memax', account: 'work', project: null });
    const path = join(root, 'home/p/.keywright.json');
    expect(await readFile(path, 'utf8')).toBe('{\n  "account": "work",\n  "provider": "memax"\n}\n');
    expect((await stat(path)).mode & 0o777).toBe(0o644);
    expect(written).toEqual(await file('home/p').find());
    await file('home/p').write({ provider: 'memax', account: null, project: null });
    expect(await readFile(path, 'utf8')).toBe('{\n  "provider": "memax"\n}\n');
    const bound = await file('home/p').write({ provider: 'reminix', account: 'work', project: 'proj_1' });
    expect(await readFile(path, 'utf8')).toBe('{\n  "account": "work",\n  "project": "proj_1",\n  "provider": "reminix"\n}\n');
    expect(bound).toEqual(await file('home/p').find());
  });

  it('replaces a link, and leaves what it points to', async () => {
    const target = await put('home/q/other.json', 'precious');
    await put('home/p/');
    await symlink(target, join(root, 'home/p/.keywright.json'));
    await file('home/p').write({ provider: 'memax', account: null, project: null });
    expect(await readFile(target, 'utf8')).toBe('precious');
    expect(await foundIn('home/p')).toBe('home/p/.keywright.json');
  });

  it('refuses a folder in which it would not count', async () => {
    await put('home/');
    await expect(file('.').write({ provider: 'memax', account: null, project: null })).rejects.toMatchObject({ code: 'refused' });
    await expect(stat(join(root, '.keywright.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses a folder that cannot be written to', async () => {
    await put('home/p', 'a file, no folder');
    await expect(file('home/p').write({ provider: 'memax', account: null, project: null })).rejects.toMatchObject({ code: 'refused' });
  });

  it('removes the file of the current folder and no other', async () => {
    await put('home/p/.git/');
    const above = await put('home/p/.keywright.json', WORK);
    const here = await put('home/p/a/.keywright.json', 'broken');
    expect(await file('home/p/a').remove()).toEqual({ kind: 'removed', path: here });
    expect(await file('home/p/a').remove()).toEqual({ kind: 'absent', path: here });
    expect(await readFile(above, 'utf8')).toBe(WORK);
  });
});
