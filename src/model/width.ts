/** What every terminal shows in one column a character. */
const PLAIN = /^[\x20-\x7e]*$/;

/*
 * What looks for properties of Unicode takes long to prepare, and most texts are plain: it stands where it is used, and not in front.
 */

/** What Unicode calls wide or full width (UAX #11), and what is shown as an emoji without being asked to (UTS #51). */
const isWide = (character: string): boolean =>
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u.test(
    character,
  );

/** Accents and the like, which stand on the character before them. */
const isCombining = (character: string): boolean => /[\p{Mn}\p{Me}]/u.test(character);

/** What makes one character of several: a colour of skin, two letters that are a flag, and the wish to be shown as an emoji. */
const joins = (text: string): boolean => /\p{Emoji_Modifier}|\p{Regional_Indicator}|\ufe0f/u.test(text);

const columnsOfOne = (character: string): number => (isCombining(character) ? 0 : isWide(character) ? 2 : 1);

/** The parts of a text that a terminal shows as one character each (UAX #29), which are seldom more than one code point. */
function charactersOf(text: string): readonly string[] {
  return joins(text) || /\p{M}/u.test(text) ? Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment) : Array.from(text);
}

/** The columns that a plain text takes in a terminal. Terminals differ in rare scripts; this is what most of them do. */
export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  if (!joins(text)) return Array.from(text).reduce((sum, character) => sum + columnsOfOne(character), 0);
  return charactersOf(text).reduce((sum, part) => sum + (joins(part) ? 2 : Array.from(part).reduce((most, each) => most + columnsOfOne(each), 0)), 0);
}

/** A text of at most `width` columns, the rest of a longer one as "...". No character is torn apart. */
export function cutTo(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  let kept = '';
  let taken = 0;
  for (const character of charactersOf(text)) {
    taken += columnsOf(character);
    if (taken > width - 3) break;
    kept += character;
  }
  return `${kept.trimEnd()}...`;
}
