import type { Target } from '../api/target.ts';
import { type AccountRecord, type CredentialAddress, DEFAULT_ACCOUNT, type StoredCredential, type StoreName } from '../model/credentials.ts';
import type { CredentialStore } from '../model/credential-store.ts';
import type { Deps } from '../model/deps.ts';
import { type Env, variable } from '../model/env.ts';
import { Failure, failedWith } from '../model/failure.ts';

/** The store that is named: by `--store`, else by `KEYWRIGHT_STORE`, else the keychain. Never another one than was named. */
export function chosenStore(flag: string | undefined, env: Env): StoreName {
  const [name, whence] = flag !== undefined ? [flag, '--store'] : [variable(env, 'KEYWRIGHT_STORE') ?? 'keychain', 'KEYWRIGHT_STORE'];
  if (name === 'keychain' || name === 'file') return name;
  throw new Failure('usage', { detail: `${whence} "${name}" is not a store.`, hint: 'The stores are: keychain, file.' });
}

/**
 * The store that a sign-in at this address goes to: the one that is named, else where this account is kept, else where others of
 * the same provider are, else the keychain. So a person who once chose a store need not choose it again.
 */
export async function storeForSignIn(
  flag: string | undefined,
  address: CredentialAddress,
  provider: string,
  deps: Pick<Deps, 'env' | 'accounts'>,
): Promise<StoreName> {
  if (flag !== undefined || variable(deps.env, 'KEYWRIGHT_STORE') !== undefined) return chosenStore(flag, deps.env);
  const records = await deps.accounts.list();
  const same = records.find(({ origin, account }) => origin === address.origin && account === address.account);
  return (same ?? records.find((record) => record.provider === provider))?.store ?? chosenStore(undefined, deps.env);
}

/** The commands that sign in at this target, for a hint. */
function loginCommand(target: Target, account: string): string {
  const elsewhere = target.baseUrl === target.provider.baseUrl ? '' : `${target.provider.envPrefix}_API_URL=${target.baseUrl} `;
  return `${elsewhere}keywright login ${target.provider.id}${account === DEFAULT_ACCOUNT ? '' : ` --account ${account}`}`;
}

/** Nobody is signed in there. `besides` is a sentence more. */
export function signedOut(target: Target, account: string, besides?: string): Failure {
  const whose = account === DEFAULT_ACCOUNT ? '' : ` with the account "${account}"`;
  return new Failure('signed-out', {
    detail: `There is no sign-in for ${target.provider.name} at ${target.origin}${whose}.${besides === undefined ? '' : ` ${besides}`}`,
    hint: `Run: ${loginCommand(target, account)}   (or set ${target.provider.envPrefix}_API_KEY)`,
  });
}

export function sessionEnded(target: Target, account: string, why: string): Failure {
  return new Failure('session-ended', {
    detail: `The sign-in for ${target.provider.name} at ${target.origin} has ended: ${why}.`,
    hint: `Run: ${loginCommand(target, account)}`,
  });
}

/** The place of a stored credential: where it is used, under which name it lies, and what the index knows of it. */
export interface StoredPlace {
  readonly target: Target;
  readonly address: CredentialAddress;
  readonly record: AccountRecord | undefined;
}

/** The same place as the index knows it now. What was read before the lock was taken may be out of date: see it again under the lock. */
export async function placeNow(place: StoredPlace, { accounts }: Pick<Deps, 'accounts'>): Promise<StoredPlace> {
  return { ...place, record: await accounts.find(place.address) };
}

/** The store that holds this credential: the one that the index remembers, else the one that a sign-in would take. */
export function storeOf(place: StoredPlace, deps: Pick<Deps, 'store' | 'env'>): Promise<CredentialStore> {
  return deps.store(place.record?.store ?? chosenStore(undefined, deps.env));
}

/**
 * Reads what is stored for an address. Absent is `signed-out` only where the index knows nothing either: a keychain that
 * is locked can say "nothing there", so an entry that must be there and is not is `keychain-locked`.
 */
export async function readStored(place: StoredPlace, deps: Pick<Deps, 'store' | 'env'>): Promise<StoredCredential> {
  const { target, address, record } = place;
  const store = await storeOf(place, deps);
  let found: StoredCredential | undefined;
  try {
    found = await store.read(address);
  } catch (thrown) {
    if (record !== undefined || !failedWith(thrown, 'keychain-unavailable')) throw thrown;
    const hint = `${thrown.hint ?? ''} No sign-in for ${target.provider.name} is known here; without one, set ${target.provider.envPrefix}_API_KEY.`;
    throw new Failure(thrown.code, { detail: thrown.detail, hint: hint.trim(), cause: thrown, ...(thrown.means === undefined ? {} : { means: thrown.means }) });
  }
  if (found !== undefined) return found;
  if (record === undefined) throw signedOut(target, address.account);
  throw new Failure('keychain-locked', {
    detail: `The ${record.store} has no entry for ${target.provider.name} at ${target.origin}, though a sign-in was kept there. It is locked, or the entry was deleted by hand.`,
    hint: `Unlock the ${record.store} and try again. If the entry was deleted, sign in again: ${loginCommand(target, address.account)}   (or forget it: keywright logout ${target.provider.id} --local-only)`,
  });
}
