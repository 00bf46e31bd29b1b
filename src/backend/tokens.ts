import { randomBytes } from 'node:crypto';

import { textOf, type Database } from './database.ts';
import { sha256 } from './hash.ts';

/** Tokens of a vendor's own making, outside OAuth: random, kept as hashes, each good for one purpose. */
export interface Tokens {
  issue(kind: TokenKind, userId: string, seconds: number): string;
  /** The user that a live token stands for. */
  read(kind: TokenKind, token: string): string | undefined;
  /** The same, and the token is dead afterwards: nobody can spend it twice. */
  spend(kind: TokenKind, token: string): string | undefined;
}

export type TokenKind = 'exchange-code' | 'exchange-access' | 'exchange-refresh';

const TOKEN_BYTES = 32;

export function tokens(database: Database, now: () => number): Tokens {
  const read = (kind: TokenKind, token: string) => {
    const row = database.get('select user_id from tokens where hash = ? and kind = ? and expires_at > ?', sha256(token), kind, now());
    return row === undefined ? undefined : textOf(row, 'user_id');
  };
  return {
    issue(kind, userId, seconds) {
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const time = now();
      database.run('delete from tokens where expires_at <= ?', time);
      database.run('insert into tokens (hash, kind, user_id, expires_at) values (?, ?, ?, ?)', sha256(token), kind, userId, time + seconds * 1000);
      return token;
    },
    read,
    spend(kind, token) {
      const userId = read(kind, token);
      const spent = userId !== undefined && database.run('delete from tokens where hash = ?', sha256(token)) === 1;
      return spent ? userId : undefined;
    },
  };
}
