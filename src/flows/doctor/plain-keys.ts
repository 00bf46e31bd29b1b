import { knownProviders } from '../../providers/registry.ts';
import { checkClientFiles } from './client-files.ts';
import { checkEnvFiles } from './env-files.ts';
import { type CheckDeps, type Finding, ok } from './finding.ts';

/** Looks for keys of all known providers where they tend to lie in plain text. What is found is named by file and line, never by its value. */
export async function checkPlainKeys(deps: CheckDeps): Promise<readonly Finding[]> {
  const providers = await knownProviders(deps);
  const found = (await Promise.all([checkEnvFiles(providers, deps), checkClientFiles(providers, deps)])).flat();
  return found.length > 0 ? found : [ok('plain-key', 'No key lies in plain text in the .env files of this project or in the files of MCP clients.')];
}
