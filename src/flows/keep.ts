import type { AccountRecord, CredentialAddress, Identity, OAuthSession, StoredCredential } from '../model/credentials.ts';
import type { CredentialStore, Deps } from '../model/deps.ts';
import { rfc3339 } from '../render/time.ts';
import { withCredentialLock } from './credential-lock.ts';

type KeepDeps = Pick<Deps, 'accounts' | 'lock' | 'interrupted' | 'bulkHttp' | 'clock' | 'output'>;

/** Revokes a session that nobody will use any more, as far as the server offers it. */
async function revokeQuietly(session: OAuthSession, deps: Pick<KeepDeps, 'bulkHttp' | 'output'>): Promise<void> {
  const { revokeSession } = await import('../oauth/token-endpoint.ts');
  for (const { token, outcome } of await revokeSession(await deps.bulkHttp(), session)) {
    deps.output.debug(`revoke the ${token} that is not needed any more: ${outcome.kind}`);
  }
}

/**
 * Stores a new credential: the account's record first, then the entry, both under the lock of the credential, so that
 * neither two sign-ins nor a refresh under way can undo each other. The session it replaces is revoked. Where the store
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
    identity: place.identity,
  };
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
    return old;
  }).catch(async (thrown: unknown) => {
    if (credential.kind === 'oauth') await revokeQuietly(credential, deps);
    throw thrown;
  });
  if (replaced?.kind === 'oauth') await revokeQuietly(replaced, deps);
  return record;
}
