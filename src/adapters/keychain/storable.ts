import { Failure } from '../../model/failure.ts';

/** Gives the text back if the library keeps it as it is: it cuts one at NUL, refuses an empty one, and stores U+FFFD for a lone surrogate. */
export function storable(text: string): string {
  if (text === '') throw new Failure('bug', { detail: 'An empty text was about to be given to the keychain.' });
  if (/[\0\uD800-\uDFFF]/u.test(text))
    throw new Failure('usage', { detail: 'A name or value has a character that the keychain cannot keep (NUL or half a character).' });
  return text;
}
