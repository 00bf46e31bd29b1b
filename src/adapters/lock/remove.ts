import { unlinkSync } from 'node:fs';
import { systemCode } from '../system-code.ts';

/** Removes a file, or finds it gone. `rmSync` does the same, but looks at the file twice before and has code to be loaded for it. */
export function removeName(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
