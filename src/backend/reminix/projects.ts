import { randomBytes } from 'node:crypto';

import { textOf, type Database, type Row } from '../database.ts';

export interface Project {
  /** `proj_` and 22 characters. */
  readonly id: string;
  readonly name: string;
}

export interface Projects {
  find(id: string): Project | undefined;
  /** Those that the user is a member of now, oldest first. */
  ofUser(userId: string): readonly Project[];
  /** The project, if the user is a member of it now. */
  ofMember(userId: string, id: string): Project | undefined;
  leave(userId: string, id: string): 'left' | 'no-member';
}

const ID_BYTES = 16;
/** What the demo user finds in a new database. */
const FIRST_PROJECTS = ['demo-website', 'demo-support'];

/** Makes the first projects for `founderId` where the database has none at all: one that was left stays left over a restart. */
export function projectsOf(database: Database, founderId: string): Projects {
  database.together(() => {
    if (database.get('select id from projects limit 1') !== undefined) return;
    for (const name of FIRST_PROJECTS) {
      const id = `proj_${randomBytes(ID_BYTES).toString('base64url')}`;
      database.run('insert into projects (id, name) values (?, ?)', id, name);
      database.run('insert into members (project_id, user_id) values (?, ?)', id, founderId);
    }
  });
  const joined = 'select projects.* from projects join members on members.project_id = projects.id where members.user_id = ?';
  return {
    find: (id) => readProject(database.get('select * from projects where id = ?', id)),
    ofUser: (userId) => database.all(`${joined} order by projects.rowid`, userId).flatMap((row) => readProject(row) ?? []),
    ofMember: (userId, id) => readProject(database.get(`${joined} and projects.id = ?`, userId, id)),
    leave: (userId, id) => (database.run('delete from members where project_id = ? and user_id = ?', id, userId) === 0 ? 'no-member' : 'left'),
  };
}

function readProject(row: Row | undefined): Project | undefined {
  return row === undefined ? undefined : { id: textOf(row, 'id'), name: textOf(row, 'name') };
}
