import type { Untouchable } from './entry.ts';

export function untouchable(why: string): Untouchable {
  return { kind: 'untouchable', why };
}

export function isUntouchable(read: object): read is Untouchable {
  return 'kind' in read && read.kind === 'untouchable';
}

/** The name that some programs take for an object's prototype. */
export const UNSAFE_NAME = '__proto__';

/** What is said of a file that has such a name anywhere, or of an entry that is to have it. */
export const UNSAFE = 'it has the name __proto__, which some programs misread';

export const TOO_DEEP = 'it is nested too deeply';

/** Said when the checks after an edit found that something else would change, too. */
export const NOT_ALONE = 'the entry cannot be changed without changing something else';
