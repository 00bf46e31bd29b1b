import { isStringArray, type JsonObject } from '../json.ts';
import type { KeptKey } from '../keys.ts';
import { Refused, type Route } from '../routes.ts';
import { time } from '../time.ts';
import type { User } from '../users.ts';
import type { Agents } from './agents.ts';
import { forCaller, type Doors } from './caller.ts';
import { data, invalid, readInput } from './envelope.ts';
import { readKeyRequest } from './key-request.ts';

const PATH = '/v1/auth/api-keys';

/** Listing, creating and revoking take any valid credential of the user, as the vendor has it. */
export function keyRoutes(doors: Doors, agents: Agents, now: () => number): readonly Route[] {
  const { keys } = doors;
  return [
    {
      name: 'keys.create',
      method: 'POST',
      path: PATH,
      handle: forCaller(doors, (call, caller) => {
        const draft = readKeyRequest(readInput(call), caller, now());
        const { key, raw } = keys.create(draft);
        if (key.agent !== '') agents.connect(caller.user.id, key.agent);
        const { scopes: _listed, last_used: _never, ...shown } = keyJson(key, caller.user);
        return data({ ...shown, key: raw }, 201);
      }),
    },
    {
      name: 'keys.list',
      method: 'GET',
      path: PATH,
      handle: forCaller(doors, (_call, caller) => data(keys.list(caller.user.id).map((key) => keyJson(key, caller.user)))),
    },
    {
      name: 'keys.revoke',
      method: 'DELETE',
      path: `${PATH}/:id`,
      handle: forCaller(doors, (call, caller) => {
        const id = call.params['id'] ?? '';
        const outcome = keys.revoke(caller.user.id, id);
        return data(outcome === 'revoked' ? { revoked: true, skipped: [] } : { revoked: false, skipped: [{ id, reason: 'not_found' }] });
      }),
    },
    {
      name: 'keys.update',
      method: 'PATCH',
      path: `${PATH}/:id`,
      handle: forCaller(doors, (call, caller) => {
        const { agent_name: agentName, standalone } = readInput(call);
        if (agentName !== undefined && typeof agentName !== 'string') throw invalid('agent_name must be text.');
        if (standalone !== undefined && typeof standalone !== 'boolean') throw invalid('standalone must be true or false.');
        const key = keys.find(caller.user.id, call.params['id'] ?? '');
        if (key === undefined) throw new Refused(404, 'not_found', 'There is no such key.');
        const agent = agentName?.trim() ?? key.agent;
        const extra = { ...key.extra, standalone: standalone ?? key.extra['standalone'] };
        keys.update(caller.user.id, key.id, { agent, extra });
        if (agent !== '') agents.connect(caller.user.id, agent);
        return data({ id: key.id, agent_name: agent, standalone: extra.standalone === true });
      }),
    },
  ];
}

/** One entry of the list; creating shows the same but for `scopes` and `last_used`. */
function keyJson(key: KeptKey, user: User) {
  const hubIds = listOf(key.extra, 'hubIds');
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: listOf(key.extra, 'scopes'),
    scope: hubIds.length === 0 ? 'all' : user.name,
    hub_id: hubIds[0] ?? null,
    hub_ids: hubIds,
    hub_scope_mode: hubIds.length === 0 ? 'all_accessible' : 'hub_allowlist',
    default_permissions: key.permissions,
    trust_level: key.extra['trustLevel'],
    agent_name: key.agent,
    standalone: key.extra['standalone'] === true,
    expires_at: time(key.expiresAt),
    last_used: time(key.lastUsedAt),
    created_at: time(key.createdAt),
  };
}

function listOf(extra: JsonObject, field: string): readonly string[] {
  const value = extra[field];
  return isStringArray(value) ? value : [];
}
