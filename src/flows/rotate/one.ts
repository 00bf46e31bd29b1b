import type { Access } from '../../api/access.ts';
import type { Deps } from '../../model/deps.ts';
import type { RotationRecord } from '../../model/rotation.ts';
import { learningAccessOf } from '../known-keys.ts';
import type { Resolution } from '../resolve.ts';
import { chosenStore } from '../stored.ts';
import type { Advanced } from './steps.ts';
import { type RotateDeps, type RotationWork, shownRotation, type ShownRotation } from './work.ts';

/** What a command made of one rotation. */
export interface RotatedOne {
  readonly rotation: ShownRotation;
  /** Whether stdout took the successor. */
  readonly printed: boolean;
  /** The variable that may hold the old key; null where it surely does not. */
  readonly variable: string | null;
}

/** The store of a rotation: beside the credential itself; with a key in a variable where a sign-in would go. */
export function storeFor({ source }: Resolution, deps: Pick<Deps, 'env'>): RotationRecord['store'] {
  return (source.kind === 'stored' ? source.record?.store : undefined) ?? chosenStore(undefined, deps.env);
}

/** What one rotation works with. The access is opened once, before the stored credential may change. */
export async function workOf(resolution: Resolution, store: RotationRecord['store'], sinks: RotationWork['sinks'], deps: RotateDeps): Promise<RotationWork> {
  const { source, target } = resolution;
  let access: Promise<Access> | undefined;
  return {
    access: () => (access ??= learningAccessOf(resolution, deps)),
    place: source.kind === 'stored' ? { target, address: source.address, record: source.record } : null,
    sinks,
    notes: await deps.notes(store),
    deps,
  };
}

export function oneOf({ kind, record }: Advanced, { source }: Resolution, sinks: RotationWork['sinks']): RotatedOne {
  const rotation = shownRotation(record, kind === 'done' ? 'done' : record.step);
  const variable = source.kind === 'variable' && record.self !== 'no' ? source.name : null;
  return { rotation, printed: sinks.some(({ name }) => name === 'stdout'), variable };
}
