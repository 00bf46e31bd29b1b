import type { ApiKey } from '../model/api-key.ts';
import { DAY_MS } from '../model/duration.ts';
import { Secret } from '../model/secret.ts';
import type { Provider } from './provider.ts';
import { type Reply, replyOf, textIn } from './read.ts';

const KEYS_PATH = '/v1/auth/api-keys';

/** The key list has no pages, so that one reply may be long. */
const LIST_MAX_BYTES = 64 * 1024 * 1024;

function toApiKey(key: Reply): ApiKey {
  const scopes = key.texts('scopes');
  return {
    id: key.id('id'),
    name: key.textOrNull('name'),
    prefix: key.textOrNull('prefix'),
    scopes: scopes.length > 0 ? scopes : key.texts('default_permissions'),
    agent: key.textOrNull('agent_name'),
    hubs: key.texts('hub_ids'),
    trust: key.textOrNull('trust_level'),
    createdAt: key.timeOrNull('created_at'),
    expiresAt: key.timeOrNull('expires_at'),
    lastUsedAt: key.timeOrNull('last_used'),
  };
}

/** Memax: OAuth by the published metadata, API keys with scopes, hubs and an expiry counted in whole days. Source: https://memax.app docs, "Authentication". */
export const memax = {
  id: 'memax',
  name: 'Memax',
  origin: 'built-in',
  baseUrl: 'https://api.memax.app',
  envPrefix: 'MEMAX',
  credentials: [
    {
      id: 'key',
      name: 'an API key',
      looks: { prefix: 'mxk_', alphabet: 'hex', length: 64 },
      header: { name: 'authorization', scheme: 'Bearer' },
      project: 'not-needed',
    },
  ],
  project: null,
  oauth: {
    server: { kind: 'path', path: '' },
    client: { kind: 'register', name: 'keywright' },
    scopes: ['memax:read', 'memax:write'],
    scopeSeparator: ' ',
  },
  identity: {
    call: { method: 'GET', path: '/v1/auth/me' },
    read: (body) => {
      const me = replyOf(body, 'who am I');
      const id = me.text('data', 'user', 'id');
      const label = (['email', 'display_name', 'name'] as const).map((field) => me.textOrNull('data', 'user', field)).find((text) => text !== null) ?? id;
      const hubs = me
        .eachOrNone('data', 'hubs')
        .map((each) => ({ id: each.id('hub', 'id'), name: each.textOrNull('hub', 'name'), role: each.textOrNull('role') }));
      return hubs.length === 0 ? { id, label } : { id, label, hubs };
    },
    alsoProvedBy: [],
    unprovedBy: [],
  },
  keys: {
    dashboard: 'https://memax.app/settings',
    create: {
      takes: {
        name: 'required',
        longestName: 100,
        scope: 'optional',
        scopes: [
          { scope: 'read', allows: 'read memories, topics, chats and hubs' },
          { scope: 'write', allows: 'add and change memories, topics and chats' },
          { scope: 'organize', allows: 'sort topics and run dreams' },
          { scope: 'delete', allows: 'delete memories' },
          { scope: 'agent-sync', allows: "read and write agents' configurations" },
        ],
        readOnly: ['read'],
        expiry: 'days',
        agent: 'yes',
        hubs: 'yes',
        trust: ['public', 'standard', 'elevated', 'admin'],
      },
      call: (request, now) => ({
        method: 'POST',
        path: KEYS_PATH,
        body: {
          name: request.name ?? '',
          ...(request.expiresAt === null ? {} : { expires_in_days: Math.ceil((request.expiresAt - now) / DAY_MS) }),
          ...(request.agent === null ? {} : { agent_name: request.agent }),
          ...(request.scopes.length === 0 ? {} : { scopes: request.scopes }),
          ...(request.hubs.length === 0 ? {} : { hub_ids: request.hubs }),
          ...(request.trust === null ? {} : { trust_level: request.trust }),
        },
      }),
      read: (body, request) => {
        const reply = replyOf(body, 'create a key');
        const key = toApiKey(replyOf(reply.value('data'), 'create a key', ['data']));
        return { ...key, scopes: request.scopes.length > 0 ? request.scopes : key.scopes, key: new Secret(reply.text('data', 'key')) };
      },
    },
    list: {
      call: { method: 'GET', path: KEYS_PATH, maxBytes: LIST_MAX_BYTES },
      paging: null,
      lastUse: 'told',
      prefix: 'told',
      read: (body) => replyOf(body, 'list the keys').each('data').map(toApiKey),
    },
    revoke: {
      call: (id) => ({ method: 'DELETE', path: `${KEYS_PATH}/${encodeURIComponent(id)}` }),
      read: (id, body) => {
        const reply = replyOf(body, 'revoke a key');
        if (reply.yesOrNo('data', 'revoked')) return { id, kind: 'revoked' };
        const skipped = reply.eachOrNone('data', 'skipped').map((each) => ({ id: each.text('id'), reason: each.text('reason') }));
        const reason = skipped.find((each) => each.id === id)?.reason ?? skipped[0]?.reason ?? 'no reason given';
        return reason === 'not_found' ? { id, kind: 'already-gone' } : { id, kind: 'failed', why: reason };
      },
    },
  },
  clientTokens: null,
  paging: null,
  mcp: { path: '/mcp', scopes: ['read', 'write'] },
  warningHeader: 'x-memax-warning',
  statusHints: {},
  readError: (body) => ({ code: textIn(body, ['error', 'code']), message: textIn(body, ['error', 'message']), requestId: null }),
  assumed: {
    scopes: 'what the bundles allow in detail; the documents name them only',
  },
} satisfies Provider;
