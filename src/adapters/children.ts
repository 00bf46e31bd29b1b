import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ChildCall, ChildEnd, Children } from '../model/child.ts';
import { type Env, variable } from '../model/env.ts';
import { Failure } from '../model/failure.ts';
import type { AttachWorld } from './attached-child.ts';
import { splitWords } from './command-words.ts';

export interface ChildrenWorld {
  /** The environment of every child, without credentials. */
  readonly childEnv: Env;
  readonly interrupted: AbortSignal;
}

/** What is kept of each stream; a program that says more says it to nobody. */
const KEPT_BYTES = 64 * 1024;

/** Between asking a program to end and ending it. */
const END_MS = 2_000;

/** For what a program that has ended left in its pipes; one that it started may keep them open for ever. */
const DRAIN_MS = 500;

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Reads a stream to its end and keeps the last of it. */
function tailOf(stream: Readable | null): () => string {
  let kept: Buffer = Buffer.alloc(0);
  stream?.on('data', (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]);
    if (kept.length > KEPT_BYTES) kept = kept.subarray(kept.length - KEPT_BYTES);
  });
  return () => kept.toString('utf8');
}

async function run({ file, args, input, limitMs, env, output }: ChildCall, world: ChildrenWorld): Promise<ChildEnd> {
  const { execa } = await import('execa');
  const channel = output === 'ignored' ? 'ignore' : 'pipe';
  const child = execa(file, args, {
    env: { ...world.childEnv, ...env },
    extendEnv: false,
    reject: false,
    buffer: false,
    verbose: 'none',
    timeout: limitMs,
    forceKillAfterDelay: END_MS,
    cancelSignal: world.interrupted,
    stdout: channel,
    stderr: channel,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input: input.reveal() }),
  });
  const [stdout, stderr] = [tailOf(child.stdout), tailOf(child.stderr)];
  child.once('exit', () => {
    AbortSignal.timeout(DRAIN_MS).addEventListener('abort', () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
  });
  const result = await child;
  if (result.timedOut) return { kind: 'too-long' };
  if (result.signal !== undefined) return { kind: 'killed', signal: result.signal, stdout: stdout(), stderr: stderr() };
  if (result.exitCode === undefined) return { kind: 'not-started', why: result.code ?? 'unknown' };
  return { kind: 'ended', code: result.exitCode, stdout: stdout(), stderr: stderr() };
}

/** The names under which a program may lie in a folder: Windows finds `gh` as `gh.exe`. */
function spellings(name: string, { childEnv }: ChildrenWorld): readonly string[] {
  return variable(childEnv, 'PATHEXT') === undefined || /\.exe$/i.test(name) ? [name] : [`${name}.exe`, name];
}

async function find(name: string, world: ChildrenWorld): Promise<string | undefined> {
  // Windows calls it Path, and only its own copy of the environment takes that for the same name.
  const path = Object.keys(world.childEnv).find((each) => each.toUpperCase() === 'PATH') ?? 'PATH';
  const folders = (variable(world.childEnv, path) ?? '').split(delimiter).filter((folder) => folder !== '');
  const places = /[/\\]/.test(name) ? [''] : folders;
  for (const place of places.flatMap((folder) => spellings(name, world).map((each) => (folder === '' ? each : join(folder, each))))) {
    if (await isProgram(place)) return place;
  }
  return undefined;
}

/** Starts programs without a shell; what it promises stands at `Children`. Without a world for it no program can take our place. */
export function createChildren(world: ChildrenWorld, attachWorld?: AttachWorld): Children {
  return {
    find: (name) => find(name, world),
    run: (call) => run(call, world),
    attach: async (call) => {
      if (attachWorld === undefined) throw new Failure('bug', { detail: 'No program can take our place here.' });
      return (await import('./attached-child.ts')).attach(call, attachWorld);
    },
    words: async (line) => splitWords(line),
  };
}
