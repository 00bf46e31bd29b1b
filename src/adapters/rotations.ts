import type { DeliveredSink, RotationJournal, RotationRecord, RotationStep } from '../model/rotation.ts';
import { type Fields, isFields, isText, isTextOrNull, isTexts, isTime, isTimeOrNull } from './record-fields.ts';
import { createRecordFolder } from './record-folder.ts';

const STEPS: readonly RotationStep[] = ['creating', 'created', 'proved', 'delivered', 'revoking', 'undoing'];

const FORMATS: ReadonlyArray<RotationRecord['format']> = [null, 'raw', 'env', 'json'];

/** The rotations under way. */
export function createRotationJournal(dir: string): RotationJournal {
  const folder = createRecordFolder<RotationRecord>({ dir, idOf: ({ id }) => id, encode: (record) => ({ ...record }), decode });
  return { ...folder, list: async () => [...(await folder.list())].sort((one, other) => one.begunAt.localeCompare(other.begunAt)) };
}

const isSpan = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

function readOld(value: unknown): RotationRecord['old'] | undefined {
  if (!isFields(value)) return undefined;
  const { id, name, prefix, scopes, agent, hubs, trust } = value;
  if (!isText(id) || !isTextOrNull(name) || !isTextOrNull(prefix) || !isTexts(scopes) || !isTextOrNull(agent) || !isTexts(hubs) || !isTextOrNull(trust))
    return undefined;
  return { id, name, prefix, scopes, agent, hubs, trust };
}

function readDelivered(value: unknown): readonly DeliveredSink[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const sinks = value.flatMap((each: unknown): readonly DeliveredSink[] =>
    isFields(each) && isText(each['sink']) && isTextOrNull(each['saved']) && (each['state'] === 'begun' || each['state'] === 'took')
      ? [{ sink: each['sink'], saved: each['saved'], state: each['state'] }]
      : [],
  );
  return sinks.length === value.length ? sinks : undefined;
}

/** Null where no grant stands on the key; records of an older version do not have the field. */
function readGrant(value: unknown): RotationRecord['grant'] | undefined {
  if (value === undefined || value === null) return null;
  if (!isFields(value)) return undefined;
  const { id, store, keyName, expiresAt, createdAt } = value;
  if (!isText(id) || (store !== 'keychain' && store !== 'file') || !isText(keyName) || !isTimeOrNull(expiresAt) || !isTime(createdAt)) return undefined;
  return { id, store, keyName, expiresAt, createdAt };
}

function decode(fields: Fields): RotationRecord | undefined {
  const { id, provider, origin, account, store, span, successor, self, sinks, begunAt, grace, revokeAt } = fields;
  const old = readOld(fields['old']);
  const delivered = readDelivered(fields['delivered']);
  const step = STEPS.find((known) => known === fields['step']);
  const format = FORMATS.find((known) => known === fields['format']);
  const grant = readGrant(fields['grant']);
  if (grant === undefined) return undefined;
  if (old === undefined || delivered === undefined || step === undefined || format === undefined) return undefined;
  if (!isText(id) || !isText(provider) || !isText(origin) || !isTextOrNull(account) || !isTexts(sinks)) return undefined;
  if (store !== 'keychain' && store !== 'file') return undefined;
  if (self !== 'yes' && self !== 'no' && self !== 'unknown') return undefined;
  if (!isFields(successor) || !isText(successor['name']) || !isTextOrNull(successor['id'])) return undefined;
  if ((span !== null && !isSpan(span)) || !isSpan(grace) || !isTime(begunAt) || (revokeAt !== null && !isTime(revokeAt))) return undefined;
  const { name, id: successorId } = successor;
  return {
    id,
    provider,
    origin,
    account,
    store,
    old,
    span,
    successor: { name, id: successorId },
    self,
    grant,
    sinks,
    format,
    delivered,
    step,
    begunAt,
    grace,
    revokeAt,
  };
}
