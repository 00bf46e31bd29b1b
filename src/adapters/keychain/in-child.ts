import type { Clock } from '../../model/clock.ts';
import type { Env } from '../../model/env.ts';
import type { ChildAnswer, ChildRequest } from './child-protocol.ts';
import { readChildAnswer } from './child-protocol.ts';
import type { Entries } from './entries.ts';
import { failureOfLibrary, keychainFailure, libraryMissing } from './failures.ts';
import { storable } from './storable.ts';

export interface InChildOptions {
  readonly platform: NodeJS.Platform;
  readonly env: Env;
  readonly clock: Clock;
  /** The built file of `child.ts`. */
  readonly childEntry: string;
  readonly limitMs: number;
  /** See `BusAddress`. */
  readonly tellLibrary: string | undefined;
}

/**
 * All that the library needs of the environment. The rest stays out: credential variables, `NODE_EXTRA_CA_CERTS` (which
 * slows every start of Node), `NODE_OPTIONS` and GLib's debug switches (which write to stdout).
 */
const PASSED_ON = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LD_LIBRARY_PATH',
  'XDG_RUNTIME_DIR',
  'XDG_DATA_HOME',
  'DBUS_SESSION_BUS_ADDRESS',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
] as const;

/**
 * The entries of a service through a child process per call: slower, but it can be ended when the keychain does not answer.
 * At the limit the child is killed and the call fails with `timed-out`. A child that ends without an answer has crashed in
 * native code and is `keychain-unavailable`.
 */
export function entriesInChild(service: string, options: InChildOptions): Entries {
  return {
    get: async (name) => {
      const answer = await ask(options, { op: 'get', service, name: storable(name) });
      if (answer.kind !== 'value') throw keychainFailure('crashed');
      return answer.value ?? undefined;
    },
    set: async (name, value) => {
      const answer = await ask(options, { op: 'set', service, name: storable(name), value: storable(value) });
      if (answer.kind !== 'set') throw keychainFailure('crashed');
    },
    delete: async (name) => {
      const answer = await ask(options, { op: 'delete', service, name: storable(name) });
      if (answer.kind !== 'deleted' && answer.kind !== 'absent') throw keychainFailure('crashed');
      return answer.kind;
    },
  };
}

async function ask(options: InChildOptions, request: ChildRequest): Promise<ChildAnswer> {
  const outcome = await runChild(options, `${JSON.stringify(request)}\n`);
  if (outcome.kind === 'expired') throw keychainFailure('silent');
  const answer = readChildAnswer(outcome.stdout);
  if (answer === undefined) throw keychainFailure('crashed');
  if (answer.kind === 'no-library') throw libraryMissing(options.platform);
  if (answer.kind === 'failed') throw failureOfLibrary(answer.message);
  return answer;
}

async function runChild(options: InChildOptions, request: string): Promise<{ readonly kind: 'ended'; readonly stdout: string } | { readonly kind: 'expired' }> {
  const { spawn } = await import('node:child_process');
  // In a process group of its own, so that Ctrl-C in the terminal does not cut a write short. It ends with us all the same, by its stdin.
  const child = spawn(process.execPath, [options.childEntry], { stdio: ['pipe', 'pipe', 'ignore'], env: childEnv(options), detached: true });
  const ended = new AbortController();
  const output = new Promise<{ readonly kind: 'ended'; readonly stdout: string }>((resolve) => {
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A child that dies early breaks the pipe to it; what counts is that there is no answer.
    child.stdin.on('error', () => undefined);
    child.on('error', () => resolve({ kind: 'ended', stdout: '' }));
    child.on('close', () => resolve({ kind: 'ended', stdout: Buffer.concat(chunks).toString('utf8') }));
  });
  child.stdin.write(request);
  const expiry = options.clock.sleep(options.limitMs, ended.signal).then(
    () => ({ kind: 'expired' }) as const,
    () => output,
  );
  try {
    return await Promise.race([output, expiry]);
  } finally {
    ended.abort();
    child.kill('SIGKILL');
  }
}

function childEnv(options: InChildOptions): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = options.env[name];
    if (value !== undefined) env[name] = value;
  }
  if (options.tellLibrary !== undefined) env['DBUS_SESSION_BUS_ADDRESS'] = options.tellLibrary;
  return env;
}
