import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createClock } from '../../src/adapters/clock.ts';
import type { KeychainWorld } from '../../src/adapters/keychain/world.ts';
import { isFailure } from '../../src/model/failure.ts';
import type { Failure } from '../../src/model/failure.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface BundledProgram {
  readonly file: string;
  remove(): Promise<void>;
}

/** Bundles a program of this repository (a path from its root) into one CommonJS file in a temporary folder; native packages stay where they are installed. */
export async function bundleProgram(entry: string): Promise<BundledProgram> {
  const dir = await mkdtemp(path.join(tmpdir(), 'bundle-'));
  const file = path.join(dir, 'program.cjs');
  const installed = createRequire(import.meta.url).resolve('keytar');
  await build({
    entryPoints: [path.join(ROOT, entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    alias: { keytar: installed },
    external: [installed],
    // As in the real build: import() of what stays outside becomes require, which starts faster.
    supported: { 'dynamic-import': false },
    logLevel: 'silent',
  });
  return { file, remove: () => rm(dir, { recursive: true, force: true }) };
}

export interface WatchedWorld extends KeychainWorld {
  /** What was said through `note`. */
  readonly notes: string[];
}

/** A keychain's world on Linux with this environment and nobody to ask, changed where a test needs it otherwise. */
export function keychainWorld(env: Record<string, string>, changes: Partial<KeychainWorld> = {}): WatchedWorld {
  const notes: string[] = [];
  return {
    platform: 'linux',
    uid: process.getuid?.() ?? 0,
    env,
    clock: createClock(),
    random: { token: (bytes) => randomBytes(bytes).toString('base64url'), fraction: () => 0.5 },
    childEntry: '/no/such/program',
    mayPrompt: false,
    note: (line) => void notes.push(line),
    lastWords: (failure) => {
      throw failure;
    },
    notes,
    ...changes,
  };
}

/** The failure that a call ends with. Anything else, success included, is a failed test. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const thrown: unknown = await call.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (isFailure(thrown)) return thrown;
  throw thrown;
}
