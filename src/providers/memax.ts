import * as v from 'valibot';
import type { ApiKey } from '../model/api-key.ts';
import { DAY_MS } from '../model/duration.ts';
import { Secret } from '../model/secret.ts';
import type { Provider } from './provider.ts';
import { idText, readBody, timeOrNull } from './read.ts';

const KEYS_PATH = '/v1/auth/api-keys';

/** The key list has no pages, so that one reply may be long. */
const LIST_MAX_BYTES = 64 * 1024 * 1024;

const keyFields = {
  id: idText,
  name: v.nullish(v.string()),
  prefix: v.nullish(v.string()),
  scopes: v.nullish(v.array(v.string())),
  default_permissions: v.nullish(v.array(v.string())),
  agent_name: v.nullish(v.string()),
  created_at: timeOrNull,
  expires_at: timeOrNull,
};
const listed = v.object({ data: v.nullable(v.array(v.object({ ...keyFields, last_used: timeOrNull }))) });
const created = v.object({ data: v.object({ ...keyFields, key: v.string() }) });
const revoked = v.object({ data: v.object({ revoked: v.boolean(), skipped: v.nullish(v.array(v.object({ id: v.string(), reason: v.string() }))) }) });
const me = v.object({
  data: v.object({ user: v.object({ id: v.string(), name: v.nullish(v.string()), display_name: v.nullish(v.string()), email: v.nullish(v.string()) }) }),
});
const failed = v.object({ error: v.object({ code: v.nullish(v.string()), message: v.nullish(v.string()) }) });

type WireKey = v.InferOutput<typeof created>['data'] | NonNullable<v.InferOutput<typeof listed>['data']>[number];

function toApiKey(wire: WireKey): ApiKey {
  return {
    id: wire.id,
    name: wire.name ?? null,
    prefix: wire.prefix || null,
    scopes: wire.scopes ?? wire.default_permissions ?? [],
    agent: wire.agent_name || null,
    createdAt: wire.created_at ?? null,
    expiresAt: wire.expires_at ?? null,
    lastUsedAt: ('last_used' in wire ? wire.last_used : null) ?? null,
  };
}

/** Memax: OAuth by the published metadata, API keys with scopes and an expiry counted in whole days. Source: https://memax.app docs, "Authentication". */
export const memax: Provider = {
  id: 'memax',
  name: 'Memax',
  baseUrl: 'https://api.memax.app',
  envPrefix: 'MEMAX',
  key: { prefix: 'mxk_', alphabet: 'hex', length: 64 },
  authHeader: (value) => ['authorization', `Bearer ${value}`],
  oauth: { issuerPath: '', clientName: 'keywright', scopes: ['memax:read', 'memax:write'] },
  identity: {
    call: { method: 'GET', path: '/v1/auth/me' },
    read: (body) => {
      const { user } = readBody(me, body, 'who am I').data;
      return { id: user.id, label: user.email || user.display_name || user.name || user.id };
    },
  },
  keys: {
    dashboard: 'https://memax.app/settings',
    create: {
      expiry: 'days',
      call: (request, now) => ({
        method: 'POST',
        path: KEYS_PATH,
        body: {
          name: request.name,
          ...(request.expiresAt === null ? {} : { expires_in_days: Math.ceil((request.expiresAt - now) / DAY_MS) }),
          ...(request.agent === null ? {} : { agent_name: request.agent }),
          ...(request.scopes.length === 0 ? {} : { scopes: request.scopes }),
        },
      }),
      read: (body, request) => {
        const { data } = readBody(created, body, 'create a key');
        return {
          ...toApiKey(data),
          scopes: data.scopes ?? (request.scopes.length > 0 ? request.scopes : (data.default_permissions ?? [])),
          key: new Secret(data.key),
        };
      },
    },
    list: {
      call: { method: 'GET', path: KEYS_PATH, maxBytes: LIST_MAX_BYTES },
      read: (body) => (readBody(listed, body, 'list the keys').data ?? []).map(toApiKey),
    },
    revoke: {
      call: (id) => ({ method: 'DELETE', path: `${KEYS_PATH}/${encodeURIComponent(id)}` }),
      read: (id, body) => {
        const { data } = readBody(revoked, body, 'revoke a key');
        if (data.revoked) return { id, kind: 'revoked' };
        const reason = data.skipped?.find((skipped) => skipped.id === id)?.reason ?? data.skipped?.[0]?.reason ?? 'no reason given';
        return reason === 'not_found' ? { id, kind: 'already-gone' } : { id, kind: 'failed', why: reason };
      },
    },
  },
  readError: (body) => {
    const result = v.safeParse(failed, body);
    return result.success ? { code: result.output.error.code ?? null, message: result.output.error.message ?? null } : { code: null, message: null };
  },
};
