import type { Access } from '../../api/access.ts';
import type { Deps } from '../../model/deps.ts';
import { isFailure } from '../../model/failure.ts';
import type { GrantRecord, WiredPlace } from '../../model/grant.ts';
import { findEntry } from '../../mcp/edit/edit.ts';
import { knownProviders } from '../../providers/registry.ts';
import { type RevokeDeps, type RevokedGrant, revokeGrant } from '../grants/revoke.ts';
import { removeOwn } from './change.ts';
import { grantIn } from './own-entry.ts';
import { chosenClients, type Chosen, clientWorld, placeIn, type Target, targetOf } from './targets.ts';
import { type Unwired, unwire } from './unwire.ts';

export type TeardownDeps = RevokeDeps & Pick<Deps, 'definitions' | 'interrupted'>;

/** What there is to undo. */
export interface TeardownPlan {
  /** Grants with the places that were chosen; `ends` where nothing else names it. */
  readonly grants: ReadonlyArray<{ readonly record: GrantRecord; readonly places: readonly WiredPlace[]; readonly ends: boolean }>;
  /** Entries of ours whose grant is gone. */
  readonly orphans: ReadonlyArray<{ readonly target: Target; readonly provider: string; readonly grant: string | undefined }>;
}

/** One entry or grant, and what became of it. */
export interface TornDown {
  readonly grant: RevokedGrant | null;
  readonly entries: readonly Unwired[];
}

/** Finds the entries of ours that were written for the chosen clients, by the grants' records and by looking into the files of the clients. */
export async function planTeardown(provider: string | undefined, chosen: Chosen, where: 'everywhere' | 'project', deps: TeardownDeps): Promise<TeardownPlan> {
  const world = await clientWorld(deps);
  const clients = chosenClients(chosen);
  const inProject = new Set(clients.flatMap((client) => client.files('project', world)));
  const isMeant = ({ client, path }: WiredPlace): boolean =>
    (clients.some(({ id }) => id === client) || (chosen.only.length === 0 && !chosen.skip.includes(client))) && (where === 'everywhere' || inProject.has(path));

  const found = await entriesIn(clients, provider, where === 'project' ? ['project'] : ['user', 'project'], world, deps);
  const records = (await deps.grants.list()).filter((record) => (provider ?? record.provider) === record.provider);
  const grants = records.flatMap((record) => {
    const standing = found.filter(({ grant, provider: named }) => grant === record.id && named === record.provider).map(placeOf);
    const wired = [...record.wired, ...standing.filter(({ path }) => !record.wired.some((each) => each.path === path))];
    const places = wired.filter(isMeant);
    return places.length === 0 ? [] : [{ record, places, ends: places.length === wired.length }];
  });
  const known = new Set(records.map(({ id }) => id));
  return { grants, orphans: found.filter(({ grant }) => grant !== undefined && !known.has(grant)) };
}

const placeOf = ({ target }: { readonly target: Target }): WiredPlace => ({ client: target.client.id, path: target.path });

async function entriesIn(
  clients: readonly Target['client'][],
  provider: string | undefined,
  scopes: ReadonlyArray<Target['scope']>,
  world: Awaited<ReturnType<typeof clientWorld>>,
  deps: TeardownDeps,
): Promise<TeardownPlan['orphans']> {
  const providers = (await knownProviders(deps)).filter(({ id, mcp }) => mcp !== null && (provider ?? id) === id);
  const found: Array<TeardownPlan['orphans'][number]> = [];
  for (const client of clients) {
    for (const scope of scopes) {
      const target = await targetOf(client, scope, '', world, deps);
      const file = target === undefined ? undefined : await deps.configFiles.read(target.path);
      if (target === undefined || file?.kind !== 'there') continue;
      for (const { id } of providers) {
        const at = placeIn(client, id);
        const entry = findEntry(file.text, at);
        if (entry.kind === 'there') found.push({ target: { ...target, at }, provider: id, grant: grantIn(entry.value) });
      }
    }
  }
  return found;
}

const REVOKED_NOTHING = { server: 'failed', local: 'kept' } as const;

/** A grant that cannot be revoked stays as it is, entries and all, so that the next try finds it. */
async function endGrant(record: GrantRecord, accessFor: (record: GrantRecord) => Promise<Access>, deps: TeardownDeps): Promise<RevokedGrant> {
  try {
    return await revokeGrant(record, await accessFor(record), deps);
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.code === 'bug' || thrown.code === 'cancelled') throw thrown;
    const { id, agent, device, keyId, wired } = record;
    return { id, agent, device, keyId, ...REVOKED_NOTHING, why: thrown.detail, wired: wired.map(({ path }) => path), files: [] };
  }
}

/** Undoes what `setup --mcp` did: each grant at the server, then in the store, then its entries in the files. What cannot be done is told and does not stop the rest. */
export async function tearDown(plan: TeardownPlan, accessFor: (record: GrantRecord) => Promise<Access>, deps: TeardownDeps): Promise<readonly TornDown[]> {
  const done: TornDown[] = [];
  for (const { record, places, ends } of plan.grants) {
    deps.interrupted.throwIfAborted();
    if (ends) {
      const wired = [...record.wired, ...places.filter(({ path }) => !record.wired.some((each) => each.path === path))];
      const grant = await endGrant({ ...record, wired }, accessFor, deps);
      done.push({ grant, entries: grant.files });
      continue;
    }
    const entries = await unwire(record, places, deps);
    const gone = new Set(entries.filter(({ outcome }) => outcome !== 'failed').map(({ path }) => path));
    await deps.grants.write({ ...record, wired: record.wired.filter(({ path }) => !gone.has(path)) });
    done.push({ grant: null, entries });
  }
  for (const { target, grant } of plan.orphans) {
    const changed = await removeOwn(target, grant, deps);
    const outcome = changed.kind === 'failed' ? 'failed' : changed.kind === 'changed' ? 'removed' : 'absent';
    done.push({ grant: null, entries: [{ ...placeOf({ target }), outcome, why: changed.kind === 'failed' ? changed.why : null }] });
  }
  return done;
}
