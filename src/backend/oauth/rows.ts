import type { Adapter, AdapterPayload } from 'oidc-provider';

import { jsonOf, numberOrNull, textOf, textOrNull, type Database, type Row } from '../database.ts';
import { sha256 } from '../hash.ts';
import { isObject, type JsonObject } from '../json.ts';

/** Models whose id is a credential. Their rows are found by its hash, and hold neither it nor anything to make it from. */
const CREDENTIALS: ReadonlySet<string> = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);

/** What an access token of this realm stands for. */
export interface AccessTokenRow {
  readonly userId: string;
  readonly scopes: readonly string[];
}

/**
 * Models whose rows are found for a while after they have expired, in milliseconds: a device that asks for an expired code must hear that
 * it expired, not that there is no such code (RFC 8628 section 3.5).
 */
const LINGERS: Readonly<Record<string, number>> = { DeviceCode: 3_600_000 };

export interface OAuthRows {
  /** The storage that oidc-provider asks for, per model. */
  readonly adapter: (model: string) => Adapter;
  /** A live bearer token, without loading oidc-provider. A token that is bound to a key is none. */
  accessToken(token: string): AccessTokenRow | undefined;
  /** A live token that is worth something only with a proof of the key with this thumbprint (RFC 9449). */
  boundAccessToken(token: string): (AccessTokenRow & { readonly jkt: string }) | undefined;
  /** A value that is made once and kept as long as the database. */
  kept(name: string, make: () => unknown): unknown;
}

/**
 * Keeps what oidc-provider keeps, in our database and by our clock: expiry counts from when a row was written, so that a
 * test that moves the clock sees tokens grow old. Expired rows are swept whenever one is written.
 */
export function oauthRows(database: Database, now: () => number): OAuthRows {
  const key = (model: string, id: string) => (CREDENTIALS.has(model) ? sha256(id) : id);
  const live = '(expires_at is null or expires_at > ?)';
  const read = (row: Row | undefined, id: string | undefined): AdapterPayload | undefined => {
    if (row === undefined) return undefined;
    const payload = jsonOf(row, 'payload');
    if (!isPayload(payload)) throw new TypeError('a kept OAuth row cannot be read');
    const consumed = numberOrNull(row, 'consumed_at');
    const ends = numberOrNull(row, 'expires_at');
    // The library compares `exp` with the system's clock; ours may have been moved on.
    const over = ends !== null && ends - (LINGERS[textOf(row, 'model')] ?? 0) <= now();
    return { ...payload, ...(id === undefined ? {} : { jti: id }), ...(consumed === null ? {} : { consumed }), ...(over ? { exp: 1 } : {}) };
  };
  const tokenRow = (token: string): JsonObject | undefined => {
    const row = database.get(`select payload from oauth where model = 'AccessToken' and id = ? and ${live}`, sha256(token), now());
    const payload = row === undefined ? undefined : jsonOf(row, 'payload');
    return isObject(payload) ? payload : undefined;
  };
  return {
    adapter: (model) => ({
      async upsert(id, payload, expiresIn) {
        const time = now();
        const { jti, ...rest } = payload;
        const kept = CREDENTIALS.has(model) ? rest : { ...rest, ...(jti === undefined ? {} : { jti }) };
        database.run('delete from oauth where expires_at <= ?', time);
        database.run(
          'insert or replace into oauth (model, id, payload, grant_id, uid, user_code, expires_at) values (?, ?, ?, ?, ?, ?, ?)',
          model,
          key(model, id),
          JSON.stringify(kept),
          payload.grantId ?? null,
          payload.uid ?? null,
          payload.userCode ?? null,
          expiresIn === undefined ? null : time + expiresIn * 1000 + (LINGERS[model] ?? 0),
        );
      },
      find: async (id) =>
        read(database.get(`select * from oauth where model = ? and id = ? and ${live}`, model, key(model, id), now()), CREDENTIALS.has(model) ? id : undefined),
      findByUid: async (uid) => read(database.get(`select * from oauth where model = ? and uid = ? and ${live}`, model, uid, now()), undefined),
      findByUserCode: async (code) => read(database.get(`select * from oauth where model = ? and user_code = ? and ${live}`, model, code, now()), undefined),
      async consume(id) {
        database.run('update oauth set consumed_at = ? where model = ? and id = ?', Math.floor(now() / 1000), model, key(model, id));
      },
      async destroy(id) {
        database.run('delete from oauth where model = ? and id = ?', model, key(model, id));
      },
      async revokeByGrantId(grantId) {
        database.run('delete from oauth where grant_id = ?', grantId);
      },
    }),
    accessToken(token) {
      const payload = tokenRow(token);
      return payload === undefined || 'jkt' in payload ? undefined : readAccessToken(payload);
    },
    boundAccessToken(token) {
      const payload = tokenRow(token);
      const row = payload === undefined ? undefined : readAccessToken(payload);
      const jkt = payload?.['jkt'];
      return row === undefined || typeof jkt !== 'string' ? undefined : { ...row, jkt };
    },
    kept(name, make) {
      const row = database.get('select value from state where name = ?', name);
      const text = row === undefined ? null : textOrNull(row, 'value');
      if (text !== null) return JSON.parse(text);
      const value = make();
      database.run('insert into state (name, value) values (?, ?)', name, JSON.stringify(value));
      return value;
    },
  };
}

function readAccessToken({ accountId, scope }: JsonObject): AccessTokenRow | undefined {
  return typeof accountId === 'string' ? { userId: accountId, scopes: typeof scope === 'string' ? scope.split(' ') : [] } : undefined;
}

function isPayload(value: unknown): value is AdapterPayload {
  return isObject(value);
}
