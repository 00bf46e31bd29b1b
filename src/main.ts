import type { Socket } from 'node:net';
import { createClock } from './adapters/clock.ts';
import { abortSignalOf, createEnding } from './model/ending.ts';
import { createKeyCollector } from './adapters/key-news.ts';
import { findHome, findPaths } from './adapters/paths.ts';
import { createRandom } from './adapters/random.ts';
import { createSignals } from './adapters/signals.ts';
import { createStandardStreams } from './adapters/standard-streams.ts';
import { beforeDashes } from './cli/dashes.ts';
import { run, type Shell, tellUnfinished } from './cli/run.ts';
import type { Env } from './model/env.ts';
import { Failure, FAILURES } from './model/failure.ts';
import type { Http } from './model/http.ts';
import { buildDeps } from './world/build.ts';
import { credentialVariables } from './world/credential-variables.ts';
import { isIdle } from './world/idle.ts';
import { definitionsDir } from './world/kept-here.ts';
import { once } from './world/once.ts';
import { createScreen } from './world/screen.ts';
import type { Surroundings } from './world/surroundings.ts';

/*
 * The composition root: the only file that touches `process`. It gives the rooms of `world/` what they build `Deps` of, runs the command
 * and sets the exit code.
 */

const env: Env = { ...process.env };
/** Throws where the password database does not know the user. */
const passwordHome = (): string => process.getBuiltinModule('node:os').userInfo().homedir;
const paths = findPaths(env, process.platform, passwordHome);

// Children inherit the process's environment unless told otherwise; taken out here, a credential cannot slip into one.
for (const name of credentialVariables(definitionsDir(paths))) delete process.env[name];

const interruption = createEnding();
const interrupted = once(() => abortSignalOf(interruption.signal));
const signals = createSignals(process, () =>
  interruption.abort(
    new Failure('cancelled', { detail: 'The command was interrupted. What it had begun to store was stored whole; nothing is left half done.' }),
  ),
);
/** What the process ends by once its work is done; nothing in nearly every case. */
const deadly: string[] = [];

/** What keeps connections open, which would keep the process alive after its work is done. */
const toClose: Http[] = [];

/** The connections of requests that are not closed yet. */
const connections = new Set<Socket>();

/** The folder that we were started in; undefined where somebody deleted it. */
function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

const around: Surroundings = {
  env,
  get childEnv() {
    return { ...process.env };
  },
  platform: process.platform,
  uid: process.getuid?.(),
  nodeVersion: process.versions.node,
  execPath: process.execPath,
  started: process.argv[1],
  dist: import.meta.dirname,
  cwd: currentFolder,
  paths,
  home: () => findHome(env, process.platform, passwordHome),
  clock: createClock(),
  random: createRandom((count) => process.getBuiltinModule('node:crypto').randomBytes(count)),
  streams: createStandardStreams({ platform: process.platform, loadIsatty: () => process.getBuiltinModule('node:tty').isatty }),
  signals,
  interruption: interruption.signal,
  get interrupted() {
    return interrupted();
  },
};

const words = process.argv.slice(2);

const screen = createScreen(around, {
  columns: (descriptor) => (descriptor === 1 ? process.stdout : process.stderr).columns,
  // Errors of the command line itself are told before its flags are understood.
  noColor: beforeDashes(words).includes('--no-color'),
});

/** What this command learns of keys, for completion. */
const knownKeys = createKeyCollector();

const rest = {
  screen,
  knownKeys,
  keepsOpen: (http: Http) => void toClose.push(http),
  begun: (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  },
  stdin: () => process.stdin,
  stderr: () => process.stderr,
};

const shell: Shell = {
  streams: screen.streams,
  deps: (common) => buildDeps(around, rest, common),
  dieOf: (signal) => void deadly.push(signal),
  now: () => around.clock.now(),
};

/** Keeps for completion what was learned of keys; the result is out by then. */
async function keepLearned(): Promise<void> {
  const learned = knownKeys.learned();
  if (learned.length === 0) return;
  const { keepKnownKeys } = await import('./adapters/known-keys.ts');
  await keepKnownKeys(`${paths.state}/known-keys`, learned);
}

// A promise that never settles keeps no process alive: the command would end in silence, and as if it had succeeded.
const endUnfinished = (): void => {
  // With a code it has come to its end, and this is it.
  if (process.exitCode !== undefined) return;
  process.exitCode = 1;
  void tellUnfinished(words, shell.streams);
};
process.on('beforeExit', endUnfinished);

void run(words, shell).then(async (code) => {
  process.exitCode = code;
  await keepLearned();
  await Promise.all(toClose.map((http) => http.close()));
  for (const signal of deadly) signals.die(signal);
  // Left to itself, Node would collect garbage and take its memory apart before it ends. Where something is still under way it shall come to its end.
  // oxlint-disable-next-line unicorn/no-process-exit -- nothing is left that it could cut off
  if (isIdle(process.getActiveResourcesInfo(), [...connections].filter(({ destroyed }) => !destroyed).length)) process.exit();
  // Nothing of ours waits for an interruption any more. Whatever it is that is under way, nobody has to wait for it.
  // oxlint-disable-next-line unicorn/no-process-exit -- who interrupts it wants just that
  if (!interruption.signal.aborted) interruption.signal.watch(() => process.exit(FAILURES.cancelled.exit));
  for (const socket of connections) socket.destroy();
});
