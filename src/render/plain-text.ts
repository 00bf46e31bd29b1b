/** Longest text from outside that is shown on one line. */
const LONGEST = 300;

/**
 * Text from outside made safe for a terminal, a log and a table: one line, no control characters (so no escape sequence
 * survives), no characters that reorder or hide what follows, and cut to `longest` characters.
 */
export function plainText(text: string, longest: number = LONGEST): string {
  const visible = text
    // The whole escape sequence goes, not only its first character, so that no "[31m" stays behind.
    // oxlint-disable-next-line no-control-regex -- taking control characters out is the purpose
    .replace(/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\-_])/gu, '')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .trim();
  const characters = Array.from(visible);
  return characters.length <= longest ? visible : `${characters.slice(0, longest - 3).join('')}...`;
}
