import { randomUUID } from 'node:crypto';

import { numberOf, textOf, type Database } from '../database.ts';
import type { Route } from '../routes.ts';
import { time } from '../time.ts';
import { forCaller, type Doors } from './caller.ts';
import { data } from './envelope.ts';

export interface Agents {
  /** An agent is there from its first key on until it is disconnected. */
  connect(userId: string, slug: string): void;
  list(userId: string): ReadonlyArray<{ readonly id: string; readonly slug: string; readonly createdAt: number; readonly updatedAt: number }>;
  remove(userId: string, slug: string): 'removed' | 'not-found';
}

export function agentsOf(database: Database, now: () => number): Agents {
  return {
    connect(userId, slug) {
      const time = now();
      database.run(
        'insert into agents (id, user_id, slug, created_at, updated_at) values (?, ?, ?, ?, ?) on conflict (user_id, slug) do update set updated_at = excluded.updated_at',
        randomUUID(),
        userId,
        slug,
        time,
        time,
      );
    },
    list: (userId) =>
      database.all('select * from agents where user_id = ? order by created_at desc, rowid desc', userId).map((row) => ({
        id: textOf(row, 'id'),
        slug: textOf(row, 'slug'),
        createdAt: numberOf(row, 'created_at'),
        updatedAt: numberOf(row, 'updated_at'),
      })),
    remove: (userId, slug) => (database.run('delete from agents where user_id = ? and slug = ?', userId, slug) === 0 ? 'not-found' : 'removed'),
  };
}

export function agentRoutes(doors: Doors, agents: Agents, database: Database): readonly Route[] {
  return [
    {
      name: 'agents.list',
      method: 'GET',
      path: '/v1/agents',
      handle: forCaller(doors, (_call, { user }) => {
        const keys = doors.keys.list(user.id);
        return data(
          agents.list(user.id).map((agent) => {
            const own = keys.filter((key) => key.agent === agent.slug);
            const uses = own.flatMap((key) => (key.lastUsedAt === null ? [] : [key.lastUsedAt]));
            return {
              id: agent.id,
              owner_id: user.id,
              agent_name: agent.slug,
              display_name: agent.slug,
              icon: '',
              status: 'connected',
              key_count: own.length,
              config_count: 0,
              memory_count: 0,
              last_active_at: uses.length === 0 ? null : time(Math.max(...uses)),
              created_at: time(agent.createdAt),
              updated_at: time(agent.updatedAt),
            };
          }),
        );
      }),
    },
    {
      name: 'agents.disconnect',
      method: 'DELETE',
      path: '/v1/agents/:slug',
      handle: forCaller(doors, (call, { user }) => {
        const slug = call.params['slug'] ?? '';
        // Both or neither: an agent that is gone from the list must not keep a working key.
        return database.together(() => {
          if (agents.remove(user.id, slug) === 'not-found') {
            return data({ disconnected: false, keys_revoked: 0, configs_tombstoned: 0, skipped: [{ agent_name: slug, reason: 'not_found' }] });
          }
          return data({ disconnected: true, keys_revoked: doors.keys.revokeOfAgent(user.id, slug), configs_tombstoned: 0, skipped: [] });
        });
      }),
    },
  ];
}
