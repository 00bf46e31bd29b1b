import { isPlainOrigin } from './plain-origin.ts';

/**
 * Whether `text` can be the local name of an account. It becomes part of a file name's hash and of a keychain entry, and it
 * is printed, so it is kept plain: 1 to 64 letters, digits or `. _ @ + -`, the first of them a letter or digit.
 */
export function isAccountName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/.test(text);
}

/** Whether `text` can be the id of a provider, of a built-in one or of an own definition; it says nothing about whether there is one. */
export function isProviderId(text: string): boolean {
  return /^[a-z][a-z0-9-]{0,31}$/.test(text);
}

/** Whether `text` is an origin as `URL.origin` writes it, under which credentials and defaults are kept. */
export function isOrigin(text: string): boolean {
  return isPlainOrigin(text) || (URL.canParse(text) && new URL(text).origin === text);
}

/** Whether `text` can be the id of a project at a provider. It becomes a header's value, so it is kept plain. */
export function isProjectId(text: string): boolean {
  return /^[A-Za-z0-9._~@:+=-]{1,128}$/.test(text);
}
