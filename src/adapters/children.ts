import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { AttachedCall, AttachedEnd, ChildCall, ChildEnd, Children } from '../model/child.ts';
import { type Env, variable } from '../model/deps.ts';
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

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function run({ file, args, input, limitMs, env }: ChildCall, world: ChildrenWorld): Promise<ChildEnd> {
  const { execa } = await import('execa');
  const result = await execa(file, args, {
    env: { ...world.childEnv, ...env },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: KEPT_BYTES,
    timeout: limitMs,
    forceKillAfterDelay: END_MS,
    cancelSignal: world.interrupted,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input: input.reveal() }),
  });
  const { stdout, stderr } = result;
  if (result.timedOut) return { kind: 'too-long' };
  if (result.signal !== undefined) return { kind: 'killed', signal: result.signal, stdout, stderr };
  if (result.exitCode === undefined) return { kind: 'not-started', why: result.code ?? 'unknown' };
  return { kind: 'ended', code: result.exitCode, stdout, stderr };
}

/** Starts programs without a shell; what it promises stands at `Children`. */
export function createChildren(world: ChildrenWorld): Children {
  return {
    find: async (name) => {
      const folders = (variable(world.childEnv, 'PATH') ?? '').split(delimiter).filter((folder) => folder !== '');
      for (const folder of folders) if (await isProgram(join(folder, name))) return join(folder, name);
      return undefined;
    },
    run: (call) => run(call, world),
    attach: async (call: AttachedCall): Promise<AttachedEnd> => (await import('./attached-child.ts')).attach(call, world),
    words: async (line) => splitWords(line),
  };
}
