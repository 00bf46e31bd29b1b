import { randomBytes } from 'node:crypto';

import { keys } from '../keys.ts';
import type { Realm } from '../realm.ts';
import { DEMO_EMAIL, users } from '../users.ts';
import { agentRoutes } from './agents.ts';
import { elsewhere, forProject, KEY_PREFIX, PERSONAL_PREFIX, type Doors } from './caller.ts';
import { clientTokenRoutes } from './client-token-routes.ts';
import { clientTokens } from './client-tokens.ts';
import { deskRoutes } from './dashboard.ts';
import { reminixError } from './errors.ts';
import { projectsOf } from './projects.ts';
import { rateWindows } from './rate-windows.ts';

const KEY_BYTES = 32;

/** reminix as its documents show it: keys come from the dashboard, client tokens from the API. */
export const reminix: Realm = {
  id: 'reminix',
  errorBody: reminixError,
  routes({ origin, database, now, tuning }) {
    const user = users(database, now).withEmail(DEMO_EMAIL);
    const mint = (prefix: string) => () => prefix + randomBytes(KEY_BYTES).toString('base64url');
    const projectKeys = keys(database, now, mint(KEY_PREFIX));
    const personalTokens = keys(database, now, mint(PERSONAL_PREFIX));
    const projects = projectsOf(database, user.id);
    const doors: Doors = {
      keys: projectKeys,
      clientTokens: clientTokens(database, now),
      projects,
      rates: rateWindows(tuning.requestsPerHour, now),
    };
    return [
      { name: 'project', method: 'GET', path: '/v1/project', handle: forProject(doors, (_call, { id, name }) => ({ status: 200, body: { id, name } })) },
      ...clientTokenRoutes(doors, now),
      ...agentRoutes(doors),
      ...deskRoutes({ origin, user, projects, makeKey: projectKeys.create, makePersonalToken: personalTokens.create }),
      { name: 'elsewhere', method: '*', path: '*', handle: elsewhere(doors) },
    ];
  },
};
