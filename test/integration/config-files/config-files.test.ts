import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../src/adapters/clock.ts';
import { createConfigFiles } from '../../../src/adapters/config-files/config-files.ts';
import type { ConfigFiles } from '../../../src/model/config-file.ts';

let dir: string;
let path: string;
let backup: string;
let files: ConfigFiles;

const withUid = (uid: number | undefined): ConfigFiles =>
  createConfigFiles({ uid, clock: createClock(), interrupted: new AbortController().signal, notes: join(dir, 'notes') });

beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'kw-config-')));
  await mkdir(join(dir, 'home'));
  path = join(dir, 'home', 'settings.json');
  backup = `${path}.keywright-backup`;
  files = withUid(process.getuid?.());
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const modeOf = async (file: string): Promise<string> => ((await stat(file)).mode & 0o777).toString(8);
const there = (): Promise<readonly string[]> => readdir(join(dir, 'home')).then((names) => names.sort());

describe('a file of another program', () => {
  it.each([
    ['plain', Buffer.from('{"a": 1}\n')],
    ['a byte order mark', Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d, 0x0d, 0x0a])],
    ['two byte order marks, NUL and no end of line', Buffer.from([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x00, 0x41])],
    ['far characters', Buffer.from('\u{1f511} \u00e9 \u2028', 'utf8')],
    ['nothing', Buffer.alloc(0)],
  ])('is read and written as the same bytes: %s', async (_what, bytes) => {
    await writeFile(path, bytes);
    const read = await files.read(path);
    expect(read).toEqual({ kind: 'there', text: bytes.toString('utf8'), place: path });
    const text = bytes.toString('utf8');
    expect(await files.replace(path, text, `${text}x`)).toEqual({ kind: 'written', backup });
    expect(await readFile(path)).toEqual(Buffer.concat([bytes, Buffer.from('x')]));
    expect(await readFile(backup)).toEqual(bytes);
  });

  it('may be absent, and is made for its owner alone, with the folders above it', async () => {
    const deep = join(dir, 'home', '.config', 'client', 'mcp.json');
    expect(await files.read(deep)).toEqual({ kind: 'absent' });
    expect(await files.replace(deep, undefined, '{}')).toEqual({ kind: 'written', backup: null });
    expect([await readFile(deep, 'utf8'), await modeOf(deep), await modeOf(join(dir, 'home', '.config'))]).toEqual(['{}', '600', '700']);
    expect(await readdir(join(dir, 'home', '.config', 'client'))).toEqual(['mcp.json']);
  });

  it.each([0o644, 0o600, 0o664])('keeps its mode, which the backup gets too: %o', async (mode) => {
    await writeFile(path, 'one');
    await chmod(path, mode);
    await files.replace(path, 'one', 'two');
    expect([await modeOf(path), await modeOf(backup)]).toEqual([mode.toString(8), mode.toString(8)]);
  });

  it('is not touched where it changed meanwhile, came or went', async () => {
    await writeFile(path, 'theirs');
    expect(await files.replace(path, 'read before', 'ours')).toEqual({ kind: 'changed-meanwhile' });
    expect(await files.replace(path, undefined, 'ours')).toEqual({ kind: 'changed-meanwhile' });
    expect([await readFile(path, 'utf8'), await there()]).toEqual(['theirs', ['settings.json']]);
    await rm(path);
    expect(await files.replace(path, 'theirs', 'ours')).toEqual({ kind: 'changed-meanwhile' });
    expect(await there()).toEqual([]);
  });

  it('is not touched either where it changes at the last moment', async () => {
    await writeFile(path, 'one');
    // What is remembered of the file is asked for after the first comparison, and here it takes its time.
    const id = createHash('sha256').update(path).digest('hex');
    await mkdir(join(dir, 'notes'));
    const memory = join(dir, 'notes', `${id}.json`);
    execFileSync('mkfifo', [memory]);
    // Another process, since whoever reads waits for it and does nothing else: it is let in when the reading begins.
    const somebody = spawn('sh', ['-c', 'exec 3> "$0"; printf theirs > "$1"; exec 3>&-', memory, path], { stdio: 'ignore' });
    expect(await files.replace(path, 'one', 'ours')).toEqual({ kind: 'changed-meanwhile' });
    if (somebody.exitCode === null) await once(somebody, 'exit');
    expect(await readFile(path, 'utf8')).toBe('theirs');
    expect((await there()).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('loses nothing to two who replace the same text at once', async () => {
    for (let round = 0; round < 20; round += 1) {
      const before = `round ${round}`;
      await writeFile(path, before);
      const ends = await Promise.all(['a', 'b', 'c'].map((mark) => files.replace(path, before, `${before} ${mark}`)));
      const last = (await readFile(path, 'utf8')).slice(-1);
      expect(ends['abc'.indexOf(last)]).toMatchObject({ kind: 'written' });
    }
    expect(await there()).toEqual(['settings.json', 'settings.json.keywright-backup']);
  });
});

describe('a file behind links', () => {
  it('is replaced where it lies, and the links stay', async () => {
    const repository = join(dir, 'dotfiles');
    await mkdir(join(repository, 'client'), { recursive: true });
    await writeFile(join(repository, 'client', 'mcp.json'), 'one', { mode: 0o644 });
    await symlink(join(repository, 'client'), join(dir, 'home', '.client'));
    await symlink(join('.client', 'mcp.json'), path);
    const place = join(repository, 'client', 'mcp.json');
    expect(await files.read(path)).toEqual({ kind: 'there', text: 'one', place });
    expect(await files.replace(path, 'one', 'two')).toEqual({ kind: 'written', backup: `${place}.keywright-backup` });
    expect([await readFile(place, 'utf8'), (await lstat(path)).isSymbolicLink(), await readlink(path)]).toEqual(['two', true, join('.client', 'mcp.json')]);
    expect((await readdir(join(repository, 'client'))).sort()).toEqual(['mcp.json', 'mcp.json.keywright-backup']);
  });

  it('is made where they lead, also through folders that are not there yet', async () => {
    await symlink(join('..', 'dotfiles', 'later', 'mcp.json'), join(dir, 'home', 'second'));
    await symlink('second', path);
    expect(await files.read(path)).toEqual({ kind: 'absent' });
    expect(await files.replace(path, undefined, 'new')).toEqual({ kind: 'written', backup: null });
    expect([await readFile(join(dir, 'dotfiles', 'later', 'mcp.json'), 'utf8'), (await lstat(path)).isSymbolicLink()]).toEqual(['new', true]);
  });

  it('is unusable where they lead in a circle', async () => {
    await symlink('settings.json', join(dir, 'home', 'other'));
    await symlink('other', path);
    expect(await files.read(path)).toEqual({ kind: 'unusable', why: 'its links lead in a circle' });
  });
});

describe('a file that is not ours to change', () => {
  /** What both ways of asking say of it, and whether anything came to be beside it. */
  async function outcome(as: ConfigFiles = files): Promise<unknown> {
    const before = await there();
    const read = await as.read(path);
    const replaced = await as.replace(path, 'one', 'two').catch((thrown: unknown) => thrown);
    return { read, replaced, added: (await there()).filter((name) => !before.includes(name)) };
  }

  const unusable = (why: string): unknown => ({
    read: { kind: 'unusable', why },
    replaced: expect.objectContaining({ code: 'refused', detail: `${path} cannot be written: ${why}.` }) as unknown,
    added: [],
  });

  it('belongs to somebody else', async () => {
    await writeFile(path, 'one');
    expect(await outcome(withUid((process.getuid?.() ?? 0) + 1))).toEqual(unusable('what lies there belongs to somebody else'));
    expect(await readFile(path, 'utf8')).toBe('one');
  });

  it('was made read-only', async () => {
    await writeFile(path, 'one');
    await chmod(path, 0o444);
    expect(await outcome()).toEqual(unusable('what lies there is read-only'));
  });

  it('is a folder', async () => {
    await mkdir(path);
    expect(await outcome()).toEqual(unusable('what lies there is no regular file'));
  });

  it('is no text', async () => {
    await writeFile(path, Buffer.from([0x7b, 0xff, 0x7d]));
    expect(await files.read(path)).toEqual({ kind: 'unusable', why: 'it is not text in UTF-8' });
  });

  it('is too large', async () => {
    await writeFile(path, Buffer.alloc(8 * 1024 * 1024 + 1, ' '));
    expect(await outcome()).toEqual(unusable('it is larger than 8 MB'));
    await writeFile(path, Buffer.alloc(8 * 1024 * 1024, ' '));
    expect((await files.read(path)).kind).toBe('there');
  });

  it('lies below a file, or in a folder that the system makes', async () => {
    await writeFile(path, 'one');
    expect(await files.read(join(path, 'mcp.json'))).toEqual({ kind: 'unusable', why: 'a part of its path is no folder' });
    await expect(files.replace(join(path, 'mcp.json'), undefined, 'x')).rejects.toMatchObject({ code: 'refused' });
    await expect(files.replace('/proc/self/keywright/mcp.json', undefined, 'x')).rejects.toMatchObject({ code: 'refused' });
  });

  it('has a backup that cannot be written: the file stays as it was', async () => {
    await writeFile(path, 'one');
    await mkdir(join(backup, 'full'), { recursive: true });
    await expect(files.replace(path, 'one', 'two')).rejects.toMatchObject({ code: 'refused' });
    expect([await readFile(path, 'utf8'), await there()]).toEqual(['one', ['settings.json', 'settings.json.keywright-backup']]);
  });

  it('cannot be noted: the file stays as it was', async () => {
    await writeFile(path, 'one');
    await writeFile(join(dir, 'notes'), 'in the way');
    await expect(files.replace(path, 'one', 'two')).rejects.toMatchObject({ code: 'refused' });
    expect(await readFile(path, 'utf8')).toBe('one');
  });
});

describe('the backup', () => {
  it('holds what was there before our changes, however many follow one another', async () => {
    await writeFile(path, 'theirs');
    await files.replace(path, 'theirs', 'ours 1');
    expect(await files.replace(path, 'ours 1', 'ours 2')).toEqual({ kind: 'written', backup });
    // Another run remembers it too.
    expect(await withUid(process.getuid?.()).replace(path, 'ours 2', 'ours 3')).toEqual({ kind: 'written', backup });
    expect(await readFile(backup, 'utf8')).toBe('theirs');
  });

  it('holds what somebody else made of it since', async () => {
    await writeFile(path, 'theirs');
    await files.replace(path, 'theirs', 'ours');
    await writeFile(path, 'ours, and theirs');
    await files.replace(path, 'ours, and theirs', 'ours 2');
    expect(await readFile(backup, 'utf8')).toBe('ours, and theirs');
    await files.replace(path, 'ours 2', 'ours 3');
    expect(await readFile(backup, 'utf8')).toBe('ours, and theirs');
  });

  it('goes where its text is back in the file', async () => {
    await writeFile(path, 'theirs');
    await files.replace(path, 'theirs', 'ours');
    expect(await files.replace(path, 'ours', 'theirs')).toEqual({ kind: 'written', backup: null });
    expect([await readFile(path, 'utf8'), await there()]).toEqual(['theirs', ['settings.json']]);
    // And comes with the next change, as for the first one.
    expect(await files.replace(path, 'theirs', 'ours')).toEqual({ kind: 'written', backup });
    expect(await readFile(backup, 'utf8')).toBe('theirs');
  });

  it('is not needed for a file that is ours from the first letter', async () => {
    await files.replace(path, undefined, 'ours');
    expect(await files.replace(path, 'ours', 'ours 2')).toEqual({ kind: 'written', backup: null });
    expect(await there()).toEqual(['settings.json']);
  });

  it('keeps what was there also where a change was cut off before its end', async () => {
    await writeFile(path, 'theirs');
    await files.replace(path, 'theirs', 'ours 1');
    await files.replace(path, 'ours 1', 'ours 2');
    // As if the process had died between its note and its change.
    await writeFile(path, 'ours 1');
    await files.replace(path, 'ours 1', 'ours 3');
    expect(await readFile(backup, 'utf8')).toBe('theirs');
  });

  it('is told by the text and not by the path alone', async () => {
    const other = join(dir, 'home', 'other.json');
    await writeFile(path, 'theirs');
    await files.replace(path, 'theirs', 'ours');
    await writeFile(other, 'ours');
    expect(await files.replace(other, 'ours', 'x')).toEqual({ kind: 'written', backup: `${other}.keywright-backup` });
    expect((await readdir(join(dir, 'notes'))).length).toBe(2);
    const notes = await Promise.all((await readdir(join(dir, 'notes'))).map((name) => readFile(join(dir, 'notes', name), 'utf8')));
    expect(notes.filter((note) => note.includes('ours') || note.includes('settings'))).toEqual([]);
  });
});
