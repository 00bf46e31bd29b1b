import type { Deps } from '../../model/deps.ts';
import type { SecretNotes } from '../../model/secret-notes.ts';

/** The name of the note in which a sign-in waits for its second step. */
export function noteName(id: string): string {
  return `sign-in:${id}`;
}

/** Letters and digits only, so that no shell and no parser takes the id for anything else; 95 random bits or more. */
export function newId({ random }: Pick<Deps, 'random'>): string {
  return random.token(24).replace(/[-_]/g, '').slice(0, 20);
}

/** The command line of the second step. It names nothing but the id, and the store where that is not the usual one. */
export function nextCommand(provider: string, id: string, notes: Pick<SecretNotes, 'store'>): string {
  return `keywright login ${provider} --complete ${id}${notes.store === 'keychain' ? '' : ` --store ${notes.store}`}`;
}
