import { parse } from 'smol-toml';

import { isFields } from '../../providers/read.ts';

/** A table header, a header of one element of an array of tables, or a pair of name and value. */
export interface Statement {
  readonly kind: 'table' | 'element' | 'pair';
  /** The names of a header, or of a pair within its table. */
  readonly names: readonly string[];
  /** Where its first line begins. */
  readonly from: number;
  /** Where the line after it begins, or the file ends. */
  readonly to: number;
}

/** Splits a document into its statements. It must have been parsed before: what is no TOML is not noticed here. */
export function statementsOf(text: string): readonly Statement[] {
  const statements: Statement[] = [];
  for (let from = 0; from < text.length;) {
    const at = skip(text, from, /[ \t]*/y);
    const isHeader = text[at] === '[';
    if (at === text.length || /[#\r\n]/.test(text[at] ?? '')) {
      from = endOfLine(text, at);
    } else if (isHeader) {
      const isElement = text[at + 1] === '[';
      const end = endOfNames(text, at + (isElement ? 2 : 1), ']');
      const to = endOfLine(text, end);
      statements.push({ kind: isElement ? 'element' : 'table', names: namesOf(text.slice(at + (isElement ? 2 : 1), end)), from, to });
      from = to;
    } else {
      const end = endOfNames(text, at, '=');
      const to = endOfLine(text, endOfValue(text, end + 1));
      statements.push({ kind: 'pair', names: namesOf(text.slice(at, end)), from, to });
      from = to;
    }
  }
  return statements;
}

/** Behind the string that begins at `offset`. Three quotes end a long one together with up to two that belong to it (TOML 1.0, "String"). */
function endOfString(text: string, offset: number): number {
  const quote = text[offset] === '"' ? '"' : "'";
  const isLong = text.startsWith(quote.repeat(3), offset);
  const closing = isLong ? quote.repeat(3) : quote;
  let at = offset + closing.length;
  while (at < text.length && !text.startsWith(closing, at)) at += quote === '"' && text[at] === '\\' ? 2 : 1;
  at += closing.length;
  return isLong ? skip(text, at, quote === '"' ? /"{0,2}/y : /'{0,2}/y) : at;
}

function skip(text: string, offset: number, pattern: RegExp): number {
  const sticky = new RegExp(pattern);
  sticky.lastIndex = offset;
  return offset + (sticky.exec(text)?.[0].length ?? 0);
}

/** One step on: over a whole string, else one character. */
function step(text: string, offset: number): number {
  return /["']/.test(text[offset] ?? '') ? endOfString(text, offset) : offset + 1;
}

/** Where the sign stands that ends dotted names. */
function endOfNames(text: string, offset: number, sign: ']' | '='): number {
  let at = offset;
  while (at < text.length && text[at] !== sign) at = step(text, at);
  return at;
}

/** Behind a value: a comment or a line's end is next. Within brackets, lines and comments go on. */
function endOfValue(text: string, offset: number): number {
  let depth = 0;
  let at = offset;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (depth <= 0 && /[#\r\n]/.test(character)) return at;
    if (character === '[' || character === '{') depth += 1;
    if (character === ']' || character === '}') depth -= 1;
    at = character === '#' ? skip(text, at, /[^\r\n]*/y) : step(text, at);
  }
  return at;
}

function endOfLine(text: string, offset: number): number {
  return skip(text, offset, /[^\n]*\n?/y);
}

/** Decodes dotted names by letting the parser read them as a pair. */
function namesOf(dotted: string): readonly string[] {
  const names: string[] = [];
  for (let value: unknown = parse(`${dotted} = 0`); isFields(value);) {
    const [name = ''] = Object.keys(value);
    names.push(name);
    value = value[name];
  }
  return names;
}
