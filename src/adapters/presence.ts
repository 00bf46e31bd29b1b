import { lstatSync } from 'node:fs';

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
