import { randomUUID } from 'node:crypto';

import { jsonOf, numberOf, textOf, type Database, type Row } from '../database.ts';
import { sha256 } from '../hash.ts';
import { isObject, isStringArray } from '../json.ts';
import type { Route } from '../routes.ts';
import { time } from '../time.ts';
import type { User } from '../users.ts';
import { demand, forCaller, type Doors } from './caller.ts';
import { data, invalid, readInput } from './envelope.ts';

export interface Memory {
  readonly id: string;
  readonly title: string;
  readonly content: string;
  readonly tags: readonly string[];
  readonly createdAt: number;
}

/** What people keep. */
export interface Memories {
  /** Newest first. */
  list(userId: string): readonly Memory[];
  add(userId: string, memory: Pick<Memory, 'title' | 'content' | 'tags'>): Memory;
  delete(userId: string, id: string): 'deleted' | 'not-found';
}

export function memoriesOf(database: Database, now: () => number): Memories {
  return {
    list: (userId) => database.all('select * from memories where user_id = ? order by created_at desc, rowid desc', userId).map(readMemory),
    add(userId, { title, content, tags }) {
      const memory = { id: randomUUID(), title, content, tags, createdAt: now() };
      database.run(
        'insert into memories (id, user_id, content, fields, created_at) values (?, ?, ?, ?, ?)',
        memory.id,
        userId,
        content,
        JSON.stringify({ title, tags }),
        memory.createdAt,
      );
      return memory;
    },
    delete: (userId, id) => (database.run('delete from memories where id = ? and user_id = ?', id, userId) === 0 ? 'not-found' : 'deleted'),
  };
}

function readMemory(row: Row): Memory {
  const fields = jsonOf(row, 'fields');
  const { title, tags } = isObject(fields) ? fields : {};
  return {
    id: textOf(row, 'id'),
    title: typeof title === 'string' ? title : '',
    content: textOf(row, 'content'),
    tags: isStringArray(tags) ? tags : [],
    createdAt: numberOf(row, 'created_at'),
  };
}

/** The one thing here that a key is for: enough to show that reading and writing take different permissions. */
export function memoryRoutes(doors: Doors, memories: Memories): readonly Route[] {
  const path = '/v1/memories';
  return [
    {
      name: 'memories.list',
      method: 'GET',
      path,
      handle: forCaller(doors, (_call, caller) => {
        demand(caller, ['memory:read']);
        const kept = memories.list(caller.user.id);
        return data({ memories: kept.map((memory) => memoryJson(memory, caller.user)), next_cursor: '', has_more: false, total: kept.length });
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
        return data(memoryJson(memories.add(caller.user.id, { content, ...fields }), caller.user), 201);
      }),
    },
  ];
}

/** The fields that the vendor's SDK takes for granted. */
function memoryJson({ id, title, content, tags, createdAt }: Memory, user: User): unknown {
  const created = time(createdAt);
  return {
    id,
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
