import { variable } from '../../model/env.ts';
import { Failure } from '../../model/failure.ts';
import { isSurelyOf } from '../../providers/credential-kind.ts';
import type { Provider } from '../../providers/provider.ts';
import { plainText } from '../../render/plain-text.ts';
import { type Bid, type Candidate, firstOf } from './candidates.ts';
import type { Facts } from './facts.ts';

export interface ProviderShown {
  readonly provider: string | null;
}

export interface ProviderDecision {
  readonly candidates: ReadonlyArray<Candidate<ProviderShown>>;
  readonly outcome: { readonly kind: 'chosen'; readonly provider: Provider } | { readonly kind: 'failed'; readonly failure: Failure };
  /** What the person should hear although the command goes on. */
  readonly warnings: readonly string[];
}

type ProviderBid = Bid<Provider, ProviderShown>;

const ids = (providers: readonly Provider[]): string => providers.map((provider) => provider.id).join(', ');

function answer(source: ProviderBid['source'], name: string, provider: Provider, why: string): ProviderBid {
  return { source, name, shown: { provider: provider.id }, says: { kind: 'answer', answer: provider, why } };
}

function nothing(
  source: ProviderBid['source'],
  name: string,
  status: 'not-set' | 'does-not-fit' | 'absent',
  why: string,
  provider: string | null = null,
): ProviderBid {
  return { source, name, shown: { provider }, says: { kind: 'nothing', status, why } };
}

/** A provider that is named by its id somewhere other than the command line: an unknown one is passed over. */
function named(source: 'binding' | 'default', name: string, id: string | null, whereUnset: string, why: string, facts: Facts): ProviderBid {
  if (id === null) return nothing(source, name, 'not-set', whereUnset);
  const provider = facts.providers.find((known) => known.id === id);
  return provider === undefined ? nothing(source, name, 'does-not-fit', 'no provider of this name is known', id) : answer(source, name, provider, why);
}

/** A place that answers only if exactly one provider fits. */
function theOnly(source: ProviderBid['source'], name: string, fitting: readonly Provider[], none: ProviderBid, several: string, why: string): ProviderBid {
  const [only] = fitting;
  if (only === undefined) return none;
  return fitting.length === 1 ? answer(source, name, only, why) : nothing(source, name, 'does-not-fit', `${several}: ${ids(fitting)}`);
}

/** The variables that name no provider, the one that is sent first. */
const UNNAMED = ['KEYWRIGHT_API_KEY', 'API_KEY'] as const;

/**
 * Where nothing else decides, a key tells by its look whose it is: in a pipeline a bare variable may be all that there is. Only the
 * key that would be sent may tell, or one key would choose where another one goes.
 */
function byLook(name: (typeof UNNAMED)[number], { providers, env }: Facts): ProviderBid {
  const value = variable(env, name);
  if (value === undefined) return nothing('variable', name, 'not-set', 'it is not set');
  const first = UNNAMED.find((each) => variable(env, each) !== undefined) ?? name;
  if (first !== name) return nothing('variable', name, 'does-not-fit', `${first} is the one that would be sent`);
  return theOnly(
    'variable',
    name,
    providers.filter((provider) => isSurelyOf(provider, value)),
    nothing('variable', name, 'does-not-fit', 'it does not look like a key of any provider'),
    'it looks like a key of several',
    'the key in it is one of this provider by its look',
  );
}

/** Whether any variable holds a key that a provider could be meant by, though it may not tell which. What is in the bare one may be anybody's. */
export function bringsKey({ providers, env }: Pick<Facts, 'providers' | 'env'>): boolean {
  const bare = variable(env, 'API_KEY');
  return (
    variable(env, 'KEYWRIGHT_API_KEY') !== undefined ||
    providers.some((provider) => variable(env, `${provider.envPrefix}_API_KEY`) !== undefined || (bare !== undefined && isSurelyOf(provider, bare)))
  );
}

function bids(flag: Provider | undefined, facts: Facts): readonly ProviderBid[] {
  const { providers, env, binding, defaults, records } = facts;
  const keyOf = (provider: Provider): string => `${provider.envPrefix}_API_KEY`;
  const withVariable = providers.filter((provider) => variable(env, keyOf(provider)) !== undefined);
  const variableName = withVariable.length === 1 ? withVariable.map(keyOf).join('') : '<PROVIDER>_API_KEY';
  const signedIn = new Set(records.map((record) => record.provider));
  return [
    flag === undefined ? nothing('flag', '--provider', 'not-set', 'no provider was named') : answer('flag', '--provider', flag, 'it was named'),
    named(
      'binding',
      binding?.path ?? '.keywright.json',
      binding?.provider ?? null,
      binding === undefined ? 'no binding counts here' : 'the binding names no provider',
      'this folder is bound to it',
      facts,
    ),
    theOnly(
      'variable',
      variableName,
      withVariable,
      nothing('variable', variableName, 'not-set', 'no key variable of a provider is set'),
      'key variables of several providers are set',
      'it is the only key variable of a provider that is set',
    ),
    named('default', 'use', defaults.provider, 'no default was chosen', 'it is the default on this machine', facts),
    theOnly(
      'sign-in',
      'the only sign-in',
      providers.filter((provider) => signedIn.has(provider.id)),
      nothing('sign-in', 'the only sign-in', 'absent', 'nobody is signed in'),
      'several are signed in',
      'it is the only one signed in',
    ),
    ...UNNAMED.map((name) => byLook(name, facts)),
  ];
}

/**
 * The provider that a command is about: `--provider` (`flag`), else the directory binding, else the only one whose own key
 * variable is set, else the default of this machine, else the only one signed in, else the one that a key in `KEYWRIGHT_API_KEY`
 * or `API_KEY` is of by its look.
 * `needs-answer` where none of these decides.
 */
export function decideProvider(flag: Provider | undefined, facts: Facts): ProviderDecision {
  const { winner, candidates } = firstOf(bids(flag, facts));
  const before = candidates.findIndex((candidate) => candidate.status === 'used');
  const warnings = candidates
    .slice(0, before === -1 ? candidates.length : before)
    .filter(({ source, status }) => status === 'does-not-fit' && (source === 'binding' || source === 'default'))
    .map(({ source, name, provider }) =>
      source === 'binding'
        ? `The directory binding ${plainText(name)} names the provider "${provider ?? ''}", which is not known here; it is passed over.`
        : `The default provider "${provider ?? ''}" is not known any more; it is passed over. Choose another: keywright use <provider>`,
    );
  if (winner !== undefined) return { candidates, outcome: { kind: 'chosen', provider: winner.answer }, warnings };
  const unused = candidates
    .filter(({ status, name }) => status === 'does-not-fit' && UNNAMED.some((each) => each === name))
    .map(({ name, why }) => `${name} is set, but ${why}; it is not used.`);
  const failure = new Failure('needs-answer', {
    detail: 'It is not clear which provider is meant.',
    hint: `Name it: --provider ${facts.providers.map((provider) => provider.id).join('|')}   (or choose a default: keywright use <provider>)`,
  });
  return { candidates, outcome: { kind: 'failed', failure }, warnings: [...warnings, ...unused] };
}
