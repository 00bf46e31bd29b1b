import { randomBytes } from 'node:crypto';

import { keys } from '../keys.ts';
import { organizationsOf } from '../organizations.ts';
import type { Realm } from '../realm.ts';
import { stateOf } from '../state.ts';
import { DEMO_EMAIL, users } from '../users.ts';
import { demand, forCaller, type Doors } from './caller.ts';
import { deskRoutes } from './dashboard.ts';
import { agntixError } from './errors.ts';
import { keyRoutes } from './key-routes.ts';
import { pageBody, readPage } from './paging.ts';
import { sessionTokens } from './session-tokens.ts';
import { signingKeys } from './signing-keys.ts';

const KEY_PREFIX = 'pk_live_';
/** 32 characters of base64url. */
const KEY_BYTES = 24;

/** agntix as its documents show it: keys of an organization with scopes, and session tokens in the manner of Clerk. */
export const agntix: Realm = {
  id: 'agntix',
  errorBody: agntixError,
  routes({ origin, database, now }) {
    const signing = signingKeys(stateOf(database));
    const doors: Doors = {
      keys: keys(database, now, () => KEY_PREFIX + randomBytes(KEY_BYTES).toString('base64url')),
      sessions: sessionTokens(signing, origin, now),
      users: users(database, now),
      organizations: organizationsOf(database, now),
    };
    const user = doors.users.withEmail(DEMO_EMAIL);
    const organization = doors.organizations.ofUser(user);
    return [
      { name: 'jwks', method: 'GET', path: '/.well-known/jwks.json', handle: async () => ({ status: 200, body: await signing.published() }) },
      ...keyRoutes(doors),
      {
        name: 'agents.list',
        method: 'GET',
        path: '/v1/chat/agents',
        handle: forCaller(doors, (call, caller) => {
          demand(caller, ['agents:read']);
          // No agents live here: what their entries look like is said nowhere.
          return { status: 200, body: pageBody(readPage(call.query), 0, []) };
        }),
      },
      ...deskRoutes({ origin, user, organization, keys: doors.keys, sessions: doors.sessions, signing }),
    ];
  },
};
