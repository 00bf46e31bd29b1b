import { Secret } from '../model/secret.ts';
import type { CredentialKind, Provider } from './provider.ts';
import { replyOf, textIn, valueAt } from './read.ts';

const TOKENS_PATH = '/v1/client-tokens';

const BEARER: CredentialKind['header'] = { name: 'authorization', scheme: 'Bearer' };

/** The documents show the prefixes and no lengths. */
const UNKNOWN_LENGTH = { min: 16, max: 256 };

/**
 * Reminix: keys of a project are made in the dashboard; personal access tokens work for many projects and name one in a header;
 * client tokens are made for browsers. Sources: https://reminix.com docs, "Authentication" and "Client Tokens".
 */
export const reminix = {
  id: 'reminix',
  name: 'Reminix',
  origin: 'built-in',
  baseUrl: 'https://api.reminix.com',
  envPrefix: 'REMINIX',
  credentials: [
    {
      id: 'key',
      name: 'a project API key',
      looks: { prefix: 'reminix_sk_', alphabet: 'base64url', length: UNKNOWN_LENGTH },
      header: BEARER,
      project: 'not-needed',
    },
    {
      id: 'personal-access-token',
      name: 'a personal access token',
      looks: { prefix: 'reminix_pat_', alphabet: 'base64url', length: UNKNOWN_LENGTH },
      header: BEARER,
      project: 'required',
    },
    {
      id: 'client-token',
      name: 'a client token',
      looks: { prefix: 'reminix_ct_', alphabet: 'base64url', length: UNKNOWN_LENGTH },
      header: BEARER,
      project: 'not-needed',
    },
  ],
  project: { header: 'x-project', pattern: { prefix: 'proj_', alphabet: 'base64url', length: { min: 1, max: 64 } } },
  oauth: null,
  identity: {
    call: { method: 'GET', path: '/v1/project' },
    read: (body) => {
      const project = replyOf(body, 'which project is it');
      const id = project.text('id');
      return { id, label: project.textOrNull('name') ?? id };
    },
    alsoProvedBy: [],
    unprovedBy: [404],
  },
  keys: { dashboard: 'https://reminix.com (project settings, API Keys)', create: null, list: null, revoke: null },
  clientTokens: {
    lifetime: { usual: 3600, shortest: 1, longest: 86_400 },
    permissions: [
      { scope: 'agents:invoke', allows: 'invoke agents' },
      { scope: 'agents:chat', allows: 'chat with agents' },
    ],
    create: {
      call: ({ publicMetadata, serverContext, ttlSeconds, permissions }) => ({
        method: 'POST',
        path: TOKENS_PATH,
        body: {
          ...(publicMetadata === null ? {} : { publicMetadata }),
          ...(serverContext === null ? {} : { serverContext: JSON.parse(serverContext.reveal()) as unknown }),
          ttlSeconds,
          ...(permissions.length === 0 ? {} : { permissions }),
        },
      }),
      read: (body) => {
        const reply = replyOf(body, 'create a client token');
        return { id: reply.id('id'), token: new Secret(reply.text('token')), expiresAt: reply.timeOrNull('expiresAt') };
      },
    },
    show: {
      call: { method: 'GET', path: '/client/token' },
      read: (body) => {
        const reply = replyOf(body, 'show a client token');
        return { projectId: reply.textOrNull('projectId'), publicMetadata: reply.objectOrNull('publicMetadata') };
      },
    },
    revoke: {
      call: (id) => ({ method: 'DELETE', path: `${TOKENS_PATH}/${encodeURIComponent(id)}` }),
      read: (id) => ({ id, kind: 'revoked' }),
    },
  },
  paging: null,
  mcp: null,
  warningHeader: null,
  statusHints: {},
  readError: (body) => {
    const error = valueAt(body, ['error']);
    return { code: textIn(error, ['code']), message: typeof error === 'string' ? error : textIn(error, ['message']), requestId: null };
  },
  assumed: {
    'url-variable': 'the documents name REMINIX_API_KEY only',
    'project-variable': 'the documents have no variable for it',
    credentials: 'the documents show the prefixes of tokens and projects, and not how long they are',
    identity: 'that GET /v1/project answers {id, name}; where it answers 404 a credential is stored unproved',
    'client-tokens': 'that revoking answers 204, and what GET /client/token answers in detail',
    errors: 'that they are {"error": {"code", "message"}}',
  },
} satisfies Provider;
