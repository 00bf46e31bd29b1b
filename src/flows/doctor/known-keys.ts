import { keyPrefixes } from '../../providers/credential-kind.ts';
import type { Provider } from '../../providers/provider.ts';

/** So many characters after the prefix are a key and not a word that stands for one. */
const LEAST_KEY_LENGTH = 16;

function looksLikeKey(prefix: string, value: string): boolean {
  const rest = value.startsWith(prefix) ? value.slice(prefix.length) : '';
  return rest.length >= LEAST_KEY_LENGTH && /^[A-Za-z0-9_-]+$/.test(rest) && /[0-9]/.test(rest);
}

/** The provider that a value is a key of, by the look of it; undefined for anything else. */
export function ownerOf(value: string, providers: readonly Provider[]): Provider | undefined {
  return providers.find((provider) => keyPrefixes(provider).some((prefix) => looksLikeKey(prefix, value)));
}

/** JSON and TOML let any character of a text be written by its number, also those of a key. */
const ESCAPED = /\\(?:u|U0000)([0-9a-fA-F]{4})/g;

const unescaped = (line: string): string => line.replace(ESCAPED, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** Whether a key that begins with the prefix stands anywhere in a line, such as behind `Bearer` or in an address. */
function holdsKey(line: string, prefix: string): boolean {
  for (let at = line.indexOf(prefix); at >= 0; at = line.indexOf(prefix, at + 1)) {
    const rest = /^[A-Za-z0-9_-]*/.exec(line.slice(at + prefix.length))?.[0] ?? '';
    if (!/[A-Za-z0-9_-]/.test(line[at - 1] ?? ' ') && looksLikeKey(prefix, prefix + rest)) return true;
  }
  return false;
}

/**
 * The lines of a configuration file in which a key of a known provider stands: in a value, a name or a comment, and whether the file
 * parses or not. Line numbers begin with 1; no value is given.
 */
export function linesWithKeys(text: string, providers: readonly Provider[]): ReadonlyArray<{ readonly line: number; readonly provider: Provider }> {
  return text.split(/\r\n|\r|\n/).flatMap((raw, index) => {
    const line = unescaped(raw);
    return providers.filter((provider) => keyPrefixes(provider).some((prefix) => holdsKey(line, prefix))).map((provider) => ({ line: index + 1, provider }));
  });
}
