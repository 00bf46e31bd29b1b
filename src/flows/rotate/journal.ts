import type { RotationRecord } from '../../model/rotation.ts';
import { forgetKept } from './kept.ts';
import type { RotationWork } from './work.ts';

/** Writes the record, and gives it once it is durable. */
export async function journalled(record: RotationRecord, { deps }: Pick<RotationWork, 'deps'>): Promise<RotationRecord> {
  await deps.rotations.write(record);
  return record;
}

/** Ends a rotation here. The record goes first: notes without a record end by themselves, a record without notes would ask for what is gone. */
export async function drop(record: RotationRecord, { deps, notes }: RotationWork): Promise<void> {
  await deps.rotations.delete(record.id);
  await forgetKept(record, notes).catch(() => deps.output.debug('what was kept of a rotation could not be deleted; it ends by itself'));
}
