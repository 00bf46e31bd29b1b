import { CORRECT, fails, gives, TIME, type Exchange } from './exchanges.ts';

const NOBODYS = `minds_${'0'.repeat(48)}`;
const KEY = '{{minds-key.first}}';
const REFUSED = 'Unauthorized: Invalid or missing API key';
const PLANS = 'A plan has its limits: Free has 1 mind and no flows, Lite 3 of each, Premium, Academic and Team as many as you like. Look at your plan.';

const named = (id: string, name: string | null, lastUsedAt: string | null) => ({
  id: `{{id.${id}}}`,
  name,
  prefix: null,
  scopes: [],
  agent: null,
  hubs: [],
  trust: null,
  createdAt: TIME,
  expiresAt: null,
  lastUsedAt,
});

export const minds: readonly Exchange[] = [
  { entry: 'who am I (S)', call: { op: 'identity' }, with: KEY, outcome: gives({ kind: 'known', identity: { id: '{{id.user}}', label: '{{id.user}}' } }) },
  { entry: 'who am I with a key that there is not (S)', call: { op: 'identity' }, with: NOBODYS, outcome: fails('session-ended', REFUSED) },
  {
    entry: 'the deleted key is dead at once (S)',
    call: { op: 'identity' },
    with: '{{minds-key.bare}}',
    outcome: fails('session-ended', REFUSED),
  },
  {
    entry: 'create a key with a name, without the white space around it (S; A: the status)',
    // Commands trim a name before they ask; the vendor does it again.
    call: { op: 'keys.create', key: { name: '  prod ' } },
    with: KEY,
    outcome: gives({ ...named('prod', 'prod', null), key: '{{minds-key.prod}}' }),
  },
  {
    entry: 'create a key without a name (S)',
    call: { op: 'keys.create', key: { name: null } },
    with: KEY,
    outcome: gives({ ...named('nameless', null, null), key: '{{minds-key.nameless}}' }),
  },
  {
    entry: 'create a key with a key that there is not (S)',
    call: { op: 'keys.create', key: { name: 'prod' } },
    with: NOBODYS,
    outcome: fails('session-ended', REFUSED),
  },
  {
    entry: 'create a key with a name of 101 characters (S: 1 to 100; A: the status)',
    call: { op: 'keys.create', key: { name: 'x'.repeat(101) } },
    with: KEY,
    outcome: fails('refused', 'Could not create the key. Minds says: Bad Request: Some words. (400).', CORRECT),
  },
  {
    entry: 'create a key that the plan does not allow (S: 403 is a limit of the plan; A: that keys have one)',
    call: { op: 'keys.create', key: { name: 'one-more' } },
    with: KEY,
    outcome: fails('refused', 'Could not create the key. Minds says: Forbidden: Your free plan allows no more keys. Upgrade your plan. (403).', PLANS),
  },
  {
    entry: 'list keys, all in one array (S; A: newest first)',
    call: { op: 'keys.list' },
    with: '{{minds-key.prod}}',
    outcome: gives([
      named('bare', null, null),
      named('nameless', null, null),
      named('empty', null, null),
      named('prod', 'prod', TIME),
      named('first', 'first', TIME),
    ]),
  },
  { entry: 'list keys with a key that there is not (S)', call: { op: 'keys.list' }, with: NOBODYS, outcome: fails('session-ended', REFUSED) },
  {
    entry: 'list keys too often (S)',
    tries: 3,
    call: { op: 'keys.list' },
    with: KEY,
    outcome: fails('rate-limited', 'Could not list the keys. Minds says: Too Many Requests: Some words. (429).', 'Wait a little and try again.'),
  },
  {
    entry: 'delete a key (S)',
    call: { op: 'keys.revoke', id: '{{id.bare}}' },
    with: KEY,
    outcome: gives({ id: '{{id.bare}}', kind: 'revoked' }),
  },
  {
    entry: 'delete a key that is deleted (A)',
    call: { op: 'keys.revoke', id: '{{id.bare}}' },
    with: KEY,
    outcome: gives({ id: '{{id.bare}}', kind: 'already-gone' }),
  },
  {
    entry: 'delete a key with a key that there is not (S)',
    call: { op: 'keys.revoke', id: '{{id.prod}}' },
    with: NOBODYS,
    outcome: fails('session-ended', REFUSED),
  },
  {
    entry: 'a free plan has no flows to list (S; A: the words)',
    call: { op: 'raw', method: 'GET', path: '/api/v1/flows' },
    with: KEY,
    outcome: fails('refused', 'Could not call GET /api/v1/flows. Minds says: Forbidden: Your free plan allows no flows. Upgrade your plan. (403).', PLANS),
  },
];
