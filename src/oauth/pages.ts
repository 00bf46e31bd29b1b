import { escapeHtml, pageDocument } from '../render/page.ts';

/** What the browser shows at the end of a sign-in. */
export interface Page {
  readonly status: number;
  readonly title: string;
  /** What it means, and what to do next. */
  readonly text: string;
}

export const PAGES = {
  done: { status: 200, title: 'You are signed in', text: 'keywright has what it needs. You can close this tab and go back to the terminal.' },
  denied: { status: 200, title: 'The sign-in was declined', text: 'Nothing was stored. You can close this tab; the terminal says how to start again.' },
  failed: { status: 502, title: 'The sign-in did not work', text: 'The terminal says what went wrong and what to do. You can close this tab.' },
  tooLate: {
    status: 504,
    title: 'The sign-in took too long',
    text: 'The provider did not answer in time. You can close this tab and start again in the terminal.',
  },
  notOurs: {
    status: 400,
    title: 'This is not the sign-in that was started here',
    text: 'Nothing was changed. Go back to the tab in which you signed in, or start again in the terminal.',
  },
  nothingHere: { status: 404, title: 'There is nothing here', text: 'This address only serves the end of a sign-in. You can close this tab.' },
} as const satisfies Record<string, Page>;

/** The page as HTML: one heading, what it means, no script and nothing from elsewhere, light or dark as the reader's system is. */
export function pageHtml({ title, text }: Page): string {
  return pageDocument(
    `${title} - keywright`,
    `
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text)}</p>`,
  );
}
