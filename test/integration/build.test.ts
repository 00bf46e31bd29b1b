import { execFile } from 'node:child_process';
import { access, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUILD = path.join(ROOT, 'scripts/build.mjs');
const { NODE_EXTRA_CA_CERTS: _unneeded, ...ENV } = process.env;
const TEN_MINUTES_MS = 600_000;

/** What the program of the stand-in imports, and one thing that Node's own import of it offers. */
const OFFERS: ReadonlyArray<readonly [name: string, member: string]> = [
  ['keytar', 'default.getPassword'],
  ['libsql', 'default'],
  ['oidc-provider', 'default'],
  ['oidc-provider/lib/provider.js', 'Provider'],
  ['libsql/promise', 'default'],
  ['undici', 'request'],
  ['undici', 'default.request'],
  ['openid-client', 'discovery'],
  ['commander', 'Command'],
  ['chalk', 'default.red'],
  ['open', 'default'],
  ['@inquirer/prompts', 'select'],
  ['jose', 'CompactEncrypt'],
  ['valibot', 'object'],
  ['env-paths', 'default'],
  ['execa', 'execa'],
];

const MAIN = `import { say } from './say.ts';
async function main(which: string | undefined): Promise<void> {
${OFFERS.map(([name, member]) => `  if (which === '${name}.${member}') return say(typeof (await import('${name}')).${member});`).join('\n')}
  if (which === 'url') return say(import.meta.url + ' ' + import.meta.dirname);
  if (which === 'version') return say(__KEYWRIGHT_VERSION__);
  if (which === 'fail') failHere(which);
}
function failHere(word: string): never {
  if (word === '') failHere(word);
  throw new Error(word);
}
void main(process.argv[2]);
`;

let home: string;

async function standIn(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = path.join(home, name);
  await mkdir(folder);
  await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  await cp(path.join(ROOT, 'package.json'), path.join(folder, 'package.json'));
  await write(folder, { 'src/say.ts': 'export function say(text: string): void { console.log(text); }\n', ...files });
  return folder;
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), content);
  }
}

async function node(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: ENV });
  return stdout;
}

const build = (folder: string, ...flags: readonly string[]): Promise<string> => node(BUILD, '--root', folder, ...flags);

const present = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'keywright-build-'));
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

describe('a built program', () => {
  let folder: string;
  let said: string;
  const main = (which: string): Promise<string> => node(path.join(folder, 'dist/main.js'), which);

  beforeAll(async () => {
    folder = await standIn('program', {
      'src/main.ts': MAIN,
      'src/adapters/keychain/child.ts': "import { say } from '../../say.ts';\nsay('child');\n",
      'src/cli/texts.ts':
        "export async function allTexts() { return { '': 'root', auth: 'auth ' + typeof (await import('commander')).Command, 'auth create-key': 'key\\n' }; }\n",
    });
    said = await build(folder, '--metafile', path.join(folder, 'meta.json'));
  });

  it('is announced by one line', () => {
    expect(said).toMatch(/^Built \S+: [0-9]+ files, [0-9]+ kB, 3 help texts, [0-9.]+ s\.\n$/);
  });

  it.each(OFFERS)('imports from %s what Node would: %s', async (name, member) => {
    expect(await main(`${name}.${member}`)).toMatch(/^(function|object)\n$/);
  });

  it('knows its version, its place and the names of its functions', async () => {
    const { version }: { version: string } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8'));
    expect(await main('version')).toBe(`${version}\n`);
    expect(await main('url')).toBe(`${new URL(`file://${folder}/dist/main.js`).href} ${folder}/dist\n`);
    const failure: unknown = await main('fail').catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 1, stderr: expect.stringContaining('at failHere') });
    // Node shows the line of the source; it must not fill the screen.
    expect(failure).toMatchObject({ stderr: expect.not.stringMatching(/.{2000}/) });
  });

  it('loads no package before it is asked for, and then only that one', async () => {
    const watch = path.join(folder, 'watch.cjs');
    await writeFile(watch, "process.on('exit', () => console.log(JSON.stringify(Object.keys(require.cache))));\n");
    const meta: { outputs: Record<string, { inputs: Record<string, unknown> }> } = JSON.parse(await readFile(path.join(folder, 'meta.json'), 'utf8'));
    const packages = async (which: string): Promise<readonly string[]> => {
      const said = await node('--require', watch, path.join(folder, 'dist/main.js'), which);
      const files: readonly string[] = JSON.parse(said.trim().split('\n').at(-1) ?? '');
      const inside = files.flatMap((file) => Object.keys(meta.outputs[path.relative(folder, file)]?.inputs ?? {}));
      return [...new Set(inside.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []))];
    };
    expect(await packages('nothing')).toEqual([]);
    expect(await packages('chalk.default.red')).toEqual(['chalk']);
    expect(await packages('undici.request')).toEqual(['undici']);
    expect(await packages('commander.Command')).toEqual(['commander']);
  });

  it('starts the keychain child from a file of its own', async () => {
    expect(await node(path.join(folder, 'dist/keychain-child.js'))).toBe('child\n');
  });

  it('writes every help text to a file of its own, ending in a newline', async () => {
    const names = await readdir(path.join(folder, 'dist/texts'));
    const texts = await Promise.all(names.sort().map(async (name) => [name, await readFile(path.join(folder, 'dist/texts', name), 'utf8')]));
    expect(texts).toEqual([
      ['auth.create-key.txt', 'key\n'],
      ['auth.txt', 'auth function\n'],
      ['root.txt', 'root\n'],
    ]);
  });

  it('carries the licence of each package inside it, and of no other', async () => {
    const licences = await readFile(path.join(folder, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    const titled = [...licences.matchAll(/^(\S+) [0-9.]+ \(/gm)].map(([, name]) => name);
    const meta: { inputs: Record<string, unknown> } = JSON.parse(await readFile(path.join(folder, 'meta.json'), 'utf8'));
    const inside = new Set(Object.keys(meta.inputs).flatMap((input) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
    expect([...new Set(titled)].sort()).toEqual([...inside].sort());
    expect(titled).toEqual(expect.arrayContaining(['commander', 'undici', 'oauth4webapi']));
    expect(titled).not.toContain('keytar');
    expect(licences).toContain('Permission is hereby granted');
  });
});

describe('a build over a build', () => {
  it('replaces the entry and leaves fresh files of another build alone, but not old ones', async () => {
    const folder = await standIn('again', { 'src/main.ts': "console.log('one');\n", 'src/part.ts': '' });
    await build(folder);
    const [fresh, old] = [path.join(folder, 'dist/chunks/fresh.js'), path.join(folder, 'dist/chunks/old.js')];
    await write(folder, { 'dist/chunks/fresh.js': '', 'dist/chunks/old.js': '', 'src/main.ts': "console.log('two');\n" });
    const longAgo = new Date(Date.now() - TEN_MINUTES_MS);
    await utimes(old, longAgo, longAgo);
    await build(folder);
    expect(await node(path.join(folder, 'dist/main.js'))).toBe('two\n');
    expect([await present(fresh), await present(old)]).toEqual([true, false]);
    await build(folder, '--clean');
    expect(await present(fresh)).toBe(false);
    expect((await readdir(folder)).sort()).toEqual(['dist', 'node_modules', 'package.json', 'src']);
  });

  it('keeps the old result when the source does not build, and says why', async () => {
    const folder = await standIn('broken', { 'src/main.ts': "console.log('one');\n" });
    await build(folder);
    await write(folder, { 'src/main.ts': "import './nowhere.ts';\n" });
    await expect(build(folder)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('nowhere.ts') });
    expect(await node(path.join(folder, 'dist/main.js'))).toBe('one\n');
  });

  it('refuses a help text that is not called by lower-case words', async () => {
    const folder = await standIn('names', { 'src/main.ts': 'export {};\n', 'src/cli/texts.ts': "export const allTexts = async () => ({ '../x': '' });\n" });
    await expect(build(folder)).rejects.toMatchObject({ code: 1, stderr: 'The build failed: "../x" is not a command of lower-case words\n' });
  });
});
