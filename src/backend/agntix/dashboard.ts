import { dashboardRoutes, type DashboardForm } from '../dashboard.ts';
import type { Keys } from '../keys.ts';
import type { Organization } from '../organizations.ts';
import type { Route } from '../routes.ts';
import type { User } from '../users.ts';
import { invalid } from './errors.ts';
import { createKey } from './key-request.ts';
import { ROLES, SCOPES } from './scopes.ts';
import type { SessionTokens } from './session-tokens.ts';
import type { SigningKeys } from './signing-keys.ts';

export interface Desk {
  readonly origin: string;
  /** Whoever opens the dashboard is taken for the demo user, who may do everything in the organization. */
  readonly user: User;
  readonly organization: Organization;
  readonly keys: Keys;
  readonly sessions: SessionTokens;
  readonly signing: SigningKeys;
}

const USUAL_SECONDS = 3600;
const MOST_SECONDS = 24 * 3600;

/**
 * `{"make":"key","name":"first","scopes":["chat:read"]}`, `{"make":"session-token","expires_in":3600,"organization":true,"role":"admin"}`
 * and `{"make":"rotate-signing-key"}`.
 */
export function deskRoutes(desk: Desk): readonly Route[] {
  return dashboardRoutes({ origin: desk.origin, title: 'Agntix', forms: [keyForm(desk), sessionForm(desk), rotationForm(desk)] });
}

function keyForm({ organization, keys }: Desk): DashboardForm {
  return {
    verb: 'make',
    thing: 'key',
    heading: 'Create an API key',
    button: 'Create key',
    fields: [
      { kind: 'text', name: 'name', label: 'Name', required: true, longest: 100 },
      { kind: 'several', name: 'scopes', label: 'Scopes', choices: SCOPES.map((scope) => ({ value: scope, label: scope, chosen: true })) },
    ],
    act(answers) {
      const caller = { organization, scopes: new Set(SCOPES) };
      const { raw } = createKey(keys, caller, { name: answers.text('name'), scopes: answers.texts('scopes') });
      return { said: 'Copy the key now. It is shown this once.', values: { key: raw } };
    },
  };
}

function sessionForm({ user, organization, sessions }: Desk): DashboardForm {
  return {
    verb: 'make',
    thing: 'session-token',
    heading: 'Make a session token',
    button: 'Make session token',
    fields: [
      { kind: 'number', name: 'expires_in', label: 'Seconds until it expires', least: 1, most: MOST_SECONDS, value: USUAL_SECONDS },
      { kind: 'yes', name: 'organization', label: `In the organization "${organization.name}"`, chosen: true },
      { kind: 'one', name: 'role', label: 'Role in it', choices: ROLES.map((role) => ({ value: role, label: role, chosen: role === 'admin' })) },
    ],
    async act(answers) {
      const seconds = answers.number('expires_in', USUAL_SECONDS);
      if (seconds < 1 || seconds > MOST_SECONDS) throw invalid(`expires_in must be from 1 to ${MOST_SECONDS}.`);
      const written = answers.text('role') || 'admin';
      const role = ROLES.find((known) => known === written);
      if (role === undefined) throw invalid(`role must be one of: ${ROLES.join(', ')}.`);
      const token = await sessions.issue({ userId: user.id, organization: answers.yes('organization', true) ? organization : null, role, seconds });
      return { said: `You are ${user.email} for as long as this token lives. It is shown this once.`, values: { token } };
    },
  };
}

function rotationForm({ signing }: Desk): DashboardForm {
  return {
    verb: 'make',
    thing: 'rotate-signing-key',
    heading: 'Rotate the signing key',
    button: 'Rotate signing key',
    fields: [],
    async act() {
      return {
        said: 'New session tokens are signed with this key. Those of the key before stay good; those of older keys do not.',
        values: { kid: await signing.rotate() },
      };
    },
  };
}
