import type { Target } from '../../api/target.ts';
import { type AccountRecord, type CredentialAddress, DEFAULT_ACCOUNT } from '../../model/credentials.ts';
import { Failure } from '../../model/failure.ts';
import { isLoopback } from '../../model/loopback.ts';
import { Secret } from '../../model/secret.ts';
import { isSurelyOf, strangerOf } from '../../providers/credential-kind.ts';
import type { Provider } from '../../providers/provider.ts';
import type { AddressSource } from './address.ts';
import { type Bid, type Candidate, firstOf, withRefused } from './candidates.ts';
import type { Facts } from './facts.ts';
import { atLeast, isSet, type SetVariable, type Tier, type Variable, variablesOf } from './variables.ts';

export interface StoredSource {
  readonly kind: 'stored';
  readonly address: CredentialAddress;
  readonly record: AccountRecord | undefined;
}

export type CredentialSource = { readonly kind: 'variable'; readonly name: string; readonly key: Secret } | StoredSource;

export interface CredentialShown {
  /** The stored account that it stands for; null for a key in a variable. */
  readonly account: string | null;
  /** The beginning and the end of a key; null where it is not one of the provider's. */
  readonly preview: string | null;
  readonly tier: Tier | null;
  /** Where the address comes from that it would be sent to. */
  readonly urlSource: string;
}

export interface CredentialDecision {
  readonly candidates: ReadonlyArray<Candidate<CredentialShown>>;
  readonly outcome: { readonly kind: 'chosen'; readonly source: CredentialSource } | { readonly kind: 'failed'; readonly failure: Failure };
  /** The sign-in that a variable hides. */
  readonly shadowed: AccountRecord | undefined;
  readonly warnings: readonly string[];
}

type Answer = { readonly kind: 'variable'; readonly found: SetVariable } | { readonly kind: 'account'; readonly account: string };
type CredentialBid = Bid<Answer, CredentialShown>;

/** A key as it may be sent: printable ASCII without spaces. A stray line end would otherwise fail deep inside a request. */
const KEY_TEXT = /^[\x21-\x7e]{1,8192}$/;

function variableBid(found: Variable, provider: Provider, account: string | undefined, urlSource: string): CredentialBid {
  const { name, tier } = found;
  const fits = isSet(found) && (tier !== 'bare' || isSurelyOf(provider, found.value));
  const preview = fits && KEY_TEXT.test(found.value) ? new Secret(found.value).preview() : null;
  const bid = (says: CredentialBid['says']): CredentialBid => ({ source: 'variable', name, shown: { account: null, preview, tier, urlSource }, says });
  if (!isSet(found)) return bid({ kind: 'nothing', status: 'not-set', why: 'it is not set' });
  if (!fits) return bid({ kind: 'nothing', status: 'does-not-fit', why: `it does not look like a key of ${provider.name}` });
  if (account !== undefined) return bid({ kind: 'nothing', status: 'set-aside', why: `--account ${account} was given` });
  return bid({ kind: 'answer', answer: { kind: 'variable', found }, why: 'it is set' });
}

/** Every stored account that could be meant, in the order in which they count. The last one always answers. */
function storedBids(provider: Provider, origin: string, { records, binding, defaults }: Facts, urlSource: string): readonly CredentialBid[] {
  const bid = (source: CredentialBid['source'], name: string, account: string | null, says: CredentialBid['says']): CredentialBid => ({
    source,
    name,
    shown: { account, preview: null, tier: null, urlSource },
    says,
  });
  const answer = (account: string, why: string): CredentialBid['says'] => ({ kind: 'answer', answer: { kind: 'account', account }, why });
  const nothing = (status: 'not-set' | 'does-not-fit' | 'absent', why: string): CredentialBid['says'] => ({ kind: 'nothing', status, why });

  const bound = binding?.account ?? null;
  const boundElsewhere = binding !== undefined && binding.provider !== null && binding.provider !== provider.id;
  const chosen = defaults.accounts.get(origin) ?? null;
  const here = records.filter((record) => record.origin === origin).map((record) => record.account);
  const [only] = here;
  const elsewhere = records.filter((record) => record.provider === provider.id && record.origin !== origin);
  return [
    bid(
      'binding',
      binding?.path ?? '.keywright.json',
      bound,
      bound === null
        ? nothing('not-set', binding === undefined ? 'no binding counts here' : 'the binding names no account')
        : boundElsewhere
          ? nothing('does-not-fit', `the binding is for ${binding?.provider ?? ''}`)
          : answer(bound, `this folder is bound to the account "${bound}"`),
    ),
    bid(
      'default',
      'use',
      chosen,
      chosen === null
        ? nothing('not-set', `no default account was chosen for ${origin}`)
        : answer(chosen, `the account "${chosen}" is the default for ${origin}`),
    ),
    bid(
      'sign-in',
      'the only account',
      here.length === 1 ? (only ?? null) : null,
      only === undefined
        ? nothing('absent', `nobody is signed in at ${origin}`)
        : here.length === 1
          ? answer(only, `"${only}" is the only account that is signed in at ${origin}`)
          : nothing('does-not-fit', `several accounts are signed in at ${origin}: ${here.join(', ')}`),
    ),
    bid('sign-in', DEFAULT_ACCOUNT, DEFAULT_ACCOUNT, answer(DEFAULT_ACCOUNT, 'it is the name that counts where nothing else was chosen')),
    ...elsewhere.map((record) =>
      bid('sign-in', record.account, record.account, nothing('does-not-fit', `it belongs to ${record.origin}, and is sent nowhere else`)),
    ),
  ];
}

/** A key goes only to an address of the same or a more specific tier, so that a stray `API_URL` cannot draw it elsewhere. Loopback is exempt. */
function strayAddress(key: SetVariable, url: AddressSource, target: Target): Failure | undefined {
  if (url.tier === null || atLeast(url.tier, key.tier) || key.tier === 'bare' || isLoopback(new URL(target.origin).hostname)) return undefined;
  return new Failure('refused', {
    detail: `${key.name} was not sent to the address in ${url.name}, which may be meant for something else.`,
    hint: `Set ${target.provider.envPrefix}_API_URL to say that this key belongs there, or unset ${url.name}.`,
  });
}

/** A key that is surely another provider's would be shown to a stranger, and be refused there. */
function strangersKey(key: SetVariable, { provider }: Target, { providers }: Facts): Failure | undefined {
  const owner = strangerOf(key.value, provider, providers);
  if (owner === undefined) return undefined;
  return new Failure('refused', {
    detail: `${key.name} holds what looks like a key of ${owner.name}; it was not sent to ${provider.name}.`,
    hint: `Name the provider: --provider ${owner.id}, or unset ${key.name}.`,
  });
}

function notAKey(key: SetVariable): Failure | undefined {
  if (KEY_TEXT.test(key.value)) return undefined;
  return new Failure('usage', {
    detail: `${key.name} holds a space, a line end or another character that no key has.`,
    hint: `Set ${key.name} again, to the key alone.`,
  });
}

/**
 * The credential that is used at `target`: the account of `--account`, else the provider's variable, `KEYWRIGHT_API_KEY`, an
 * `API_KEY` that looks like a key of the provider, else the account of the directory binding, the default account of this
 * machine for this origin, the only account that is signed in there, and last the account called `default`.
 * A variable that may not be used as it stands fails; nothing stored takes its place.
 */
export function decideCredential(target: Target, url: AddressSource, account: string | undefined, facts: Facts): CredentialDecision {
  const { provider, origin } = target;
  const recordOf = (name: string): AccountRecord | undefined => facts.records.find((record) => record.origin === origin && record.account === name);
  const variables = variablesOf(provider, 'API_KEY', facts.env);
  const stored = storedBids(provider, origin, facts, url.name);
  const { winner, candidates } = firstOf<Answer, CredentialShown>([
    {
      source: 'flag',
      name: '--account',
      shown: { account: account ?? null, preview: null, tier: null, urlSource: url.name },
      says:
        account === undefined
          ? { kind: 'nothing', status: 'not-set', why: 'no account was named' }
          : { kind: 'answer', answer: { kind: 'account', account }, why: 'it was named' },
    },
    ...variables.map((found) => variableBid(found, provider, account, url.name)),
    ...stored,
  ]);
  const answer = winner?.answer ?? { kind: 'account', account: DEFAULT_ACCOUNT };
  if (answer.kind === 'account') {
    const address = { origin, account: answer.account };
    const source: StoredSource = { kind: 'stored', address, record: recordOf(answer.account) };
    return { candidates, outcome: { kind: 'chosen', source }, shadowed: undefined, warnings: warningsOf(candidates, account) };
  }
  const failure = strayAddress(answer.found, url, target) ?? strangersKey(answer.found, target, facts) ?? notAKey(answer.found);
  if (failure !== undefined) {
    return { candidates: withRefused(candidates, failure.detail), outcome: { kind: 'failed', failure }, shadowed: undefined, warnings: [] };
  }
  const instead = firstOf(stored).winner?.answer;
  const shadowed = (instead?.kind === 'account' ? recordOf(instead.account) : undefined) ?? facts.records.find((record) => record.origin === origin);
  const { name } = answer.found;
  const said = shadowed === undefined ? [] : [`${name} is used; the stored sign-in "${shadowed.account}" at ${origin} is not.`];
  const source: CredentialSource = { kind: 'variable', name, key: new Secret(answer.found.value) };
  return { candidates, outcome: { kind: 'chosen', source }, shadowed, warnings: said };
}

/** What is said where a stored credential is used although a variable is set. The variable that counts would have been the first. */
function warningsOf(candidates: ReadonlyArray<Candidate<CredentialShown>>, account: string | undefined): readonly string[] {
  const first = candidates.find(({ source, status }) => source === 'variable' && status !== 'not-set');
  if (first === undefined) return [];
  if (account !== undefined) return first.status === 'set-aside' ? [`${first.name} is set aside, since --account ${account} was given.`] : [];
  return first.status === 'does-not-fit' ? [`${first.name} is set, but ${first.why}; it is not used.`] : [];
}
