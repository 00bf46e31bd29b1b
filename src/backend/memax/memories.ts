import { randomUUID } from 'node:crypto';

import { jsonOf, numberOf, textOf, type Database, type Row } from '../database.ts';
import { sha256 } from '../hash.ts';
import { isObject, isStringArray } from '../json.ts';
import type { Route } from '../routes.ts';
import { time } from '../time.ts';
import type { User } from '../users.ts';
import { demand, forCaller, type Doors } from './caller.ts';
import { data, invalid, readInput } from './envelope.ts';

/** The one thing here that a key is for: enough to show that reading and writing take different permissions. */
export function memoryRoutes(doors: Doors, database: Database, now: () => number): readonly Route[] {
  const path = '/v1/memories';
  return [
    {
      name: 'memories.list',
      method: 'GET',
      path,
      handle: forCaller(doors, (_call, caller) => {
        demand(caller, ['memory:read']);
        const rows = database.all('select * from memories where user_id = ? order by created_at desc, rowid desc', caller.user.id);
        return data({ memories: rows.map((row) => memoryJson(row, caller.user)), next_cursor: '', has_more: false, total: rows.length });
      }),
    },
    {
      name: 'memories.create',
      method: 'POST',
      path,
      handle: forCaller(doors, (call, caller) => {
        demand(caller, ['memory:write']);
        const { content, title, tags } = readInput(call);
        if (typeof content !== 'string' || content === '') throw invalid('content is required.');
        const fields = { title: typeof title === 'string' ? title : '', tags: isStringArray(tags) ? tags : [] };
        const row = { id: randomUUID(), content, fields: JSON.stringify(fields), created_at: now() };
        database.run(
          'insert into memories (id, user_id, content, fields, created_at) values (?, ?, ?, ?, ?)',
          row.id,
          caller.user.id,
          row.content,
          row.fields,
          row.created_at,
        );
        return data(memoryJson(row, caller.user), 201);
      }),
    },
  ];
}

/** The fields that the vendor's SDK takes for granted. */
function memoryJson(row: Row, user: User): unknown {
  const content = textOf(row, 'content');
  const fields = jsonOf(row, 'fields');
  const { title, tags } = isObject(fields) ? fields : {};
  const created = time(numberOf(row, 'created_at'));
  return {
    id: textOf(row, 'id'),
    hub_id: user.hubId,
    owner_id: user.id,
    title,
    content,
    content_type: 'markdown',
    content_hash: sha256(content),
    summary: '',
    kind: 'semantic',
    stability: 'stable',
    retrieval_weight: 1,
    tags,
    boundary: 'personal',
    state: 'active',
    pinned: false,
    source: 'api',
    version: 1,
    access_count: 0,
    created_at: created,
    updated_at: created,
    accessed_at: created,
  };
}
