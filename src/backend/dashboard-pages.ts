import { escapeHtml, pageDocument } from '../render/page.ts';

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly chosen: boolean;
}

/** One question of a form. `name` is the field in JSON as well. */
type FormField =
  | { readonly kind: 'text'; readonly name: string; readonly label: string; readonly required: boolean; readonly longest: number }
  | { readonly kind: 'number'; readonly name: string; readonly label: string; readonly least: number; readonly most: number; readonly value: number }
  /** Any of the choices. */
  | { readonly kind: 'several'; readonly name: string; readonly label: string; readonly choices: readonly Choice[] }
  /** One of the choices. */
  | { readonly kind: 'one'; readonly name: string; readonly label: string; readonly choices: readonly Choice[] }
  | { readonly kind: 'yes'; readonly name: string; readonly label: string; readonly chosen: boolean };

/** What a page has to know about a form. */
export interface ShownForm {
  /** `make` brings something into the world and answers 201; the others change or show something and answer 200. */
  readonly verb: 'make' | 'set' | 'leave' | 'list';
  /** What is made, set, left or listed: unique for its verb, of letters, digits, `_` and `-`, since ids are built from it. */
  readonly thing: string;
  readonly heading: string;
  /** What stands on the button. */
  readonly button: string;
  readonly fields: readonly FormField[];
}

/** All forms, one below the other. `problem` says what was wrong with the one that was sent. */
export function formsPage(title: string, action: string, forms: readonly ShownForm[], problem?: string): string {
  return pageDocument(
    `${problem === undefined ? '' : 'Error: '}Dashboard - ${title}`,
    `
<h1>${escapeHtml(title)} dashboard</h1>
${problem === undefined ? '' : `<p class="wrong" id="problem" role="alert">${escapeHtml(problem)}</p>\n`}${forms.map((form) => formHtml(action, form)).join('\n')}
<p class="quiet">This is a local development server: whoever can open this page may make credentials, and they are good at this server only.</p>`,
  );
}

/** What a form brought; every value has the id `made-<name>`. */
export function resultPage(
  title: string,
  action: string,
  form: ShownForm,
  { said, values }: { readonly said: string; readonly values: Readonly<Record<string, string>> },
): string {
  const shown = Object.entries(values).map(
    ([name, value]) => `<h2>${escapeHtml(name)}</h2>
<p><code id="made-${escapeHtml(name)}">${escapeHtml(value)}</code></p>`,
  );
  return pageDocument(
    `Done: ${form.heading} - ${title}`,
    `
<h1>${escapeHtml(form.heading)}: done</h1>
<p role="status">${escapeHtml(said)}</p>
${shown.join('\n')}
<p><a href="${escapeHtml(action)}">Back to the dashboard</a></p>`,
  );
}

function formHtml(action: string, form: ShownForm): string {
  const { verb, thing } = form;
  const id = `${verb}-${thing}`;
  return `<form method="post" action="${escapeHtml(action)}" id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${escapeHtml(form.heading)}</h2>
${form.fields.map((field) => fieldHtml(`${id}-${field.name}`, field)).join('\n')}
<button type="submit" class="main" id="${id}-button" name="${verb}" value="${thing}">${escapeHtml(form.button)}</button>
</form>`;
}

function fieldHtml(id: string, field: FormField): string {
  const { name } = field;
  const label = escapeHtml(field.label);
  switch (field.kind) {
    case 'text':
      return `<label for="${id}">${label}</label>
<input id="${id}" name="${name}" type="text" autocomplete="off" spellcheck="false" maxlength="${field.longest}"${field.required ? ' required' : ''}>`;
    case 'number':
      return `<label for="${id}">${label}</label>
<input id="${id}" name="${name}" type="number" min="${field.least}" max="${field.most}" value="${field.value}" required>`;
    case 'several':
    case 'one':
      return `<fieldset id="${id}">
<legend>${label}</legend>
${field.choices.map((choice) => choiceHtml(name, field.kind === 'one' ? 'radio' : 'checkbox', choice)).join('\n')}
</fieldset>`;
    case 'yes':
      return `<label class="beside"><input id="${id}" name="${name}" type="checkbox" value="yes"${field.chosen ? ' checked' : ''}> ${label}</label>`;
  }
}

function choiceHtml(name: string, type: 'radio' | 'checkbox', { value, label, chosen }: Choice): string {
  return `<label><input name="${name}" type="${type}" value="${escapeHtml(value)}"${chosen ? ' checked' : ''}> ${escapeHtml(label)}</label>`;
}
