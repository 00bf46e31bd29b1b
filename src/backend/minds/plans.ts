import type { State } from '../state.ts';
import type { MindsPlan } from '../tuning.ts';

/** How many of each a plan allows; null where there is no limit. */
interface Limits {
  readonly minds: number | null;
  readonly flows: number | null;
}

/** As the vendor's docs list them. */
const LIMITS: Readonly<Record<MindsPlan, Limits>> = {
  free: { minds: 1, flows: 0 },
  lite: { minds: 3, flows: 3 },
  premium: { minds: null, flows: null },
  academic: { minds: null, flows: null },
  team: { minds: null, flows: null },
};

export const PLANS = ['free', 'lite', 'premium', 'academic', 'team'] as const satisfies readonly MindsPlan[];

export interface Plan {
  current(): MindsPlan;
  limits(): Limits;
  change(plan: MindsPlan): void;
}

export function planNamed(name: string): MindsPlan | undefined {
  return PLANS.find((plan) => plan === name);
}

/** The plan of the only user that there is: `first` until somebody changes it, and over restarts from then on. */
export function planOf(state: State, first: MindsPlan): Plan {
  const current = (): MindsPlan => {
    const kept = state.read('plan');
    return (typeof kept === 'string' ? planNamed(kept) : undefined) ?? first;
  };
  return { current, limits: () => LIMITS[current()], change: (plan) => state.write('plan', plan) };
}
