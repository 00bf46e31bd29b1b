/** Longest text from outside that is shown on one line. */
const LONGEST = 300;

/** The whole sequence goes, not only its first character, so that no "[31m" stays behind. */
// oxlint-disable-next-line no-control-regex -- taking control characters out is the purpose
const ESCAPE_SEQUENCE = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\-_])/gu;

/**
 * Text from outside made safe for a terminal, of any number of lines: these and tabs stay, and nothing else that a terminal obeys.
 */
export function plainLines(text: string): string {
  return text
    .replace(ESCAPE_SEQUENCE, '')
    .replace(/\r\n|[\u2028\u2029]/gu, '\n')
    .replace(/[^\P{Cc}\n\t]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, '');
}

/** What needs no other look, which would take long to prepare. */
const PLAIN = /^[\x20-\x7e]*$/;

const onOneLine = (text: string): string =>
  text
    .replace(ESCAPE_SEQUENCE, '')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, '');

/**
 * Text from outside made safe for a terminal, a log and a table: one line, no control characters (so no escape sequence
 * survives), no characters that reorder or hide what follows, and cut to `longest` characters.
 */
export function plainText(text: string, longest: number = LONGEST): string {
  const visible = (PLAIN.test(text) ? text : onOneLine(text)).trim();
  const characters = Array.from(visible);
  return characters.length <= longest ? visible : `${characters.slice(0, longest - 3).join('')}...`;
}
