import { commaAfter, nextLine } from './json-gap.ts';
import type { JsonObject, JsonProperty } from './json-tree.ts';
import { isFirstInLine, lineStart } from './lines.ts';
import type { Splice } from './splice.ts';

/**
 * Takes a property out of an object: its own lines where it has lines of its own (with a comment that ends its last one), else from
 * its name to its comma; and the one comma that nothing needs any more. Comments above it stay. An object that held nothing else
 * becomes `{}`.
 */
export function removeProperty(text: string, object: JsonObject, property: JsonProperty): readonly Splice[] {
  const inside = object.from + 1;
  const before = object.properties[object.properties.indexOf(property) - 1];
  const next = commaAfter(text, property.to);
  const isAlone = object.properties.length === 1;
  const gap = text.slice(inside, property.from);
  const rest = text.slice(property.to, object.to - 1).replace(',', '');
  if (isAlone && gap.trim() === '' && /[\r\n]/.test(gap) && rest.trim() === '') return [{ from: inside, to: object.to - 1, text: '' }];
  const former = before === undefined ? undefined : commaAfter(text, before.to);
  const leads = former !== undefined && isFirstInLine(text, former.at) && text.slice(former.at + 1, property.from).trim() === '' && next?.sameLine !== true;
  if (leads) return withoutLine(text, former.at, property.to);
  if (next?.sameLine === true) return withoutLine(text, property.from, property.to, next.at);
  const comma = next?.at ?? former?.at;
  return [...withoutLine(text, property.from, property.to), ...(comma === undefined ? [] : [{ from: comma, to: comma + 1, text: '' }])];
}

/** Takes out what lies from `from` to `to` and the comma, with the whole lines where nothing else is in them. */
function withoutLine(text: string, from: number, to: number, comma?: number): readonly Splice[] {
  const end = comma === undefined ? to : comma + 1;
  const line = nextLine(text, end);
  if (isFirstInLine(text, from)) {
    if (line !== undefined) return [{ from: lineStart(text, from), to: line, text: '' }];
    const blanks = /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
    return parts(from, to, comma, end + blanks);
  }
  return parts(/[ \t]/.test(text[from - 1] ?? '') ? from - 1 : from, to, comma, end);
}

/** A comment between a value and its comma stays where its line does. */
function parts(from: number, to: number, comma: number | undefined, end: number): readonly Splice[] {
  if (comma === undefined || comma === to) return [{ from, to: end, text: '' }];
  return [
    { from, to, text: '' },
    { from: comma, to: end, text: '' },
  ];
}
