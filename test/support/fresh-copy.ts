import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { cp, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { ROOT } from './cli.ts';

/** Makes what a fresh clone holds, with its packages installed: nothing that was built, nothing that is ignored. Gives the folder back. */
export async function freshCopy(folder: string): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: ROOT });
  for (const file of stdout.split('\0').filter((each) => each !== '' && each !== 'node_modules')) {
    await cp(path.join(ROOT, file), path.join(folder, file)).catch((thrown: unknown) => {
      // Deleted here and not yet committed: then a clone will not have it either.
      if (!String(thrown).includes('ENOENT')) throw thrown;
    });
  }
  await symlink(realpathSync(path.join(ROOT, 'node_modules')), path.join(folder, 'node_modules'));
  return folder;
}
