import { listKeys } from '../../api/keys.ts';
import type { ApiKey } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { decisionLines } from '../../render/keys.ts';
import { learningAccessOf } from '../known-keys.ts';
import { readySinks } from '../deliver/ready.ts';
import type { Resolution } from '../resolve.ts';
import { type BatchOutcome, checkDistinct, oldKeys, ownLast, rotateMany, sinkFor } from './batch.ts';
import { checkRotates, type RotationWish } from './begin.ts';
import { storeFor, workOf } from './one.ts';
import type { RotateDeps } from './work.ts';

/** What the command line says of a batch. */
export interface BatchWish extends RotationWish {
  /** Milliseconds. */
  readonly olderThan: number;
  readonly to: readonly string[];
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

export type Batch =
  | { readonly kind: 'plan'; readonly keys: readonly ApiKey[] }
  | { readonly kind: 'begun'; readonly outcomes: readonly BatchOutcome[]; readonly left: number; readonly printed: boolean };

type BatchDeps = RotateDeps & Pick<Deps, 'prompt' | 'output'>;

async function confirmMany(keys: readonly ApiKey[], { yes }: BatchWish, deps: BatchDeps): Promise<void> {
  const many = `${keys.length} ${keys.length === 1 ? 'key' : 'keys'}`;
  const asks = !yes && deps.prompt.canAsk;
  // Nobody can answer a question whose object is not shown, whatever else shall be quiet.
  for (const line of decisionLines(keys, keys.length, deps.clock.now(), deps.output.columns())) {
    if (asks) deps.output.must(line);
    else deps.output.note(line);
  }
  if (yes) return;
  if (!asks) throw new Failure('needs-answer', { detail: `${many} would be rotated, and nobody can be asked.`, hint: 'Give --yes, or --dry-run to see them.' });
  if (!(await deps.prompt.confirm(`Rotate ${many}?`, deps.interrupted))) throw new Failure('cancelled', { detail: 'Nothing was rotated.' });
}

/** Rotates every key that is old enough. Those that grants stand on go into the entries of the grants, whatever sinks are named. */
export async function rotateOld(wish: BatchWish, resolution: Resolution, deps: BatchDeps): Promise<Batch> {
  const { to, json } = wish;
  const access = await learningAccessOf(resolution, deps);
  checkRotates(access);
  const busy = new Set((await deps.rotations.list()).flatMap(({ old, successor }) => [old.id, ...(successor.id === null ? [] : [successor.id])]));
  const all = await listKeys(access);
  const keys = oldKeys(all, wish.olderThan, deps.clock.now(), busy);
  const grants = new Map((await deps.grants.list()).filter(({ origin }) => origin === access.target.origin).map((grant) => [grant.keyId, grant]));
  const plain = keys.filter(({ id }) => !grants.has(id));
  checkDistinct(to, plain);
  if (wish.dryRun) return { kind: 'plan', keys };
  const printed = plain.length > 0 && (to.length === 0 || to.includes('stdout'));
  if (plain.length > 1 && printed && wish.format !== 'json' && !json) {
    throw new Failure('usage', {
      detail: 'Several keys on one stream could not be told apart.',
      hint: 'Give --format json for a line each with its id, or a sink with {name} in it, such as --to "file:keys/{name}.key".',
    });
  }
  if (keys.length === 0) return { kind: 'begun', outcomes: [], left: 0, printed: false };
  await confirmMany(keys, wish, deps);
  const outcomes = await rotateMany(
    (await ownLast(keys, all, access)).map((key) => ({ key, all, grant: grants.get(key.id) ?? null })),
    wish,
    async ({ key, grant }) => {
      if (grant !== null) return workOf(resolution, grant.store, [], deps);
      const names = to.map((name) => sinkFor(name, key));
      return workOf(resolution, storeFor(resolution, deps), await readySinks(names, wish.format, deps, { json }), deps);
    },
    ({ key }, index) => deps.output.progress(`Rotating ${index + 1} of ${keys.length}: ${key.id}`, 'said'),
    deps.interrupted,
  );
  return { kind: 'begun', outcomes, left: keys.length - outcomes.length, printed };
}
