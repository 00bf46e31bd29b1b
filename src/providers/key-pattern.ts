import type { KeyPattern } from './provider.ts';

const ALPHABETS: Readonly<Record<KeyPattern['alphabet'], RegExp>> = {
  hex: /^[0-9a-f]*$/,
  base64url: /^[A-Za-z0-9_-]*$/,
  alphanumeric: /^[A-Za-z0-9]*$/,
};

/** Whether `value` looks like a key of this pattern, to the last character. */
export function fitsPattern(pattern: KeyPattern, value: string): boolean {
  const rest = value.slice(pattern.prefix.length);
  return value.startsWith(pattern.prefix) && rest.length === pattern.length && ALPHABETS[pattern.alphabet].test(rest);
}
