import { failedWith, isFailure } from '../../model/failure.ts';
import { askKeychainState } from './bus/keychain-state.ts';
import type { EntryPlace, KeychainState } from './bus/keychain-state.ts';
import type { Entries } from './entries.ts';
import { keychainFailure, libraryMissing } from './failures.ts';
import { entriesInChild } from './in-child.ts';
import { entriesInProcess } from './in-process.ts';
import type { LoadNative, NativeKeychain } from './native.ts';
import { entriesInParts } from './parts.ts';
import type { KeychainLimits, KeychainWorld } from './world.ts';

/** How the library names the entries that it makes (libsecret's generic schema); a search must ask for the same. */
const GENERIC_SCHEMA = 'org.freedesktop.Secret.Generic';

/** Windows: CRED_MAX_CREDENTIAL_BLOB_SIZE of wincred.h. */
const WINDOWS_MAX_BYTES = 2_560;

/** A way to the entries of one service, chosen for one operation of the store. */
export interface Route {
  readonly entries: Entries;
  /**
   * After `entries` gave nothing: whether that is so. `absent` for certain, or `present` after all (written a moment ago).
   * Throws `keychain-locked` where the keychain cannot know, since a locked one answers "nothing there".
   */
  confirmAbsent(name: string): Promise<'absent' | 'present'>;
}

export interface RouteOptions {
  readonly load: LoadNative;
  readonly limits: KeychainLimits;
}

/**
 * Finds the way to a service. On Linux the session bus is asked first: unlocked means a call in this process, and a keychain
 * that might hang is called in a child process that can be killed. Throws `keychain-unavailable` and `keychain-locked`.
 */
export async function openRoute(world: KeychainWorld, service: string, options: RouteOptions): Promise<Route> {
  if (world.platform !== 'linux') return routeElsewhere(world, service, options);
  const loading = loadLater(options.load);
  const state = await askKeychainState(question(world, options.limits));
  switch (state.kind) {
    case 'no-bus':
      throw keychainFailure(state.why === 'no-address' ? 'noBus' : 'busRefused');
    case 'no-service':
      throw keychainFailure('noService');
    case 'unlocked':
      if (state.tellLibrary === undefined) return routeInProcess(world, service, options, await loaded(world, loading));
      return routeInChild(world, service, options, options.limits.unsure, state.tellLibrary);
    case 'locked':
      if (!world.mayPrompt) throw keychainFailure('locked');
      world.note('The keychain is locked. Your desktop asks for its password now.');
      return routeInChild(world, service, options, options.limits.unlock, state.tellLibrary);
    case 'unknown':
      return routeInChild(world, service, options, world.mayPrompt ? options.limits.unlock : options.limits.unsure, state.tellLibrary);
  }
}

/** macOS and Windows (both untested so far): a locked keychain there answers with an error, and nothing can be asked beforehand. */
async function routeElsewhere(world: KeychainWorld, service: string, options: RouteOptions): Promise<Route> {
  const native = await loaded(world, loadLater(options.load));
  const whole = entriesInProcess(native, service, { clock: world.clock, limitMs: options.limits.call, lastWords: world.lastWords });
  const entries = world.platform === 'win32' ? entriesInParts(whole, { maxBytes: WINDOWS_MAX_BYTES, now: () => world.clock.now(), generation: () => world.random.token(9) }) : whole;
  return { entries, confirmAbsent: () => Promise.resolve('absent') };
}

function routeInProcess(world: KeychainWorld, service: string, options: RouteOptions, native: NativeKeychain): Route {
  const entries = entriesInProcess(native, service, { clock: world.clock, limitMs: options.limits.call, lastWords: world.lastWords });
  return { entries, confirmAbsent: (name) => confirmAbsent(world, service, options, name) };
}

function routeInChild(world: KeychainWorld, service: string, options: RouteOptions, limitMs: number, tellLibrary: string | undefined): Route {
  const calls = entriesInChild(service, { platform: world.platform, env: world.env, clock: world.clock, childEntry: world.childEntry, limitMs, tellLibrary });
  const told = <T>(call: Promise<T>): Promise<T> => call.catch((thrown: unknown) => explain(world, options, thrown));
  return {
    entries: { get: (name) => told(calls.get(name)), set: (name, value) => told(calls.set(name, value)), delete: (name) => told(calls.delete(name)) },
    confirmAbsent: (name) => confirmAbsent(world, service, options, name),
  };
}

/** A call that was cut off, or that a dismissed prompt ended: a keychain that is locked now is the better explanation. */
async function explain(world: KeychainWorld, options: RouteOptions, thrown: unknown): Promise<never> {
  if (!failedWith(thrown, 'timed-out', 'keychain-locked')) throw thrown;
  const state = await askKeychainState(question(world, options.limits));
  if (state.kind === 'locked') throw keychainFailure(world.mayPrompt ? 'notUnlocked' : 'locked', thrown);
  throw thrown;
}

async function confirmAbsent(world: KeychainWorld, service: string, options: RouteOptions, name: string): Promise<'absent' | 'present'> {
  const attributes = { service, account: name, 'xdg:schema': GENERIC_SCHEMA };
  const state = await askKeychainState({ ...question(world, options.limits), attributes });
  return placeFor(world, state);
}

function placeFor(world: KeychainWorld, state: KeychainState): 'absent' | 'present' {
  if (state.kind === 'no-bus') throw keychainFailure('busRefused');
  if (state.kind === 'no-service') throw keychainFailure('noService');
  const place: EntryPlace | undefined = state.entry;
  if (state.kind === 'locked' || place === 'locked') throw keychainFailure(world.mayPrompt ? 'notUnlocked' : 'locked');
  if (place === undefined) throw keychainFailure('unsure');
  return place === 'readable' ? 'present' : 'absent';
}

function question(world: KeychainWorld, limits: KeychainLimits): { env: KeychainWorld['env']; uid: number; clock: KeychainWorld['clock']; limitMs: number } {
  return { env: world.env, uid: world.uid, clock: world.clock, limitMs: limits.bus };
}

type Loading = Promise<{ readonly kind: 'loaded'; readonly native: NativeKeychain } | { readonly kind: 'failed'; readonly cause: unknown }>;

/** Starts loading at once, beside the question to the bus, and keeps a failure until somebody needs the library. */
function loadLater(load: LoadNative): Loading {
  return load().then(
    (native) => ({ kind: 'loaded', native }),
    (cause: unknown) => ({ kind: 'failed', cause }),
  );
}

async function loaded(world: KeychainWorld, loading: Loading): Promise<NativeKeychain> {
  const result = await loading;
  if (result.kind === 'failed') throw isFailure(result.cause) ? result.cause : libraryMissing(world.platform, result.cause);
  return result.native;
}
