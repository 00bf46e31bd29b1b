import type { Access } from '../../api/access.ts';
import { fixedAuthority } from '../../api/authority.ts';
import { askIdentity } from '../../api/identity.ts';
import { createKey, keyPages, listKeys, revokeKey } from '../../api/keys.ts';
import type { ApiKey, CreatedKey } from '../../model/api-key.ts';
import { Failure, failedWith } from '../../model/failure.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import type { Secret } from '../../model/secret.ts';

/** Letters and digits that nobody mixes up on paper or in a file name. */
const TAG_LENGTH = 4;

const SUFFIX = /~[a-z0-9]{4}$/;

/** Four characters out of enough randomness. */
export function newTag(random: { token(bytes: number): string }): string {
  const found = random.token(24).toLowerCase().replace(/[^a-z0-9]/g, '').slice(0, TAG_LENGTH);
  return found.length === TAG_LENGTH ? found : newTag(random);
}

/** `<name>~<tag>`: an older tag is replaced, and the name is cut so that the whole fits into `longest` characters. */
export function taggedName(name: string | null, tag: string, longest: number): string {
  const base = Array.from((name ?? 'unnamed').replace(SUFFIX, ''));
  return `${base.slice(0, longest - TAG_LENGTH - 1).join('').trimEnd()}~${tag}`;
}

/** The keys of this name: how a successor is found again whose id nobody got to know. */
async function namedKeys(access: Access, name: string): Promise<readonly ApiKey[]> {
  return (await listKeys(access)).filter((key) => key.name === name);
}

/** Revokes every key of this name. Their values are lost, so nobody can be using them. */
export async function revokeLost(access: Access, name: string): Promise<number> {
  const lost = await namedKeys(access, name);
  for (const key of lost) {
    const outcome = await revokeKey(access, key.id);
    if (outcome.kind === 'failed') throw new Failure('refused', { detail: `The key ${key.id}, whose value is lost, could not be revoked: ${outcome.why}.` });
  }
  return lost.length;
}

/** Makes the successor: the same rights, and as long a life as the old one was given. */
export function makeSuccessor(access: Access, record: RotationRecord, now: number): Promise<CreatedKey> {
  const { scopes, agent, hubs, trust } = record.old;
  const expiresAt = record.span === null ? null : now + record.span;
  return createKey(access, { name: record.successor.name, scopes, agent, hubs, trust, expiresAt }, now);
}

/** The access of the key itself. */
export function accessWith(key: Secret, access: Access): Access {
  const rejected = (words: string): Failure =>
    new Failure('session-ended', { detail: `${access.target.provider.name} does not accept the key${words === '' ? '' : ` (it says: ${words})`}.` });
  return { ...access, authority: fixedAuthority(key, rejected) };
}

/** `accepted`: a 2xx, or a 403, which only says that this key may not do this one thing. `rejected`: a 401. */
export async function proveKey(key: Secret, access: Access): Promise<'accepted' | 'rejected'> {
  const own = accessWith(key, access);
  try {
    const answer = await askIdentity(own);
    if (answer.kind !== 'unproved') return 'accepted';
    // Nobody can be asked who one is; the first page of the list is asked for in its place.
    for await (const _page of keyPages(own)) break;
    return 'accepted';
  } catch (thrown) {
    if (failedWith(thrown, 'refused', 'missing-scope')) return 'accepted';
    if (failedWith(thrown, 'session-ended')) return 'rejected';
    throw thrown;
  }
}
