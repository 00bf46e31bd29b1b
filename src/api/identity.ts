import type { Identity } from '../model/credentials.ts';
import type { Secret } from '../model/secret.ts';
import type { Access } from './access.ts';
import { goodBody, requestOf, sendAuthorized } from './call.ts';
import { readClaims } from './jwt.ts';
import { maskOf } from './mask.ts';

/**
 * What the provider says of a credential. `known`: whose it is. `accepted`: it works, and the API does not say whose it is.
 * `unproved`: nobody could be asked, so that it may work or not.
 */
export type IdentityAnswer = { readonly kind: 'known'; readonly identity: Identity } | { readonly kind: 'accepted' } | { readonly kind: 'unproved' };

const WHAT = 'ask who you are';

/** Whose a token is by its own words. */
function byItself(secret: Secret): IdentityAnswer {
  const claims = readClaims(secret);
  const subject = claims?.subject ?? null;
  return subject === null ? { kind: 'accepted' } : { kind: 'known', identity: { id: subject, label: claims?.email ?? subject } };
}

/** What a server tells of somebody is kept in a plain file and shown: the credential must not be in it. */
function without(secret: Secret, { id, label, hubs }: Identity): Identity {
  const mask = maskOf([secret]);
  const text = (value: string | null): string | null => (value === null ? null : mask.text(value));
  const shown = { id: mask.text(id), label: mask.text(label) };
  return hubs === undefined ? shown : { ...shown, hubs: hubs.map((hub) => ({ id: mask.text(hub.id), name: text(hub.name), role: text(hub.role) })) };
}

/** Asks the provider about the credential. A token that names its owner by itself is believed once the provider has accepted it. */
export async function askIdentity(access: Access): Promise<IdentityAnswer> {
  const { identity: rule } = access.target.provider;
  if (rule === null) return { kind: 'unproved' };
  const answered = await sendAuthorized(access, requestOf(rule.call));
  const { secret, reply } = answered;
  if (rule.unprovedBy.includes(reply.status)) return { kind: 'unproved' };
  if (rule.alsoProvedBy.includes(reply.status)) return byItself(secret);
  const body = goodBody(access, WHAT, answered);
  return rule.read === null ? byItself(secret) : { kind: 'known', identity: without(secret, rule.read(body)) };
}
