import { lstatSync, readdirSync } from 'node:fs';

/**
 * Whether there may be something at a path, so that it is worth loading what reads it. What cannot be looked at may be there: whoever
 * reads it will find out why, and tell.
 */
export function mayBeThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** The same of a folder: whether there may be anything in it. */
export function mayHoldSomething(folder: string): boolean {
  if (!mayBeThere(folder)) return false;
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return true;
  }
}
