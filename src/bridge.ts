import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createClock } from './adapters/clock.ts';
import { createRandom } from './adapters/random.ts';
import type { BridgeCall } from './model/bridge.ts';
import type { CredentialStore } from './model/credential-store.ts';
import type { Env } from './model/env.ts';
import type { Lock } from './model/lock.ts';
import type { StoreName } from './model/credentials.ts';
import type { GrantIndex, GrantRecord } from './model/grant.ts';
import type { HttpStream } from './model/http-stream.ts';
import { runBridge } from './mcp/bridge/bridge.ts';

/*
 * The second composition root: what clients of MCP start, over and over, and wait for. Nothing is loaded here but the bridge, and of the
 * world what a message needs, when one comes.
 */

const FLAGS = ['grant', 'dbus', 'state', 'data'] as const;

/** How long reading the encrypted file waits for another process. */
const HURRIED_LOCK_MS = 500;

/** Reads the command line that stands in the configuration of clients. Undefined for any other, which is left to the parser of all commands. */
function readCall(words: readonly string[]): BridgeCall | undefined {
  const values = new Map<string, string>();
  let provider: string | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const flag = FLAGS.find((name) => word === `--${name}`);
    const value = words[at + 1];
    if (flag !== undefined && value !== undefined && !values.has(flag)) {
      values.set(flag, value);
      at += 1;
    } else if (provider === undefined && /^[a-z]/.test(word)) provider = word;
    else return undefined;
  }
  const grant = values.get('grant');
  if (provider === undefined || grant === undefined) return undefined;
  return { provider, grant, dbus: values.get('dbus'), state: values.get('state'), data: values.get('data') };
}

/** Starts a bridge where the words after `mcp` are those of one; false, and nothing done, where they are not. */
export function start(words: readonly string[]): boolean {
  const call = readCall(words);
  if (call === undefined) return false;
  carry(call, join(import.meta.dirname, 'keychain-child.js')).catch((thrown: unknown) => {
    process.stderr.write(`keywright: the bridge ended by a fault of its own (${thrown instanceof Error ? thrown.name : typeof thrown}).\n`);
    process.exitCode = 1;
  });
  return true;
}

/** See `Bridge`. Speaks through this process's own streams. `childEntry`: the built file of the keychain's child process. */
export async function carry(call: BridgeCall, childEntry: string): Promise<void> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt.abort());
  const env: Env = { ...process.env, ...(call.dbus === undefined ? {} : { DBUS_SESSION_BUS_ADDRESS: call.dbus }) };
  const clock = createClock();
  try {
    await runBridge(call, {
      input: process.stdin,
      write: createWriter(),
      grants: grantsOf(call, env),
      store: (name) => hurriedStore(name, call, env, childEntry),
      http: lazyHttp(env),
      renew: (record) => beginRenewal(record, call, env, childEntry),
      clock,
      warn: (line) => void process.stderr.write(`${line}\n`),
      interrupted: interrupt.signal,
    });
  } finally {
    process.stdin.destroy();
  }
}

/** Lines to stdout. A full pipe is waited for by all writers together; that nobody reads on is told to each of them. */
function createWriter(): (line: string) => Promise<'written' | 'closed'> {
  let closed = false;
  let drained: Promise<void> | undefined;
  const watched = (): NodeJS.WriteStream => {
    const stream = process.stdout;
    if (stream.listenerCount('error') === 0) stream.on('error', () => (closed = true));
    return stream;
  };
  return async (line) => {
    const stream = watched();
    if (!closed && !stream.write(`${line}\n`)) {
      drained ??= new Promise<void>((resolve) => {
        const go = (): void => {
          drained = undefined;
          stream.off('drain', go).off('error', go);
          resolve();
        };
        stream.on('drain', go).on('error', go);
      });
      await drained;
    }
    return closed ? 'closed' : 'written';
  };
}

async function pathsOf(call: BridgeCall, env: Env): Promise<{ readonly state: string; readonly data: string; readonly locks: string | null }> {
  const paths = (await import('./adapters/paths.ts')).findPaths(env, process.platform, () => process.getBuiltinModule('node:os').userInfo().homedir);
  return { state: call.state ?? paths.state, data: call.data ?? paths.data, locks: paths.locks };
}

function grantsOf(call: BridgeCall, env: Env): Pick<GrantIndex, 'find' | 'markUsed'> {
  const load = async (): Promise<GrantIndex> => (await import('./adapters/grants.ts')).createGrantIndex(`${(await pathsOf(call, env)).state}/grants`);
  return { find: async (id) => (await load()).find(id), markUsed: async (id, at) => (await load()).markUsed(id, at) };
}

/** What another process needs to find the folders that this one was told of by its arguments. */
function foldersOf({ state, data }: BridgeCall): Env | undefined {
  const given: ReadonlyArray<readonly [string, string | undefined]> = [
    ['XDG_STATE_HOME', state],
    ['XDG_DATA_HOME', data],
  ];
  const named = given.flatMap(([name, folder]) => (folder === undefined ? [] : [{ name, folder }]));
  // Of other folders than these nobody can tell it: there are no variables for them.
  if (named.some(({ folder }) => basename(folder) !== 'keywright') || (named.length > 0 && ['win32', 'darwin'].includes(process.platform))) return undefined;
  return Object.fromEntries(named.map(({ name, folder }) => [name, dirname(folder)]));
}

/** What is needed to have a grant renewed is loaded only here: nearly no bridge ever comes to it. */
async function beginRenewal(record: GrantRecord, call: BridgeCall, env: Env, childEntry: string): Promise<void> {
  const [{ createRenewals, renewalEnv }, { PROVIDERS }] = await Promise.all([import('./adapters/renewals.ts'), import('./providers/registry.ts')]);
  const warn = (line: string): void => void process.stderr.write(`${line}\n`);
  const provider = PROVIDERS.find(({ id }) => id === record.provider);
  const folders = foldersOf(call);
  if (provider === undefined || folders === undefined) {
    return warn(`keywright: the grant ${record.id} cannot be renewed from here, and ends soon. Run: keywright auth rotate-key --grant ${record.id}`);
  }
  const path = provider.mcp?.path ?? '';
  const baseUrl = record.mcpUrl !== null && path !== '' && record.mcpUrl.endsWith(path) ? record.mcpUrl.slice(0, -path.length) : record.origin;
  const { state } = await pathsOf(call, env);
  await createRenewals({
    dir: `${state}/grants`,
    program: [process.execPath, fileURLToPath(new URL('../bin/keywright.js', pathToFileURL(childEntry)))],
    env: renewalEnv(env, { variable: `${provider.envPrefix}_API_URL`, baseUrl }, folders),
    cwd: state,
    clock: createClock(),
    warn,
  })(record);
}

/** The stores as those see them who may neither ask nor wait: a client of MCP has no person before it, and gives up soon. */
async function hurriedStore(name: StoreName, call: BridgeCall, env: Env, childEntry: string): Promise<Pick<CredentialStore, 'read'>> {
  const [clock, random, uid] = [createClock(), createRandom((count) => process.getBuiltinModule('node:crypto').randomBytes(count)), process.getuid?.() ?? 0];
  if (name === 'keychain') {
    const [{ createKeychainStore }, { HURRIED_LIMITS }] = await Promise.all([import('./adapters/keychain/store.ts'), import('./adapters/keychain/world.ts')]);
    const silent = { mayPrompt: false, alwaysInChild: true, note: () => undefined, lastWords: () => undefined } as const;
    return createKeychainStore({ platform: process.platform, uid, env, clock, random, childEntry, ...silent }, { limits: HURRIED_LIMITS });
  }
  const { data, locks } = await pathsOf(call, env);
  const lock: Pick<Lock, 'acquire'> = {
    acquire: async (lockName, options) =>
      (await import('./adapters/lock/lock.ts'))
        .createLock({ dir: locks, clock, random, platform: process.platform })
        .acquire(lockName, { ...options, waitMs: HURRIED_LOCK_MS }),
  };
  return (await import('./adapters/encrypted-file/store.ts')).createEncryptedFileStore({ dir: data, env, uid, random, lock, askPassphrase: undefined });
}

function lazyHttp(env: Env): HttpStream {
  let opened: HttpStream | undefined;
  return {
    open: async (request) => {
      const { createHttpStream } = await import('./adapters/http/stream.ts');
      opened ??= createHttpStream({ env, userAgent: `keywright/${__KEYWRIGHT_VERSION__}` });
      return opened.open(request);
    },
    close: () => opened?.close(),
  };
}
