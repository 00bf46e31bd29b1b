import type { Target } from '../../api/target.ts';
import type { Env } from '../../model/env.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import { isPlainOrigin } from '../../model/plain-origin.ts';
import type { Provider } from '../../providers/provider.ts';
import { checkedBaseUrl } from '../base-url.ts';
import { type Bid, type Candidate, firstOf, withRefused } from './candidates.ts';
import { isSet, type Tier, variablesOf } from './variables.ts';

export interface AddressShown {
  /** Null where there is none, or one that may not be used; it could hold anything then. */
  readonly url: string | null;
  readonly tier: Tier | null;
}

/** Where requests go, without who is meant there. */
export type Place = Pick<Target, 'baseUrl' | 'origin'>;

/** Where an address came from; `tier` is null for the definition's. */
export interface AddressSource {
  readonly name: string;
  readonly tier: Tier | null;
}

export interface AddressDecision {
  readonly candidates: ReadonlyArray<Candidate<AddressShown>>;
  readonly outcome: { readonly kind: 'chosen'; readonly place: Place; readonly source: AddressSource } | { readonly kind: 'failed'; readonly failure: Failure };
}

type Checked = { readonly kind: 'fine'; readonly place: Place } | { readonly kind: 'failed'; readonly failure: Failure };

interface Found {
  readonly source: AddressSource;
  readonly checked: Checked;
}

const DEFINITION = 'the definition';

/** Without `href`, which keeps a question mark or hash that nothing follows. */
const baseOf = (url: URL): string => `${url.origin}${url.pathname}`.replace(/\/+$/, '');

function check(text: string, whence: string): Checked {
  if (isPlainOrigin(text)) return { kind: 'fine', place: { baseUrl: text, origin: text } };
  try {
    const url = checkedBaseUrl(text, whence);
    return { kind: 'fine', place: { baseUrl: baseOf(url), origin: url.origin } };
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
    return { kind: 'failed', failure: thrown };
  }
}

/** What is built in is a plain origin, which a test sees to; to look takes a fresh process longer than all the rest here. */
function definedPlace({ origin, baseUrl, name }: Provider): Checked {
  return origin === 'built-in' ? { kind: 'fine', place: { baseUrl, origin: baseUrl } } : check(baseUrl, `The definition of ${name}`);
}

const shownUrl = (checked: Checked): string | null => (checked.kind === 'fine' ? checked.place.baseUrl : null);

/** Where requests go: the provider's URL variable, else ours, else the bare one, else the definition. An address that may not be used fails; the next is not tried. */
export function decideAddress(provider: Provider, env: Env): AddressDecision {
  const defined = definedPlace(provider);
  const { winner, candidates } = firstOf<Found, AddressShown>([
    ...variablesOf(provider, 'API_URL', env).map((found): Bid<Found, AddressShown> => {
      const { name, tier } = found;
      if (!isSet(found)) return { source: 'variable', name, shown: { url: null, tier }, says: { kind: 'nothing', status: 'not-set', why: 'it is not set' } };
      const checked = check(found.value, name);
      return {
        source: 'variable',
        name,
        shown: { url: shownUrl(checked), tier },
        says: { kind: 'answer', answer: { source: { name, tier }, checked }, why: 'it is set' },
      };
    }),
    {
      source: 'definition',
      name: DEFINITION,
      shown: { url: shownUrl(defined), tier: null },
      says: { kind: 'answer', answer: { source: { name: DEFINITION, tier: null }, checked: defined }, why: `it is where ${provider.name} is` },
    },
  ]);
  const { source, checked } = winner?.answer ?? { source: { name: DEFINITION, tier: null }, checked: defined };
  if (checked.kind === 'failed') return { candidates: withRefused(candidates, checked.failure.detail), outcome: checked };
  return { candidates, outcome: { kind: 'chosen', place: checked.place, source } };
}
