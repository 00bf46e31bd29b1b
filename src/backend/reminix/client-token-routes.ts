import type { Route } from '../routes.ts';
import { forClient, forProject, type Doors } from './caller.ts';
import { notFound } from './errors.ts';
import { readTokenRequest } from './token-request.ts';

const PATH = '/v1/client-tokens';

/** Client tokens are made and revoked by a project's server, and shown to whoever holds one. */
export function clientTokenRoutes(doors: Doors, now: () => number): readonly Route[] {
  return [
    {
      name: 'client-tokens.create',
      method: 'POST',
      path: PATH,
      handle: forProject(doors, (call, project) => {
        const { token, raw } = doors.clientTokens.create(readTokenRequest(call.body, project.id, now()));
        return { status: 201, body: { token: raw, id: token.id, expiresAt: new Date(token.expiresAt).toISOString() } };
      }),
    },
    {
      name: 'client-tokens.revoke',
      method: 'DELETE',
      path: `${PATH}/:id`,
      handle: forProject(doors, (call, project) => {
        if (doors.clientTokens.revoke(project.id, call.params['id'] ?? '') === 'not-found') throw notFound('This project has no such client token.');
        return { status: 204 };
      }),
    },
    {
      name: 'client-token.show',
      method: 'GET',
      path: '/client/token',
      handle: forClient(doors, null, (_call, { projectId, publicMetadata }) => ({ status: 200, body: { projectId, publicMetadata } })),
    },
  ];
}
