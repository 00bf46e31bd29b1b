import type { GrantRecord, WiredPlace } from '../../model/grant.ts';
import { removeOwn } from './change.ts';
import { clientWorld, targetAt, type TargetDeps } from './targets.ts';

export type UnwireDeps = TargetDeps;

/** What became of one entry in a file. `absent`: there was none of this grant any more. */
export interface Unwired extends WiredPlace {
  readonly outcome: 'removed' | 'absent' | 'failed';
  readonly why: string | null;
}

/** Takes the entries of a grant out of the files of clients. An entry that meanwhile names another grant stays. */
export async function unwire(
  { id, provider }: Pick<GrantRecord, 'id' | 'provider'>,
  places: readonly WiredPlace[],
  deps: UnwireDeps,
): Promise<readonly Unwired[]> {
  if (places.length === 0) return [];
  const world = await clientWorld(deps);
  const done: Unwired[] = [];
  for (const place of places) {
    const target = targetAt(place, provider, world);
    if (target === undefined) {
      done.push({ ...place, outcome: 'failed', why: 'this client is not known to this version' });
      continue;
    }
    const changed = await removeOwn(target, id, deps);
    if (changed.kind === 'failed') done.push({ ...place, outcome: 'failed', why: changed.why });
    else done.push({ ...place, outcome: changed.kind === 'changed' ? 'removed' : 'absent', why: null });
  }
  return done;
}
