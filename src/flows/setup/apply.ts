import type { Access } from '../../api/access.ts';
import { failedWith, isFailure } from '../../model/failure.ts';
import type { GrantRecord, WiredPlace } from '../../model/grant.ts';
import { createGrant, type GrantDeps } from '../grants/create.ts';
import { revokeGrant } from '../grants/revoke.ts';
import { putOwn } from './change.ts';
import type { Deps } from '../../model/deps.ts';
import { entryOf, type PlanDeps, type Planned, type PlanWorld } from './plan.ts';

/** Opens the access to the provider, once, when it is needed. */
type Open = () => Promise<Access>;

export type ApplyDeps = PlanDeps & GrantDeps & Pick<Deps, 'interrupted' | 'rotations' | 'lock'>;

/** What became of one client. */
export interface SetUp {
  readonly client: string;
  readonly path: string;
  readonly outcome: 'added' | 'replaced' | 'kept' | 'refused' | 'failed' | 'not-done';
  readonly grant: string | null;
  /** RFC 3339; null where it does not end, or where there is no grant. */
  readonly expiresAt: string | null;
  readonly why: string | null;
  /** Where the former content lies. */
  readonly backup: string | null;
  /** What a person must still do in the client. */
  readonly afterwards: string | null;
}

const outcomeOf = ({ target }: Planned, outcome: SetUp['outcome'], grant: GrantRecord | null, why: string | null, backup: string | null = null): SetUp => ({
  client: target.client.id,
  path: target.path,
  outcome,
  grant: grant?.id ?? null,
  expiresAt: grant?.expiresAt ?? null,
  why,
  backup,
  afterwards: outcome === 'added' || outcome === 'replaced' ? target.client.afterwards(target.scope) : null,
});

const placeOf = ({ target }: Planned): WiredPlace => ({ client: target.client.id, path: target.path });

const isAt =
  (place: WiredPlace) =>
  ({ client, path }: WiredPlace): boolean =>
    client === place.client && path === place.path;

/** Puts right what the record says of where a grant stands. */
async function wire(record: GrantRecord, place: WiredPlace, { grants }: Pick<Deps, 'grants'>): Promise<GrantRecord> {
  if (record.wired.some(isAt(place))) return record;
  const now = (await grants.find(record.id)) ?? record;
  const wired = { ...now, wired: [...now.wired.filter((each) => !isAt(place)(each)), place] };
  await grants.write(wired);
  return wired;
}

/** A grant that an entry named until now: it stays where another file names it too, else it is revoked. Gives why it could not be. */
async function endFormer(former: GrantRecord, place: WiredPlace, access: Open, deps: ApplyDeps): Promise<string | null> {
  const elsewhere = former.wired.filter((each) => !isAt(place)(each));
  if (elsewhere.length > 0) {
    await deps.grants.write({ ...former, wired: elsewhere });
    return null;
  }
  const ended = await revokeGrant(former, await access(), deps);
  return ended.server === 'failed' || ended.local === 'kept'
    ? `the former grant ${former.id} could not be revoked (${ended.why ?? ended.server}); try: keywright auth revoke-grant ${former.id}`
    : null;
}

/** Takes back a grant that no file names. Gives what to add to the reason where that did not work either. */
async function takeBack(grant: GrantRecord, access: Open, deps: ApplyDeps): Promise<string> {
  const taken = await revokeGrant(grant, await access(), deps).catch((thrown: unknown) => {
    if (!isFailure(thrown)) throw thrown;
    return undefined;
  });
  return taken === undefined || taken.server === 'failed'
    ? ` The grant ${grant.id} that was made for it could not be revoked; try: keywright auth revoke-grant ${grant.id}`
    : ' The grant that was made for it was revoked again.';
}

async function setUpOne(planned: Planned, without: readonly string[], world: PlanWorld, access: Open, deps: ApplyDeps): Promise<SetUp> {
  const { target, step } = planned;
  const place = placeOf(planned);
  if (step.kind === 'refuse') return outcomeOf(planned, 'refused', null, step.why);
  const made = step.grant === null;
  const grant =
    step.grant === null
      ? await createGrant({ ...world.terms, agent: target.client.id, wired: [place] }, await access(), deps)
      : await wire(step.grant, place, deps);
  if (step.kind === 'keep' && without.length === 0) return outcomeOf(planned, 'kept', grant, null);
  const changed = await putOwn(target, entryOf(target, grant.id, world), without, deps);
  if (changed.kind === 'failed')
    return outcomeOf(planned, 'failed', null, `${changed.why.replace(/\.$/, '')}.${made ? await takeBack(grant, access, deps) : ''}`);
  const former = step.kind === 'replace' && step.ends !== null ? await endFormer(step.ends, place, access, deps) : null;
  return outcomeOf(planned, step.kind === 'add' ? 'added' : 'replaced', grant, former, changed.kind === 'changed' ? changed.backup : null);
}

/**
 * Does what was planned, one client after the other: the grant, the file, reading it back, then the end of the former grant. A grant whose file
 * could not be written is revoked. Each grant's record names its file from the first moment, so that a run that is killed leaves
 * nothing that the next one, or `teardown`, does not find. What fails for one client does not stop the others; being interrupted does.
 */
export async function applySetup(
  plan: readonly Planned[],
  without: (planned: Planned) => readonly string[],
  world: PlanWorld,
  access: Open,
  deps: ApplyDeps,
): Promise<readonly SetUp[]> {
  const done: SetUp[] = [];
  let stopped: string | undefined;
  for (const planned of plan) {
    if (deps.interrupted.aborted) stopped ??= 'the command was interrupted before it';
    if (stopped !== undefined) {
      done.push(outcomeOf(planned, 'not-done', null, stopped));
      continue;
    }
    try {
      done.push(await setUpOne(planned, without(planned), world, access, deps));
    } catch (thrown) {
      if (!isFailure(thrown) || thrown.code === 'bug' || !done.some(({ outcome }) => outcome === 'added' || outcome === 'replaced')) throw thrown;
      done.push(outcomeOf(planned, 'failed', null, thrown.detail));
      // What fails for the provider or the store fails for the next client too.
      stopped = failedWith(thrown, 'partly-done') ? undefined : `it was not tried after that failure`;
    }
  }
  return done;
}
