import type { Secret } from '../model/secret.ts';
import type { CredentialKind, HeaderRule, KeyPattern, Provider } from './provider.ts';

const ALPHABETS: Readonly<Record<KeyPattern['alphabet'], RegExp>> = {
  hex: /^[0-9a-f]*$/,
  base64url: /^[A-Za-z0-9_-]*$/,
  alphanumeric: /^[A-Za-z0-9]*$/,
};

/** RFC 7519 section 3, with a signature: three parts of base64url, of which the first is a JSON object. */
const JWT = /^eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

const BEARER: HeaderRule = { name: 'authorization', scheme: 'Bearer' };

/** Whether `value` looks like this, to the last character. */
export function fitsPattern(pattern: KeyPattern, value: string): boolean {
  const rest = value.slice(pattern.prefix.length);
  const { min, max } = typeof pattern.length === 'number' ? { min: pattern.length, max: pattern.length } : pattern.length;
  return value.startsWith(pattern.prefix) && rest.length >= min && rest.length <= max && ALPHABETS[pattern.alphabet].test(rest);
}

export function isJwt(value: string): boolean {
  // A fresh process takes longer for the first look with a pattern than for all the rest.
  return value.startsWith('eyJ') && JWT.test(value);
}

const fits = ({ looks }: CredentialKind, value: string): boolean => (looks === 'jwt' ? isJwt(value) : fitsPattern(looks, value));

const hasPrefix = ({ looks }: CredentialKind, value: string): boolean => looks !== 'jwt' && looks.prefix !== '' && value.startsWith(looks.prefix);

/**
 * The kind that a value is of: the one whose pattern it fits, else the one whose prefix it has, since a vendor may lengthen its keys.
 * Undefined for what is like none of them, such as an access token.
 */
export function kindOf(provider: Pick<Provider, 'credentials'>, value: string): CredentialKind | undefined {
  return provider.credentials.find((kind) => fits(kind, value)) ?? provider.credentials.find((kind) => hasPrefix(kind, value));
}

/** The kind of a credential that nobody else needs to see for it. */
export function kindOfSecret(provider: Pick<Provider, 'credentials'>, secret: Secret): CredentialKind | undefined {
  return kindOf(provider, secret.reveal());
}

/**
 * Whether nobody else's credential looks like this: it fits a pattern that has a prefix. Asked before a variable is trusted that may
 * belong to any program.
 */
export function isSurelyOf(provider: Pick<Provider, 'credentials'>, value: string): boolean {
  return provider.credentials.some((kind) => kind.looks !== 'jwt' && kind.looks.prefix !== '' && fitsPattern(kind.looks, value));
}

/** The provider whose key a value surely is, where that is another one than `provider`: to anybody else it must not be shown. */
export function strangerOf<Known extends Pick<Provider, 'id' | 'credentials'>>(
  value: string,
  provider: Pick<Provider, 'id' | 'credentials'>,
  providers: readonly Known[],
): Known | undefined {
  return isSurelyOf(provider, value) ? undefined : providers.find((other) => other.id !== provider.id && isSurelyOf(other, value));
}

/** The same for a credential that nobody else needs to see for it. */
export function strangerOfSecret<Known extends Pick<Provider, 'id' | 'credentials'>>(
  secret: Secret,
  provider: Pick<Provider, 'id' | 'credentials'>,
  providers: readonly Known[],
): Known | undefined {
  return strangerOf(secret.reveal(), provider, providers);
}

/** Whether a value fits a pattern of the provider to the last character. A token that anybody could have issued is no key. */
export function isKeyOf(provider: Pick<Provider, 'credentials'>, value: string): boolean {
  return provider.credentials.some(({ looks }) => looks !== 'jwt' && fitsPattern(looks, value));
}

/** The prefixes by which keys of this provider are known wherever they turn up. */
export function keyPrefixes(provider: Pick<Provider, 'credentials'>): readonly string[] {
  return provider.credentials.flatMap(({ looks }) => (looks === 'jwt' || looks.prefix === '' ? [] : [looks.prefix]));
}

export type HeaderLine = readonly [name: string, value: string];

/**
 * The header lines that carry a credential. What is like no kind is an access token, which goes as RFC 6750 says, unless the provider
 * has no sign-in that could have given one. `project` is named where the kind needs it, and must not be null then.
 */
export function credentialHeaders(provider: Pick<Provider, 'credentials' | 'oauth' | 'project'>, value: string, project: string | null): readonly HeaderLine[] {
  const kind = kindOf(provider, value);
  const { name, scheme } = kind?.header ?? (provider.oauth === null ? provider.credentials[0].header : BEARER);
  const line: HeaderLine = [name, scheme === null ? value : `${scheme} ${value}`];
  return kind?.project === 'required' && provider.project !== null && project !== null ? [line, [provider.project.header, project]] : [line];
}
