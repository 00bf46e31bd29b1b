import { randomUUID } from 'node:crypto';

import { jsonOf, numberOf, numberOrNull, textOf, textOrNull, type Database, type Row } from './database.ts';
import { sameDigest, sha256 } from './hash.ts';
import { isObject, isStringArray, type JsonObject } from './json.ts';

/** An API key as it is kept: everything but the key. Times are Unix milliseconds. */
export interface KeptKey {
  readonly id: string;
  /** The user or the organization that it belongs to. */
  readonly ownerId: string;
  readonly name: string | null;
  /** The first characters of the key. */
  readonly prefix: string;
  readonly permissions: readonly string[];
  /** The agent that it was made for; `''` for none. */
  readonly agent: string;
  /** What only the realm's own dialect knows about. */
  readonly extra: JsonObject;
  readonly expiresAt: number | null;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

export type KeyDraft = Pick<KeptKey, 'ownerId' | 'name' | 'permissions' | 'agent' | 'extra' | 'expiresAt'>;

export interface Keys {
  /** `raw` is the key itself; it is not kept. */
  create(draft: KeyDraft): { readonly key: KeptKey; readonly raw: string };
  /** Newest first. Revoked ones are gone; expired ones are still listed. */
  list(ownerId: string): readonly KeptKey[];
  /** `size` keys of that list after the first `skip`, found through an index, and how long the whole list is, which is kept count of. */
  page(ownerId: string, skip: number, size: number): { readonly keys: readonly KeptKey[]; readonly total: number };
  find(ownerId: string, id: string): KeptKey | undefined;
  /** Whether a key that is not revoked has this name. */
  hasNamed(ownerId: string, name: string): boolean;
  /** The live key with this value, marked as used now. Undefined where it is unknown, revoked or expired. */
  use(raw: string): KeptKey | undefined;
  update(ownerId: string, id: string, change: { readonly agent: string; readonly extra: JsonObject }): KeptKey | undefined;
  revoke(ownerId: string, id: string): 'revoked' | 'not-found';
  /** Gives how many keys ended. */
  revokeOfAgent(ownerId: string, agent: string): number;
}

const PREFIX_LENGTH = 8;

const LIST = 'select * from keys where owner_id = ? and revoked_at is null order by created_at desc, rowid desc';

/** `mint` makes a new random key value in the realm's own format. */
export function keys(database: Database, now: () => number, mint: () => string): Keys {
  const one = (sql: string, ...values: string[]): KeptKey | undefined => {
    const row = database.get(sql, ...values);
    return row === undefined ? undefined : readKey(row);
  };
  const find = (ownerId: string, id: string) => one('select * from keys where id = ? and owner_id = ? and revoked_at is null', id, ownerId);
  return {
    create(draft) {
      const raw = mint();
      const key: KeptKey = { ...draft, id: randomUUID(), prefix: raw.slice(0, PREFIX_LENGTH), createdAt: now(), lastUsedAt: null };
      database.run(
        'insert into keys (id, owner_id, name, prefix, hash, permissions, agent, extra, expires_at, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        key.id,
        key.ownerId,
        key.name,
        key.prefix,
        sha256(raw),
        JSON.stringify(key.permissions),
        key.agent,
        JSON.stringify(key.extra),
        key.expiresAt,
        key.createdAt,
      );
      return { key, raw };
    },
    list: (ownerId) => database.all(LIST, ownerId).map(readKey),
    page(ownerId, skip, size) {
      const counted = database.get('select live from key_counts where owner_id = ?', ownerId);
      return {
        keys: database.all(`${LIST} limit ? offset ?`, ownerId, size, skip).map(readKey),
        total: counted === undefined ? 0 : numberOf(counted, 'live'),
      };
    },
    find,
    hasNamed: (ownerId, name) =>
      database.get('select id from keys where owner_id = ? and name = ? and revoked_at is null limit 1', ownerId, name) !== undefined,
    use(raw) {
      const digest = sha256(raw);
      const row = database.get('select * from keys where hash = ? and revoked_at is null', digest);
      if (row === undefined || !sameDigest(textOf(row, 'hash'), digest)) return undefined;
      const key = readKey(row);
      const time = now();
      if (key.expiresAt !== null && key.expiresAt <= time) return undefined;
      database.run('update keys set last_used_at = ? where id = ?', time, key.id);
      return { ...key, lastUsedAt: time };
    },
    update(ownerId, id, change) {
      database.run(
        'update keys set agent = ?, extra = ? where id = ? and owner_id = ? and revoked_at is null',
        change.agent,
        JSON.stringify(change.extra),
        id,
        ownerId,
      );
      return find(ownerId, id);
    },
    revoke(ownerId, id) {
      return database.run('update keys set revoked_at = ? where id = ? and owner_id = ? and revoked_at is null', now(), id, ownerId) === 0
        ? 'not-found'
        : 'revoked';
    },
    revokeOfAgent: (ownerId, agent) =>
      database.run('update keys set revoked_at = ? where owner_id = ? and agent = ? and revoked_at is null', now(), ownerId, agent),
  };
}

function readKey(row: Row): KeptKey {
  const permissions = jsonOf(row, 'permissions');
  const extra = jsonOf(row, 'extra');
  if (!isStringArray(permissions) || !isObject(extra)) throw new TypeError('a kept key cannot be read');
  return {
    id: textOf(row, 'id'),
    ownerId: textOf(row, 'owner_id'),
    name: textOrNull(row, 'name'),
    prefix: textOf(row, 'prefix'),
    permissions,
    agent: textOf(row, 'agent'),
    extra,
    expiresAt: numberOrNull(row, 'expires_at'),
    createdAt: numberOf(row, 'created_at'),
    lastUsedAt: numberOrNull(row, 'last_used_at'),
  };
}
