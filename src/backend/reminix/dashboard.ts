import { dashboardRoutes, type DashboardForm } from '../dashboard.ts';
import type { KeptKey, KeyDraft } from '../keys.ts';
import type { Route } from '../routes.ts';
import type { User } from '../users.ts';
import { forbidden, invalid } from './errors.ts';
import type { Projects } from './projects.ts';

export interface Desk {
  readonly origin: string;
  /** Whoever opens the dashboard is taken for the demo user. */
  readonly user: User;
  readonly projects: Projects;
  readonly makeKey: (draft: KeyDraft) => { readonly key: KeptKey; readonly raw: string };
  readonly makePersonalToken: (draft: KeyDraft) => { readonly key: KeptKey; readonly raw: string };
}

/** Where keys and personal access tokens are made, and projects left: the vendor has no API for it. */
export function deskRoutes(desk: Desk): readonly Route[] {
  return dashboardRoutes({
    origin: desk.origin,
    title: 'Reminix',
    get forms() {
      return [keyForm(desk), personalTokenForm(desk), listForm(desk), ...leaveForms(desk)];
    },
  });
}

function keyForm({ user, projects, makeKey }: Desk): DashboardForm {
  return {
    verb: 'make',
    thing: 'key',
    heading: 'Make an API key of a project',
    button: 'Make API key',
    fields: [
      {
        kind: 'one',
        name: 'project',
        label: 'Project',
        choices: projects.ofUser(user.id).map(({ id, name }, index) => ({ value: id, label: `${name} (${id})`, chosen: index === 0 })),
      },
    ],
    act(answers) {
      const id = answers.text('project');
      if (id === '') throw invalid('Say of which project.');
      const project = projects.ofMember(user.id, id);
      if (project === undefined) throw forbidden('You are not a member of that project.');
      const { raw } = makeKey(draftFor(project.id));
      return { said: `This key works in ${project.name} only. It is shown this once.`, values: { key: raw } };
    },
  };
}

function personalTokenForm({ user, makePersonalToken }: Desk): DashboardForm {
  return {
    verb: 'make',
    thing: 'personal-access-token',
    heading: 'Make a personal access token',
    button: 'Make personal access token',
    fields: [],
    act() {
      const { raw } = makePersonalToken(draftFor(user.id));
      return { said: 'This token works in every project that you are a member of. It is shown this once.', values: { token: raw } };
    },
  };
}

function listForm({ user, projects }: Desk): DashboardForm {
  return {
    verb: 'list',
    thing: 'projects',
    heading: 'Your projects',
    button: 'List projects',
    fields: [],
    act() {
      const own = projects.ofUser(user.id);
      const values = Object.fromEntries(own.map(({ id, name }) => [name, id]));
      return { said: `You are a member of ${own.length === 1 ? '1 project' : `${own.length} projects`}.`, values, body: { projects: own } };
    },
  };
}

function leaveForms({ user, projects }: Desk): readonly DashboardForm[] {
  return projects.ofUser(user.id).map(({ id, name }) => ({
    verb: 'leave',
    thing: id,
    heading: `Leave ${name}`,
    button: `Leave ${name}`,
    fields: [],
    act() {
      projects.leave(user.id, id);
      return { said: `You are no longer a member of ${name}, and your personal access tokens have lost it.`, values: { left: id } };
    },
  }));
}

/** A key belongs to its project, a personal access token to its user. */
function draftFor(ownerId: string): KeyDraft {
  return { ownerId, name: null, permissions: [], agent: '', extra: {}, expiresAt: null };
}
