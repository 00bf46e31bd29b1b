import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The programs that `startBus` and `startKeyring` need, for `describeWith`. */
export const BUS_PROGRAMS = ['dbus-daemon', 'gdbus'];
export const KEYRING_PROGRAMS = [...BUS_PROGRAMS, 'gnome-keyring-daemon'];

const COLLECTION = '/org/freedesktop/secrets/collection/login';
const PASSWORD = 'not-empty';

export interface PrivateBus {
  /** HOME, XDG_*, PATH and DBUS_SESSION_BUS_ADDRESS, all of them inside `dir`; nothing of the session that the tests run in. */
  readonly env: Record<string, string>;
  readonly dir: string;
  stop(): Promise<void>;
}

export interface PrivateKeyring extends PrivateBus {
  lock(): Promise<void>;
}

/**
 * A session bus of its own in a temporary folder. No service is known to it, and so none is started by it, except those of
 * `activatable`: names that it would start with a program that does nothing.
 */
export async function startBus(options: { readonly activatable?: readonly string[] } = {}): Promise<PrivateBus> {
  const dir = await mkdtemp(path.join(tmpdir(), 'keyring-'));
  const env = { ...(await homeIn(dir)), PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
  const services = path.join(dir, 'services');
  await mkdir(services);
  for (const name of options.activatable ?? []) await writeFile(path.join(services, `${name}.service`), `[D-BUS Service]\nName=${name}\nExec=/bin/false\n`);
  const config = path.join(dir, 'bus.conf');
  await writeFile(config, busConfig(path.join(dir, 'bus'), services));
  const bus = spawn('dbus-daemon', [`--config-file=${config}`, '--nofork', '--nopidfile', '--print-address=1'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await Promise.race([once(bus.stdout, 'data'), failsToStart(bus, 'dbus-daemon')]);
  return {
    env: { ...env, DBUS_SESSION_BUS_ADDRESS: String(line).trim() },
    dir,
    stop: async () => {
      await end(bus);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/**
 * A private bus with an unlocked, empty gnome-keyring. With `fresh: true` it is as for a user who has never logged in to a
 * desktop: the service runs and has no default collection.
 */
export async function startKeyring(options: { readonly fresh?: boolean } = {}): Promise<PrivateKeyring> {
  const bus = await startBus();
  const fresh = options.fresh === true;
  const daemon = spawn('gnome-keyring-daemon', ['--foreground', ...(fresh ? [] : ['--unlock']), '--components=secrets'], {
    env: bus.env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  daemon.stdin.end(fresh ? '' : PASSWORD);
  const stop = async (): Promise<void> => {
    await end(daemon);
    await bus.stop();
  };
  try {
    await Promise.race([fresh ? untilOwned(bus.env) : untilUnlocked(bus.env), failsToStart(daemon, 'gnome-keyring-daemon')]);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { ...bus, stop, lock: () => lockCollection(bus.env) };
}

/** Asks the bus with `gdbus`; gives what it prints. Throws when the bus or the service answers with an error. */
async function gdbus(env: Record<string, string>, ...args: string[]): Promise<string> {
  const { stdout } = await run('gdbus', ['call', '--session', '--timeout', '10', ...args], { env });
  return stdout.trim();
}

async function lockCollection(env: Record<string, string>): Promise<void> {
  await gdbus(env, '-d', 'org.freedesktop.secrets', '-o', '/org/freedesktop/secrets', '-m', 'org.freedesktop.Secret.Service.Lock', `['${COLLECTION}']`);
}

function untilUnlocked(env: Record<string, string>): Promise<void> {
  return untilSays(
    'false',
    env,
    '-d',
    'org.freedesktop.secrets',
    '-o',
    COLLECTION,
    '-m',
    'org.freedesktop.DBus.Properties.Get',
    'org.freedesktop.Secret.Collection',
    'Locked',
  );
}

function untilOwned(env: Record<string, string>): Promise<void> {
  return untilSays(
    'true',
    env,
    '-d',
    'org.freedesktop.DBus',
    '-o',
    '/org/freedesktop/DBus',
    '-m',
    'org.freedesktop.DBus.NameHasOwner',
    'org.freedesktop.secrets',
  );
}

/** Asks again until the answer has this word in it. */
async function untilSays(word: string, env: Record<string, string>, ...args: string[]): Promise<void> {
  let last = '';
  for (let tries = 0; tries < 400; tries += 1) {
    // An error means that it is not there yet, unless it stays so.
    last = await gdbus(env, ...args).catch(String);
    if (last.includes(word)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`the keyring did not come up: ${last}`);
}

async function homeIn(dir: string): Promise<Record<string, string>> {
  const env = {
    HOME: path.join(dir, 'home'),
    XDG_RUNTIME_DIR: path.join(dir, 'run'),
    XDG_DATA_HOME: path.join(dir, 'data'),
    XDG_CONFIG_HOME: path.join(dir, 'config'),
    XDG_STATE_HOME: path.join(dir, 'state'),
    XDG_CACHE_HOME: path.join(dir, 'cache'),
  };
  for (const folder of Object.values(env)) await mkdir(folder, { mode: 0o700 });
  return env;
}

function busConfig(socket: string, services: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <servicedir>${services}</servicedir>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;
}

async function failsToStart(child: ChildProcess, name: string): Promise<never> {
  const [reason] = await Promise.race([once(child, 'exit'), once(child, 'error')]);
  throw new Error(`${name} ended instead of starting: ${String(reason)}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
