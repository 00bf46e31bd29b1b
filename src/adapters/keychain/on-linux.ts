import { failedWith } from '../../model/failure.ts';
import { askKeychainState } from './bus/keychain-state.ts';
import { lookUp } from './bus/look-up.ts';
import type { LookUp } from './bus/look-up.ts';
import type { NoKeychain } from './bus/secret-service.ts';
import type { Entries } from './entries.ts';
import { keychainFailure } from './failures.ts';
import { entriesInChild } from './in-child.ts';
import { entriesInProcess } from './in-process.ts';
import type { NativeKeychain } from './native.ts';
import { storable } from './storable.ts';
import type { KeychainLimits, KeychainWorld } from './world.ts';

/** How the library marks the entries that it makes (libsecret's generic schema); a search must ask for the same. */
const GENERIC_SCHEMA = 'org.freedesktop.Secret.Generic';

export interface LinuxOptions {
  /** Loads the library, or fails with `keychain-unavailable`. */
  readonly load: () => Promise<NativeKeychain>;
  readonly limits: KeychainLimits;
}

type Blocked = NoKeychain | { readonly kind: 'locked'; readonly tellLibrary: string | undefined };

/**
 * The entries of a service in a Linux keychain. "Nothing there" is certain here.
 *
 * Every call asks the session bus first. Reading ends there. Writing and deleting go through the library: in this process when
 * the keychain is unlocked, in a child process that can be killed when it is locked and somebody can be asked, or when the bus
 * could not tell. A locked keychain with nobody to ask is `keychain-locked`; nothing is then called.
 */
export function entriesOnLinux(world: KeychainWorld, service: string, options: LinuxOptions): Entries {
  const { limits } = options;
  const question = { env: world.env, uid: world.uid, clock: world.clock, limitMs: limits.call };
  const find = (name: string): Promise<LookUp> => lookUp(question, { service, account: storable(name), 'xdg:schema': GENERIC_SCHEMA });

  async function library(tellLibrary: string | undefined): Promise<Entries> {
    if (tellLibrary !== undefined || world.alwaysInChild === true) return child(limits.unsure, tellLibrary);
    return entriesInProcess(await options.load(), service, { clock: world.clock, limitMs: limits.call, lastWords: world.lastWords });
  }

  function child(limitMs: number, tellLibrary: string | undefined): Entries {
    return entriesInChild(service, { platform: world.platform, env: world.env, clock: world.clock, childEntry: world.childEntry, limitMs, tellLibrary });
  }

  /** Calls the library although the keychain is locked or says too little, in a way that can be cut off; or says why not. */
  async function regardless<T>(blocked: Blocked, call: (entries: Entries) => Promise<T>): Promise<T> {
    if (blocked.kind === 'no-bus') throw keychainFailure(blocked.why === 'no-address' ? 'noBus' : 'busRefused');
    if (blocked.kind === 'no-service') throw keychainFailure('noService');
    if (blocked.kind === 'unknown' && blocked.why === 'silent') throw keychainFailure('silent');
    if (blocked.kind === 'locked') {
      if (!world.mayPrompt) throw keychainFailure('locked');
      world.note('The keychain is locked. Your desktop asks for its password now.');
    }
    try {
      return await call(child(world.mayPrompt ? limits.unlock : limits.unsure, blocked.tellLibrary));
    } catch (thrown) {
      // A keychain that is locked now is the better explanation for a call that was cut off or refused.
      if (failedWith(thrown, 'timed-out', 'keychain-locked') && (await askKeychainState(question)).kind === 'locked') throw stillLocked(thrown);
      throw thrown;
    }
  }

  function stillLocked(cause?: unknown): Error {
    return keychainFailure(world.mayPrompt ? 'notUnlocked' : 'locked', cause);
  }

  /** After the library gave nothing: the value after all, or that it is absent for certain; throws where neither can be known. */
  async function makeSure(name: string): Promise<string | undefined> {
    const found = await find(name);
    if (found.kind === 'value') return found.value;
    if (found.kind === 'absent') return undefined;
    throw found.kind === 'locked' ? stillLocked() : keychainFailure('unsure');
  }

  async function deleteThrough(entries: Entries, name: string): Promise<'deleted' | 'absent'> {
    if ((await entries.delete(name)) === 'deleted') return 'deleted';
    if ((await makeSure(name)) !== undefined) throw keychainFailure('notDeleted');
    return 'absent';
  }

  return {
    get: async (name) => {
      const found = await find(name);
      if (found.kind === 'value') return found.value;
      if (found.kind === 'absent') return undefined;
      return (await regardless(found, (entries) => entries.get(name))) ?? makeSure(name);
    },
    set: async (name, value) => {
      const state = await askKeychainState(question);
      if (state.kind === 'unlocked') await (await library(state.tellLibrary)).set(name, value);
      else await regardless(state, (entries) => entries.set(name, value));
    },
    delete: async (name) => {
      const found = await find(name);
      if (found.kind === 'absent') return 'absent';
      if (found.kind === 'value') return deleteThrough(await library(found.tellLibrary), name);
      return regardless(found, (entries) => deleteThrough(entries, name));
    },
  };
}
