import type { ApiKey } from '../model/api-key.ts';
import { Secret } from '../model/secret.ts';
import type { Paging, Provider } from './provider.ts';
import { type Reply, replyOf, textIn } from './read.ts';

const KEYS_PATH = '/v1/chat/api-keys';

/** Pages are counted from 1; a size out of range is clamped by the server without a word. */
const paging: Paging = {
  kind: 'numbers',
  page: 'page',
  size: 'limit',
  largest: 100,
  totalPages: ['pagination', 'totalPages'],
  items: ['data'],
};

function toApiKey(key: Reply): ApiKey {
  return {
    id: key.id('id'),
    name: key.textOrNull('name'),
    prefix: null,
    scopes: key.texts('scopes'),
    agent: null,
    hubs: [],
    trust: null,
    createdAt: key.timeOrNull('createdAt'),
    expiresAt: null,
    lastUsedAt: key.timeOrNull('lastUsedAt'),
  };
}

/** Agntix: keys of an organization with scopes, in a header of their own; session tokens of Clerk as bearer tokens. Source: https://agntix.ai docs, "Authentication". */
export const agntix = {
  id: 'agntix',
  name: 'Agntix',
  origin: 'built-in',
  baseUrl: 'https://api.agntix.ai',
  envPrefix: 'AGNTIX',
  credentials: [
    {
      id: 'key',
      name: 'an API key',
      looks: { prefix: 'pk_live_', alphabet: 'base64url', length: { min: 16, max: 128 } },
      header: { name: 'x-api-key', scheme: null },
      project: 'not-needed',
    },
    {
      id: 'other-key',
      name: 'an API key',
      looks: { prefix: 'pk_', alphabet: 'base64url', length: { min: 16, max: 128 } },
      header: { name: 'x-api-key', scheme: null },
      project: 'not-needed',
    },
    { id: 'session-token', name: 'a session token', looks: 'jwt', header: { name: 'authorization', scheme: 'Bearer' }, project: 'not-needed' },
  ],
  project: null,
  oauth: null,
  identity: {
    call: { method: 'GET', path: '/v1/chat/agents' },
    // The API does not say whose a key is. A key that may not list agents is a good key all the same.
    read: null,
    alsoProvedBy: [403],
    unprovedBy: [],
  },
  keys: {
    dashboard: 'https://agntix.ai (Settings, API Keys)',
    create: {
      takes: {
        name: 'required',
        longestName: 100,
        scope: 'required',
        scopes: [
          { scope: 'chat:read', allows: null },
          { scope: 'chat:write', allows: null },
          { scope: 'agents:read', allows: null },
        ],
        readOnly: ['chat:read', 'agents:read'],
        expiry: 'none',
        agent: 'no',
        hubs: 'no',
        trust: null,
      },
      call: ({ name, scopes }) => ({ method: 'POST', path: KEYS_PATH, body: { name: name ?? '', scopes } }),
      read: (body) => {
        const reply = replyOf(body, 'create a key');
        return { ...toApiKey(reply), key: new Secret(reply.text('key')) };
      },
    },
    list: {
      call: { method: 'GET', path: KEYS_PATH },
      paging,
      lastUse: 'told',
      prefix: 'untold',
      read: (body) => replyOf(body, 'list the keys').each('data').map(toApiKey),
    },
    revoke: {
      call: (id) => ({ method: 'DELETE', path: `${KEYS_PATH}/${encodeURIComponent(id)}` }),
      read: (id) => ({ id, kind: 'revoked' }),
    },
  },
  clientTokens: null,
  paging,
  mcp: null,
  warningHeader: null,
  statusHints: { 422: 'A key needs a name of its own and at least one scope, such as --scope chat:read.' },
  readError: (body) => ({
    code: textIn(body, ['error', 'code']),
    message: textIn(body, ['error', 'message']),
    requestId: textIn(body, ['error', 'requestId']),
  }),
  assumed: {
    'url-variable': 'the documents name AGNTIX_API_KEY only',
    credentials: 'the documents show how keys begin and not how long they are; 16 to 128 characters after the prefix are taken',
    'create-key': 'the reply is taken to be {id, name, scopes, key, createdAt}, and the longest name 100 characters',
    'revoke-key': 'it is taken to answer 204',
    scopes: 'the documents name these three and no whole list',
  },
} satisfies Provider;
