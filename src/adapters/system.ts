import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../model/clock.ts';
import type { Env } from '../model/env.ts';
import { isFailure } from '../model/failure.ts';
import type { PathFacts, ProxyFacts, SessionBusFacts, SystemFacts } from '../model/system.ts';
import { systemCode } from './system-code.ts';
import { foldersToLookIn } from './project-folders.ts';

export interface SystemWorld {
  readonly env: Env;
  readonly clock: Clock;
  readonly platform: string;
  readonly uid: number | undefined;
  readonly cwd: string | undefined;
  readonly home: string | undefined;
  readonly dataDir: string;
}

/** For the session bus; it answers in a few milliseconds or not at all. */
const BUS_LIMIT_MS = 2_000;

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/*
 * Some of these are asked by commands that are to start fast. Done at once, a look costs a fresh process less than to load what looks in
 * the background.
 */

/** The facts of this machine, looked up when they are asked for; what they promise stands at `SystemFacts`. */
export function createSystemFacts(world: SystemWorld): Omit<SystemFacts, 'nodeVersion' | 'platform' | 'places' | 'program'> {
  return {
    hostname: async () => (await import('node:os')).hostname(),
    look: (path) => look(path, world.uid),
    projectFolders: async () => foldersToLookIn(world),
    files: async (folder, name) =>
      namesIn(folder)
        .filter((each) => name.test(each))
        .map((each) => join(folder, each)),
    readText,
    proxyFor: async (address) => proxyFacts(address, world.env),
    sessionBus: () => sessionBus(world),
    fileStore: async () => (await import('./encrypted-file/describe.ts')).describeFileStore({ dir: world.dataDir, env: world.env, uid: world.uid ?? null }),
  };
}

async function look(path: string, uid: number | undefined): Promise<PathFacts> {
  try {
    const found = lstatSync(path);
    const kind = found.isSymbolicLink() ? 'link' : found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'other';
    if (uid === undefined) return { kind, mode: null, owner: null };
    return { kind, mode: found.mode & 0o777, owner: found.uid === uid ? 'ours' : 'of-somebody-else' };
  } catch (error) {
    const code = systemCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'absent' } : { kind: 'unreadable', why: code ?? 'unknown' };
  }
}

async function readText(path: string, maxBytes: number): Promise<string | undefined> {
  try {
    // Opening a pipe must not wait for somebody who writes into it.
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = fstatSync(file);
      return found.isFile() && found.size <= maxBytes ? readFileSync(file, 'utf8') : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

async function proxyFacts(address: string, env: Env): Promise<ProxyFacts> {
  const { proxyFor } = await import('./http/proxy.ts');
  try {
    const proxy = proxyFor(new URL(address), env);
    return proxy === undefined ? { kind: 'none' } : { kind: 'proxy', host: proxy.host, variable: proxy.variable };
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    return { kind: 'unusable', detail: thrown.detail };
  }
}

async function sessionBus({ env, clock, platform, uid }: SystemWorld): Promise<SessionBusFacts> {
  if (platform !== 'linux') return 'not-asked';
  const { askKeychainState } = await import('./keychain/bus/keychain-state.ts');
  const state = await askKeychainState({ env, uid: uid ?? 0, clock, limitMs: BUS_LIMIT_MS });
  switch (state.kind) {
    case 'unlocked':
    case 'locked':
    case 'no-bus':
      return state.kind;
    case 'no-service':
      return 'no-keychain';
    case 'unknown':
      return state.why === 'silent' ? 'silent' : 'odd';
  }
}
