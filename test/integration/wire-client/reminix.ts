import { CORRECT, fails, gives, TIME, WIDER, type Exchange } from './exchanges.ts';

const NOBODYS = `reminix_sk_${'0'.repeat(43)}`;
const KEY = 'reminix_sk_{{token.key}}';
const PERSONAL = 'reminix_pat_{{token.personal}}';
const CLIENT = 'reminix_ct_{{token.client}}';
const REFUSED = 'unauthorized: Some words.';

export const reminix: readonly Exchange[] = [
  {
    entry: 'the project of a key (A), and the headers of every answer (D)',
    call: { op: 'identity' },
    with: KEY,
    // A key belongs to one project; naming another changes nothing.
    project: 'proj_{{token.support}}',
    outcome: gives({ kind: 'known', identity: { id: 'proj_{{token.website}}', label: 'demo-website' } }),
  },
  {
    entry: 'the project that a personal access token names (S: the header; A: the path)',
    call: { op: 'identity' },
    with: PERSONAL,
    project: 'proj_{{token.support}}',
    outcome: gives({ kind: 'known', identity: { id: 'proj_{{token.support}}', label: 'demo-support' } }),
  },
  {
    entry: "a personal access token that names a project of somebody else (S: it inherits the user's access; A: 403)",
    call: { op: 'identity' },
    with: PERSONAL,
    project: 'proj_nobody',
    outcome: fails('refused', 'Could not ask who you are. Reminix says: forbidden: Some words. (403).', WIDER),
  },
  {
    entry: 'a key that there is not (S: keys are needed; A: the body)',
    call: { op: 'identity' },
    with: NOBODYS,
    outcome: fails('session-ended', REFUSED),
  },
  { entry: 'the project of a key where nobody knows the path (A)', call: { op: 'identity' }, with: KEY, outcome: gives({ kind: 'unproved' }) },
  {
    entry: 'make a client token (S, D)',
    call: {
      op: 'clientTokens.create',
      token: {
        publicMetadata: { userId: 'user-7', plan: 'pro' },
        serverContext: '{"internalCustomerId":"c-1"}',
        ttlSeconds: 600,
        permissions: ['agents:invoke'],
      },
    },
    with: KEY,
    outcome: gives({ id: 'ct_{{token.client-id}}', token: CLIENT, expiresAt: TIME }),
  },
  {
    entry: 'make a client token with nothing but a lifetime (S, D)',
    call: { op: 'clientTokens.create', token: {} },
    with: PERSONAL,
    project: 'proj_{{token.support}}',
    outcome: gives({ id: 'ct_{{token.plain-id}}', token: 'reminix_ct_{{token.plain}}', expiresAt: TIME }),
  },
  {
    entry: 'make a client token with a key that there is not (S)',
    call: { op: 'clientTokens.create', token: {} },
    with: NOBODYS,
    outcome: fails('session-ended', REFUSED),
  },
  {
    entry: 'make a client token that lives too long (S, D: at most a day; A: 400)',
    call: { op: 'clientTokens.create', token: { ttlSeconds: 86_401 } },
    with: KEY,
    outcome: fails('refused', 'Could not create the client token. Reminix says: invalid_request: Some words. (400).', CORRECT),
  },
  {
    entry: 'make a client token for an hour with a permission that there is not (A)',
    call: { op: 'clientTokens.create', token: { permissions: ['agents:delete'] } },
    with: KEY,
    outcome: fails('refused', 'Could not create the client token. Reminix says: invalid_request: Some words. (400).', CORRECT),
  },
  {
    entry: 'make client tokens too often (D: there are limits; A: how it is said)',
    call: { op: 'clientTokens.create', token: {} },
    with: KEY,
    outcome: fails('rate-limited', 'Could not create the client token. Reminix says: rate_limited: Some words. (429).', 'Try again in 120 s.'),
  },
  {
    entry: 'a client token shows what is public of it (S; A: the shape)',
    call: { op: 'clientTokens.show' },
    with: CLIENT,
    outcome: gives({ projectId: 'proj_{{token.website}}', publicMetadata: { userId: 'user-7', plan: 'pro' } }),
  },
  {
    entry: 'the revoked client token is dead at once (S)',
    call: { op: 'clientTokens.show' },
    with: CLIENT,
    outcome: fails('session-ended', REFUSED),
  },
  {
    entry: 'a key is no client token (A: 403)',
    call: { op: 'clientTokens.show' },
    with: KEY,
    outcome: fails('refused', 'Could not show the client token. Reminix says: forbidden: Some words. (403).', WIDER),
  },
  {
    entry: 'a personal access token is no client token (A: 403)',
    call: { op: 'clientTokens.show' },
    with: PERSONAL,
    project: 'proj_{{token.website}}',
    outcome: fails('refused', 'Could not show the client token. Reminix says: forbidden: Some words. (403).', WIDER),
  },
  {
    entry: 'revoke a client token of another project (A: 404)',
    call: { op: 'clientTokens.revoke', id: 'ct_{{token.client-id}}' },
    with: 'reminix_sk_{{token.other}}',
    outcome: gives({ id: 'ct_{{token.client-id}}', kind: 'already-gone' }),
  },
  {
    entry: 'revoke a client token with a key that there is not (S)',
    call: { op: 'clientTokens.revoke', id: 'ct_{{token.client-id}}' },
    with: NOBODYS,
    outcome: fails('session-ended', REFUSED),
  },
  {
    entry: 'revoke a client token (S; A: 204)',
    call: { op: 'clientTokens.revoke', id: 'ct_{{token.client-id}}' },
    with: KEY,
    outcome: gives({ id: 'ct_{{token.client-id}}', kind: 'revoked' }),
  },
  {
    entry: 'revoke it again (A: 404)',
    call: { op: 'clientTokens.revoke', id: 'ct_{{token.client-id}}' },
    with: KEY,
    outcome: gives({ id: 'ct_{{token.client-id}}', kind: 'already-gone' }),
  },
  {
    entry: 'invoke an agent with a personal access token (S)',
    call: { op: 'raw', method: 'POST', path: '/v1/agents/echo/invoke', json: '{"input":{"prompt":"Hello"}}' },
    with: PERSONAL,
    project: 'proj_{{token.website}}',
    outcome: gives({ status: 200, body: { output: { echo: { prompt: 'Hello' }, knows_context: false } } }),
  },
  {
    entry: 'invoke an agent with a client token that may only chat (S: permissions; A: 403)',
    call: { op: 'raw', method: 'POST', path: '/client/agents/echo/invoke', json: '{"input":{"prompt":"Hello"}}' },
    with: 'reminix_ct_{{token.chat}}',
    outcome: fails(
      'missing-scope',
      'Could not call POST /client/agents/echo/invoke. Reminix says: forbidden: Some words. (403).',
      'Use a credential that has the scope agents:invoke.',
    ),
  },
];
