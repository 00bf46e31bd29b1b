import { tellOnce } from '../api/access.ts';
import { fixedAuthority } from '../api/authority.ts';
import { askIdentity } from '../api/identity.ts';
import type { Target } from '../api/target.ts';
import type { AccountRecord, CredentialAddress, Identity, OAuthSession } from '../model/credentials.ts';
import type { CredentialStore } from '../model/credential-store.ts';
import type { Deps } from '../model/deps.ts';
import { Failure, isFailure } from '../model/failure.ts';
import { proofs } from './proofs.ts';
import { type KeepDeps, keepCredential } from './keep.ts';

/** Where a new credential goes, and whose it is. */
export interface SignInPlace {
  readonly target: Target;
  readonly address: CredentialAddress;
  readonly store: CredentialStore;
}

export type FinishDeps = KeepDeps & Pick<Deps, 'http'>;

/** Who signed in, for the record and the last line. A provider that does not say so now does not undo the sign-in. */
async function identityOf(target: Target, session: OAuthSession, deps: FinishDeps): Promise<Identity | null> {
  if (target.provider.identity === null) return null;
  try {
    const ended = () => new Failure('session-ended', { detail: `${target.provider.name} does not accept the new credential.` });
    const authority = fixedAuthority(session.accessToken, ended, proofs()(session));
    const answer = await askIdentity({ http: deps.http, target, authority, heard: tellOnce(target.provider.name, (line) => deps.output.warn(line)) });
    return answer.kind === 'known' ? answer.identity : null;
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    // Interrupted: then it is not kept either, and `keepCredential` undoes it.
    if (thrown.code === 'cancelled') return null;
    deps.output.warn(`The sign-in worked, but ${target.provider.name} did not say who you are: ${thrown.detail}`);
    return null;
  }
}

/** The end of every sign-in through OAuth, however the session was got: asks who it is, and stores it. */
export async function finishSignIn(place: SignInPlace, session: OAuthSession, deps: FinishDeps): Promise<AccountRecord> {
  const identity = await identityOf(place.target, session, deps);
  return keepCredential({ address: place.address, provider: place.target.provider.id, identity }, session, place.store, deps);
}
