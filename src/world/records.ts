import { mayBeThere, mayHoldSomething } from '../adapters/presence.ts';
import { mayBeBound } from '../adapters/project-folders.ts';
import type { AccountIndex } from '../model/account-index.ts';
import type { BindingFile } from '../model/binding.ts';
import type { DefinitionFiles } from '../model/definition-file.ts';
import type { EphemeralJournal } from '../model/ephemeral.ts';
import type { GrantIndex } from '../model/grant.ts';
import type { Lock } from '../model/lock.ts';
import type { Output } from '../model/output.ts';
import type { RefreshJournal } from '../model/refresh-journal.ts';
import type { RevocationIndex } from '../model/revocation.ts';
import type { RotationJournal } from '../model/rotation.ts';
import { NOTHING_CHOSEN, type Settings } from '../model/settings.ts';
import { accountsDir, definitionsDir, ephemeralsDir, revocationsDir, rotationsDir, settingsFile } from './kept-here.ts';
import { once } from './once.ts';
import type { Surroundings } from './surroundings.ts';

/*
 * Commands look for much that is not there on most machines, and in CI for nothing that is: what would read it is loaded where there may be
 * something to read.
 */

/** What this machine remembers of accounts, for all commands. */
export function accountsIn({ paths }: Surroundings, output: Output): AccountIndex {
  const dir = accountsDir(paths);
  const load = once(async () => (await import('../adapters/accounts.ts')).createAccountIndex({ dir, warn: (line) => output.warn(line) }));
  return {
    list: async () => (mayHoldSomething(dir) ? (await load()).list() : []),
    find: async (address) => (mayBeThere(dir) ? (await load()).find(address) : undefined),
    write: async (record) => (await load()).write(record),
    delete: async (address) => (await load()).delete(address),
  };
}

export function settingsIn({ paths }: Surroundings, output: Output): Settings {
  const path = settingsFile(paths);
  const load = once(async () => (await import('../adapters/settings.ts')).createSettings({ path, warn: (line) => output.warn(line) }));
  return {
    read: async () => (mayBeThere(path) ? (await load()).read() : NOTHING_CHOSEN),
    update: async (change) => (await load()).update(change),
  };
}

export function bindingIn({ cwd, home, uid }: Surroundings, output: Output): BindingFile {
  const where = once(() => ({ cwd: cwd(), home: home() }));
  const load = once(async () => (await import('../adapters/binding.ts')).createBindingFile({ ...where(), uid, warn: (line) => output.warn(line) }));
  return {
    find: async () => (mayBeBound(where()) ? (await load()).find() : undefined),
    write: async (names) => (await load()).write(names),
    remove: async () => (await load()).remove(),
  };
}

export function definitionsIn({ paths }: Surroundings): DefinitionFiles {
  const dir = definitionsDir(paths);
  const load = once(async () => (await import('../adapters/definitions.ts')).createDefinitionFiles({ dir }));
  return {
    list: async () => (mayHoldSomething(dir) ? (await load()).list() : []),
    write: async (file) => (await load()).write(file),
    remove: async (id) => (await load()).remove(id),
  };
}

export function lockIn({ paths, clock, random, platform }: Surroundings): Lock {
  const load = once(async () => (await import('../adapters/lock/lock.ts')).createLock({ dir: paths.locks, clock, random, platform }));
  return {
    acquire: async (name, options) => (await load()).acquire(name, options),
    acquireUnless: async (name, options, look) => (await load()).acquireUnless(name, options, look),
  };
}

export function journalIn({ paths, platform }: Surroundings): RefreshJournal {
  const load = once(async () => (await import('../adapters/journal.ts')).createRefreshJournal({ dir: paths.journals, platform }));
  return {
    read: async (name) => (await load()).read(name),
    write: async (name, line) => (await load()).write(name, line),
    clear: async (name) => (await load()).clear(name),
  };
}

export function rotationsIn({ paths }: Surroundings): RotationJournal {
  const dir = rotationsDir(paths);
  const load = once(async () => (await import('../adapters/rotations.ts')).createRotationJournal(dir));
  return {
    list: async () => (mayHoldSomething(dir) ? (await load()).list() : []),
    write: async (record) => (await load()).write(record),
    delete: async (id) => (await load()).delete(id),
    unreadable: async () => (mayHoldSomething(dir) ? (await load()).unreadable() : []),
  };
}

export function grantsIn({ paths }: Surroundings): GrantIndex {
  const dir = `${paths.state}/grants`;
  const load = once(async () => (await import('../adapters/grants.ts')).createGrantIndex(dir));
  return {
    list: async () => (mayHoldSomething(dir) ? (await load()).list() : []),
    find: async (id) => (await load()).find(id),
    write: async (record) => (await load()).write(record),
    markUsed: async (id, at) => (await load()).markUsed(id, at),
    delete: async (id) => (await load()).delete(id),
  };
}

export function ephemeralsIn({ paths }: Surroundings): EphemeralJournal {
  const dir = ephemeralsDir(paths);
  const load = once(async () => (await import('../adapters/ephemerals.ts')).createEphemeralJournal(dir));
  return {
    list: async () => (mayHoldSomething(dir) ? (await load()).list() : []),
    write: async (record) => (await load()).write(record),
    delete: async (id) => (await load()).delete(id),
  };
}

export function revocationsIn({ paths }: Surroundings): RevocationIndex {
  const dir = revocationsDir(paths);
  const load = once(async () => (await import('../adapters/revocations.ts')).createRevocationIndex(dir));
  return {
    list: async () => (mayHoldSomething(dir) ? (await load()).list() : []),
    write: async (record) => (await load()).write(record),
    delete: async (name) => (await load()).delete(name),
  };
}
