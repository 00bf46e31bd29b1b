import type { ApiKey } from '../model/api-key.ts';
import { Secret } from '../model/secret.ts';
import type { Provider } from './provider.ts';
import { type Reply, replyOf, textIn } from './read.ts';

const KEYS_PATH = '/api/v1/api-keys';

/** The key list has no pages, so that one reply may be long. */
const LIST_MAX_BYTES = 64 * 1024 * 1024;

function toApiKey(key: Reply): ApiKey {
  return {
    id: key.id('id'),
    name: key.textOrNull('name'),
    prefix: null,
    scopes: [],
    agent: null,
    hubs: [],
    trust: null,
    createdAt: key.timeOrNull('createdAt'),
    expiresAt: null,
    lastUsedAt: key.timeOrNull('lastUsedAt'),
  };
}

/** Minds: keys alone, without scopes and without an end; a name is optional. Source: https://getminds.ai docs, "Authentication". */
export const minds = {
  id: 'minds',
  name: 'Minds',
  origin: 'built-in',
  baseUrl: 'https://getminds.ai',
  envPrefix: 'MINDS',
  credentials: [
    {
      id: 'key',
      name: 'an API key',
      looks: { prefix: 'minds_', alphabet: 'hex', length: 48 },
      header: { name: 'authorization', scheme: 'Bearer' },
      project: 'not-needed',
    },
  ],
  project: null,
  oauth: null,
  identity: {
    call: { method: 'GET', path: '/api/v1/auth/me' },
    read: (body) => {
      const id = replyOf(body, 'who am I').text('id');
      return { id, label: id };
    },
    alsoProvedBy: [],
    unprovedBy: [],
  },
  keys: {
    dashboard: 'https://getminds.ai (Settings, API Keys)',
    create: {
      takes: { name: 'optional', longestName: 100, scope: 'optional', scopes: null, readOnly: null, expiry: 'none', agent: 'no', hubs: 'no', trust: null },
      call: ({ name }) => ({ method: 'POST', path: KEYS_PATH, body: name === null ? {} : { name } }),
      read: (body) => {
        const reply = replyOf(body, 'create a key');
        return { ...toApiKey(reply), key: new Secret(reply.text('key')) };
      },
    },
    list: {
      call: { method: 'GET', path: KEYS_PATH, maxBytes: LIST_MAX_BYTES },
      paging: null,
      lastUse: 'told',
      prefix: 'untold',
      read: (body) => replyOf(body, 'list the keys').each().map(toApiKey),
    },
    revoke: {
      call: (id) => ({ method: 'DELETE', path: `${KEYS_PATH}/${encodeURIComponent(id)}` }),
      read: (id) => ({ id, kind: 'revoked' }),
    },
  },
  clientTokens: null,
  paging: null,
  mcp: null,
  warningHeader: null,
  statusHints: {
    403: 'A plan has its limits: Free has 1 mind and no flows, Lite 3 of each, Premium, Academic and Team as many as you like. Look at your plan.',
  },
  readError: (body) => ({ code: textIn(body, ['statusMessage']), message: textIn(body, ['message']), requestId: null }),
  assumed: {
    'url-variable': 'the documents name MINDS_API_KEY only',
  },
} satisfies Provider;
