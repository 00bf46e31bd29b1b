import { createHash } from 'node:crypto';
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { keywright, leadingTo, makeHome } from '../support/cli.ts';
import { installed, launch, type Outcome } from '../support/installation.ts';
import { sharedBackend } from '../support/shared-backend.ts';
import { newKey } from '../support/signed-in.ts';

const realm = sharedBackend();
let home: string;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'keywright-compiled-'));
});

afterAll(() => rm(home, { recursive: true, force: true }));

/** A program as the build leaves it. */
function stamped(code: string): string {
  const whole = `(function (exports, require, module, __filename, __dirname) {${code}\n})`;
  return `/*${createHash('sha256').update(whole).digest('hex').slice(0, 32)}*/${whole}`;
}

const saying = (word: string): string => stamped(`"use strict";process.stdout.write(${JSON.stringify(word)}+process.argv.slice(2).join(' '));\n`);

const printed = (stdout: string): Outcome => ({ code: 0, stdout, stderr: '' });

/** Where an installation keeps the compiled code of a file. */
const keptOf = (launcher: string, name: string): string =>
  path.join(launcher, `../../dist/compiled/${[name, process.version, process.platform, process.arch].join('-')}`);

/** How many runs added to what is kept, as its first line tells. */
const runsOf = async (kept: string): Promise<number> => Number((await readFile(kept, 'latin1')).split('\n', 1)[0]?.split(' ')[1]);

const present = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

describe('compiled code that is kept', () => {
  it('is added to by three runs and then stays, and each run says the same', async () => {
    const launcher = await installed(path.join(home, 'three'), { 'main.js': saying('a ') });
    const kept = keptOf(launcher, 'main.js');
    const runs: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      expect(await launch(launcher, ['x'])).toEqual(printed('a x'));
      runs.push(await runsOf(kept));
    }
    expect(runs).toEqual([1, 2, 3, 3, 3]);
    expect(await readdir(path.dirname(kept))).toEqual([path.basename(kept)]);
  });

  it('is what runs, until somebody changes the text beside it', async () => {
    const launcher = await installed(path.join(home, 'used'), { 'main.js': saying('one ') });
    const file = path.join(launcher, '../../dist/main.js');
    const text = await readFile(file, 'latin1');
    const then = new Date('2026-01-01T00:00:00Z');
    await utimes(file, then, then);
    for (let round = 0; round < 3; round += 1) await launch(launcher, ['x']);
    // The same stamp, length and time, which nobody makes: it shows where the code comes from.
    await writeFile(file, text.replace('"one "', '"two "'));
    await utimes(file, then, then);
    expect(await launch(launcher, ['x'])).toEqual(printed('one x'));
    // A change by hand that keeps the stamp and the length.
    await writeFile(file, text.replace('"one "', '"six "'));
    expect(await launch(launcher, ['x'])).toEqual(printed('six x'));
  });

  it('counts for nothing with another text, also one of the same length', async () => {
    const launcher = await installed(path.join(home, 'other'), { 'main.js': saying('one ') });
    for (let round = 0; round < 3; round += 1) await launch(launcher, ['x']);
    await writeFile(path.join(launcher, '../../dist/main.js'), saying('two '));
    expect(await launch(launcher, ['x'])).toEqual(printed('two x'));
    expect(await launch(launcher, ['x'])).toEqual(printed('two x'));
  });

  it('is made anew where a byte of it was changed or the end is missing', async () => {
    const launcher = await installed(path.join(home, 'damaged'), { 'main.js': saying('a ') });
    const kept = keptOf(launcher, 'main.js');
    for (let round = 0; round < 3; round += 1) await launch(launcher, ['x']);
    const whole = await readFile(kept);
    const head = whole.indexOf(10) + 1;
    for (const damage of [
      (bytes: Buffer) => bytes.fill(0x5a, head + 100, head + 164),
      (bytes: Buffer) => bytes.fill(0x5a, (bytes.length + head) / 2 + 100, (bytes.length + head) / 2 + 101),
      // The length of the code, which its first line ends with.
      (bytes: Buffer) => {
        const line = bytes.toString('latin1', 0, head).replace(/[0-9]+ +\n$/, (whole) => '99999999'.padEnd(whole.length - 1) + '\n');
        return Buffer.concat([Buffer.from(line, 'latin1'), bytes.subarray(head)]);
      },
      (bytes: Buffer) => bytes.fill(0, bytes.length - 200),
      (bytes: Buffer) => bytes.subarray(0, bytes.length - 77),
      (bytes: Buffer) => bytes.subarray(0, head),
      () => Buffer.alloc(0),
    ]) {
      await writeFile(kept, damage(Buffer.from(whole)));
      expect(await launch(launcher, ['x'])).toEqual(printed('a x'));
      expect(await runsOf(kept)).toBe(1);
    }
  });

  it('is made anew where V8 does not take it in', async () => {
    const launcher = await installed(path.join(home, 'rejected'), { 'main.js': saying('a ') });
    for (let round = 0; round < 3; round += 1) await launch(launcher, ['x']);
    const kept = keptOf(launcher, 'main.js');
    const bytes = await readFile(kept);
    const head = bytes.indexOf(10) + 1;
    // The code begins with what V8 knows its own by; the same in both copies, it is no damage to us.
    for (const copy of [head, (bytes.length + head) / 2]) bytes.fill(0, copy, copy + 16);
    await writeFile(kept, bytes);
    expect(await launch(launcher, ['x'])).toEqual(printed('a x'));
    expect(await runsOf(kept)).toBe(1);
  });

  it('is left as it is by a Node with other flags, which cannot use it', async () => {
    const launcher = await installed(path.join(home, 'flags'), { 'main.js': saying('a ') });
    await launch(launcher, ['x']);
    const before = await readFile(keptOf(launcher, 'main.js'));
    expect(await launch(launcher, ['x'], ['--no-opt'])).toEqual(printed('a x'));
    expect((await readFile(keptOf(launcher, 'main.js'))).equals(before)).toBe(true);
  });

  it.each([
    ['flags of its own', ['--stack-size=2000'], {}],
    ['options of Node', [], { NODE_OPTIONS: '--max-old-space-size=512' }],
  ])('is not made by a run with %s, whose code no other could use', async (_what, flags, env) => {
    const launcher = await installed(path.join(home, `flagged-${flags.length}`), { 'main.js': saying('a ') });
    expect(await launch(launcher, ['x'], flags, env)).toEqual(printed('a x'));
    expect(await present(keptOf(launcher, 'main.js'))).toBe(false);
  });

  it('can be used after a run that set a flag of V8 meanwhile', async () => {
    const setting = "require('v8').setFlagsFromString('--semi-space-growth-factor=1');process.stdout.write('a');\n";
    const launcher = await installed(path.join(home, 'flag-within'), { 'main.js': stamped(setting) });
    const look = path.join(home, 'look.cjs');
    await writeFile(
      look,
      "const vm = require('vm');\nvm.Script = class extends vm.Script { constructor(code, options) { super(code, options); process.stderr.write(String(this.cachedDataRejected)); } };\n",
    );
    expect(await launch(launcher, [], ['--require', look])).toEqual({ code: 0, stdout: 'a', stderr: 'undefined' });
    expect(await launch(launcher, [])).toEqual(printed('a'));
    expect(await launch(launcher, [], ['--require', look])).toEqual({ code: 0, stdout: 'a', stderr: 'false' });
  });

  it('takes what a killed run left out of the way', async () => {
    const launcher = await installed(path.join(home, 'litter'), { 'main.js': saying('a ') });
    await launch(launcher, ['x']);
    const kept = keptOf(launcher, 'main.js');
    await writeFile(`${kept}.1-2-3`, 'half');
    await launch(launcher, ['x']);
    expect(await readdir(path.dirname(kept))).toEqual([path.basename(kept)]);
  });

  it('does not bring back a program that was taken away meanwhile', async () => {
    const leaving = "require('fs').rmSync(require('path').join(__dirname, '..'), { recursive: true });\n";
    const launcher = await installed(path.join(home, 'gone'), { 'main.js': stamped(leaving) });
    expect(await launch(launcher, [])).toEqual(printed(''));
    expect(await present(path.join(home, 'gone'))).toBe(false);
  });

  it.skipIf(process.getuid?.() !== 0)('is not left by root in a program of somebody else (only root can try)', async () => {
    const launcher = await installed(path.join(home, 'foreign'), { 'main.js': saying('a ') });
    await chown(path.join(launcher, '../../dist'), 65_534, 65_534);
    expect(await launch(launcher, ['x'])).toEqual(printed('a x'));
    expect(await present(path.join(launcher, '../../dist/compiled'))).toBe(false);
  });

  it('may be written by the owner alone, whatever the umask', async () => {
    const launcher = await installed(path.join(home, 'umask'), { 'main.js': `process.umask(0);${saying('a ')}` });
    await writeFile(path.join(launcher, '../../dist/main.js'), stamped('process.umask(0);process.stdout.write("a ");\n'));
    await launch(launcher, ['x']);
    const kept = keptOf(launcher, 'main.js');
    expect({ file: (await stat(kept)).mode & 0o777, folder: (await stat(path.dirname(kept))).mode & 0o777 }).toEqual({ file: 0o644, folder: 0o755 });
  });

  it('is not made by a run that failed, nor where Node is told to keep none', async () => {
    const launcher = await installed(path.join(home, 'none'), { 'main.js': stamped('process.exitCode = Number(process.argv[2]);\n') });
    expect(await launch(launcher, ['3'])).toEqual({ code: 3, stdout: '', stderr: '' });
    expect(await launch(launcher, ['0'], [], { NODE_DISABLE_COMPILE_CACHE: '1' })).toEqual(printed(''));
    expect(await launch(launcher, ['0'], [], { NODE_V8_COVERAGE: path.join(home, 'coverage') })).toEqual(printed(''));
    expect(await present(keptOf(launcher, 'main.js'))).toBe(false);
    await launch(launcher, ['0']);
    expect(await present(keptOf(launcher, 'main.js'))).toBe(true);
  });

  it('is done without where it cannot be written, and leaves nothing behind', async () => {
    const launcher = await installed(path.join(home, 'blocked'), { 'main.js': saying('a '), compiled: 'a file where the folder would be' });
    expect(await launch(launcher, ['x'])).toEqual(printed('a x'));
    expect((await readdir(path.join(launcher, '../../dist'))).sort()).toEqual(['compiled', 'main.js', 'package.json']);
    const inTheWay = await installed(path.join(home, 'in-the-way'), { 'main.js': saying('a ') });
    await mkdir(keptOf(inTheWay, 'main.js'), { recursive: true });
    expect(await launch(inTheWay, ['x'])).toEqual(printed('a x'));
    expect(await readdir(path.join(inTheWay, '../../dist/compiled'))).toEqual([path.basename(keptOf(inTheWay, 'main.js'))]);
  });

  it('loads what lies beside it once, and parts and packages as ever', async () => {
    const main = stamped(
      'const part=require("./part-a.js");process.stdout.write([part===require("./part-a.js"),part.count(),require("./chunks/b.js").name,__filename.endsWith("main.js"),__dirname.endsWith("dist"),require("node:path").sep].join(" "));\n',
    );
    const launcher = await installed(path.join(home, 'parts'), {
      'main.js': main,
      'part-a.js': stamped('let n=0;exports.count=()=>++n;\n'),
      'chunks/b.js': 'exports.name = require("../part-c.js").name;\n',
      'part-c.js': 'exports.name = "c";\n',
    });
    for (let round = 0; round < 2; round += 1) expect(await launch(launcher, [])).toEqual(printed(`true 1 c true true ${path.sep}`));
    expect((await readdir(path.join(launcher, '../../dist/compiled'))).map((name) => name.split('-v')[0]).sort()).toEqual(['main.js', 'part-a.js']);
  });

  it('leaves the texts of programs that make a request out of the memory for what is young, which ends at half a page of V8', async () => {
    const asking = ['main-whoami.js', 'main-auth-list-keys.js'];
    const lengths = await Promise.all(asking.map(async (name) => (await readFile(new URL(`../../dist/${name}`, import.meta.url), 'latin1')).length));
    expect(lengths.map((length) => length >= 128 * 1024)).toEqual([true, true]);
  });

  it('holds nothing of what the program was given', async () => {
    const { env, remove } = await makeHome();
    try {
      const { key } = await newKey(realm());
      const brought = { ...env, ...leadingTo(realm()), MEMAX_API_KEY: key };
      expect(await keywright(brought, ['auth', 'token'])).toMatchObject({ code: 0, stdout: `${key}\n` });
      const folder = new URL('../../dist/compiled/', import.meta.url);
      const files = await readdir(folder);
      expect(files.filter((name) => name.startsWith('token.js'))).toHaveLength(1);
      for (const name of files) {
        const bytes = await readFile(new URL(name, folder));
        expect({ name, latin1: bytes.includes(key), utf16: bytes.includes(key, 0, 'utf16le') }).toEqual({ name, latin1: false, utf16: false });
      }
    } finally {
      await remove();
    }
  });
});
