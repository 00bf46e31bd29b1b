import { randomBytes } from 'node:crypto';

import { keys } from '../keys.ts';
import type { Realm } from '../realm.ts';
import { stateOf } from '../state.ts';
import { DEMO_EMAIL, users } from '../users.ts';
import { forUser } from './caller.ts';
import { deskRoutes } from './dashboard.ts';
import { mindsError } from './errors.ts';
import { keyRoutes } from './key-routes.ts';
import { planOf } from './plans.ts';
import { workRoutes } from './works.ts';

const KEY_BYTES = 24;

/** minds as its documents show it: keys without scopes and without an end, and plans with limits. */
export const minds: Realm = {
  id: 'minds',
  errorBody: mindsError,
  routes({ origin, database, now, tuning }) {
    const user = users(database, now).withEmail(DEMO_EMAIL);
    const kept = keys(database, now, () => `minds_${randomBytes(KEY_BYTES).toString('hex')}`);
    const plan = planOf(stateOf(database), tuning.mindsPlan);
    const forKnown = forUser(kept);
    return [
      { name: 'me', method: 'GET', path: '/api/v1/auth/me', handle: forKnown((_call, id) => ({ status: 200, body: { id } })) },
      ...keyRoutes(kept, forKnown),
      ...workRoutes({ database, plan, now }, forKnown),
      ...deskRoutes({ origin, user, keys: kept, plan }),
    ];
  },
};
