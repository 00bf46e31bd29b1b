import type { StoreName } from './credentials.ts';
import type { Secret } from './secret.ts';

/** What a note is called, and when it ends. */
export interface NoteTitle {
  readonly name: string;
  /** Unix milliseconds. */
  readonly expiresAt: number;
}

/**
 * Secrets that wait for a later command, such as a sign-in that was begun. They lie beside the credentials, under a service or in a file
 * of their own, and with the same protection. Names are no secret: up to 128 letters, digits or `. _ : -`. Failures are those of `CredentialStore`.
 */
export interface SecretNotes {
  readonly store: StoreName;
  /** Returns when the note is durable. It replaces one of the same name. `expiresAt` is in Unix milliseconds. Notes that have expired are removed on the way. */
  write(name: string, text: Secret, expiresAt: number): Promise<void>;
  /** Undefined where there is no such note, or it has expired. */
  read(name: string): Promise<Secret | undefined>;
  /** The notes that have not expired, without their texts. With a keychain they are known by files in the state folder; the keychain is not asked. */
  list(): Promise<readonly NoteTitle[]>;
  delete(name: string): Promise<'deleted' | 'absent'>;
}
