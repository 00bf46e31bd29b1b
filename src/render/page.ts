import { createHash } from 'node:crypto';

/**
 * The style of every page that a browser is shown, whether a sign-in ends there or the local backend asks something.
 * Contrast of every pair of text and ground is at least 4.5 to 1 (WCAG 2.2, 1.4.3), of borders and focus rings 3 to 1 (1.4.11).
 * Nothing moves, so that nobody has to ask for less motion; nothing is told by colour alone.
 */
const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --text: #1b1f24; --quiet: #4b5563; --line: #6b7280; --accent: #0b57d0; --on-accent: #fff; --wrong: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171a; --text: #e8eaed; --quiet: #b4bac2; --line: #8b939c; --accent: #a8c7fa; --on-accent: #0b2a5b; --wrong: #f2b8b5; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 0 auto; padding: 3rem 1.25rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.125rem; line-height: 1.25; margin: 1.5rem 0 .75rem; }
a { color: var(--accent); }
form { margin: 0 0 1.5rem; }
label { display: block; margin-bottom: .25rem; font-weight: 600; }
input { width: 100%; font: inherit; padding: .625rem .75rem; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .375rem; }
button { width: 100%; min-height: 2.75rem; margin-top: .75rem; font: inherit; font-weight: 600; cursor: pointer; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .375rem; }
button.main { color: var(--on-accent); background: var(--accent); border-color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
fieldset { min-width: 0; margin: 0 0 .75rem; padding: 0; border: 0; }
legend { padding: 0; margin-bottom: .25rem; font-weight: 600; }
fieldset label, label.beside { display: flex; gap: .5rem; align-items: center; font-weight: 400; }
input[type=checkbox], input[type=radio] { width: 1.5rem; height: 1.5rem; flex: none; accent-color: var(--accent); }
form input + label, form input + fieldset, form label + fieldset { margin-top: .75rem; }
.quiet { color: var(--quiet); font-size: .875rem; }
.wrong { color: var(--wrong); margin: .25rem 0 0; }
`;

/**
 * The headers of every page. They let it have our style and nothing else: no script, nothing from elsewhere, no frame around it, and
 * no cache keeps it. `formTargets` are the places to which its forms may lead, as sources of a content security policy (CSP 3,
 * section 2.3.1). A page without forms tells nobody its address, in which there may be a code.
 */
export function pageHeaders(formTargets: readonly string[]): Readonly<Record<string, string>> {
  const style = createHash('sha256').update(STYLE).digest('base64');
  const targets = formTargets.length === 0 ? "'none'" : formTargets.join(' ');
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${style}'; form-action ${targets}; base-uri 'none'; frame-ancestors 'none'`,
    // With "no-referrer" browsers would send our own forms from the origin "null" (Fetch standard, "append a request Origin header").
    'referrer-policy': formTargets.length === 0 ? 'no-referrer' : 'same-origin',
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
}

/** The frame of every page: a language, a title, one landmark. `title` is text, `main` is HTML with one h1 in it. */
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

/** Text as it has to stand in HTML, also inside of a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
