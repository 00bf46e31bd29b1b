import { type ClientFile, filesOfClients } from '../../mcp/clients/clients.ts';
import type { Provider } from '../../providers/provider.ts';
import { plainText } from '../../render/plain-text.ts';
import { type CheckDeps, type Finding, warning } from './finding.ts';
import { linesWithKeys } from './known-keys.ts';

type Deps = Pick<CheckDeps, 'env' | 'system' | 'configFiles'>;

/** Some clients keep their history in the same file. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Every file that a client of MCP may read in this home, and in this folder and those above it up to the root of the repository. */
async function places({ env, system }: Deps): Promise<readonly ClientFile[]> {
  const { home } = system.places;
  if (home === null) return [];
  const folders = await system.projectFolders();
  const all = [home, ...folders].flatMap((project) => filesOfClients({ env, platform: system.platform, home, project }));
  // Where the home folder is the project, some files are of both.
  return [...new Map(all.toReversed().map((file) => [file.path, file])).values()].toReversed();
}

const revoke = ({ id }: Provider): string => `keywright auth revoke-key <id> --provider ${id}`;

function inUse({ path, client, scope }: ClientFile, line: number, provider: Provider): Finding {
  const setUp = `keywright setup --mcp --provider ${provider.id} --only ${client.id}${scope === 'project' ? ' --project' : ''} --replace-plain-keys`;
  return warning(
    'plain-key',
    `${plainText(path, 400)} line ${line}: a key of ${provider.name} lies in plain text in the configuration of ${client.name}.`,
    `${provider.mcp === null ? 'Take it out of the file' : `Put a grant in its place: ${setUp}`}   and revoke the key: ${revoke(provider)}`,
  );
}

function kept({ path, client }: ClientFile, line: number, provider: Provider): Finding {
  return warning(
    'plain-key',
    `${plainText(path, 400)} line ${line}: a key of ${provider.name} lies in plain text in the backup of a file of ${client.name}.`,
    `Revoke the key: ${revoke(provider)}   and delete the backup once you do not need it.`,
  );
}

/** Looks for keys in plain text in the files of MCP clients, and in the backups that we made of them. */
export async function checkClientFiles(providers: readonly Provider[], deps: Deps): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const place of await places(deps)) {
    const file = await deps.configFiles.read(place.path);
    if (file.kind === 'absent') continue;
    // One that we may not change is read all the same.
    const text = file.kind === 'there' ? file.text : await deps.system.readText(place.path, MAX_BYTES);
    for (const { line, provider } of linesWithKeys(text ?? '', providers)) found.push(inUse(place, line, provider));
    const backup = { ...place, path: `${file.kind === 'there' ? file.place : place.path}.keywright-backup` };
    const former = await deps.system.readText(backup.path, MAX_BYTES);
    for (const { line, provider } of linesWithKeys(former ?? '', providers)) found.push(kept(backup, line, provider));
  }
  return found;
}
