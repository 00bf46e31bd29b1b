import { plainText } from '../../render/plain-text.ts';

/** Longer names push the buttons off the page, and nobody reads them to the end. */
const LONGEST_NAME = 80;

/** What the pages call a client: anybody may register under any name, also under one that would reorder or hide what stands beside it. */
export function shownName({ clientName, clientId }: { readonly clientName?: string | undefined; readonly clientId: string }): string {
  return plainText(clientName ?? '', LONGEST_NAME) || clientId;
}
