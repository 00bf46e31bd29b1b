import { type AccountRecord, type CredentialAddress, entryName, type StoredCredential, type StoreName } from '../../model/credentials.ts';
import type { CredentialStore } from '../../model/credential-store.ts';
import type { Deps } from '../../model/deps.ts';
import type { HeldLock } from '../../model/lock.ts';
import { isFailure } from '../../model/failure.ts';
import { withCredentialLock } from '../credential-lock.ts';
import { isSameCredential, isSameSignIn } from './same.ts';

/**
 * What became of one sign-in. `moved`: it is in the new store alone. `would-move`: with a dry run. `already-there`: nothing was to
 * be done. `cleaned`: it was there already, and a copy that an earlier move had left behind is gone now. `left-behind`: it is in the
 * new store and used from there, but the old copy could not be removed. `failed`: it is where it was.
 */
export interface Migrated {
  readonly provider: string;
  readonly origin: string;
  readonly account: string;
  readonly from: StoreName;
  readonly to: StoreName;
  readonly outcome: 'moved' | 'would-move' | 'already-there' | 'cleaned' | 'left-behind' | 'failed';
  readonly why: string | null;
}

type MigrateDeps = Pick<Deps, 'store' | 'accounts' | 'lock' | 'interrupted' | 'output'>;
type Outcome = Pick<Migrated, 'outcome' | 'why'>;

const OTHER: Readonly<Record<StoreName, StoreName>> = { keychain: 'file', file: 'keychain' };

const failed = (why: string): Outcome => ({ outcome: 'failed', why });
const done = (outcome: Migrated['outcome']): Outcome => ({ outcome, why: null });

/** Words for what a store or a folder does; anything else is a fault of ours and goes on. */
function reason(thrown: unknown): string {
  if (isFailure(thrown) && thrown.code !== 'cancelled') return thrown.detail;
  throw thrown;
}

/** Takes a copy out again that is not used: what matters is the failure before. */
async function takeBack(store: CredentialStore, address: CredentialAddress, deps: MigrateDeps): Promise<void> {
  await store.delete(address).catch(() => deps.output.debug(`an unused copy of ${entryName(address)} stays in the ${store.name}`));
}

async function copyInto(store: CredentialStore, address: CredentialAddress, credential: StoredCredential, deps: MigrateDeps): Promise<string | undefined> {
  try {
    await store.write(address, credential);
    const back = await store.read(address);
    if (back !== undefined && isSameCredential(back, credential)) return undefined;
  } catch (thrown) {
    const why = reason(thrown);
    await takeBack(store, address, deps);
    return why;
  }
  await takeBack(store, address, deps);
  return `the ${store.name} did not give back what was written`;
}

/**
 * Moves one entry: copied, read back, the index told, and only then removed from the old store. A process that is killed
 * between two of these steps leaves the entry usable and at most a copy beside it, which the next move removes.
 */
async function move(record: AccountRecord, from: CredentialStore, to: CredentialStore, held: HeldLock, deps: MigrateDeps): Promise<Outcome> {
  const address = { origin: record.origin, account: record.account };
  const credential = await from.read(address);
  if (credential === undefined) return failed(`the ${from.name} has no entry for it: it is locked, or the entry was deleted by hand`);
  const trouble = await copyInto(to, address, credential, deps);
  if (trouble !== undefined) return failed(trouble);
  try {
    await held.stillOurs();
    await deps.accounts.write({ ...record, store: to.name });
  } catch (thrown) {
    const why = reason(thrown);
    await takeBack(to, address, deps);
    return failed(why);
  }
  try {
    await from.delete(address);
    return done('moved');
  } catch (thrown) {
    return { outcome: 'left-behind', why: reason(thrown) };
  }
}

/** Where the entry is in its new store already: removes what an earlier move left in the other one. A store that cannot be asked is left alone. */
async function cleanUp(record: AccountRecord, kept: CredentialStore, left: CredentialStore, dryRun: boolean): Promise<Outcome> {
  const address = { origin: record.origin, account: record.account };
  let copy: StoredCredential | undefined;
  try {
    copy = await left.read(address);
  } catch (thrown) {
    reason(thrown);
    return done('already-there');
  }
  const used = copy === undefined ? undefined : await kept.read(address);
  if (copy === undefined || used === undefined || dryRun) return done('already-there');
  if (!isSameSignIn(copy, used)) return failed(`the ${left.name} holds another sign-in under the same name, which was left alone`);
  await left.delete(address);
  return done('cleaned');
}

async function migrateOne(listed: AccountRecord, to: StoreName, dryRun: boolean, deps: MigrateDeps): Promise<Migrated> {
  const address = { origin: listed.origin, account: listed.account };
  const about = (from: StoreName, outcome: Outcome): Migrated => ({ provider: listed.provider, ...address, from, to, ...outcome });
  try {
    return await withCredentialLock(address, deps, async (held) => {
      // Another process may have signed out or moved it before the lock was ours.
      const record = await deps.accounts.find(address);
      if (record === undefined) return about(listed.store, failed('it was signed out meanwhile'));
      const [target, other] = [await deps.store(to), await deps.store(OTHER[to])];
      if (record.store === to) return about(to, await cleanUp(record, target, other, dryRun));
      if (!dryRun) return about(record.store, await move(record, other, target, held, deps));
      const found = await other.read(address);
      return about(
        record.store,
        found === undefined ? failed(`the ${other.name} has no entry for it: it is locked, or the entry was deleted by hand`) : done('would-move'),
      );
    });
  } catch (thrown) {
    return about(listed.store, failed(reason(thrown)));
  }
}

/**
 * Moves sign-ins into a store, one after the other, each under its lock. The store is proved first, so that nothing is begun
 * that cannot end. One that fails does not keep the others from moving. With `dryRun` nothing is written.
 */
export async function migrate(records: readonly AccountRecord[], to: StoreName, dryRun: boolean, deps: MigrateDeps): Promise<readonly Migrated[]> {
  if (!dryRun && records.some((record) => record.store !== to)) await (await deps.store(to)).probe();
  const results: Migrated[] = [];
  const moving = deps.output.progress(dryRun ? 'Looking at sign-ins' : 'Moving sign-ins');
  try {
    for (const record of records) {
      deps.interrupted.throwIfAborted();
      results.push(await migrateOne(record, to, dryRun, deps));
      moving.tick(results.length, records.length);
    }
  } finally {
    moving.end();
  }
  return results;
}
