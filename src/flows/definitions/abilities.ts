import type { Provider } from '../../providers/provider.ts';

/** A provider in one row of a list. */
export interface ProviderRow {
  readonly id: string;
  readonly name: string;
  readonly origin: Provider['origin'];
  readonly base_url: string;
  /** How one signs in: through a browser, or by bringing a key or token. */
  readonly sign_in: ReadonlyArray<'browser' | 'key'>;
  readonly can: readonly string[];
}

/** What can be done with keys and tokens of a provider, as the words of the commands. */
function abilitiesOf({ keys, clientTokens }: Provider): readonly string[] {
  return [
    keys.create === null ? [] : 'create-key',
    keys.list === null ? [] : 'list-keys',
    keys.revoke === null ? [] : 'revoke-key',
    clientTokens === null ? [] : 'create-client-token',
  ].flat();
}

export function rowOf(provider: Provider): ProviderRow {
  const { id, name, origin, baseUrl, oauth } = provider;
  return { id, name, origin, base_url: baseUrl, sign_in: oauth === null ? ['key'] : ['browser', 'key'], can: abilitiesOf(provider) };
}
