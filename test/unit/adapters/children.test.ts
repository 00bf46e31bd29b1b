import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChildren } from '../../../src/adapters/children.ts';
import { Secret } from '../../../src/model/secret.ts';

/** Only to end a test that hangs. */
const HANG_MS = 60_000;

let dir: string;
const PATH = process.env['PATH'] ?? '';
const never = new AbortController().signal;
const children = createChildren({ childEnv: { PATH, KEPT: 'kept', TAKEN: 'taken' }, interrupted: never });
const sh = (script: string): { readonly file: string; readonly args: readonly string[]; readonly limitMs: number } => ({
  file: 'sh',
  args: ['-c', script],
  limitMs: HANG_MS,
});

beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'keywright-children-'));
  writeFileSync(path.join(dir, 'tool'), '#!/bin/sh\n');
  writeFileSync(path.join(dir, 'tool.exe'), '#!/bin/sh\n');
  chmodSync(path.join(dir, 'tool'), 0o755);
  chmodSync(path.join(dir, 'tool.exe'), 0o755);
  writeFileSync(path.join(dir, 'text'), 'no program');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('a program', () => {
  it('is found on PATH, or where a path leads, and only where it can be started', async () => {
    const own = createChildren({ childEnv: { PATH: `/nowhere${path.delimiter}${dir}` }, interrupted: never });
    const tool = path.join(dir, 'tool');
    expect(await Promise.all(['tool', tool, 'text', path.join(dir, 'text'), dir, 'none'].map((name) => own.find(name)))).toEqual([
      tool,
      tool,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is found as Windows has it, whatever the case of its Path', async () => {
    const own = createChildren({ childEnv: { Path: dir, PATHEXT: '.COM;.EXE' }, interrupted: never });
    expect(await own.find('tool')).toBe(path.join(dir, 'tool.exe'));
  });

  it('gets its input to the last character, and tells how it ended', async () => {
    const end = await children.run({ ...sh('cat; echo said >&2; exit 3'), input: new Secret('k-1 without a line end') });
    expect(end).toEqual({ kind: 'ended', code: 3, stdout: 'k-1 without a line end', stderr: 'said\n' });
  });

  it('may leave its input unread', async () => {
    expect(await children.run({ ...sh('exit 0'), input: new Secret('k'.repeat(1_000_000)) })).toMatchObject({ kind: 'ended', code: 0 });
  });

  it('gets the variables of every child, some more, and not those that are taken away', async () => {
    const end = await children.run({ ...sh('echo "$KEPT/$TAKEN/$MORE"'), env: { TAKEN: undefined, MORE: 'more' } });
    expect(end).toMatchObject({ stdout: 'kept//more\n' });
  });

  it('may say more than is kept: the last 64 kB are', async () => {
    const end = await children.run(sh('i=0; while [ $i -lt 3000 ]; do printf "%064d\\n" $i; i=$((i+1)); done; echo end'));
    expect(end).toMatchObject({ kind: 'ended', code: 0 });
    expect(end.kind === 'ended' && [end.stdout.length, end.stdout.slice(-9)]).toEqual([64 * 1024, '2999\nend\n']);
  });

  it('has ended when it has ended, although a part of it stays behind with its output', async () => {
    const end = await children.run(sh('sleep 600 & echo "$!"; exit 0'));
    expect(end).toMatchObject({ kind: 'ended', code: 0, stdout: expect.stringMatching(/^[0-9]+\n$/) });
    if (end.kind === 'ended') process.kill(Number(end.stdout), 'SIGKILL');
  });

  it('is heard by nobody where its output is ignored', async () => {
    expect(await children.run({ ...sh('echo a; echo b >&2'), output: 'ignored' })).toEqual({ kind: 'ended', code: 0, stdout: '', stderr: '' });
  });

  it.each([
    ['none', 'ENOENT'],
    ['text', 'EACCES'],
  ])('that cannot be started is told: %s', async (name, why) => {
    expect(await children.run({ file: path.join(dir, name), args: [], limitMs: HANG_MS })).toEqual({ kind: 'not-started', why });
  });

  it('that takes too long is ended', async () => {
    expect(await children.run({ ...sh('exec sleep 600'), limitMs: 50 })).toEqual({ kind: 'too-long' });
  });

  it('is ended by Ctrl-C', async () => {
    const interrupt = new AbortController();
    const run = createChildren({ childEnv: { PATH }, interrupted: interrupt.signal }).run(sh('exec sleep 600'));
    interrupt.abort();
    expect(await run).toMatchObject({ kind: 'killed', signal: 'SIGTERM' });
  });
});
