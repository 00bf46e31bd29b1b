import { randomBytes } from 'node:crypto';

import { textOf, type Database, type Row } from './database.ts';
import type { User } from './users.ts';

export interface Organization {
  /** `org_` and 24 hex digits. */
  readonly id: string;
  readonly name: string;
  /** Its name as addresses write it. */
  readonly slug: string;
}

export interface Organizations {
  find(id: string): Organization | undefined;
  /** The one organization of this user, made on the spot where there is none. */
  ofUser(user: User): Organization;
}

const ID_BYTES = 12;

export function organizationsOf(database: Database, now: () => number): Organizations {
  return {
    find: (id) => readOrganization(database.get('select * from organizations where id = ?', id)),
    ofUser(user) {
      const known = readOrganization(database.get('select * from organizations where user_id = ?', user.id));
      if (known !== undefined) return known;
      const made: Organization = { id: `org_${randomBytes(ID_BYTES).toString('hex')}`, name: user.name, slug: user.name };
      database.run('insert into organizations (id, user_id, name, slug, created_at) values (?, ?, ?, ?, ?)', made.id, user.id, made.name, made.slug, now());
      return made;
    },
  };
}

function readOrganization(row: Row | undefined): Organization | undefined {
  return row === undefined ? undefined : { id: textOf(row, 'id'), name: textOf(row, 'name'), slug: textOf(row, 'slug') };
}
