import type { QueuedRevocation, RevocationIndex } from '../model/revocation.ts';
import { type Fields, isText, timeOf } from './record-fields.ts';
import { createRecordFolder } from './record-folder.ts';

/** The waiting revocations. */
export function createRevocationIndex(dir: string): RevocationIndex {
  return createRecordFolder<QueuedRevocation>({ dir, idOf: ({ name }) => name, encode: fieldsOf, decode });
}

function fieldsOf(record: QueuedRevocation): Fields {
  return {
    name: record.name,
    store: record.store,
    provider: record.provider,
    origin: record.origin,
    account: record.account,
    kind: record.kind,
    queued_at: new Date(record.queuedAt).toISOString(),
    token_ends_at: record.tokenEndsAt === null ? null : new Date(record.tokenEndsAt).toISOString(),
    next_try_at: new Date(record.nextTryAt).toISOString(),
    tries: record.tries,
  };
}

function decode(fields: Fields): QueuedRevocation | undefined {
  const { name, store, provider, origin, account, kind, tries } = fields;
  if (!isText(name) || !isText(provider) || !isText(origin) || !isText(account)) return undefined;
  if ((store !== 'keychain' && store !== 'file') || (kind !== 'refresh_token' && kind !== 'access_token') || typeof tries !== 'number') return undefined;
  const [queuedAt, nextTryAt] = [timeOf(fields['queued_at']), timeOf(fields['next_try_at'])];
  const tokenEndsAt = fields['token_ends_at'] === null ? null : timeOf(fields['token_ends_at']);
  if (queuedAt === undefined || nextTryAt === undefined || tokenEndsAt === undefined) return undefined;
  return { name, store, provider, origin, account, kind, queuedAt, tokenEndsAt, nextTryAt, tries };
}
