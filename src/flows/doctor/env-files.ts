import type { Provider } from '../../providers/provider.ts';
import { plainText } from '../../render/plain-text.ts';
import { type CheckDeps, type Finding, warning } from './finding.ts';
import { ownerOf } from './known-keys.ts';

/** `.env`, `.env.local`, `.env.production` and so on. */
const ENV_FILE = /^\.env(?:\..+)?$/;

/** No file of variables is near it. */
const MAX_BYTES = 1024 * 1024;

/** A line that sets a variable, also one that is commented out: the key in it is no less readable. */
const ASSIGNMENT = /^[\s#]*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*[=:]\s*["'`]?([^\s"'`]+)/;

/** The variables of a file that hold a key of a known provider: line numbers and names, never a value. */
function keysIn(text: string, providers: readonly Provider[]): ReadonlyArray<{ readonly line: number; readonly name: string; readonly provider: string }> {
  return text.split(/\r?\n/).flatMap((words, index) => {
    const [, name, value] = ASSIGNMENT.exec(words) ?? [];
    if (name === undefined || value === undefined) return [];
    const owner = ownerOf(value, providers);
    return owner === undefined ? [] : [{ line: index + 1, name, provider: owner.name }];
  });
}

/** Looks for keys in plain text in the files of variables of this project: of this folder and those above it up to the root of the repository. */
export async function checkEnvFiles(providers: readonly Provider[], { system }: Pick<CheckDeps, 'system'>): Promise<readonly Finding[]> {
  const folders = await system.projectFolders();
  const files = (await Promise.all(folders.map((folder) => system.files(folder, ENV_FILE)))).flat();
  const found: Finding[] = [];
  for (const file of files) {
    const text = await system.readText(file, MAX_BYTES);
    for (const { line, name, provider } of keysIn(text ?? '', providers)) {
      found.push(
        warning(
          'plain-key',
          `${plainText(file, 400)} line ${line}: ${plainText(name, 100)} holds a key of ${provider} in plain text.`,
          'Sign in with it (keywright login --with-token), remove the line, and revoke the key if the file was ever shared.',
        ),
      );
    }
  }
  return found;
}
