import { randomUUID } from 'node:crypto';

import { numberOf, textOf, type Database, type Row } from '../database.ts';
import { Refused, type Route } from '../routes.ts';
import { time } from '../time.ts';
import type { ForUser } from './caller.ts';
import { invalid } from './errors.ts';
import { readInput, readName } from './input.ts';
import type { Plan } from './plans.ts';

type Kind = 'minds' | 'flows';

export interface WorkRoom {
  readonly database: Database;
  readonly plan: Plan;
  readonly now: () => number;
}

/** Minds and flows: as much of them as it takes to reach the limits of a plan. What they look like is assumed. */
export function workRoutes(room: WorkRoom, forUser: ForUser): readonly Route[] {
  return [...routesOf('minds', room, forUser), ...routesOf('flows', room, forUser)];
}

function routesOf(kind: Kind, { database, plan, now }: WorkRoom, forUser: ForUser): readonly Route[] {
  const path = `/api/v1/${kind}`;
  const list = (userId: string) =>
    database.all('select * from works where user_id = ? and kind = ? order by created_at desc, rowid desc', userId, kind).map(workJson);
  /** 403 where the plan has no room for `wanted` of this kind. */
  const demandRoom = (wanted: number): void => {
    const limit = plan.limits()[kind];
    if (limit === null || wanted <= limit) return;
    const allowed = limit === 0 ? `no ${kind}` : limit === 1 ? `1 ${kind.slice(0, -1)}` : `${limit} ${kind}`;
    throw new Refused(403, 'forbidden', `Your ${plan.current()} plan allows ${allowed}. Upgrade your plan.`);
  };
  return [
    {
      name: `${kind}.list`,
      method: 'GET',
      path,
      handle: forUser((_call, userId) => {
        // What a plan does not have at all is not listed either.
        demandRoom(1);
        return { status: 200, body: list(userId) };
      }),
    },
    {
      name: `${kind}.create`,
      method: 'POST',
      path,
      handle: forUser((call, userId) => {
        const name = readName(readInput(call));
        if (name === null) throw invalid('name is required.');
        demandRoom(list(userId).length + 1);
        const work = { id: randomUUID(), name, created_at: now() };
        database.run('insert into works (id, user_id, kind, name, created_at) values (?, ?, ?, ?, ?)', work.id, userId, kind, name, work.created_at);
        return { status: 200, body: workJson(work) };
      }),
    },
  ];
}

function workJson(row: Row) {
  return { id: textOf(row, 'id'), name: textOf(row, 'name'), createdAt: time(numberOf(row, 'created_at')) };
}
