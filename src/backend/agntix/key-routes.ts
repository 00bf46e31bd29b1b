import type { KeptKey } from '../keys.ts';
import { readObject } from '../read-input.ts';
import { Refused, type Route } from '../routes.ts';
import { time } from '../time.ts';
import { forCaller, type Doors } from './caller.ts';
import { invalid } from './errors.ts';
import { createKey } from './key-request.ts';
import { pageBody, readPage } from './paging.ts';

const PATH = '/v1/chat/api-keys';

/** The keys of the caller's organization. Any credential of it may list, make and delete them. */
export function keyRoutes(doors: Doors): readonly Route[] {
  const { keys } = doors;
  return [
    {
      name: 'keys.create',
      method: 'POST',
      path: PATH,
      handle: forCaller(doors, (call, caller) => {
        const { key, raw } = createKey(keys, caller, readObject(call.body, invalid));
        return { status: 201, body: { ...shown(key), key: raw } };
      }),
    },
    {
      name: 'keys.list',
      method: 'GET',
      path: PATH,
      handle: forCaller(doors, (call, { organization }) => {
        const asked = readPage(call.query);
        const { keys: found, total } = keys.page(organization.id, (asked.page - 1) * asked.limit, asked.limit);
        const data = found.map((key) => ({ ...shown(key), lastUsedAt: time(key.lastUsedAt) }));
        return { status: 200, body: pageBody(asked, total, data) };
      }),
    },
    {
      name: 'keys.revoke',
      method: 'DELETE',
      path: `${PATH}/:id`,
      handle: forCaller(doors, (call, { organization }) => {
        if (keys.revoke(organization.id, call.params['id'] ?? '') === 'not-found') throw new Refused(404, 'not_found', 'There is no such API key.');
        return { status: 204 };
      }),
    },
  ];
}

function shown({ id, name, permissions, createdAt }: KeptKey) {
  return { id, name, scopes: permissions, createdAt: time(createdAt) };
}
