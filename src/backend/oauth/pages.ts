import { escapeHtml, pageDocument } from '../../render/page.ts';

export interface SignInPage {
  readonly providerName: string;
  readonly clientName: string;
  readonly action: string;
  readonly demoEmail: string;
  /** What was wrong with the address that was typed. */
  readonly problem?: string;
}

export function signInPage(page: SignInPage): string {
  const { action, problem } = page;
  const described = problem === undefined ? '' : ' autofocus aria-invalid="true" aria-describedby="email-problem"';
  return pageDocument(
    `${problem === undefined ? '' : 'Error: '}Sign in to ${page.providerName}`,
    `
<h1>Sign in to ${escapeHtml(page.providerName)}</h1>
<p>to continue to <strong>${escapeHtml(page.clientName)}</strong>.</p>
<form method="post" action="${escapeHtml(action)}">
<button type="submit" class="main" id="continue-github" name="with" value="github">Continue with GitHub</button>
<button type="submit" class="main" id="continue-google" name="with" value="google">Continue with Google</button>
</form>
<form method="post" action="${escapeHtml(action)}">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="email" required maxlength="254"${described}>
${problem === undefined ? '' : `<p class="wrong" id="email-problem" role="alert">${escapeHtml(problem)}</p>`}
<button type="submit" id="continue-email">Continue with e-mail</button>
</form>
<p class="quiet">This is a local development server. GitHub and Google are not asked: both buttons sign in ${escapeHtml(page.demoEmail)}, and any address is believed.</p>`,
  );
}

export interface ConsentPage {
  readonly providerName: string;
  readonly clientName: string;
  readonly email: string;
  readonly action: string;
  /** What the client asks for, in plain words. */
  readonly abilities: readonly string[];
  /** Where the browser goes afterwards; undefined where it is another device that will be signed in. */
  readonly redirectUri: string | undefined;
}

export function consentPage(page: ConsentPage): string {
  return pageDocument(
    `Allow ${page.clientName}?`,
    `
<h1>Allow ${escapeHtml(page.clientName)} to use your ${escapeHtml(page.providerName)} account?</h1>
<p>You are signed in as <strong>${escapeHtml(page.email)}</strong>.</p>
<h2 class="quiet" id="abilities">It will be able to</h2>
<ul aria-labelledby="abilities">
${page.abilities.map((ability) => `<li>${escapeHtml(ability)}</li>`).join('\n')}
</ul>
<form method="post" action="${escapeHtml(page.action)}">
<button type="submit" class="main" id="allow" name="decision" value="allow">Allow</button>
<button type="submit" id="deny" name="decision" value="deny">Deny</button>
</form>
<p class="quiet">${page.redirectUri === undefined ? 'The device that shows your code will be signed in.' : `You will be sent back to ${escapeHtml(page.redirectUri)}.`}</p>`,
  );
}

/** A page that only says something. */
export function messagePage(providerName: string, title: string, lines: readonly string[]): string {
  return pageDocument(
    `${title} - ${providerName}`,
    `
<h1>${escapeHtml(title)}</h1>
${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')}`,
  );
}
