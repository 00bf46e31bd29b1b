const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character] ?? '');

/** What the browser shows at the end of a sign-in. */
export interface Page {
  readonly status: number;
  readonly title: string;
  readonly text: string;
}

export const PAGES = {
  done: { status: 200, title: 'You are signed in', text: 'keywright has what it needs. You can close this tab and go back to the terminal.' },
  denied: { status: 200, title: 'The sign-in was declined', text: 'Nothing was stored. You can close this tab; the terminal says how to start again.' },
  failed: { status: 502, title: 'The sign-in did not work', text: 'The terminal says what went wrong and what to do. You can close this tab.' },
  tooLate: { status: 504, title: 'The sign-in took too long', text: 'The provider did not answer in time. Start again in the terminal.' },
  notOurs: {
    status: 400,
    title: 'This is not the sign-in that was started here',
    text: 'Nothing was changed. Go back to the tab in which you signed in, or start again in the terminal.',
  },
  nothingHere: { status: 404, title: 'There is nothing here', text: 'This address only serves the end of a sign-in.' },
} as const satisfies Record<string, Page>;

/** The page as HTML: one heading, one sentence, no script and nothing from elsewhere, light or dark as the reader's system is. */
export function pageHtml(page: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(page.title)} - keywright</title>
<style>
:root { color-scheme: light dark; }
body { margin: 0; font: 1.125rem/1.5 system-ui, sans-serif; background: #ffffff; color: #1b1b1b; }
main { max-width: 34rem; margin: 18vh auto 0; padding: 0 1.25rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 0.75rem; }
p { margin: 0; }
@media (prefers-color-scheme: dark) { body { background: #16181b; color: #f0f0f0; } }
</style>
</head>
<body>
<main>
<h1>${escaped(page.title)}</h1>
<p>${escaped(page.text)}</p>
</main>
</body>
</html>
`;
}
