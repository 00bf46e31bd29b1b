import { describe, expect, it } from 'vitest';
import { checkedKeyRequest, type KeyWishes } from '../../../src/flows/key-request.ts';
import type { KeyRequest } from '../../../src/model/api-key.ts';
import { DAY_MS } from '../../../src/model/duration.ts';
import { type Failure, isFailure } from '../../../src/model/failure.ts';
import { agntix } from '../../../src/providers/agntix.ts';
import { memax } from '../../../src/providers/memax.ts';
import { minds } from '../../../src/providers/minds.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { reminix } from '../../../src/providers/reminix.ts';

const NOW = Date.parse('2026-07-01T00:00:00Z');
const NO_WISHES: KeyWishes = { name: undefined, scopes: [], readOnly: false, expires: undefined, agent: undefined, hubs: [], trust: undefined };
const NOTHING: KeyRequest = { name: null, scopes: [], agent: null, hubs: [], trust: null, expiresAt: null };

const asked = (provider: Provider, wishes: Partial<KeyWishes>): KeyRequest => checkedKeyRequest({ ...NO_WISHES, ...wishes }, provider, NOW);

function refusal(provider: Provider, wishes: Partial<KeyWishes>): Failure {
  try {
    asked(provider, wishes);
  } catch (thrown) {
    if (isFailure(thrown)) return thrown;
  }
  throw new Error('it was taken');
}

describe('what a new key shall be', () => {
  it.each<[string, Provider, Partial<KeyWishes>, KeyRequest]>([
    ['a name alone', memax, { name: ' ci ' }, { ...NOTHING, name: 'ci' }],
    ['no name where none is needed', minds, {}, NOTHING],
    [
      'everything that there are words for',
      memax,
      { name: 'ci', scopes: ['read', 'write'], expires: '90d', agent: 'codex', hubs: ['h1', 'h2', 'h1'], trust: 'elevated' },
      { name: 'ci', scopes: ['read', 'write'], agent: 'codex', hubs: ['h1', 'h2'], trust: 'elevated', expiresAt: NOW + 90 * DAY_MS },
    ],
    ['a scope that is not known yet', memax, { name: 'ci', scopes: ['memory:read'] }, { ...NOTHING, name: 'ci', scopes: ['memory:read'] }],
    ['--read-only as the scopes that read', memax, { name: 'ci', readOnly: true }, { ...NOTHING, name: 'ci', scopes: ['read'] }],
    ['--read-only where several scopes read', agntix, { name: 'ci', readOnly: true }, { ...NOTHING, name: 'ci', scopes: ['chat:read', 'agents:read'] }],
    ['anything where no key can be made at all', reminix, { name: 'ci', trust: 'admin' }, NOTHING],
  ])('takes %s', (_title, provider, wishes, request) => {
    expect(asked(provider, wishes)).toEqual(request);
  });

  it.each<[Provider, Partial<KeyWishes>, string, string]>([
    [memax, {}, 'A key of Memax needs a name.', 'Such as: keywright auth create-key ci-deploy'],
    [agntix, {}, 'A key of Agntix needs a name.', 'Such as: keywright auth create-key ci-deploy'],
    [minds, { name: '' }, 'The name of a key has 1 to 100 characters and no line ends; this one has 0.', 'Such as: keywright auth create-key ci-deploy'],
    [minds, { expires: '90d' }, 'Keys of Minds do not expire.', 'Leave --expires out, and rotate or revoke the key in time.'],
    [agntix, { name: 'ci', expires: '90d' }, 'Keys of Agntix do not expire.', 'Leave --expires out, and rotate or revoke the key in time.'],
    [minds, { agent: 'codex' }, 'Keys of Minds are not marked with an agent.', 'Leave --agent out, and put it into the name.'],
    [minds, { hubs: ['h1'] }, 'Keys of Minds are not confined to hubs.', 'Leave --hub out.'],
    [minds, { scopes: ['read'] }, 'Keys of Minds have no scopes: each may do all that its owner may.', 'Leave --scope out.'],
    [minds, { readOnly: true }, 'Keys of Minds cannot be confined to reading.', 'Leave --read-only out.'],
    [minds, { trust: 'admin' }, 'Keys of Minds have no trust level.', 'Leave --trust out.'],
    [memax, { name: 'ci', readOnly: true, scopes: ['read'] }, '--read-only and --scope exclude each other.', 'Give one of them.'],
    [memax, { name: 'ci', trust: 'Admin' }, 'There is no trust level "Admin".', 'The levels are: public, standard, elevated, admin.'],
    [memax, { name: 'ci', trust: '' }, 'There is no trust level "".', 'The levels are: public, standard, elevated, admin.'],
    [memax, { name: 'ci', trust: '\u001b[31mred' }, 'There is no trust level "red".', 'The levels are: public, standard, elevated, admin.'],
    [memax, { name: 'ci', hubs: ['h1', 'h 2'] }, '"h 2" cannot be the id of a hub.', 'Take the id from: keywright whoami --json'],
    [memax, { name: 'ci', hubs: [''] }, '"" cannot be the id of a hub.', 'Take the id from: keywright whoami --json'],
    [memax, { name: 'ci', hubs: ['../h'] }, '"../h" cannot be the id of a hub.', 'Take the id from: keywright whoami --json'],
  ])('refuses of $id the wish for %j', (provider, wishes, detail, hint) => {
    const { code, detail: said, hint: advised } = refusal(provider, wishes);
    expect([code, said, advised]).toEqual(['usage', detail, hint]);
  });

  it('has a name of at most as many characters as the provider takes, whatever their size', () => {
    const provider: Provider = { ...minds, keys: { ...minds.keys, create: { ...minds.keys.create, takes: { ...minds.keys.create.takes, longestName: 5 } } } };
    expect(asked(provider, { name: '\u{1f511}'.repeat(5) }).name).toBe('\u{1f511}'.repeat(5));
    expect(refusal(provider, { name: 'n'.repeat(6) }).detail).toBe('The name of a key has 1 to 5 characters and no line ends; this one has 6.');
  });
});
