import { NOTES_FILE } from '../adapters/encrypted-file/file-names.ts';
import type { Paths } from '../adapters/path-rules.ts';

/*
 * Where lies what more than one composition looks at. What every decision does: what this machine remembers of accounts, what was chosen on
 * it, and the person's own providers, a file each.
 */

export const accountsDir = ({ state }: Pick<Paths, 'state'>): string => `${state}/accounts`;

export const settingsFile = ({ config }: Pick<Paths, 'config'>): string => `${config}/settings.json`;

export const definitionsDir = ({ config }: Pick<Paths, 'config'>): string => `${config}/providers`;

/*
 * And what an earlier command may have left for a later one: records of rotations, of keys for one run, of what could not be revoked, and the
 * titles of the notes that lie in the keychain.
 */

export const rotationsDir = ({ state }: Pick<Paths, 'state'>): string => `${state}/rotations`;

export const ephemeralsDir = ({ state }: Pick<Paths, 'state'>): string => `${state}/ephemeral`;

export const revocationsDir = ({ state }: Pick<Paths, 'state'>): string => `${state}/revocations`;

export const noteTitlesDir = ({ state }: Pick<Paths, 'state'>): string => `${state}/notes`;

/** The notes of the encrypted file, one file. */
export const notesFile = ({ data }: Pick<Paths, 'data'>): string => `${data}/${NOTES_FILE}`;
