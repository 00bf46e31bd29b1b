import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyFiles } from '../../../src/adapters/key-files.ts';
import type { KeyFiles } from '../../../src/model/key-file.ts';
import { Secret } from '../../../src/model/secret.ts';

let dir: string;
let files: KeyFiles;
const at = (...names: string[]): string => path.join(dir, ...names);
const modeOf = (file: string): number => statSync(file).mode & 0o777;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'keywright-key-files-')));
  files = createKeyFiles({ cwd: dir, uid: process.getuid?.() });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('files that people name', () => {
  it('are found from the current folder', () => {
    expect([files.resolve('a/../key'), files.resolve('/x/key')]).toEqual([at('key'), '/x/key']);
  });

  it('can be written where the folder is there, and are told behind links', async () => {
    writeFileSync(at('real'), '');
    symlinkSync('real', at('link'));
    symlinkSync('not-yet', at('dangling'));
    expect(await files.check(at('key'))).toEqual({ kind: 'writable', place: at('key') });
    expect(await files.check(at('link'))).toEqual({ kind: 'writable', place: at('real') });
    expect(await files.check(at('dangling'))).toMatchObject({ kind: 'writable' });
    expect(readdirSync(dir).sort()).toEqual(['dangling', 'link', 'real']);
  });

  it.each([
    ['no folder', 'none/key', 'its folder is not there'],
    ['a folder', 'folder', 'what lies there is no regular file'],
    ['a file as folder', 'file/key', 'a part of its path is no folder'],
    ['links in a circle', 'circle', 'its links lead in a circle'],
  ])('cannot be written with %s', async (_title, name, why) => {
    mkdirSync(at('folder'));
    writeFileSync(at('file'), '');
    symlinkSync('circle', at('circle'));
    expect(await files.check(at(name))).toEqual({ kind: 'not-writable', why });
  });

  it('are refused where they belong to somebody else', async () => {
    writeFileSync(at('theirs'), '');
    const others = createKeyFiles({ cwd: dir, uid: (process.getuid?.() ?? 0) + 1 });
    expect(await others.check(at('theirs'))).toEqual({ kind: 'not-writable', why: 'what lies there belongs to somebody else' });
  });

  it('are read to the byte, and not at all where they are no text or too large', async () => {
    writeFileSync(at('text'), '\uFEFFa\r\nb');
    writeFileSync(at('bytes'), Buffer.from([0x61, 0xff, 0x62]));
    writeFileSync(at('large'), 'x'.repeat(1024 * 1024 + 1));
    expect((await files.read(at('text')))?.reveal()).toBe('\uFEFFa\r\nb');
    expect(await files.read(at('none'))).toBeUndefined();
    await expect(files.read(at('bytes'))).rejects.toThrow(/is not text in UTF-8/);
    await expect(files.read(at('large'))).rejects.toThrow(/is larger than 1 MB/);
  });

  it('are replaced as a whole and become 0600, behind a link too', async () => {
    writeFileSync(at('real'), 'old', { mode: 0o644 });
    chmodSync(at('real'), 0o644);
    symlinkSync('real', at('link'));
    await files.write(at('link'), new Secret('new\n'));
    expect([readFileSync(at('real'), 'utf8'), modeOf(at('real')), lstatSync(at('link')).isSymbolicLink()]).toEqual(['new\n', 0o600, true]);
    expect(readdirSync(dir).sort()).toEqual(['link', 'real']);
  });

  it('are appended to without a change of their mode', async () => {
    writeFileSync(at('env'), 'A=1\n');
    chmodSync(at('env'), 0o644);
    await files.append(at('env'), new Secret('B=2\n'));
    expect([readFileSync(at('env'), 'utf8'), modeOf(at('env'))]).toEqual(['A=1\nB=2\n', 0o644]);
  });

  it('are deleted, and that twice', async () => {
    writeFileSync(at('key'), '');
    await files.delete(at('key'));
    await files.delete(at('key'));
    expect(existsSync(at('key'))).toBe(false);
  });

  it('that cannot be written are a refusal in words', async () => {
    writeFileSync(at('plain'), '');
    await expect(files.write(at('plain', 'key'), new Secret('SECRET-7f3a'))).rejects.toThrow(
      /^refused: .*plain\/key cannot be written: a part of its path is no folder\.$/,
    );
  });
});
