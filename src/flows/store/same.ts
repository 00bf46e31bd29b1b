import type { StoredCredential } from '../../model/credentials.ts';
import { encodeCredential } from '../../model/stored-credential-codec.ts';

/** Whether two stored credentials are equal in everything that a store keeps. */
export function isSameCredential(one: StoredCredential, other: StoredCredential): boolean {
  return encodeCredential(one) === encodeCredential(other);
}

/** Whether they come from one sign-in. A session is registered for itself, so its client id survives refreshes and belongs to no other. */
export function isSameSignIn(one: StoredCredential, other: StoredCredential): boolean {
  if (one.kind === 'key' || other.kind === 'key') return one.kind === other.kind && isSameCredential({ ...one, obtainedAt: 0 }, { ...other, obtainedAt: 0 });
  return one.issuer === other.issuer && one.clientId === other.clientId;
}
