import type { ScopeChoice } from './provider.ts';
import { PROVIDERS } from './registry.ts';

/*
 * The words that some built-in provider knows, for completion: which of them a provider takes is known only when it is asked.
 */

const once = (words: readonly string[]): readonly string[] => [...new Set(words)];
const scopesOf = (choices: readonly ScopeChoice[]): readonly string[] => choices.map(({ scope }) => scope);

export const PROVIDER_IDS = PROVIDERS.map(({ id }) => id);
export const KEY_SCOPES = once(PROVIDERS.flatMap(({ keys }) => scopesOf(keys.create?.takes.scopes ?? [])));
export const SIGN_IN_SCOPES = once(PROVIDERS.flatMap(({ oauth }) => oauth?.scopes ?? []));
export const TRUST_LEVELS = once(PROVIDERS.flatMap(({ keys }) => keys.create?.takes.trust ?? []));
export const PERMISSIONS = once(PROVIDERS.flatMap(({ clientTokens }) => scopesOf(clientTokens?.permissions ?? [])));
