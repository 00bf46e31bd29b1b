import type { Keys } from '../keys.ts';
import { Refused, type Route } from '../routes.ts';
import { time } from '../time.ts';
import type { ForUser } from './caller.ts';
import { readInput, readName } from './input.ts';

const PATH = '/api/v1/api-keys';

/** What minds can say about a key: it has a name or none, no scopes and no end. */
export function mindsKey(userId: string, name: string | null): Parameters<Keys['create']>[0] {
  return { ownerId: userId, name, permissions: [], agent: '', extra: {}, expiresAt: null };
}

export function keyRoutes(keys: Keys, forUser: ForUser): readonly Route[] {
  return [
    {
      name: 'keys.create',
      method: 'POST',
      path: PATH,
      handle: forUser((call, userId) => {
        const { key, raw } = keys.create(mindsKey(userId, readName(readInput(call))));
        // The docs show the body and not the status; 200 is what the vendor's framework answers with unless told otherwise.
        return { status: 200, body: { id: key.id, name: key.name, key: raw, createdAt: time(key.createdAt) } };
      }),
    },
    {
      name: 'keys.list',
      method: 'GET',
      path: PATH,
      handle: forUser((_call, userId) => ({
        status: 200,
        body: keys.list(userId).map(({ id, name, createdAt, lastUsedAt }) => ({ id, name, createdAt: time(createdAt), lastUsedAt: time(lastUsedAt) })),
      })),
    },
    {
      name: 'keys.revoke',
      method: 'DELETE',
      path: `${PATH}/:id`,
      handle: forUser((call, userId) => {
        if (keys.revoke(userId, call.params['id'] ?? '') === 'not-found') throw new Refused(404, 'not_found', 'API key not found');
        return { status: 204 };
      }),
    },
  ];
}
