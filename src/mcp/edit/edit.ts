import type { Edited, EntryPlace, EntryValue, FoundEntry, NamedEntry, Untouchable } from './entry.ts';
import { entriesInJson, findInJson, newDocument, putInJson, removeFromJson } from './json.ts';
import { entriesInToml, findInToml, putInToml, removeFromToml } from './toml.ts';
import { tableText } from './toml-text.ts';
import { UNSAFE, UNSAFE_NAME, untouchable } from './untouchable.ts';

/**
 * Edits of files that other programs own: one entry is put, replaced or taken out, and every other byte stays, with its comments, its
 * order and its line ends. After each edit the result is read again and compared with what was there; if anything but the entry would
 * be different, nothing is edited. Nothing here throws for what a file holds.
 */

/** Many editors on Windows begin a file with it; it is no part of the content. */
const BYTE_ORDER_MARK = '\ufeff';

/** What lies at a place. `untouchable` also where the value could be read, but not be changed alone. */
export function findEntry(text: string, place: EntryPlace): FoundEntry {
  const { body } = withoutMark(text);
  return refusal(place) ?? (place.format === 'toml' ? findInToml(body, place) : findInJson(body, place));
}

/**
 * Puts an entry, replacing one of the same name. Undefined or an empty text makes a file. Tables on the way are made where they are
 * missing. Comments inside the former entry go with it; all others stay.
 */
export function putEntry(text: string | undefined, place: EntryPlace, value: EntryValue): Edited {
  const { mark, body } = withoutMark(text ?? '');
  const refused = refusal(place, value);
  if (refused !== undefined) return refused;
  return marked(mark, place.format === 'toml' ? putInToml(body, place, value) : putInJson(body, place, value));
}

/**
 * Takes an entry out, with its own lines and the one comma that has to go. After `putEntry` that gives back the former text byte for
 * byte where the table of entries was there before; where it was not, an empty table may stay.
 */
export function removeEntry(text: string, place: EntryPlace): Edited {
  const { mark, body } = withoutMark(text);
  const refused = refusal(place);
  if (refused !== undefined) return refused;
  return marked(mark, place.format === 'toml' ? removeFromToml(body, place) : removeFromJson(body, place));
}

/** All entries of a table, to be looked through. `place.path` leads to the table itself. Empty where there is no such table; a name that stands twice is listed twice. */
export function entriesIn(text: string, place: EntryPlace): readonly NamedEntry[] | Untouchable {
  const { body } = withoutMark(text);
  return place.format === 'toml' ? entriesInToml(body, place) : entriesInJson(body, place);
}

/** A whole small document with nothing but the entry, for a person to paste. */
export function snippet(place: EntryPlace, value: EntryValue): string {
  return place.format === 'toml' ? `${tableText(place.path, value, '\n')}\n` : newDocument('', place, value);
}

function withoutMark(text: string): { readonly mark: string; readonly body: string } {
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  return { mark, body: text.slice(mark.length) };
}

function marked(mark: string, edited: Edited): Edited {
  return edited.kind === 'changed' ? { kind: 'changed', text: mark + edited.text } : edited;
}

function refusal({ path }: EntryPlace, value: EntryValue = {}): Untouchable | undefined {
  if (path.length === 0) return untouchable('no entry is named');
  return path.includes(UNSAFE_NAME) || hasUnsafeName(value) ? untouchable(UNSAFE) : undefined;
}

function hasUnsafeName(value: EntryValue): boolean {
  if (typeof value !== 'object') return false;
  return Object.entries(value).some(([name, inner]) => name === UNSAFE_NAME || hasUnsafeName(inner));
}
