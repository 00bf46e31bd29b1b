import type { EntryValue } from './entry.ts';
import { nextLine } from './json-gap.ts';
import { indentInside, linesLayout, oneLineLayout, propertyText } from './json-layout.ts';
import type { JsonNode, JsonObject } from './json-tree.ts';
import { breakNear, indentAt, isFirstInLine } from './lines.ts';
import type { Splice } from './splice.ts';

/** A property to be made. */
export interface NewProperty {
  readonly name: string;
  readonly value: EntryValue;
}

/** Where an object stands. */
export interface Holder {
  readonly root: JsonNode;
  readonly object: JsonObject;
  /** Where the name begins whose value it is; undefined for the root. */
  readonly key: number | undefined;
  /** Whether entries stand in it, and not only what leads to them. */
  readonly isTable: boolean;
}

/**
 * Puts a property into an object, before all others: so no comma has to go to a neighbour's line, and comments stay with what they
 * stand beside. Where the object's lines begin behind its brace it gets lines of its own, else it stands in the line of the brace. So
 * it does in a table of nothing but blanks, too: in lines it would be written as in one without any, and one of the two could not be given back.
 * `json-remove.ts` takes it out again in such a way that every byte is as before.
 */
export function insertProperty(text: string, { root, object, key, isTable }: Holder, { name, value }: NewProperty): Splice {
  const inside = object.from + 1;
  const gap = text.slice(inside, object.properties[0]?.from ?? object.to - 1);
  const isEmpty = object.properties.length === 0;
  const comma = isEmpty ? '' : ',';
  const lines = (indent: string) => propertyText(name, value, linesLayout(text, root, object, indent, inside));

  if (isEmpty && (isTable ? gap === '' : gap.trim() === '') && (key === undefined || isFirstInLine(text, key))) {
    const lineBreak = breakNear(text, inside);
    const indent = indentInside(text, root, object);
    return { from: inside, to: object.to - 1, text: lineBreak + indent + lines(indent) + lineBreak + indentAt(text, object.from) };
  }
  const line = isEmpty && gap.trim() === '' ? undefined : nextLine(text, inside);
  if (line !== undefined) {
    const indent = indentInside(text, root, object);
    return { from: line, to: line, text: indent + lines(indent) + comma + breakNear(text, inside) };
  }
  const blank = /^\s/.test(gap) ? ' ' : '';
  return { from: inside, to: inside, text: blank + propertyText(name, value, oneLineLayout(text, root, object)) + comma };
}
