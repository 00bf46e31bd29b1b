import type { Access } from '../../api/access.ts';
import { createKey, listKeys, revokeKey } from '../../api/keys.ts';
import type { CreatedKey } from '../../model/api-key.ts';
import { Failure } from '../../model/failure.ts';
import type { RotationRecord } from '../../model/rotation.ts';

/** Letters and digits, to be read aloud and to stand in a file name. */
const TAG_LENGTH = 4;

const SUFFIX = /~[a-z0-9]{4}$/;

/** Four characters out of enough randomness. */
export function newTag(random: { token(bytes: number): string }): string {
  const found = random
    .token(24)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, TAG_LENGTH);
  return found.length === TAG_LENGTH ? found : newTag(random);
}

/** The name of a key without the tag of a rotation. */
export function baseName(name: string): string {
  return name.replace(SUFFIX, '');
}

/** `<name>~<tag>`: an older tag is replaced, and the name is cut so that the whole fits into `longest` characters. */
export function taggedName(name: string | null, tag: string, longest: number): string {
  const base = Array.from(baseName(name ?? 'unnamed'));
  return `${base
    .slice(0, Math.max(0, longest - TAG_LENGTH - 1))
    .join('')
    .trimEnd()}~${tag}`;
}

/** A tagged name that no key has, since keys of the successor's name may be revoked. */
export function freshName(name: string | null, taken: ReadonlySet<string | null>, random: { token(bytes: number): string }, longest: number): string {
  const found = taggedName(name, newTag(random), longest);
  return taken.has(found) ? freshName(name, taken, random, longest) : found;
}

/** Revokes every key of the successor's name, and gives their number. Their values are lost, so nobody can be using them. */
export async function revokeLost(access: Access, { old, successor }: RotationRecord): Promise<number> {
  const lost = (await listKeys(access)).filter((key) => key.name === successor.name && key.id !== old.id);
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
