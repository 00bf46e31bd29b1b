import { createScanner, parseTree, type Node, type ParseError } from 'jsonc-parser';

import type { Untouchable } from './entry.ts';
import { lineNumber } from './lines.ts';
import { TOO_DEEP, UNSAFE, UNSAFE_NAME, untouchable } from './untouchable.ts';

/** A parsed JSON file: every value knows its place in the text. */
export interface JsonTree {
  readonly kind: 'tree';
  readonly text: string;
  /** Undefined where there is nothing but blanks and comments. */
  readonly root: JsonNode | undefined;
}

interface Span {
  readonly from: number;
  /** Behind the last character. */
  readonly to: number;
}

export type JsonNode = Span &
  (
    | { readonly kind: 'object'; readonly properties: readonly JsonProperty[] }
    | { readonly kind: 'array'; readonly elements: readonly JsonNode[] }
    | { readonly kind: 'scalar'; readonly value: unknown }
  );

export type JsonObject = Extract<JsonNode, { readonly kind: 'object' }>;

/** `from` is where its name begins, `to` where its value ends. */
export interface JsonProperty extends Span {
  readonly name: string;
  /** The name as the text has it. */
  readonly rawName: string;
  readonly value: JsonNode;
}

/** Levels that a file may have; what goes through it level by level would end before its work is done. */
const DEEPEST = 500;

/** The numbers of these tokens in jsonc-parser, whose enum exists only for its own compiler. */
const OPENING: ReadonlySet<number> = new Set([1, 3]);
const CLOSING: ReadonlySet<number> = new Set([2, 4]);
const END = 17;

/** The number of the error "a comment is not allowed" in jsonc-parser. */
const COMMENT_ERROR = 10;

/** Reads a file. With `strict` it must also satisfy JSON.parse, which takes no comments and no trailing commas (RFC 8259). */
export function readTree(text: string, strict: boolean): JsonTree | Untouchable {
  if (isTooDeep(text)) return untouchable(TOO_DEEP);
  const errors: ParseError[] = [];
  const node = parseTree(text, errors, { disallowComments: strict, allowTrailingComma: !strict, allowEmptyContent: true });
  const [error] = errors;
  if (error !== undefined) {
    const line = lineNumber(text, error.offset);
    const isComment = Number(error.error) === COMMENT_ERROR;
    return untouchable(isComment ? `it has a comment in line ${line}, which its reader does not take` : `it is no valid JSON: see line ${line}`);
  }
  if (node === undefined) return { kind: 'tree', text, root: undefined };
  if (strict && !isParsed(text)) return untouchable('it is no valid JSON');
  const root = nodeOf(node, text);
  return hasUnsafeName(root) ? untouchable(UNSAFE) : { kind: 'tree', text, root };
}

/** What a value means. Where a name stands twice in an object, the last one counts, as with JSON.parse. */
export function valueOf(node: JsonNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.elements.map(valueOf);
  return Object.fromEntries(node.properties.map(({ name, value }) => [name, valueOf(value)]));
}

/**
 * Everything but the entry at `path`, as text without blanks and comments: two files of which this is equal differ in the entry alone, down to the
 * order of names and the digits of numbers. Tables on the path that hold nothing else are left out.
 */
export function foreignText(text: string, node: JsonNode | undefined, path: readonly string[]): string {
  if (node === undefined) return '{}';
  if (node.kind === 'scalar') return text.slice(node.from, node.to);
  if (node.kind === 'array') return `[${node.elements.map((each) => foreignText(text, each, [])).join(',')}]`;
  const [step, ...rest] = path;
  const kept = node.properties.flatMap(({ name, rawName, value }) => {
    if (name === step && rest.length === 0) return [];
    const inner = foreignText(text, value, name === step ? rest : []);
    return name === step && inner === '{}' ? [] : [`${rawName}:${inner}`];
  });
  return `{${kept.join(',')}}`;
}

function isTooDeep(text: string): boolean {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token = Number(scanner.scan()); token !== END; token = Number(scanner.scan())) {
    if (OPENING.has(token)) depth += 1;
    if (CLOSING.has(token)) depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

function isParsed(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function nodeOf(node: Node, text: string): JsonNode {
  const span = { from: node.offset, to: node.offset + node.length };
  const children = node.children ?? [];
  if (node.type === 'array') return { ...span, kind: 'array', elements: children.map((each) => nodeOf(each, text)) };
  if (node.type !== 'object') return { ...span, kind: 'scalar', value: node.value };
  const properties = children.flatMap(({ children: [key, value] = [] }) => {
    if (key === undefined || value === undefined) return [];
    const rawName = text.slice(key.offset, key.offset + key.length);
    return [{ from: key.offset, to: value.offset + value.length, name: String(key.value), rawName, value: nodeOf(value, text) }];
  });
  return { ...span, kind: 'object', properties };
}

function hasUnsafeName(node: JsonNode): boolean {
  if (node.kind === 'array') return node.elements.some(hasUnsafeName);
  return node.kind === 'object' && node.properties.some(({ name, value }) => name === UNSAFE_NAME || hasUnsafeName(value));
}
