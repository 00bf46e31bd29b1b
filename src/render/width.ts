/** What every terminal shows in one column a character. */
const PLAIN = /^[\x20-\x7e]*$/;

/** What Unicode calls wide or full width (UAX #11), and what is shown as an emoji without being asked to (UTS #51). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** Accents and the like, which stand on the character before them. */
const COMBINING = /[\p{Mn}\p{Me}]/u;

/** The columns that a plain text takes in a terminal. Terminals differ in rare scripts; this is what most of them do. */
export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  return Array.from(text).reduce((sum, character) => sum + (COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1), 0);
}
