/** What needs no other look. To look for properties of Unicode takes long to prepare, and most texts are nothing else than this. */
const PLAIN = /^[\n\x20-\x7e]*$/;

/** The same character in JSON, as escapes of its UTF-16 units (RFC 8259 section 7). */
const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');

/** What a terminal may obey, or what hides and reorders the text around it, although JSON need not escape it. */
const withoutUnsafe = (text: string): string => text.replace(/[\u007F-\u009F\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);

/** JSON text in which nothing is left that a terminal obeys; to a program it says the same. */
export function harmlessJson(text: string): string {
  return PLAIN.test(text) ? text : withoutUnsafe(text);
}

/** Keeps the names inside of a value as they are in `jsonText`: for what somebody else named. */
export function asItIs(value: unknown): { readonly toJSON: () => unknown } {
  return { toJSON: () => value };
}

/**
 * The `--json` text of a value: snake_case names, one compact line in a pipe, indented in a terminal. Names from outside
 * come out whole, and no terminal obeys anything in them.
 * A `Secret` comes out as `[secret]`; a command whose job is to show one reveals it before.
 */
export function jsonText(value: unknown, forTerminal: boolean): string {
  return harmlessJson(JSON.stringify(snakeCased(value), null, forTerminal ? 2 : undefined));
}

/** The name in JSON of a field in code. */
export const snakeName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [snakeName(name), snakeCased(inner)]));
}
