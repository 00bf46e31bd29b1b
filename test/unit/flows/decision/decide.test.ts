import { describe, expect, it } from 'vitest';
import { decide, type Decision, type Named } from '../../../../src/flows/decision/decide.ts';
import type { Facts } from '../../../../src/flows/decision/facts.ts';
import type { AccountRecord } from '../../../../src/model/credentials.ts';
import type { Binding } from '../../../../src/model/binding.ts';
import { minds } from '../../../../src/providers/minds.ts';
import type { Provider } from '../../../../src/providers/provider.ts';
import { memax } from '../../../../src/providers/memax.ts';
import { PROVIDERS } from '../../../../src/providers/registry.ts';

const one: Provider = memax;
const two: Provider = { ...one, id: 'second', name: 'Second', envPrefix: 'SECOND', baseUrl: 'https://api.second.test' };
const HOME_1 = 'https://api.memax.app';
const HOME_2 = 'https://api.second.test';
const KEY = `mxk_${'0a'.repeat(32)}`;

const nobody: Facts = {
  providers: [one, two],
  env: {},
  records: [],
  binding: undefined,
  defaults: { provider: null, accounts: new Map(), trusted: new Map() },
};
const unnamed: Named = { provider: undefined, account: undefined };

const record = (provider: string, origin: string, account: string): AccountRecord => ({
  provider,
  origin,
  account,
  kind: 'oauth',
  store: 'keychain',
  signedInAt: '2026-01-01T00:00:00.000Z',
  expiresAt: null,
  scopes: [],
  identity: null,
});
const binding = (provider: string | null, account: string | null = null): Binding => ({
  path: '/p/.keywright.json',
  provider,
  account,
  project: null,
  hash: 'a'.repeat(64),
});

/** What was decided, in a few words. */
function inShort({ outcome }: Decision): string {
  if (outcome.kind === 'failed') return outcome.failure.code;
  const { target, source } = outcome;
  return `${target.provider.id} ${source.kind === 'variable' ? source.name : source.address.account}`;
}

const statuses = (candidates: ReadonlyArray<{ readonly source: string; readonly name: string; readonly status: string }>): readonly string[] =>
  candidates.map(({ source, name, status }) => `${source} ${name}: ${status}`);

describe('the provider', () => {
  const bound = { binding: binding('second') };
  const variable = { env: { SECOND_API_KEY: KEY } };
  const defaults = { defaults: { ...nobody.defaults, provider: 'second' } };
  const signedIn = { records: [record('second', HOME_2, 'default')] };

  it.each<[string, Named, Partial<Facts>, string]>([
    ['--provider before a binding', { ...unnamed, provider: one }, bound, 'memax default'],
    ['a binding before the only variable', unnamed, { ...bound, env: { MEMAX_API_KEY: KEY } }, 'second default'],
    ['the only variable before the default', unnamed, { ...variable, defaults: { ...nobody.defaults, provider: 'memax' } }, 'second SECOND_API_KEY'],
    ['the default, where several variables are set', unnamed, { ...defaults, env: { MEMAX_API_KEY: KEY, SECOND_API_KEY: KEY } }, 'second SECOND_API_KEY'],
    ['the default before the only sign-in', unnamed, { ...defaults, records: [record('memax', HOME_1, 'default')] }, 'second default'],
    ['the only sign-in', unnamed, signedIn, 'second default'],
    ['nothing, where nobody is signed in', unnamed, {}, 'signed-out'],
    ['nothing, where nobody is signed in, also with one provider alone', unnamed, { providers: [two] }, 'signed-out'],
    ['nothing, where a bare variable belongs to something else', unnamed, { env: { API_KEY: 'something else' } }, 'signed-out'],
    ['nothing, where several variables are set', unnamed, { env: { MEMAX_API_KEY: KEY, SECOND_API_KEY: KEY } }, 'needs-answer'],
    ['nothing, where a lone key is like those of several', unnamed, { env: { API_KEY: KEY } }, 'needs-answer'],
    ['nothing, where ours holds what is like no key', unnamed, { env: { KEYWRIGHT_API_KEY: 'of-nobody' } }, 'needs-answer'],
    ['nothing, where several are signed in', unnamed, { records: [record('memax', HOME_1, 'a'), record('second', HOME_2, 'b')] }, 'needs-answer'],
    ['an empty variable does not count', unnamed, { ...defaults, env: { MEMAX_API_KEY: '' } }, 'second default'],
    ['a bare variable does not name a provider', unnamed, { ...signedIn, env: { API_KEY: 'something else' } }, 'second default'],
  ])('is decided by %s', (_title, named, facts, expected) => {
    expect(inShort(decide(named, { ...nobody, ...facts }))).toBe(expected);
  });

  const MINDS_KEY = `minds_${'0b'.repeat(24)}`;
  const vendors: Partial<Facts> = { providers: PROVIDERS };

  it.each<[string, Partial<Facts>, string]>([
    ['ours', { env: { KEYWRIGHT_API_KEY: MINDS_KEY } }, 'minds KEYWRIGHT_API_KEY'],
    ['the bare one', { env: { API_KEY: MINDS_KEY } }, 'minds API_KEY'],
    ['ours before the bare one', { env: { KEYWRIGHT_API_KEY: KEY, API_KEY: MINDS_KEY } }, 'memax KEYWRIGHT_API_KEY'],
    ['the bare one where ours is empty', { env: { KEYWRIGHT_API_KEY: '', API_KEY: MINDS_KEY } }, 'minds API_KEY'],
    ['ours only after the only variable of a provider', { env: { MEMAX_API_KEY: KEY, KEYWRIGHT_API_KEY: MINDS_KEY } }, 'memax MEMAX_API_KEY'],
    ['the bare one only after the only sign-in', { env: { API_KEY: MINDS_KEY }, records: [record('memax', HOME_1, 'default')] }, 'memax default'],
    ['the bare one only after a default', { env: { API_KEY: MINDS_KEY }, defaults: { ...nobody.defaults, provider: 'memax' } }, 'memax default'],
    ['none that is cut off', { env: { API_KEY: MINDS_KEY.slice(0, -1) } }, 'signed-out'],
    ['none that anybody may have issued', { env: { API_KEY: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1MSJ9.' } }, 'signed-out'],
  ])('is decided by the look of a lone key: %s', (_title, facts, expected) => {
    expect(inShort(decide(unnamed, { ...nobody, ...vendors, ...facts }))).toBe(expected);
  });

  it('is not decided by the look of one key where another one would be sent', () => {
    const decision = decide(unnamed, { ...nobody, ...vendors, env: { KEYWRIGHT_API_KEY: 'of-something-else', API_KEY: MINDS_KEY } });
    expect([inShort(decision), decision.warnings]).toEqual([
      'needs-answer',
      [
        'KEYWRIGHT_API_KEY is set, but it does not look like a key of any provider; it is not used.',
        'API_KEY is set, but KEYWRIGHT_API_KEY is the one that would be sent; it is not used.',
      ],
    ]);
  });

  it('is warned of a lone key by which it cannot be told, and of none otherwise', () => {
    const warnings = (facts: Partial<Facts>): readonly string[] => decide(unnamed, { ...nobody, ...vendors, ...facts }).warnings;
    expect(warnings({ env: { API_KEY: 'of-something-else' } })).toEqual(['API_KEY is set, but it does not look like a key of any provider; it is not used.']);
    expect(warnings({ providers: [one, two], env: { API_KEY: KEY } })).toEqual([
      'API_KEY is set, but it looks like a key of several: memax, second; it is not used.',
    ]);
    expect(warnings({})).toEqual([]);
    expect(warnings({ env: { API_KEY: MINDS_KEY } })).toEqual([]);
    expect(warnings({ env: { MEMAX_API_KEY: KEY, API_KEY: 'of-something-else' } })).toEqual([]);
  });

  it('is not taken from a binding or a default that names one that is not known, and that is said', () => {
    const decision = decide(unnamed, { ...nobody, binding: binding('gone'), defaults: { ...nobody.defaults, provider: 'gone-too' }, ...signedIn });
    expect(inShort(decision)).toBe('second default');
    expect(decision.warnings).toEqual([
      'The directory binding /p/.keywright.json names the provider "gone", which is not known here; it is passed over.',
      'The default provider "gone-too" is not known any more; it is passed over. Choose another: keywright use <provider>',
    ]);
    expect(decide({ ...unnamed, provider: one }, { ...nobody, binding: binding('gone') }).warnings).toEqual([]);
  });

  it('is explained by all places in their order, whichever decided', () => {
    const decision = decide(unnamed, { ...nobody, ...bound, ...defaults, env: { MEMAX_API_KEY: KEY }, records: signedIn.records });
    expect(statuses(decision.provider)).toEqual([
      'flag --provider: not-set',
      'binding /p/.keywright.json: used',
      'variable MEMAX_API_KEY: shadowed',
      'default use: shadowed',
      'sign-in the only sign-in: shadowed',
      'variable KEYWRIGHT_API_KEY: not-set',
      'variable API_KEY: not-set',
    ]);
  });
});

describe('the credential', () => {
  const named = { provider: one, account: undefined };
  const records = [record('memax', HOME_1, 'home'), record('memax', HOME_1, 'work'), record('memax', 'https://other.test', 'far')];
  const env = { MEMAX_API_KEY: KEY, KEYWRIGHT_API_KEY: KEY, API_KEY: KEY };
  const chosen = { defaults: { ...nobody.defaults, accounts: new Map([[HOME_1, 'home']]) } };
  const bound = { binding: binding('memax', 'work') };

  it.each<[string, Named, Partial<Facts>, string]>([
    ['--account before every variable', { ...named, account: 'x' }, { env, records, ...bound }, 'memax x'],
    ["the provider's variable", named, { env, records, ...bound, ...chosen }, 'memax MEMAX_API_KEY'],
    ['our variable', named, { env: { ...env, MEMAX_API_KEY: '' }, records }, 'memax KEYWRIGHT_API_KEY'],
    ['the bare variable, if it fits', named, { env: { API_KEY: KEY }, records }, 'memax API_KEY'],
    ['the binding, if the bare variable does not fit', named, { env: { API_KEY: 'x' }, records, ...bound, ...chosen }, 'memax work'],
    ['the binding before the default account', named, { records, ...bound, ...chosen }, 'memax work'],
    ['a binding without a provider', named, { records, binding: binding(null, 'work') }, 'memax work'],
    ['the default account, if the binding is for another provider', named, { records, binding: binding('second', 'work'), ...chosen }, 'memax home'],
    ['the default account', named, { records, ...chosen }, 'memax home'],
    ['the default account of this very origin', named, { records, ...chosen, env: { MEMAX_API_URL: 'https://other.test' } }, 'memax far'],
    ['the only account at the origin', named, { records: [record('memax', HOME_1, 'work')] }, 'memax work'],
    ['the name "default", where there are several', named, { records }, 'memax default'],
    ['the name "default", where there is none', named, {}, 'memax default'],
  ])('is decided by %s', (_title, asked, facts, expected) => {
    expect(inShort(decide(asked, { ...nobody, ...facts }))).toBe(expected);
  });

  it('comes with the record of this very origin, not with that of another by the same name', () => {
    const [there, here] = [record('memax', 'https://other.test', 'work'), record('memax', HOME_1, 'work')];
    const found = (known: readonly AccountRecord[]): unknown => {
      const { outcome } = decide({ ...named, account: 'work' }, { ...nobody, records: known });
      return outcome.kind === 'decided' ? outcome.source : outcome.failure.code;
    };
    const address = { origin: HOME_1, account: 'work' };
    expect(found([there, here])).toEqual({ kind: 'stored', address, record: here });
    expect(found([there])).toEqual({ kind: 'stored', address, record: undefined });
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['a key of the provider with a bare address', { MEMAX_API_KEY: KEY, API_URL: 'https://x.test' }, 'refused'],
    ['a key of ours with a bare address', { KEYWRIGHT_API_KEY: KEY, API_URL: 'https://x.test' }, 'refused'],
    ['a key of the provider with an address of ours', { MEMAX_API_KEY: KEY, KEYWRIGHT_API_URL: 'https://x.test' }, 'refused'],
    ['a bare key with any address', { API_KEY: KEY, API_URL: 'https://x.test' }, 'memax API_KEY'],
    ['a key of ours with an address of the provider', { KEYWRIGHT_API_KEY: KEY, MEMAX_API_URL: 'https://x.test' }, 'memax KEYWRIGHT_API_KEY'],
    ['a key of the provider with a bare address on this machine', { MEMAX_API_KEY: KEY, API_URL: 'http://127.0.0.1:1' }, 'memax MEMAX_API_KEY'],
    ['a key with a line end', { MEMAX_API_KEY: `${KEY}\n` }, 'usage'],
    ['plain http', { MEMAX_API_KEY: KEY, MEMAX_API_URL: 'http://x.test' }, 'refused'],
  ])('decides about %s', (_title, variables, expected) => {
    expect(inShort(decide(named, { ...nobody, env: variables, records }))).toBe(expected);
  });

  it('is explained by all places in their order, whichever decided', () => {
    const all = { ...nobody, records, ...bound, ...chosen };
    const stored = (first: string): readonly string[] => [
      `binding /p/.keywright.json: ${first}`,
      'default use: shadowed',
      'sign-in the only account: does-not-fit',
      'sign-in default: shadowed',
      'sign-in far: does-not-fit',
    ];
    expect(statuses(decide({ ...named, account: 'home' }, { ...all, env }).credential)).toEqual([
      'flag --account: used',
      'variable MEMAX_API_KEY: set-aside',
      'variable KEYWRIGHT_API_KEY: set-aside',
      'variable API_KEY: set-aside',
      ...stored('shadowed'),
    ]);
    expect(statuses(decide(named, { ...all, env: { ...env, MEMAX_API_KEY: undefined } }).credential)).toEqual([
      'flag --account: not-set',
      'variable MEMAX_API_KEY: not-set',
      'variable KEYWRIGHT_API_KEY: used',
      'variable API_KEY: shadowed',
      ...stored('shadowed'),
    ]);
    expect(statuses(decide(named, { ...all, env: { API_KEY: 'no key of theirs' } }).credential)).toEqual([
      'flag --account: not-set',
      'variable MEMAX_API_KEY: not-set',
      'variable KEYWRIGHT_API_KEY: not-set',
      'variable API_KEY: does-not-fit',
      ...stored('used'),
    ]);
    expect(statuses(decide(named, { ...all, env: { ...env, API_URL: 'https://x.test' } }).credential).slice(0, 4)).toEqual([
      'flag --account: not-set',
      'variable MEMAX_API_KEY: refused',
      'variable KEYWRIGHT_API_KEY: shadowed',
      'variable API_KEY: shadowed',
    ]);
  });

  it('shows of a key its two ends, and of what is no key of the provider nothing', () => {
    const previews = (variables: Readonly<Record<string, string>>): ReadonlyArray<string | null> =>
      decide(named, { ...nobody, env: variables })
        .credential.filter(({ source }) => source === 'variable')
        .map(({ preview }) => preview);
    expect(previews({ MEMAX_API_KEY: KEY, KEYWRIGHT_API_KEY: 'short', API_KEY: 'a-secret-of-something-else' })).toEqual(['mxk_0a0a...0a0a', '****', null]);
    expect(previews({ MEMAX_API_KEY: `${KEY}\n` })).toEqual([null, null, null]);
  });
});

describe('the address', () => {
  it('is explained by all places in their order, and one that may not be used is not shown', () => {
    const decision = decide({ ...unnamed, provider: one }, { ...nobody, env: { KEYWRIGHT_API_URL: 'https://me:secret@x.test', API_URL: 'https://y.test/' } });
    expect(decision.address.map(({ name, status, url, tier }) => [name, status, url, tier])).toEqual([
      ['MEMAX_API_URL', 'not-set', null, 'own'],
      ['KEYWRIGHT_API_URL', 'refused', null, 'ours'],
      ['API_URL', 'shadowed', 'https://y.test', 'bare'],
      ['the definition', 'shadowed', 'https://api.memax.app', null],
    ]);
    expect(inShort(decision)).toBe('usage');
    expect(JSON.stringify(decision.address)).not.toContain('secret');
  });
});

describe('what a binding did', () => {
  const records = [record('memax', HOME_1, 'default'), record('memax', HOME_1, 'work')];
  const effect = (named: Partial<Named>, facts: Partial<Facts>): unknown => {
    const { outcome } = decide({ ...unnamed, ...named }, { ...nobody, records, ...facts });
    return outcome.kind === 'decided' ? outcome.binding : outcome.failure.code;
  };
  it('is nothing where the same would be used without it', () => {
    expect(effect({}, {})).toEqual({ kind: 'none' });
    expect(effect({}, { binding: binding('memax', 'default') })).toEqual({ kind: 'none' });
    expect(effect({ account: 'work' }, { binding: binding('memax', 'default') })).toEqual({ kind: 'none' });
    expect(effect({}, { binding: binding('memax', 'work'), env: { MEMAX_API_KEY: KEY } })).toEqual({ kind: 'none' });
    expect(effect({ provider: two }, { binding: binding('memax', 'work') })).toEqual({ kind: 'none' });
  });

  it.each<[Partial<Facts>, string, string | null]>([
    [{ binding: binding('memax', 'work') }, 'the account "work" at memax', 'the account "default" at memax'],
    [{ binding: binding('second') }, 'the account "default" at second', 'the account "default" at memax'],
    [{ binding: binding('second'), records: [] }, 'the account "default" at second', null],
    [
      { binding: binding('second'), env: { SECOND_API_KEY: KEY, MEMAX_API_KEY: KEY }, defaults: { ...nobody.defaults, provider: 'memax' } },
      'SECOND_API_KEY at second',
      'MEMAX_API_KEY at memax',
    ],
  ])('is told where it leads elsewhere: %j', (facts, leadsTo, insteadOf) => {
    expect(effect({}, facts)).toEqual({ kind: 'untrusted', binding: facts.binding, leadsTo, insteadOf });
  });

  it('is trusted only with the very path and content that the person vouched for', () => {
    const trusted = (path: string, hash: string): Partial<Facts> => ({
      binding: binding('memax', 'work'),
      defaults: { ...nobody.defaults, trusted: new Map([[path, hash]]) },
    });
    expect(effect({}, trusted('/p/.keywright.json', 'a'.repeat(64)))).toEqual({ kind: 'trusted', binding: binding('memax', 'work') });
    expect(effect({}, trusted('/q/.keywright.json', 'a'.repeat(64)))).toMatchObject({ kind: 'untrusted' });
    expect(effect({}, trusted('/p/.keywright.json', 'b'.repeat(64)))).toMatchObject({ kind: 'untrusted' });
  });
});

describe('a key of another provider', () => {
  const strangers = `minds_${'0a'.repeat(24)}`;
  const both = { providers: [one, minds] };

  it.each(['MEMAX_API_KEY', 'KEYWRIGHT_API_KEY'])('is not shown to a stranger by %s', (name) => {
    const { outcome, credential } = decide({ ...unnamed, provider: one }, { ...nobody, ...both, env: { [name]: strangers } });
    if (outcome.kind !== 'failed') throw new Error('it was sent');
    expect(outcome.failure.code).toBe('refused');
    expect(outcome.failure.detail).toBe(`${name} holds what looks like a key of Minds; it was not sent to Memax.`);
    expect(outcome.failure.detail).not.toContain(strangers);
    expect(statuses(credential)).toContain(`variable ${name}: refused`);
  });

  it('goes to its own', () => {
    expect(inShort(decide({ ...unnamed, provider: minds }, { ...nobody, ...both, env: { KEYWRIGHT_API_KEY: strangers } }))).toBe('minds KEYWRIGHT_API_KEY');
  });
});
