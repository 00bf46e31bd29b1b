import { createHash } from 'node:crypto';

/** Contrast of every pair of text and ground is at least 4.5 to 1 (WCAG 2.2, 1.4.3), of borders and focus rings 3 to 1 (1.4.11). */
const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --text: #1b1f24; --quiet: #4b5563; --line: #6b7280; --accent: #0b57d0; --on-accent: #fff; --wrong: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171a; --text: #e8eaed; --quiet: #b4bac2; --line: #8b939c; --accent: #a8c7fa; --on-accent: #0b2a5b; --wrong: #f2b8b5; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 0 auto; padding: 3rem 1.25rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
form { margin: 0 0 1.5rem; }
label { display: block; margin-bottom: .25rem; font-weight: 600; }
input { width: 100%; font: inherit; padding: .625rem .75rem; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .375rem; }
button { width: 100%; min-height: 2.75rem; margin-top: .75rem; font: inherit; font-weight: 600; cursor: pointer; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .375rem; }
button.main { color: var(--on-accent); background: var(--accent); border-color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.quiet { color: var(--quiet); font-size: .875rem; }
.wrong { color: var(--wrong); margin: .25rem 0 0; }
`;

/** The headers of every page. `formTarget` is where a form may lead in the end, beyond this origin: browsers hold redirects to it, too. */
export function pageHeaders(formTarget?: string): Readonly<Record<string, string>> {
  const style = createHash('sha256').update(STYLE).digest('base64');
  const targets = ["'self'", ...(formTarget === undefined ? [] : [formTargetSource(formTarget)])].join(' ');
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${style}'; form-action ${targets}; base-uri 'none'; frame-ancestors 'none'`,
    // With "no-referrer" browsers would send our own forms from the origin "null" (Fetch standard, "append a request Origin header").
    'referrer-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
}

/** A source of a content security policy for a redirect URI. An IPv6 host cannot be written there, nor a host of an app's own scheme. */
function formTargetSource(redirectUri: string): string {
  if (!URL.canParse(redirectUri)) return "'none'";
  const { protocol, origin, hostname } = new URL(redirectUri);
  return (protocol === 'http:' || protocol === 'https:') && !hostname.startsWith('[') ? origin : protocol;
}

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
  const described = problem === undefined ? '' : ' aria-invalid="true" aria-describedby="email-problem"';
  return pageDocument(
    `Sign in to ${page.providerName}`,
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

/** The frame of every page. `main` is HTML. */
export function pageDocument(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>${main}
</main>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
