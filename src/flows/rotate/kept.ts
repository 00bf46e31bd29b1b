import type { SecretNotes } from '../../model/secret-notes.ts';
import { DAY_MS } from '../../model/duration.ts';
import { Failure } from '../../model/failure.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import { Secret } from '../../model/secret.ts';

/*
 * What a rotation keeps in the store: the successor's value, from before anybody counts on it until the end, and what the sinks
 * held before. The journal beside it holds no secret.
 */

/** Beyond the grace period: so long somebody may take to come back to a rotation. */
const KEPT_MS = 30 * DAY_MS;

/** The successor as it was made. */
export interface Successor {
  readonly id: string;
  readonly key: Secret;
  readonly expiresAt: string | null;
}

/** The note of the stored account's own credential, as it was before the successor took its place. */
export const OWN_ACCOUNT = 'account';

/** The note of the key of the grant that stands on the old one. */
export const OWN_GRANT = 'grant';

const successorNote = (id: string): string => `rotation:${id}:key`;

export const savedNote = (id: string, index: number | typeof OWN_ACCOUNT | typeof OWN_GRANT): string => `rotation:${id}:before-${index}`;

/** The id of the rotation that a note belongs to; undefined for any other note. */
export const rotationOfNote = (name: string): string | undefined => /^rotation:([^:]+):/.exec(name)?.[1];

const endOf = (record: RotationRecord): number => Date.parse(record.begunAt) + record.grace + KEPT_MS;

export async function keepSuccessor(record: RotationRecord, { id, key, expiresAt }: Successor, notes: SecretNotes): Promise<void> {
  await notes.write(successorNote(record.id), new Secret(JSON.stringify({ id, key: key.reveal(), expiresAt })), endOf(record));
}

/** Undefined where none was made yet, or it was kept too long ago. */
export async function keptSuccessor(record: RotationRecord, notes: SecretNotes): Promise<Successor | undefined> {
  const note = await notes.read(successorNote(record.id));
  if (note === undefined) return undefined;
  const value: unknown = JSON.parse(note.reveal());
  if (typeof value === 'object' && value !== null && 'id' in value && 'key' in value && 'expiresAt' in value) {
    const { id, key, expiresAt } = value;
    if (typeof id === 'string' && typeof key === 'string' && (expiresAt === null || typeof expiresAt === 'string'))
      return { id, key: new Secret(key), expiresAt };
  }
  throw new Failure('bug', { detail: 'What was kept of a rotation is not what was written.' });
}

/** Keeps what a sink holds; to be called before the sink is given anything. */
export async function keepBefore(record: RotationRecord, name: string, before: () => Promise<Secret | 'nothing'>, notes: SecretNotes): Promise<void> {
  const found = await before();
  await notes.write(name, new Secret(JSON.stringify({ before: found === 'nothing' ? null : found.reveal() })), endOf(record));
}

/** Undefined where nothing was kept, or it was kept too long ago. */
export async function keptBefore(name: string, notes: SecretNotes): Promise<Secret | 'nothing' | undefined> {
  const note = await notes.read(name);
  if (note === undefined) return undefined;
  const value: unknown = JSON.parse(note.reveal());
  const before = typeof value === 'object' && value !== null && 'before' in value ? value.before : undefined;
  if (before === null) return 'nothing';
  if (typeof before === 'string') return new Secret(before);
  throw new Failure('bug', { detail: 'What was kept of a sink is not what was written.' });
}

/** Forgets everything that was kept. A note that cannot be deleted ends by itself. */
export async function forgetKept(record: RotationRecord, notes: SecretNotes): Promise<void> {
  const own = [savedNote(record.id, OWN_ACCOUNT), ...(record.grant === null ? [] : [savedNote(record.id, OWN_GRANT)])];
  const names = [successorNote(record.id), ...own, ...record.sinks.map((_, index) => savedNote(record.id, index))];
  for (const name of names) await notes.delete(name);
}

/** Whether a text that somebody keeps has a key in it. */
export function holds(text: Secret, key: Secret): boolean {
  return text.reveal().includes(key.reveal());
}
