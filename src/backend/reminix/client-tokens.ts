import { randomBytes } from 'node:crypto';

import { jsonOf, numberOf, textOf, textOrNull, type Database, type Row } from '../database.ts';
import { sameDigest, sha256 } from '../hash.ts';
import { isObject, isStringArray, type JsonObject } from '../json.ts';

/** A client token as it is kept: everything but the token. */
export interface ClientToken {
  /** `ct_` and 22 characters. */
  readonly id: string;
  readonly projectId: string;
  readonly publicMetadata: JsonObject;
  /** For agents only: no answer to a client may hold it. */
  readonly serverContext: JsonObject | null;
  readonly permissions: readonly string[];
  /** Unix milliseconds. */
  readonly expiresAt: number;
}

export type ClientTokenDraft = Omit<ClientToken, 'id'>;

export interface ClientTokens {
  /** `raw` is the token itself; it is not kept. */
  create(draft: ClientTokenDraft): { readonly token: ClientToken; readonly raw: string };
  /** The live token with this value; undefined where it is unknown, revoked or expired. */
  use(raw: string): ClientToken | undefined;
  /** Ends a live token of this project. */
  revoke(projectId: string, id: string): 'revoked' | 'not-found';
}

export const CLIENT_TOKEN_PREFIX = 'reminix_ct_';

const TOKEN_BYTES = 32;
const ID_BYTES = 16;

/** A revoked token is gone from the database, and an expired one goes when the next is made. */
export function clientTokens(database: Database, now: () => number): ClientTokens {
  return {
    create(draft) {
      const raw = CLIENT_TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url');
      const token: ClientToken = { ...draft, id: `ct_${randomBytes(ID_BYTES).toString('base64url')}` };
      database.run('delete from client_tokens where expires_at <= ?', now());
      database.run(
        'insert into client_tokens (id, project_id, hash, public_metadata, server_context, permissions, expires_at) values (?, ?, ?, ?, ?, ?, ?)',
        token.id,
        token.projectId,
        sha256(raw),
        JSON.stringify(token.publicMetadata),
        token.serverContext === null ? null : JSON.stringify(token.serverContext),
        JSON.stringify(token.permissions),
        token.expiresAt,
      );
      return { token, raw };
    },
    use(raw) {
      const digest = sha256(raw);
      const row = database.get('select * from client_tokens where hash = ? and expires_at > ?', digest, now());
      return row === undefined || !sameDigest(textOf(row, 'hash'), digest) ? undefined : readToken(row);
    },
    revoke: (projectId, id) =>
      database.run('delete from client_tokens where id = ? and project_id = ? and expires_at > ?', id, projectId, now()) === 0 ? 'not-found' : 'revoked',
  };
}

function readToken(row: Row): ClientToken {
  const publicMetadata = jsonOf(row, 'public_metadata');
  const context = textOrNull(row, 'server_context') === null ? null : jsonOf(row, 'server_context');
  const permissions = jsonOf(row, 'permissions');
  if (!isObject(publicMetadata) || (context !== null && !isObject(context)) || !isStringArray(permissions)) {
    throw new TypeError('a kept client token cannot be read');
  }
  return {
    id: textOf(row, 'id'),
    projectId: textOf(row, 'project_id'),
    publicMetadata,
    serverContext: context,
    permissions,
    expiresAt: numberOf(row, 'expires_at'),
  };
}
