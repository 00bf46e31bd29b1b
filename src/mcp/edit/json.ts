import type { Edited, EntryPlace, EntryValue, FoundEntry, NamedEntry, Untouchable } from './entry.ts';
import { insertProperty, type Holder } from './json-insert.ts';
import { jsonText, linesLayout, oneLineLayout } from './json-layout.ts';
import { removeProperty } from './json-remove.ts';
import { foreignText, readTree, valueOf, type JsonNode, type JsonProperty, type JsonTree } from './json-tree.ts';
import { breakNear, indentAt, isFirstInLine } from './lines.ts';
import { sameValue } from './same.ts';
import { spliced, type Splice } from './splice.ts';
import { isUntouchable, NOT_ALONE, untouchable } from './untouchable.ts';

/** How far a path leads in a file: to its end, or to the last object of it that is there. `missing` are the names from there on. */
type Walked =
  | { readonly kind: 'there'; readonly holder: Holder; readonly property: JsonProperty }
  | { readonly kind: 'missing'; readonly holder: Holder; readonly missing: readonly [string, ...string[]] }
  | { readonly kind: 'empty' }
  | Untouchable;

export function findInJson(text: string, place: EntryPlace): FoundEntry {
  const tree = readTree(text, place.format === 'json');
  if (isUntouchable(tree)) return tree;
  const walked = walk(tree, place.path);
  if (isUntouchable(walked)) return walked;
  return walked.kind === 'there' ? { kind: 'there', value: valueOf(walked.property.value) } : { kind: 'absent' };
}

/** See `entriesIn` of edit.ts. */
export function entriesInJson(text: string, { format, path }: EntryPlace): readonly NamedEntry[] | Untouchable {
  const tree = readTree(text, format === 'json');
  if (isUntouchable(tree)) return tree;
  let table = tree.root;
  for (const [level, name] of path.entries()) {
    if (table?.kind !== 'object') break;
    const named = table.properties.filter((property) => property.name === name);
    if (named.length > 1) return untouchable(twice(path.slice(0, level + 1)));
    table = named[0]?.value;
  }
  if (table === undefined) return [];
  return table.kind === 'object' ? table.properties.map(({ name, value }) => ({ name, value: valueOf(value) })) : untouchable(noTable(path));
}

/** See `putEntry` of edit.ts. */
export function putInJson(text: string, place: EntryPlace, value: EntryValue): Edited {
  const tree = readTree(text, place.format === 'json');
  if (isUntouchable(tree)) return tree;
  const walked = walk(tree, place.path);
  if (isUntouchable(walked)) return walked;
  if (walked.kind === 'empty') return checked(tree, place, newDocument(text, place, value), value);
  if (walked.kind === 'missing') {
    const [name, ...rest] = walked.missing;
    return checked(tree, place, spliced(text, [insertProperty(text, walked.holder, { name, value: nested(rest, value) })]), value);
  }
  const { property, holder } = walked;
  if (sameValue(valueOf(property.value), value)) return { kind: 'same' };
  return checked(tree, place, spliced(text, [replaceValue(text, holder, property, value)]), value);
}

/** See `removeEntry` of edit.ts. */
export function removeFromJson(text: string, place: EntryPlace): Edited {
  const tree = readTree(text, place.format === 'json');
  if (isUntouchable(tree)) return tree;
  const walked = walk(tree, place.path);
  if (isUntouchable(walked)) return walked;
  if (walked.kind !== 'there') return { kind: 'same' };
  return checked(tree, place, spliced(text, removeProperty(text, walked.holder.object, walked.property)), undefined);
}

/** A whole document with nothing but the entry. Comments of a file that has nothing else stay above it. */
export function newDocument(text: string, { path }: EntryPlace, value: EntryValue): string {
  const lineBreak = breakNear(text, 0);
  const above = text.trim() === '' ? '' : text + (/[\r\n]$/.test(text) ? '' : lineBreak);
  return above + jsonText(nested(path, value), { kind: 'lines', indent: '', unit: '  ', lineBreak }) + lineBreak;
}

function walk({ root }: JsonTree, path: readonly string[]): Walked {
  if (root === undefined) return { kind: 'empty' };
  let node: JsonNode = root;
  let key: number | undefined;
  for (const [level, name] of path.entries()) {
    if (node.kind !== 'object') return untouchable(noTable(path.slice(0, level)));
    const named: readonly JsonProperty[] = node.properties.filter((property) => property.name === name);
    if (named.length > 1) return untouchable(twice(path.slice(0, level + 1)));
    const holder: Holder = { root, object: node, key, isTable: level === path.length - 1 };
    const [property] = named;
    if (property === undefined) return { kind: 'missing', holder, missing: [name, ...path.slice(level + 1)] };
    if (level === path.length - 1) return { kind: 'there', holder, property };
    node = property.value;
    key = property.from;
  }
  return untouchable('no entry is named');
}

function replaceValue(text: string, { root, object }: Holder, { from, value: old }: JsonProperty, value: EntryValue): Splice {
  const layout = isFirstInLine(text, from) ? linesLayout(text, root, object, indentAt(text, from), from) : oneLineLayout(text, root, object);
  return { from: old.from, to: old.to, text: jsonText(value, layout) };
}

/** Gives the new text if it parses, has the entry (or has it no more, where `value` is undefined), and is otherwise as it was. */
function checked(before: JsonTree, place: EntryPlace, text: string, value: EntryValue | undefined): Edited {
  const after = readTree(text, place.format === 'json');
  if (isUntouchable(after)) return untouchable(NOT_ALONE);
  const walked = walk(after, place.path);
  const isRight = walked.kind === 'there' ? value !== undefined && sameValue(valueOf(walked.property.value), value) : value === undefined;
  const isAlone = foreignText(text, after.root, place.path) === foreignText(before.text, before.root, place.path);
  return isRight && isAlone ? { kind: 'changed', text } : untouchable(NOT_ALONE);
}

function nested(names: readonly string[], value: EntryValue): EntryValue {
  return names.reduceRight<EntryValue>((inner, name) => ({ [name]: inner }), value);
}

function twice(path: readonly string[]): string {
  return `it has ${called(path)} twice`;
}

function noTable(path: readonly string[]): string {
  return path.length === 0 ? 'it holds no object' : `its ${called(path)} is no object`;
}

/** A path in words: what our own place names, never what only the file has. */
function called(path: readonly string[]): string {
  return path.join(' / ');
}
