import { readFormAnswers, readJsonAnswers, type Answers } from './dashboard-answers.ts';
import { formsPage, resultPage, type ShownForm } from './dashboard-pages.ts';
import { mediaType } from './media-type.ts';
import { formPageHeaders } from './page-headers.ts';
import { Refused, type Call, type Reply, type Route } from './routes.ts';

const DASHBOARD = '/dashboard';

/** What came out of a form. `values` is the answer to a program, and each of them is shown to a person, this once. */
export interface Outcome {
  /** One sentence for the person. */
  readonly said: string;
  readonly values: Readonly<Record<string, string>>;
  /** The answer to a program where `values` cannot say it, such as a list. */
  readonly body?: unknown;
}

/** One thing that the dashboard can do. */
export interface DashboardForm extends ShownForm {
  /** Refuses by throwing `Refused`. */
  readonly act: (answers: Answers) => Outcome | Promise<Outcome>;
}

export interface Dashboard {
  /** The realm's own. */
  readonly origin: string;
  /** The provider's name. */
  readonly title: string;
  /** Read at every request, so that a realm may offer what there is at that moment. */
  readonly forms: readonly DashboardForm[];
}

/**
 * The page on which a person makes the first credential of a realm that has no OAuth: `GET /dashboard` shows the forms,
 * `POST /dashboard` takes one of them, or from a program the same as JSON: `{"make":"key","name":"first"}` gives 201 `{"key":"..."}`.
 *
 * Nobody signs in here, so that everything depends on who sends the request. A form counts only with the Origin of this very page, which
 * browsers put there by themselves; JSON cannot be sent by a page of another origin without asking first, and nobody here answers such a question.
 */
export function dashboardRoutes(dashboard: Dashboard): readonly Route[] {
  return [
    { name: 'dashboard.show', method: 'GET', path: DASHBOARD, handle: () => page(200, formsPage(dashboard.title, DASHBOARD, dashboard.forms)) },
    { name: 'dashboard.act', method: 'POST', path: DASHBOARD, handle: (call) => act(dashboard, call) },
  ];
}

async function act(dashboard: Dashboard, call: Call): Promise<Reply> {
  switch (mediaType(call.headers)) {
    case 'application/json': {
      if (call.headers.origin !== undefined) refuseForeign(dashboard, call);
      const answers = readJsonAnswers(call.body);
      const form = formOf(dashboard, answers);
      const { values, body = values } = await form.act(answers);
      return { status: form.verb === 'make' ? 201 : 200, body };
    }
    case 'application/x-www-form-urlencoded':
      refuseForeign(dashboard, call);
      return actOnForm(dashboard, readFormAnswers(call.body));
    default:
      throw new Refused(415, 'unsupported_media_type', 'Send the form of the dashboard, or application/json.');
  }
}

async function actOnForm(dashboard: Dashboard, answers: Answers): Promise<Reply> {
  try {
    const form = formOf(dashboard, answers);
    return page(form.verb === 'make' ? 201 : 200, resultPage(dashboard.title, DASHBOARD, form, await form.act(answers)));
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    return page(thrown.status, formsPage(dashboard.title, DASHBOARD, dashboard.forms, thrown.message));
  }
}

/** The form that is meant is named by its verb. */
function formOf({ forms }: Dashboard, answers: Answers): DashboardForm {
  const found = forms.find(({ verb, thing }) => answers.text(verb) === thing);
  if (found !== undefined) return found;
  const known = forms.map(({ verb, thing }) => JSON.stringify({ [verb]: thing })).join(', ');
  throw new Refused(400, 'invalid_request', `Say what is wanted, one of: ${known}.`);
}

/** A page that was opened at `localhost` is ours as well: the server has checked that the Host is this machine. */
function refuseForeign({ origin }: Dashboard, { headers }: Call): void {
  if (headers.origin === origin || headers.origin === `http://${headers.host}`) return;
  throw new Refused(403, 'forbidden', 'This form belongs to another page.');
}

function page(status: number, body: string): Reply {
  return { status, body, headers: formPageHeaders() };
}
