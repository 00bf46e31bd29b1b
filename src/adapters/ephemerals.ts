import type { EphemeralJournal, EphemeralRecord } from '../model/ephemeral.ts';
import { isProviderId } from '../model/names.ts';
import { type Fields, isText, isTextOrNull, timeOf } from './record-fields.ts';
import { createRecordFolder } from './record-folder.ts';

/** The keys that programs are running with. */
export function createEphemeralJournal(dir: string): EphemeralJournal {
  return createRecordFolder<EphemeralRecord>({ dir, idOf: ({ id }) => id, encode: fieldsOf, decode });
}

const timeText = (time: number): string => new Date(time).toISOString();

function fieldsOf(record: EphemeralRecord): Fields {
  const { id, name, keyId, provider, baseUrl, project, account, preview, begunAt, endsAt } = record;
  const times = { begun_at: timeText(begunAt), ends_at: endsAt === null ? null : timeText(endsAt) };
  return { id, name, key_id: keyId, provider, base_url: baseUrl, project, account, preview, ...times };
}

function decode(fields: Fields): EphemeralRecord | undefined {
  const { id, name, provider, project, account, preview } = fields;
  const { key_id: keyId, base_url: baseUrl } = fields;
  if (!isText(id) || !isText(name) || !isText(provider) || !isProviderId(provider)) return undefined;
  if (!isText(baseUrl) || !URL.canParse(baseUrl) || !isTextOrNull(keyId) || !isTextOrNull(project) || !isTextOrNull(account) || !isTextOrNull(preview))
    return undefined;
  const begunAt = timeOf(fields['begun_at']);
  const endsAt = fields['ends_at'] === null ? null : timeOf(fields['ends_at']);
  if (begunAt === undefined || endsAt === undefined) return undefined;
  return { id, name, keyId, provider, baseUrl, project, account, preview, begunAt, endsAt };
}
