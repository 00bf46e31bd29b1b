import type { AccountRecord, CredentialAddress, Identity, OAuthSession, StoredCredential } from '../model/credentials.ts';
import type { CredentialStore } from '../model/credential-store.ts';
import type { Deps } from '../model/deps.ts';
import { isFailure } from '../model/failure.ts';
import { rfc3339 } from '../render/time.ts';
import { withCredentialLock } from './credential-lock.ts';
import type { RevocationOwner } from './revocations/queue.ts';
import { type RevokeDeps, revokeOrQueue } from './revocations/revoke.ts';

export type KeepDeps = Pick<Deps, 'accounts' | 'lock' | 'interrupted' | 'store'> & RevokeDeps;

/** Revokes a session that nobody will use any more, as far as the server offers it; what cannot be revoked now is queued. */
async function revokeUnused(owner: RevocationOwner, session: OAuthSession, what: string, deps: KeepDeps): Promise<void> {
  for (const { token, outcome, why } of await revokeOrQueue(owner, session, deps)) {
    deps.output.debug(`revoke the ${token} of ${what}: ${outcome}`);
    if (outcome === 'failed') deps.output.warn(`The ${token.replace('_', ' ')} of ${what} stays valid until it expires: ${why ?? 'it could not be revoked'}`);
  }
}

/** What a sign-in in another store leaves there: it is taken out, since the index can name one store only. */
async function takeFromOldStore(before: AccountRecord, address: CredentialAddress, deps: KeepDeps): Promise<StoredCredential | undefined> {
  let old: StoredCredential | undefined;
  try {
    const store = await deps.store(before.store);
    old = await store.read(address);
    await store.delete(address);
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    deps.output.warn(`The earlier sign-in could not be removed from the ${before.store}: ${thrown.detail}`);
  }
  return old;
}

/**
 * Stores a new credential: the account's record first, then the entry, both under the lock of the credential, so that
 * neither two sign-ins nor a refresh under way can undo each other. The session it replaces, in whichever store, is revoked. Where the store
 * fails, the record is put back as it was; whatever fails, Ctrl-C while waiting for the lock included, the fresh session is
 * revoked, so that nothing usable is left behind unknown.
 */
export async function keepCredential(
  place: { readonly address: CredentialAddress; readonly provider: string; readonly identity: Identity | null },
  credential: StoredCredential,
  store: CredentialStore,
  deps: KeepDeps,
): Promise<AccountRecord> {
  const { address } = place;
  const record: AccountRecord = {
    provider: place.provider,
    origin: address.origin,
    account: address.account,
    kind: credential.kind,
    store: store.name,
    signedInAt: rfc3339(credential.obtainedAt),
    expiresAt: credential.kind === 'oauth' && credential.expiresAt !== null ? rfc3339(credential.expiresAt) : null,
    scopes: credential.kind === 'oauth' ? credential.scopes : [],
    identity: place.identity === null ? null : { id: place.identity.id, label: place.identity.label },
  };
  const owner = { provider: place.provider, address, store: store.name };
  const replaced = await withCredentialLock(address, deps, async () => {
    const before = await deps.accounts.find(address);
    const old = await store.read(address).catch(() => undefined);
    await deps.accounts.write(record);
    try {
      await store.write(address, credential);
    } catch (thrown) {
      await (before === undefined ? deps.accounts.delete(address) : deps.accounts.write(before));
      throw thrown;
    }
    return before !== undefined && before.store !== store.name ? [old, await takeFromOldStore(before, address, deps)] : [old];
  }).catch(async (thrown: unknown) => {
    if (credential.kind === 'oauth') await revokeUnused(owner, credential, 'the new sign-in, which could not be stored,', deps);
    throw thrown;
  });
  for (const old of replaced) if (old?.kind === 'oauth') await revokeUnused(owner, old, 'the earlier sign-in', deps);
  return record;
}
