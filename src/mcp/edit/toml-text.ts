import type { EntryValue } from './entry.ts';

/**
 * Writes an entry as a table of its own, in TOML 1.0: one pair a line, tables within as inline tables in one line, which any reader
 * of 1.0 takes. No line break at the end.
 */
export function tableText(path: readonly string[], value: EntryValue, lineBreak: string): string {
  const header = `[${path.map(nameText).join('.')}]`;
  const pairs = isTable(value) ? Object.entries(value).map(([name, inner]) => `${nameText(name)} = ${valueText(inner)}`) : [];
  return [header, ...pairs].join(lineBreak);
}

export function isTable(value: EntryValue): value is { readonly [name: string]: EntryValue } {
  return typeof value === 'object' && !Array.isArray(value);
}

function valueText(value: EntryValue): string {
  if (typeof value === 'string') return stringText(value);
  if (typeof value === 'boolean') return String(value);
  if (!isTable(value)) return `[${value.map(valueText).join(', ')}]`;
  const pairs = Object.entries(value).map(([name, inner]) => `${nameText(name)} = ${valueText(inner)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

function nameText(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : stringText(name);
}

/** A basic string. JSON escapes all that TOML wants escaped but DEL (TOML 1.0, "String"). */
function stringText(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}
