import { readdirSync } from 'node:fs';
import { mayBeThere } from '../adapters/presence.ts';
import { isProviderId } from '../model/names.ts';
import { envPrefixOf } from '../providers/definition-names.ts';
import { PROVIDERS } from '../providers/registry.ts';

/** The ids of the person's own providers, by the names of their files alone: whatever stands in them, their variables are theirs. */
function ownProviderIds(definitionsDir: string): readonly string[] {
  // A fresh process takes longer to throw than to look.
  if (!mayBeThere(definitionsDir)) return [];
  try {
    return readdirSync(definitionsDir)
      .map((name) => name.replace(/\.json$/, ''))
      .filter(isProviderId);
  } catch {
    // Who reads what stands in them says so.
    return [];
  }
}

/** Names that carry a credential or open a store; no child process of ours gets them. */
export function credentialVariables(definitionsDir: string): readonly string[] {
  return [
    'API_KEY',
    'KEYWRIGHT_API_KEY',
    'KEYWRIGHT_STORE_KEY',
    'KEYWRIGHT_STORE_PASSPHRASE',
    ...PROVIDERS.map((provider) => `${provider.envPrefix}_API_KEY`),
    ...ownProviderIds(definitionsDir).map((id) => `${envPrefixOf(id)}_API_KEY`),
  ];
}
