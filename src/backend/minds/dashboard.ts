import { dashboardRoutes, type DashboardForm } from '../dashboard.ts';
import type { Keys } from '../keys.ts';
import type { Route } from '../routes.ts';
import type { User } from '../users.ts';
import { invalid } from './errors.ts';
import { readName } from './input.ts';
import { mindsKey } from './key-routes.ts';
import { planNamed, PLANS, type Plan } from './plans.ts';

export interface Desk {
  readonly origin: string;
  /** Whoever opens the dashboard is taken for the demo user. */
  readonly user: User;
  readonly keys: Keys;
  readonly plan: Plan;
}

/** `{"make":"key","name":"first"}` and `{"set":"plan","plan":"lite"}`. */
export function deskRoutes(desk: Desk): readonly Route[] {
  return dashboardRoutes({
    origin: desk.origin,
    title: 'Minds',
    get forms() {
      return [keyForm(desk), planForm(desk)];
    },
  });
}

function keyForm({ user, keys }: Desk): DashboardForm {
  return {
    verb: 'make',
    thing: 'key',
    heading: 'Generate an API key',
    button: 'Generate API key',
    fields: [{ kind: 'text', name: 'name', label: 'Name (may be left out)', required: false, longest: 100 }],
    act(answers) {
      const { raw } = keys.create(mindsKey(user.id, readName({ name: answers.text('name') })));
      return { said: 'Copy the key now. It is shown this once.', values: { key: raw } };
    },
  };
}

function planForm({ plan }: Desk): DashboardForm {
  const choices = PLANS.map((name) => ({ value: name, label: name, chosen: name === plan.current() }));
  return {
    verb: 'set',
    thing: 'plan',
    heading: 'Change the plan',
    button: 'Change plan',
    fields: [{ kind: 'one', name: 'plan', label: 'Plan', choices }],
    act(answers) {
      const chosen = planNamed(answers.text('plan'));
      if (chosen === undefined) throw invalid(`plan must be one of: ${PLANS.join(', ')}.`);
      plan.change(chosen);
      return { said: 'The new limits count from the next request on.', values: { plan: chosen } };
    },
  };
}
