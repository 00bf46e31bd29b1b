import { type Env, variable } from '../../model/env.ts';
import type { Provider } from '../../providers/provider.ts';

/** How specific a variable is: a provider's own beats ours for all providers, which beats the bare name that anybody may have set. */
export type Tier = 'own' | 'ours' | 'bare';

const RANKS: Readonly<Record<Tier, number>> = { own: 3, ours: 2, bare: 1 };

export interface Variable {
  readonly name: string;
  readonly tier: Tier;
  /** Undefined where it is unset or empty. */
  readonly value: string | undefined;
}

export type SetVariable = Variable & { readonly value: string };

/** The variables that can hold a provider's key or address, the most specific first. */
export function variablesOf(provider: Provider, suffix: 'API_KEY' | 'API_URL', env: Env): readonly Variable[] {
  return (
    [
      [`${provider.envPrefix}_${suffix}`, 'own'],
      [`KEYWRIGHT_${suffix}`, 'ours'],
      [suffix, 'bare'],
    ] as const
  ).map(([name, tier]) => ({ name, tier, value: variable(env, name) }));
}

export function isSet(found: Variable): found is SetVariable {
  return found.value !== undefined;
}

/** Whether `one` is at least as specific as `other`. */
export function atLeast(one: Tier, other: Tier): boolean {
  return RANKS[one] >= RANKS[other];
}
