import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { constants, tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

import { entryName } from '../../src/model/credentials.ts';
import type { LocalBackend, LocalRealm } from '../../src/backend/start.ts';
import { PROVIDERS, providerAmong } from '../../src/providers/registry.ts';
import { checkPrintedJson } from './output-schema.ts';
import { checkEnd } from './told-failures.ts';

export type Variables = Readonly<Record<string, string>>;

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const PROGRAM = path.join(ROOT, 'bin/keywright.js');

export interface Home {
  readonly dir: string;
  /** PATH, HOME, XDG_* and TMPDIR, all below `dir`, and nothing else of the session that the tests run in. */
  readonly env: Variables;
  remove(): Promise<void>;
}

/**
 * A person's home of its own. `disabled:` is D-Bus's word for no session bus: without it the bus of the desktop on which the
 * tests run would be found, and with it that person's own keychain.
 */
export async function makeHome(): Promise<Home> {
  const dir = await mkdtemp(path.join(tmpdir(), 'keywright-e2e-'));
  const folders = {
    HOME: path.join(dir, 'home'),
    XDG_RUNTIME_DIR: path.join(dir, 'run'),
    XDG_DATA_HOME: path.join(dir, 'data'),
    XDG_CONFIG_HOME: path.join(dir, 'config'),
    XDG_STATE_HOME: path.join(dir, 'state'),
    XDG_CACHE_HOME: path.join(dir, 'cache'),
    TMPDIR: path.join(dir, 'tmp'),
  };
  for (const folder of Object.values(folders)) await mkdir(folder, { mode: 0o700 });
  return {
    dir,
    env: { ...folders, PATH: process.env['PATH'] ?? '/usr/bin:/bin', DBUS_SESSION_BUS_ADDRESS: 'disabled:' },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/** What a command ended with. */
export interface Ended {
  /** As a shell tells it: 128 and the signal's number where a signal killed it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Running {
  readonly pid: number;
  /** Sends a signal to this process alone. */
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

interface Way {
  /** Comes in on stdin. Without it stdin is at its end. */
  readonly input?: string;
  /** What starts the program, such as another user: a file and arguments, before the command's words. */
  readonly through?: readonly string[];
  /** The folder that it runs in; that of the tests unless it is said. */
  readonly cwd?: string;
}

const DIRECTLY: readonly string[] = [process.execPath, PROGRAM];

/** Starts the built program with exactly this environment. What it prints as JSON is held to its schema, and how it ends to its help, unless a signal ended it. */
export function start(env: Variables, words: readonly string[], { input, through = DIRECTLY, cwd }: Way = {}): Running {
  const [file = '', ...before] = through;
  const child = execa(file, [...before, ...words], {
    env,
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    stdin: input === undefined ? 'ignore' : 'pipe',
    ...(cwd === undefined ? {} : { cwd }),
  });
  child.stdin?.end(input);
  return {
    pid: child.pid ?? -1,
    kill: (signal) => void child.kill(signal),
    ended: child.then(async (result) => {
      const ended = { code: exitCode(result), stdout: String(result.stdout ?? ''), stderr: String(result.stderr ?? '') };
      if (result.signal !== undefined) return ended;
      checkPrintedJson(words, ended);
      await checkEnd(words, ended, through === DIRECTLY ? 'all-seen' : 'may-be-elsewhere');
      return ended;
    }),
  };
}

function exitCode(result: { readonly exitCode?: number | undefined; readonly signal?: NodeJS.Signals | undefined }): number {
  if (result.exitCode !== undefined) return result.exitCode;
  return result.signal === undefined ? -1 : 128 + constants.signals[result.signal];
}

/** Runs the built program to its end. */
export function keywright(env: Variables, words: readonly string[], way: Way = {}): Promise<Ended> {
  return start(env, words, way).ended;
}

/** The variable that leads to a realm of a backend. */
export function leadingTo(realm: LocalRealm): Variables {
  return { [`${providerAmong(realm.id, PROVIDERS).envPrefix}_API_URL`]: realm.origin };
}

/** Waits until `fact` gives something, and gives that. A limit against hangs only. */
export async function until<T>(what: string, fact: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  const giveUpAt = Date.now() + 60_000;
  for (;;) {
    const found = await fact();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > giveUpAt) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The files below a folder that hold one of these texts, as they are or as base64. */
export async function filesWith(dir: string, texts: readonly string[]): Promise<readonly string[]> {
  const needles = texts.flatMap((text) => [text, Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -1)]);
  const found: string[] = [];
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const content = (await readFile(file)).toString('latin1');
    if (needles.some((needle) => content.includes(needle))) found.push(path.relative(dir, file));
  }
  return found;
}

/** All files below a folder, as paths from it. */
export function filesBelow(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** Of a process: what `ps` would show. Undefined where it has gone, or is not ours to look at. */
function processFile(pid: number, name: 'cmdline' | 'environ'): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return undefined;
  }
}

/** All of them where the system tells (Linux); none elsewhere. */
function processes(): readonly number[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number);
}

/**
 * What the tests of a file left behind: processes whose environment names one of these folders, and locks of credentials at
 * these backends. Asked a few times, since a browser's stand-in ends by itself after the program.
 */
export async function leftBehind(dirs: readonly string[], backends: readonly LocalBackend[]): Promise<readonly string[]> {
  let left: readonly string[] = [];
  for (let tries = 0; tries < 200; tries += 1) {
    left = [...processesOf(dirs), ...locksOf(backends)];
    if (left.length === 0) return left;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return left;
}

function processesOf(dirs: readonly string[]): readonly string[] {
  return processes()
    .filter((pid) => dirs.some((dir) => processFile(pid, 'environ')?.includes(`=${dir}`)))
    .map((pid) => `process ${processFile(pid, 'cmdline')?.replaceAll('\0', ' ') ?? pid}`);
}

function locksOf(backends: readonly LocalBackend[]): readonly string[] {
  const names = backends.flatMap((backend) => backend.realms.map((realm) => `keywright|${entryName({ origin: realm.origin, account: 'default' })}`));
  const stems = names.map((name) => createHash('sha256').update(name).digest('hex').slice(0, 24));
  const folder = path.join(userInfo().homedir, '.keywright', 'locks');
  try {
    return readdirSync(folder).filter((name) => stems.some((stem) => name.startsWith(stem)));
  } catch {
    return [];
  }
}
