import type { Client, ClientWorld, Scope } from '../../mcp/clients/client.ts';
import { CLIENTS } from '../../mcp/clients/clients.ts';
import type { EntryPlace } from '../../mcp/edit/entry.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { plainText } from '../../render/plain-text.ts';
import { entryNameOf } from './start.ts';

export type TargetDeps = Pick<Deps, 'env' | 'system' | 'children' | 'configFiles'>;

/** Where an entry of ours stands, or will. */
export interface Target {
  readonly client: Client;
  readonly scope: Scope;
  /** Absolute. */
  readonly path: string;
  readonly at: EntryPlace;
}

/** Which clients are meant, by their ids. */
export interface Chosen {
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

export async function clientWorld({ env, system }: Pick<Deps, 'env' | 'system'>): Promise<ClientWorld> {
  const { home } = system.places;
  if (home === null)
    throw new Failure('refused', { detail: 'Nobody knows your home folder, so the files of your clients cannot be found.', hint: 'Set HOME.' });
  const project = (await system.projectFolders()).at(-1);
  return { env, platform: system.platform, home, project: project ?? home };
}

/** Every row whose id was named, or all; `usage` for an id that there is none of. */
export function chosenClients({ only, skip }: Chosen): readonly Client[] {
  for (const [flag, ids] of [
    ['--only', only],
    ['--skip', skip],
  ] as const) {
    const unknown = ids.find((id) => !CLIENTS.some((client) => client.id === id));
    if (unknown !== undefined) throw new Failure('usage', { detail: `${flag} "${plainText(unknown, 60)}" is no client that is known here.`, hint: known() });
  }
  return CLIENTS.filter(({ id }) => (only.length === 0 || only.includes(id)) && !skip.includes(id));
}

const known = (): string => `Known clients: ${CLIENTS.map(({ id }) => id).join(', ')}.`;

async function isHere(client: Client, world: ClientWorld, { system, children }: TargetDeps): Promise<boolean> {
  const { folders, programs } = client.signs(world);
  for (const folder of folders) if (['folder', 'link'].includes((await system.look(folder)).kind)) return true;
  for (const program of programs) if ((await children.find(program)) !== undefined) return true;
  return false;
}

/** The clients that are on this machine; one that is named by `--only` counts as being here. */
export async function clientsHere(chosen: Chosen, world: ClientWorld, deps: TargetDeps): Promise<readonly Client[]> {
  const wanted = chosenClients(chosen);
  if (chosen.only.length > 0) return wanted;
  const here = await Promise.all(wanted.map(async (client) => ({ client, here: await isHere(client, world, deps) })));
  return here.flatMap((each) => (each.here ? [each.client] : []));
}

/** The same, where none would be a mistake. */
export async function someClients(chosen: Chosen, world: ClientWorld, deps: TargetDeps): Promise<readonly Client[]> {
  const found = await clientsHere(chosen, world, deps);
  if (found.length > 0) return found;
  throw new Failure('not-found', { detail: 'No MCP client was found on this machine.', hint: `${known()} Name one that is not found: --only cursor` });
}

/** The file of a client: the first of its candidates that is there, else the first. Undefined where it has none of that scope. */
export async function targetOf(client: Client, scope: Scope, provider: string, world: ClientWorld, deps: TargetDeps): Promise<Target | undefined> {
  const paths = client.files(scope, world);
  let path = paths[0];
  for (const each of paths) {
    if ((await deps.configFiles.read(each)).kind === 'absent') continue;
    path = each;
    break;
  }
  return path === undefined ? undefined : { client, scope, path, at: placeIn(client, provider) };
}

export function placeIn(client: Client, provider: string): EntryPlace {
  return { format: client.format, path: [...client.servers, entryNameOf(provider)] };
}

/** The target of a place that a grant's record names; undefined where the client is none that is known here. */
export function targetAt(wired: { readonly client: string; readonly path: string }, provider: string, world: ClientWorld): Target | undefined {
  const client = CLIENTS.find(({ id }) => id === wired.client);
  if (client === undefined) return undefined;
  const scope = client.files('user', world).includes(wired.path) ? 'user' : 'project';
  return { client, scope, path: wired.path, at: placeIn(client, provider) };
}
