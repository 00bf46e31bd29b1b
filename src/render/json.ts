/**
 * The `--json` text of a value: snake_case names, one compact line in a pipe, indented in a terminal.
 * A `Secret` comes out as `[secret]`; a command whose job is to show one reveals it before.
 */
export function jsonText(value: unknown, forTerminal: boolean): string {
  return JSON.stringify(snakeCased(value), null, forTerminal ? 2 : undefined);
}

function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), snakeCased(inner)]));
}
