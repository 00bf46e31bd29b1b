import { rmSync, type Stats, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GrantIndex, GrantRecord, WiredPlace } from '../model/grant.ts';
import { type Fields, isFields, isText, isTextOrNull, isTexts, isTime, isTimeOrNull } from './record-fields.ts';
import { createRecordFolder } from './record-folder.ts';

/** The name of the empty file that says when the renewal of a grant was last begun. */
export const renewalStamp = (id: string): string => `${id}.renewal`;

/** The grants of this machine. */
export function createGrantIndex(dir: string): GrantIndex {
  const folder = createRecordFolder<GrantRecord>({ dir, idOf: ({ id }) => id, encode: (record) => ({ ...record }), decode });
  /** An empty file whose time is that of the last use: whoever marks it never writes the record, which another process may be changing. */
  const markOf = (id: string): string => join(dir, `${id}.used`);

  function withUse(record: GrantRecord): GrantRecord {
    let mark: Stats | undefined;
    try {
      mark = statSync(markOf(record.id), { throwIfNoEntry: false });
    } catch {
      // When it was last used is not worth failing for.
    }
    return mark === undefined ? record : { ...record, lastUsedAt: mark.mtime.toISOString() };
  }

  return {
    find: async (id) => {
      const record = await folder.find(id);
      return record === undefined ? undefined : withUse(record);
    },
    list: async () => {
      const records = (await folder.list()).map(withUse);
      return records.sort((one, other) => one.createdAt.localeCompare(other.createdAt));
    },
    write: (record) => folder.write(record),
    markUsed: async (id, at) => {
      if ((await folder.find(id)) === undefined) return;
      writeFileSync(markOf(id), '', { mode: 0o600 });
      utimesSync(markOf(id), at / 1000, at / 1000);
    },
    delete: async (id) => {
      await folder.delete(id);
      rmSync(markOf(id), { force: true });
      rmSync(join(dir, renewalStamp(id)), { force: true });
    },
  };
}

function readWired(value: unknown): readonly WiredPlace[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const places = value.flatMap((each: unknown) =>
    isFields(each) && isText(each['client']) && isText(each['path']) ? [{ client: each['client'], path: each['path'] }] : [],
  );
  return places.length === value.length ? places : undefined;
}

function decode(fields: Fields): GrantRecord | undefined {
  const { id, agent, device, provider, origin, account, mcpUrl, scopes, keyId, keyName, store, agentKnownTo, renew, expiresAt, createdAt, lastUsedAt } = fields;
  const wired = readWired(fields['wired']);
  if (wired === undefined || !isText(id) || !isText(agent) || !isText(device) || !isText(provider) || !isText(origin) || !isTextOrNull(mcpUrl))
    return undefined;
  if (!isTexts(scopes) || !isText(keyId) || !isText(keyName) || !isTimeOrNull(expiresAt) || !isTime(createdAt) || !isTimeOrNull(lastUsedAt)) return undefined;
  if ((store !== 'keychain' && store !== 'file') || (agentKnownTo !== 'server' && agentKnownTo !== 'us') || (renew !== 'allowed' && renew !== 'not-allowed'))
    return undefined;
  if (account !== undefined && !isTextOrNull(account)) return undefined;
  const whose = { id, agent, device, provider, origin, ...(account === undefined ? {} : { account }) };
  return { ...whose, mcpUrl, scopes, keyId, keyName, store, agentKnownTo, renew, expiresAt, createdAt, lastUsedAt, wired };
}
