import { randomBytes } from 'node:crypto';

import { keys } from '../keys.ts';
import { boundTokens } from '../oauth/bound-caller.ts';
import { proofs } from '../oauth/proofs.ts';
import { oauthRoutes } from '../oauth/routes.ts';
import { oauthRows } from '../oauth/rows.ts';
import type { Realm } from '../realm.ts';
import type { Route } from '../routes.ts';
import { time } from '../time.ts';
import { tokens } from '../tokens.ts';
import { DEMO_EMAIL, users, type User } from '../users.ts';
import { agentRoutes, agentsOf } from './agents.ts';
import { forCaller, KEY_PREFIX, type Doors } from './caller.ts';
import { data, memaxError } from './envelope.ts';
import { exchangeRoutes } from './exchange.ts';
import { keyRoutes } from './key-routes.ts';
import { mcpRoutes } from './mcp/routes.ts';
import { memoriesOf, memoryRoutes } from './memories.ts';
import { OAUTH_SCOPES } from './permissions.ts';

const KEY_BYTES = 32;

/** memax as its public client and docs show it. */
export const memax: Realm = {
  id: 'memax',
  errorBody: memaxError,
  routes(context) {
    const { database, now, origin, tuning } = context;
    const everyone = users(database, now);
    const rows = oauthRows(database, now);
    const nonces = tuning.dpop === 'nonce-required' ? 'required' : 'none';
    const doors: Doors = {
      origin,
      users: everyone,
      keys: keys(database, now, () => KEY_PREFIX + randomBytes(KEY_BYTES).toString('hex')),
      tokens: tokens(database, now),
      oauth: rows,
      bound: boundTokens(tuning.dpop, rows, proofs({ database, rows, now: tuning.clock, nonces })),
    };
    const agents = agentsOf(database, now);
    const memories = memoriesOf(database, now);
    return [
      ...oauthRoutes({
        realm: context,
        rows: doors.oauth,
        providerName: 'Memax',
        scopes: OAUTH_SCOPES,
        findUser: everyone.find,
        userWithEmail: everyone.withEmail,
        demoEmail: DEMO_EMAIL,
      }),
      ...exchangeRoutes(doors, tuning),
      meRoute(doors, now),
      ...keyRoutes(doors, agents, now),
      ...agentRoutes(doors, agents, database),
      ...memoryRoutes(doors, memories),
      ...mcpRoutes(doors, memories),
    ];
  },
};

function meRoute(doors: Doors, now: () => number): Route {
  return { name: 'me', method: 'GET', path: '/v1/auth/me', handle: forCaller(doors, (_call, { user }) => data(meJson(user, now()))) };
}

function meJson(user: User, now: number): unknown {
  const day = new Date(now);
  return {
    user: {
      id: user.id,
      name: user.name,
      display_name: user.name,
      email: user.email,
      plan: 'free',
      personal_plan_id: 'personal_free',
      created_at: time(user.createdAt),
      updated_at: time(user.createdAt),
    },
    connected_providers: ['github', 'google'],
    hubs: [{ hub: { id: user.hubId, name: user.name, hub_type: 'personal' }, role: 'owner' }],
    usage: {
      user_id: user.id,
      period_start: time(Date.UTC(day.getUTCFullYear(), day.getUTCMonth())),
      period_end: time(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1)),
      push_count: 0,
      recall_count: 0,
      ask_count: 0,
    },
  };
}
