import type { Identity } from '../model/credentials.ts';
import type { Access } from './access.ts';
import { goodBody, requestOf, sendAuthorized } from './call.ts';
import { readClaims } from './jwt.ts';

/**
 * What the provider says of a credential. `known`: whose it is. `accepted`: it works, and the API does not say whose it is.
 * `unproved`: nobody could be asked, so that it may work or not.
 */
export type IdentityAnswer =
  | { readonly kind: 'known'; readonly identity: Identity }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'unproved' };

const WHAT = 'ask who you are';

/** Asks the provider about the credential. A token that names its owner by itself is believed once the provider has accepted it. */
export async function askIdentity(access: Access): Promise<IdentityAnswer> {
  const { identity: rule } = access.target.provider;
  if (rule === null) return { kind: 'unproved' };
  const answered = await sendAuthorized(access, requestOf(rule.call));
  const { status } = answered.reply;
  if (rule.unprovedBy.includes(status)) return { kind: 'unproved' };
  const body = rule.alsoProvedBy.includes(status) ? undefined : goodBody(access, WHAT, answered);
  if (rule.read !== null && body !== undefined) return { kind: 'known', identity: rule.read(body) };
  const claims = readClaims(answered.secret);
  return claims?.subject == null ? { kind: 'accepted' } : { kind: 'known', identity: { id: claims.subject, label: claims.email ?? claims.subject } };
}
