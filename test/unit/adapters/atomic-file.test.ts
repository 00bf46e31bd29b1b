import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileAtomically, isTemporaryOf, replaceFileAtomically, writeFileAtomically } from '../../../src/adapters/atomic-file.ts';
import { systemCode } from '../../../src/adapters/system-code.ts';
import { Failure } from '../../../src/model/failure.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kw-atomic-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a file that is replaced as a whole', () => {
  it('has the new text and the mode that was asked for, whatever the old file and the umask say', async () => {
    const path = join(folder, 'deep', 'er', 'file');
    await writeFileAtomically(path, 'one', { mode: 0o600 });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'deep'))).mode & 0o777).toBe(0o700);
    await writeFileAtomically(path, 'two', { mode: 0o666 });
    expect(await readFile(path, 'utf8')).toBe('two');
    expect((await stat(path)).mode & 0o777).toBe(0o666);
    expect(await readdir(join(folder, 'deep', 'er'))).toEqual(['file']);
  });

  it('is a new file: who had the old one open still reads the old text', async () => {
    const path = join(folder, 'file');
    await writeFile(path, 'old');
    const before = (await stat(path)).ino;
    await writeFileAtomically(path, 'new', { mode: 0o600 });
    expect((await stat(path)).ino).not.toBe(before);
  });

  it('stays where it may not go at the last moment, when the new text is there already', async () => {
    const path = join(folder, 'file');
    await writeFile(path, 'old');
    const seen: string[] = [];
    const mayReplace = async (): Promise<boolean> => {
      for (const name of await readdir(folder)) seen.push(await readFile(join(folder, name), 'utf8'));
      return seen.length > 2;
    };
    expect(await replaceFileAtomically(path, 'new', { mode: 0o600, mayReplace })).toBe('kept');
    expect([await readFile(path, 'utf8'), await readdir(folder), seen.sort()]).toEqual(['old', ['file'], ['new', 'old']]);
    expect(await replaceFileAtomically(path, 'new', { mode: 0o600, mayReplace })).toBe('replaced');
    expect([await readFile(path, 'utf8'), await readdir(folder)]).toEqual(['new', ['file']]);
  });

  it('leaves nothing behind when it cannot be put in place', async () => {
    const path = join(folder, 'taken');
    await mkdir(join(path, 'full'), { recursive: true });
    await expect(writeFileAtomically(path, 'new', { mode: 0o600 })).rejects.toMatchObject({ code: expect.stringMatching(/^E[A-Z]+$/) });
    expect(await readdir(folder)).toEqual(['taken']);
  });

  it('is never seen half written', async () => {
    const path = join(folder, 'file');
    const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(200_000));
    await writeFileAtomically(path, texts[0] ?? '', { mode: 0o600 });
    let writing = true;
    const writers = Promise.all(
      texts.map(async (text) => {
        for (let count = 0; count < 10; count += 1) await writeFileAtomically(path, text, { mode: 0o600 });
      }),
    ).then(() => (writing = false));
    const seen = new Set<string>();
    while (writing) seen.add(await readFile(path, 'utf8'));
    await writers;
    expect([...seen].filter((text) => !texts.includes(text))).toEqual([]);
    expect(await readdir(folder)).toEqual(['file']);
  });
});

describe('a file that is made and never replaced', () => {
  it('is made once', async () => {
    const path = join(folder, 'key');
    const outcomes = await Promise.all(['one', 'two', 'three'].map((text) => createFileAtomically(path, text, { mode: 0o600 })));
    expect(outcomes.filter((outcome) => outcome === 'created').length).toBe(1);
    const made = await readFile(path, 'utf8');
    expect(made).toBe(['one', 'two', 'three'][outcomes.indexOf('created')]);
    expect(await createFileAtomically(path, 'four', { mode: 0o600 })).toBe('exists');
    expect(await readFile(path, 'utf8')).toBe(made);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['key']);
  });
});

describe('what is told of names and errors', () => {
  it('tells temporary files by their name', () => {
    expect(['a.x1.tmp', 'a', 'b.x1.tmp', 'a.tmp', 'a.x1'].filter((name) => isTemporaryOf('a', name))).toEqual(['a.x1.tmp', 'a.tmp']);
  });

  it("takes a code for the system's only if it is one", () => {
    const withCode = (code: unknown): unknown => Object.assign(new Error('x'), { code });
    expect(
      [withCode('ENOSPC'), withCode('ERR_JWE_INVALID'), withCode(3), new Failure('refused', { detail: 'x' }), 'ENOENT', undefined].map(systemCode),
    ).toEqual(['ENOSPC', undefined, undefined, undefined, undefined, undefined]);
  });
});
