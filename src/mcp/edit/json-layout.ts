import type { EntryValue } from './entry.ts';
import type { JsonNode, JsonObject } from './json-tree.ts';
import { breakNear, indentAt, isFirstInLine } from './lines.ts';

/** How a value is written: over several lines, each but the first with `indent` before it, or in one. */
export type Layout =
  | { readonly kind: 'lines'; readonly indent: string; readonly unit: string; readonly lineBreak: string }
  | { readonly kind: 'one-line'; readonly spaced: boolean };

const DEFAULT_UNIT = '  ';

/** Writes a value as JSON. Strings never hold a raw line break, so breaks are those of the layout. */
export function jsonText(value: EntryValue, layout: Layout): string {
  if (layout.kind === 'lines') return JSON.stringify(value, null, layout.unit).replaceAll('\n', layout.lineBreak + layout.indent);
  return layout.spaced ? JSON.stringify(value, null, ' ').replaceAll(/\n */g, ' ') : JSON.stringify(value);
}

/** `"name": value`, written as the layout has it. */
export function propertyText(name: string, value: EntryValue, layout: Layout): string {
  const colon = layout.kind === 'lines' || layout.spaced ? ': ' : ':';
  return JSON.stringify(name) + colon + jsonText(value, layout);
}

/** The layout of something that begins its line with `indent`, near `offset`. */
export function linesLayout(text: string, root: JsonNode, near: JsonObject, indent: string, offset: number): Layout {
  return { kind: 'lines', indent, unit: unitOf(text, near) ?? unitOf(text, root) ?? DEFAULT_UNIT, lineBreak: breakNear(text, offset) };
}

/** The layout in an object that stands in one line: with blanks where its neighbours have them. */
export function oneLineLayout(text: string, root: JsonNode, near: JsonObject): Layout {
  const raw = [near, root].flatMap((node) => (node.kind === 'object' ? node.properties : []))[0];
  return { kind: 'one-line', spaced: raw === undefined || /^[^]*:[ \t\r\n]/.test(text.slice(raw.from, raw.value.from)) };
}

/** The indentation of what stands in `object`: as its first property has it, else one step more than its own line. */
export function indentInside(text: string, root: JsonNode, object: JsonObject): string {
  const [first] = object.properties;
  if (first !== undefined && isFirstInLine(text, first.from)) return indentAt(text, first.from);
  return indentAt(text, object.from) + (unitOf(text, root) ?? DEFAULT_UNIT);
}

/** One step of indentation, as the first value in `node` shows it that begins a line of its own; undefined where none does. */
function unitOf(text: string, node: JsonNode): string | undefined {
  if (node.kind === 'scalar') return undefined;
  const inner = node.kind === 'array' ? node.elements : node.properties;
  const [first] = inner;
  if (first !== undefined && isFirstInLine(text, first.from)) {
    const outside = indentAt(text, node.from);
    const inside = indentAt(text, first.from);
    if (inside.length > outside.length && inside.startsWith(outside)) return inside.slice(outside.length);
  }
  for (const each of inner) {
    const unit = unitOf(text, 'value' in each && 'rawName' in each ? each.value : each);
    if (unit !== undefined) return unit;
  }
  return undefined;
}
