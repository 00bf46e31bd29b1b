import { randomUUID } from 'node:crypto';

import { numberOf, textOf, type Database, type Row } from './database.ts';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** The one space that every user has of their own. */
  readonly hubId: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
}

export interface Users {
  find(id: string): User | undefined;
  /** The user with this address, made on the spot where there is none: nobody proves anything to a development server. */
  withEmail(email: string): User;
}

/** Who "Continue with GitHub" and "Continue with Google" sign in. */
export const DEMO_EMAIL = 'demo@keywright.test';

export function users(database: Database, now: () => number): Users {
  const withEmail = (email: string): User | undefined => {
    const row = database.get('select * from users where email = ?', email);
    return row === undefined ? undefined : readUser(row);
  };
  return {
    find(id) {
      const row = database.get('select * from users where id = ?', id);
      return row === undefined ? undefined : readUser(row);
    },
    withEmail(written) {
      const email = written.trim().toLowerCase();
      const known = withEmail(email);
      if (known !== undefined) return known;
      const user: User = { id: randomUUID(), email, name: email.slice(0, email.indexOf('@')), hubId: randomUUID(), createdAt: now() };
      database.run(
        'insert into users (id, email, name, hub_id, created_at) values (?, ?, ?, ?, ?)',
        user.id,
        user.email,
        user.name,
        user.hubId,
        user.createdAt,
      );
      return user;
    },
  };
}

function readUser(row: Row): User {
  return {
    id: textOf(row, 'id'),
    email: textOf(row, 'email'),
    name: textOf(row, 'name'),
    hubId: textOf(row, 'hub_id'),
    createdAt: numberOf(row, 'created_at'),
  };
}
