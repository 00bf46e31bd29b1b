import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { StoreName } from '../../src/model/credentials.ts';
import { startKeyring } from '../../test/support/keyring.ts';
import type { WorkerAnswer, WorkerOrders } from './orders.ts';

type Orders = Omit<WorkerOrders, 'origin' | 'store' | 'passwordHome'>;

/** How a process ended. `answer` is missing where it was killed before it gave one. */
export interface WorkerEnd {
  readonly answer: WorkerAnswer | undefined;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export interface Worker {
  readonly process: ChildProcess;
  /** The next line that the worker writes. Rejects when it ends instead. */
  line(): Promise<string>;
  /** Resolves when the worker writes this line. */
  says(line: string): Promise<void>;
  readonly ended: Promise<WorkerEnd>;
}

export interface ProgramEnd {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A computer with a store in it, all of whose processes and files are gone after `stop`. */
export interface Machine {
  readonly store: StoreName;
  readonly dir: string;
  readonly locks: string;
  readonly data: string;
  worker(orders: Orders, env?: Readonly<Record<string, string>>): Worker;
  /** Starts the built program. */
  program(...words: string[]): ChildProcess;
  run(...words: string[]): Promise<ProgramEnd>;
  seed(credential: string): Promise<void>;
  /** Lets the stored access token expire. */
  age(): Promise<void>;
  stop(): Promise<void>;
}

export interface MachineWishes {
  readonly store: StoreName;
  readonly origin: string;
  /** The folder of the repository, with a built `dist`. */
  readonly root: string;
}

/** The program asks the password database for the home folder, which cannot be changed for a test; so Node is told another answer. */
const OTHER_HOME = `const os = require('node:os'); const real = os.userInfo; os.userInfo = (options) => ({ ...real(options), homedir: process.env.TORTURE_PASSWORD_HOME });\n`;

/** Starts a machine; with `keychain` one with a session bus and an unlocked gnome-keyring of its own. */
export async function startMachine({ store, origin, root }: MachineWishes): Promise<Machine> {
  const keyring = store === 'keychain' ? await startKeyring() : undefined;
  const dir = keyring?.dir ?? (await mkdtemp(path.join(tmpdir(), 'keywright-torture-')));
  const passwordHome = path.join(dir, 'password-home');
  await mkdir(passwordHome, { mode: 0o700 });
  await writeFile(path.join(dir, 'other-home.cjs'), OTHER_HOME);
  const own = {
    HOME: path.join(dir, 'home'),
    XDG_DATA_HOME: path.join(dir, 'data'),
    XDG_STATE_HOME: path.join(dir, 'state'),
    XDG_CONFIG_HOME: path.join(dir, 'config'),
  };
  const base: Readonly<Record<string, string>> = keyring?.env ?? { ...own, PATH: process.env['PATH'] ?? '' };
  const workerFile = await bundleWorker(root, dir);

  const worker = (orders: Orders, env: Readonly<Record<string, string>> = {}): Worker => {
    const told: WorkerOrders = { ...orders, origin, store, passwordHome };
    return watch(spawn(process.execPath, [workerFile, JSON.stringify(told)], { env: { ...base, ...env }, stdio: ['pipe', 'pipe', 'pipe'] }));
  };
  const program = (...words: string[]): ChildProcess =>
    spawn(process.execPath, [path.join(root, 'bin/keywright.js'), ...words], {
      env: {
        ...base,
        MEMAX_API_URL: origin,
        KEYWRIGHT_STORE: store,
        NODE_OPTIONS: `--require=${path.join(dir, 'other-home.cjs')}`,
        TORTURE_PASSWORD_HOME: passwordHome,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const keeper = worker({ stay: 'keeper' });
  const order = async (text: string): Promise<void> => {
    keeper.process.stdin?.write(`${text}\n`);
    const held = await keeper.line();
    if (held !== 'oauth') throw new Error(`the store should hold a session after "${text.slice(0, 4)}" and holds ${held}`);
  };
  return {
    store,
    dir,
    locks: path.join(passwordHome, '.keywright/locks'),
    data: path.join(dir, 'data/keywright'),
    worker,
    program,
    run: (...words) => ended(program(...words)),
    seed: (credential) => order(`seed ${credential}`),
    age: () => order('age'),
    stop: async () => {
      keeper.process.stdin?.end('end\n');
      await keeper.ended;
      await keyring?.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** As the program itself is bundled: one file that plain Node starts, with the native package where it is installed. */
async function bundleWorker(root: string, dir: string): Promise<string> {
  const installed = createRequire(path.join(root, 'package.json')).resolve('keytar');
  const outfile = path.join(dir, 'worker.cjs');
  await build({
    entryPoints: [path.join(root, 'scripts/torture/worker.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    alias: { keytar: installed },
    external: [installed],
    supported: { 'dynamic-import': false },
    logLevel: 'error',
  });
  return outfile;
}

function watch(child: ChildProcess): Worker {
  const unread: string[] = [];
  const readers: Array<{ readonly resolve: (line: string) => void; readonly reject: (why: Error) => void }> = [];
  let answer: WorkerAnswer | undefined;
  let stderr = '';
  let over = false;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin?.on('error', () => undefined);
  const lines = child.stdout === null ? undefined : createInterface({ input: child.stdout });
  lines?.on('line', (text) => {
    if (text.startsWith('{')) answer = JSON.parse(text);
    const reader = readers.shift();
    if (reader === undefined) unread.push(text);
    else reader.resolve(text);
  });
  const tooEarly = (): Error => new Error(`a worker ended instead of saying something: ${JSON.stringify(answer)} ${stderr}`);
  const end = new Promise<WorkerEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (_code, signal) => {
      over = true;
      for (const reader of readers.splice(0)) reader.reject(tooEarly());
      resolve({ answer, signal, stderr });
    });
  });
  const line = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const text = unread.shift();
      if (text !== undefined) resolve(text);
      else if (over) reject(tooEarly());
      else readers.push({ resolve, reject });
    });
  const says = async (wanted: string): Promise<void> => {
    for (let text = await line(); text !== wanted; text = await line());
  };
  return { process: child, line, says, ended: end };
}

async function ended(child: ChildProcess): Promise<ProgramEnd> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [exit] = await once(child, 'close');
  return { exit: typeof exit === 'number' ? exit : null, stdout, stderr };
}
