import { valueAt } from '../providers/read.ts';
import type { FieldPath } from '../providers/provider.ts';

/** What stands behind the things that a page lists is short; a longer rest is not worth a second look. */
const MOST_CHARACTERS = 4_096;

/** A cursor as it goes into an address; undefined where the field says that there is no further page. */
export function cursorIn(said: unknown): string | undefined {
  const named = typeof said === 'number' ? String(said) : said;
  return typeof named === 'string' && named !== '' ? named : undefined;
}

/**
 * The cursor that a page names behind the things that it lists, without a look at these: reading a thousand of them takes longer than a
 * request to be on its way. Undefined where it stands elsewhere. Where the text is JSON, it is what all of it says: what follows the end of
 * a list, and closes nothing but one object when the opening of that object is put before it, lies in no text and in no inner object.
 */
export function cursorAtEnd(text: string, next: FieldPath): string | undefined {
  const end = text.lastIndexOf(']') + 1;
  if (end === 0 || text.length - end > MOST_CHARACTERS) return undefined;
  // Spares the error of what cannot be read: a page that ends with its list names no cursor behind it.
  if (text[end] !== ',') return undefined;
  try {
    return cursorIn(valueAt(JSON.parse(`{${text.slice(end + 1)}`), next));
  } catch {
    return undefined;
  }
}
