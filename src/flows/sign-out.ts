import type { StoredCredential } from '../model/credentials.ts';
import type { Deps } from '../model/deps.ts';
import { Failure, failedWith, isFailure } from '../model/failure.ts';
import { withCredentialLock } from './credential-lock.ts';
import { type RevokeDeps, revokeOrQueue, type SessionTokenOutcome } from './revocations/revoke.ts';
import { placeNow, readStored, storeOf, type StoredPlace } from './stored.ts';

/** What became of one token at the server. A key that was brought along is not ours to revoke. */
export type TokenOutcome = SessionTokenOutcome | { readonly token: 'key'; readonly outcome: 'left-alone'; readonly why: null };

const KEY_STAYS: readonly TokenOutcome[] = [{ token: 'key', outcome: 'left-alone', why: null }];

export interface SignedOut {
  readonly provider: string;
  readonly account: string;
  readonly origin: string;
  /** Empty with `--local-only`. */
  readonly tokens: readonly TokenOutcome[];
  /** `kept`: nothing could be done for this account. Of that, and of a keychain that is not there, `why` tells more. */
  readonly local: 'forgotten' | 'nothing-stored' | 'kept';
  readonly why: string | null;
}

type SignOutDeps = Pick<Deps, 'store' | 'env' | 'accounts' | 'lock' | 'interrupted' | 'knownKeys'> & RevokeDeps;

async function revokeAtServer(place: StoredPlace, stored: StoredCredential, deps: SignOutDeps): Promise<readonly TokenOutcome[]> {
  if (stored.kind === 'key') return KEY_STAYS;
  const owner = { provider: place.target.provider.id, address: place.address, store: (await storeOf(place, deps)).name };
  return revokeOrQueue(owner, stored, deps);
}

/** What is revoked is in the entry alone. One that is damaged, or of a newer version, is no reason to keep it, but is told. */
async function revokeStored(place: StoredPlace, deps: SignOutDeps): Promise<readonly TokenOutcome[]> {
  let stored: StoredCredential;
  try {
    stored = await readStored(place, deps);
  } catch (thrown) {
    if (failedWith(thrown, 'unexpected-answer')) {
      const why = 'the entry could not be read';
      return place.record?.kind === 'key' ? KEY_STAYS : (['refresh_token', 'access_token'] as const).map((token) => ({ token, outcome: 'failed', why }));
    }
    if (!failedWith(thrown, 'keychain-locked', 'keychain-unavailable') || thrown.hint?.includes('--local-only') === true) throw thrown;
    const forget = `To forget it here without revoking: keywright logout ${place.target.provider.id} --local-only`;
    throw new Failure(thrown.code, { detail: thrown.detail, hint: [thrown.hint ?? '', forget].join(' ').trim(), cause: thrown });
  }
  return revokeAtServer(place, stored, deps);
}

/**
 * Whether nothing is stored for an account of which nothing is known here: its entry is not there, or there is no keychain at all, which
 * `why` tells. A store that is locked, damaged or does not answer may hold a sign-in that the index does not know.
 */
async function nothingStored(place: StoredPlace, deps: SignOutDeps): Promise<{ readonly why: string | null } | undefined> {
  if (place.record !== undefined) return undefined;
  try {
    await readStored(place, deps);
  } catch (thrown) {
    if (failedWith(thrown, 'signed-out')) return { why: null };
    if (isFailure(thrown) && thrown.means === 'no-keychain') return { why: thrown.detail };
    if (!failedWith(thrown, 'unexpected-answer')) throw thrown;
  }
  return undefined;
}

/**
 * Signs one account out: asks the server to revoke its tokens, keeps those that it could not for a later try, then forgets
 * the credential here whatever the server said.
 * A refresh in another process cannot come between, since both hold the lock of the credential. Where another process signed
 * the account out while we waited for that lock, there is nothing left to do.
 */
export async function signOut(place: StoredPlace, revoke: 'revoke' | 'local-only', deps: SignOutDeps): Promise<SignedOut> {
  const whose = { provider: place.target.provider.id, account: place.address.account, origin: place.address.origin };
  return withCredentialLock(place.address, deps, async () => {
    const now = await placeNow(place, deps);
    if (place.record !== undefined && now.record === undefined) return { ...whose, tokens: [], local: 'nothing-stored', why: null };
    const nothing = await nothingStored(now, deps);
    if (nothing !== undefined) return { ...whose, tokens: [], local: 'nothing-stored', why: nothing.why };
    const tokens = revoke === 'revoke' ? await revokeStored(now, deps) : [];
    const store = await storeOf(now, deps);
    const local = (await store.delete(now.address)) === 'deleted' ? 'forgotten' : 'nothing-stored';
    await deps.accounts.delete(now.address);
    // Whoever is signed out here has no keys to offer.
    deps.knownKeys.tell(whose, { kind: 'all-seen' });
    return { ...whose, tokens, local, why: null };
  });
}
