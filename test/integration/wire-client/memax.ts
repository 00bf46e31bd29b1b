import { CONFLICT, CORRECT, DAY_MS, fails, gives, NOW, TIME, WIDER, type Exchange } from './exchanges.ts';

const NOBODYS = `mxk_${'0'.repeat(64)}`;
const SESSION = '{{token.access}}';
const READS = ['memory:read', 'topic:read', 'dream:read', 'hub:read', 'hub:members:read', 'chat:read'];
const USUAL = [...READS, 'memory:write', 'topic:write', 'chat:write'];
const REFUSED = 'unauthorized: Some words.';

export const memax: readonly Exchange[] = [
  {
    entry: 'who am I (D)',
    call: { op: 'identity' },
    with: SESSION,
    outcome: gives({
      kind: 'known',
      identity: { id: '{{id.user}}', label: 'demo@keywright.test', hubs: [{ id: '{{id.hub}}', name: 'demo', role: 'owner' }] },
    }),
  },
  { entry: 'who am I with a key that there is not (S)', call: { op: 'identity' }, with: NOBODYS, outcome: fails('session-ended', REFUSED) },
  { entry: 'no keys yet (D)', call: { op: 'keys.list' }, with: SESSION, outcome: gives([]) },
  {
    entry: 'create a key (S, D)',
    call: { op: 'keys.create', key: { name: 'my-script', expiresAt: NOW + 90 * DAY_MS, scopes: ['read'] } },
    with: SESSION,
    outcome: gives({
      id: '{{id.script}}',
      name: 'my-script',
      prefix: '{{prefix}}',
      scopes: ['read'],
      agent: null,
      hubs: [],
      trust: 'standard',
      createdAt: TIME,
      expiresAt: TIME,
      lastUsedAt: null,
      key: '{{key.script}}',
    }),
  },
  {
    entry: 'create a key without a name (D)',
    call: { op: 'keys.create', key: { name: '' } },
    with: SESSION,
    outcome: fails('refused', 'Could not create the key. Memax says: invalid_request: Some words. (400).', CORRECT),
  },
  {
    entry: 'create a key with a scope that there is not (D)',
    call: { op: 'keys.create', key: { name: 'my-script', scopes: ['everything'] } },
    with: SESSION,
    outcome: fails('refused', 'Could not create the key. Memax says: invalid_permissions: Some words. (400).', CORRECT),
  },
  {
    entry: "create a key for hubs of which one is somebody else's (D)",
    call: { op: 'keys.create', key: { name: 'my-script', scopes: ['read'], hubs: ['{{id.hub}}', '00000000-0000-4000-8000-000000000000'] } },
    with: SESSION,
    outcome: fails('refused', 'Could not create the key. Memax says: forbidden: Some words. (403).', WIDER),
  },
  {
    entry: 'a key makes no stronger key by the name of a bundle (A)',
    call: { op: 'keys.create', key: { name: 'stronger', scopes: ['delete'] } },
    with: '{{key.script}}',
    outcome: fails(
      'missing-scope',
      'Could not create the key. Memax says: forbidden: Some words. (403).',
      'Use a credential that has the scope memory:delete.',
    ),
  },
  {
    entry: 'create a key with a key that there is not (S)',
    call: { op: 'keys.create', key: { name: 'my-script' } },
    with: NOBODYS,
    outcome: fails('session-ended', REFUSED),
  },
  {
    entry: 'create an agent grant for one hub, with a level of trust (S, D)',
    // An hour is a day to a vendor that counts whole days.
    call: {
      op: 'keys.create',
      key: { name: 'cursor@laptop', agent: 'cursor', scopes: ['read'], hubs: ['{{id.hub}}'], trust: 'elevated', expiresAt: NOW + 3_600_000 },
    },
    with: SESSION,
    outcome: gives({
      id: '{{id.confined}}',
      name: 'cursor@laptop',
      prefix: '{{prefix}}',
      scopes: ['read'],
      agent: 'cursor',
      hubs: ['{{id.hub}}'],
      trust: 'elevated',
      createdAt: TIME,
      expiresAt: TIME,
      lastUsedAt: null,
      key: '{{key.confined}}',
    }),
  },
  {
    entry: 'create an agent grant without a word about scopes (S, D)',
    call: { op: 'keys.create', key: { name: 'codex@laptop', agent: 'codex' } },
    with: SESSION,
    outcome: gives({
      id: '{{id.usual}}',
      name: 'codex@laptop',
      prefix: '{{prefix}}',
      scopes: USUAL,
      agent: 'codex',
      hubs: [],
      trust: 'standard',
      createdAt: TIME,
      expiresAt: null,
      lastUsedAt: null,
      key: '{{key.usual}}',
    }),
  },
  {
    entry: 'create a key beyond the quota (D)',
    call: { op: 'keys.create', key: { name: 'one-more' } },
    with: SESSION,
    outcome: fails(
      'refused',
      'Could not create the key. Memax says: quota_exceeded: Some words. (402).',
      'A quota of the plan is used up. Look at the plan in the dashboard.',
    ),
  },
  {
    entry: 'create a key against the state of things (D)',
    call: { op: 'keys.create', key: { name: 'one-more' } },
    with: SESSION,
    outcome: fails('refused', 'Could not create the key. Memax says: conflict: Some words. (409).', CONFLICT),
  },
  {
    entry: 'list keys, newest first (D)',
    call: { op: 'keys.list' },
    with: SESSION,
    outcome: gives([
      {
        id: '{{id.grant}}',
        name: 'claude-code@laptop',
        prefix: '{{prefix}}',
        scopes: ['read', 'write'],
        agent: 'claude-code',
        hubs: [],
        trust: 'standard',
        createdAt: TIME,
        expiresAt: null,
        lastUsedAt: TIME,
      },
      {
        id: '{{id.script}}',
        name: 'my-script',
        prefix: '{{prefix}}',
        scopes: ['read'],
        agent: null,
        hubs: [],
        trust: 'standard',
        createdAt: TIME,
        expiresAt: TIME,
        lastUsedAt: TIME,
      },
    ]),
  },
  { entry: 'list keys with a key that there is not (S)', call: { op: 'keys.list' }, with: NOBODYS, outcome: fails('session-ended', REFUSED) },
  {
    entry: 'list keys too often (S, D)',
    call: { op: 'keys.list' },
    with: SESSION,
    outcome: fails('rate-limited', 'Could not list the keys. Memax says: rate_limited: Some words. (429).', 'Try again in 120 s.'),
  },
  {
    entry: 'revoke a key (S, D)',
    call: { op: 'keys.revoke', id: '{{id.script}}' },
    with: SESSION,
    outcome: gives({ id: '{{id.script}}', kind: 'revoked' }),
  },
  {
    entry: 'revoke a key that is revoked (D)',
    call: { op: 'keys.revoke', id: '{{id.script}}' },
    with: SESSION,
    outcome: gives({ id: '{{id.script}}', kind: 'already-gone' }),
  },
  {
    entry: 'revoke a key that goes on working (D)',
    call: { op: 'keys.revoke', id: '99999999-9999-4999-8999-999999999999' },
    with: SESSION,
    outcome: gives({ id: '99999999-9999-4999-8999-999999999999', kind: 'failed', why: 'revoke_failed' }),
  },
  {
    entry: 'revoke a key with a key that there is not (S)',
    call: { op: 'keys.revoke', id: '{{id.script}}' },
    with: NOBODYS,
    outcome: fails('session-ended', REFUSED),
  },
  {
    entry: 'write a memory with a key that may only read (S)',
    call: { op: 'raw', method: 'POST', path: '/v1/memories', json: '{"content":"Forty-two."}' },
    with: '{{key.script}}',
    outcome: fails(
      'missing-scope',
      'Could not call POST /v1/memories. Memax says: forbidden: Some words. (403).',
      'Use a credential that has the scope memory:write.',
    ),
  },
];
