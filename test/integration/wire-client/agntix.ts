import { CONFLICT, fails, gives, TIME, WIDER, type Exchange } from './exchanges.ts';

const NEEDS = 'A key needs a name of its own and at least one scope, such as --scope chat:read.';

const NOBODYS = `pk_live_${'0'.repeat(32)}`;
const KEY = '{{agntix-key.first}}';
const SESSION = '{{jwt.session}}';
const REQUEST = '[request req_11111111-2222-4333-8444-555555555555]';
const REFUSED = `unauthorized: Some words. ${REQUEST}`;

const key = (id: string, name: string, scopes: readonly string[], lastUsedAt: string | null) => ({
  id: `{{id.${id}}}`,
  name,
  prefix: null,
  scopes,
  agent: null,
  hubs: [],
  trust: null,
  createdAt: TIME,
  expiresAt: null,
  lastUsedAt,
});

const LISTED = [key('bot', 'CI/CD bot', ['chat:write'], TIME), key('first', 'first', ['chat:write', 'agents:read'], TIME)];

export const agntix: readonly Exchange[] = [
  { entry: 'list agents with a key (S; A: the shape)', call: { op: 'identity' }, with: KEY, outcome: gives({ kind: 'accepted' }) },
  {
    entry: 'list agents with a session token (S)',
    call: { op: 'identity' },
    with: SESSION,
    outcome: gives({ kind: 'known', identity: { id: 'user_session', label: 'user_session' } }),
  },
  {
    entry: 'the session token of before lives on',
    call: { op: 'identity' },
    with: SESSION,
    outcome: gives({ kind: 'known', identity: { id: 'user_session', label: 'user_session' } }),
  },
  { entry: 'list agents with a key that may not (S)', call: { op: 'identity' }, with: '{{agntix-key.bot}}', outcome: gives({ kind: 'accepted' }) },
  { entry: 'list agents with a key that there is not (S)', call: { op: 'identity' }, with: NOBODYS, outcome: fails('session-ended', REFUSED) },
  {
    entry: "a session token without an organization is worth nothing (S: keys and rights are an organization's; A: the status)",
    call: { op: 'identity' },
    with: '{{jwt.alone}}',
    outcome: fails('session-ended', REFUSED),
  },
  {
    entry: 'create a key (S; A: the shape of the answer)',
    call: { op: 'keys.create', key: { name: 'CI/CD bot', scopes: ['chat:write'] } },
    with: KEY,
    outcome: gives({ ...key('bot', 'CI/CD bot', ['chat:write'], null), key: '{{agntix-key.bot}}' }),
  },
  {
    entry: 'create a key with a session token (S)',
    call: { op: 'keys.create', key: { name: 'from a browser', scopes: ['chat:read', 'agents:read'] } },
    with: SESSION,
    outcome: gives({ ...key('browser', 'from a browser', ['chat:read', 'agents:read'], null), key: '{{agntix-key.browser}}' }),
  },
  {
    entry: 'create a key with a name that is taken (D)',
    call: { op: 'keys.create', key: { name: 'CI/CD bot', scopes: ['chat:write'] } },
    with: KEY,
    outcome: fails('refused', `Could not create the key. Agntix says: conflict: Some words. ${REQUEST} (409).`, CONFLICT),
  },
  {
    entry: 'create a key without scopes (D)',
    call: { op: 'keys.create', key: { name: 'nothing' } },
    with: KEY,
    outcome: fails('refused', `Could not create the key. Agntix says: validation_error: Some words. ${REQUEST} (422).`, NEEDS),
  },
  {
    entry: 'create a key with a scope that there is not (D)',
    call: { op: 'keys.create', key: { name: 'nothing', scopes: ['chat:everything'] } },
    with: KEY,
    outcome: fails('refused', `Could not create the key. Agntix says: validation_error: Some words. ${REQUEST} (422).`, NEEDS),
  },
  {
    entry: 'create a key with a key that there is not (S)',
    call: { op: 'keys.create', key: { name: 'CI/CD bot', scopes: ['chat:write'] } },
    with: NOBODYS,
    outcome: fails('session-ended', REFUSED),
  },
  {
    entry: 'a key makes no stronger key (A)',
    call: { op: 'keys.create', key: { name: 'stronger', scopes: ['chat:write', 'agents:read'] } },
    with: '{{agntix-key.bot}}',
    outcome: fails('refused', `Could not create the key. Agntix says: forbidden: Some words. ${REQUEST} (403).`, WIDER),
  },
  {
    entry: 'create a key while the server has trouble (D)',
    call: { op: 'keys.create', key: { name: 'late', scopes: ['chat:read'] } },
    with: KEY,
    outcome: fails(
      'unreachable',
      `Could not create the key. Agntix says: internal: Some words. ${REQUEST} (500).`,
      'The provider has trouble. Try again in a while. If the request got through, a key may have been made; look for it with: keywright auth list-keys',
    ),
  },
  { entry: 'list the first page of as many as there can be, with a key (D)', call: { op: 'keys.list' }, with: KEY, outcome: gives(LISTED) },
  { entry: 'the same with a session token (S, D)', call: { op: 'keys.list' }, with: SESSION, outcome: gives(LISTED) },
  { entry: 'list the first page with a key that there is not (S)', call: { op: 'keys.list' }, with: NOBODYS, outcome: fails('session-ended', REFUSED) },
  {
    entry: 'list keys too often (D)',
    call: { op: 'keys.list' },
    with: KEY,
    outcome: fails('rate-limited', `Could not list the keys. Agntix says: rate_limited: Some words. ${REQUEST} (429).`, 'Try again in 120 s.'),
  },
  {
    entry: 'delete a key (S; A: the status)',
    call: { op: 'keys.revoke', id: '{{id.bot}}' },
    with: KEY,
    outcome: gives({ id: '{{id.bot}}', kind: 'revoked' }),
  },
  {
    entry: 'delete a key with a session token (S; A: the status)',
    call: { op: 'keys.revoke', id: '{{id.browser}}' },
    with: SESSION,
    outcome: gives({ id: '{{id.browser}}', kind: 'revoked' }),
  },
  {
    entry: 'delete a key that is deleted (A)',
    call: { op: 'keys.revoke', id: '{{id.bot}}' },
    with: KEY,
    outcome: gives({ id: '{{id.bot}}', kind: 'already-gone' }),
  },
  {
    entry: 'delete a key with a key that there is not (S)',
    call: { op: 'keys.revoke', id: '{{id.bot}}' },
    with: NOBODYS,
    outcome: fails('session-ended', REFUSED),
  },
];
