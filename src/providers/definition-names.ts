import type { Provider } from './provider.ts';

/** The beginning of a definition's variables: `ACME_EU` for `acme-eu`. Two ids never share one. */
export function envPrefixOf(id: string): string {
  return id.toUpperCase().replaceAll('-', '_');
}

/** Why an own definition may not have this id, to stand after its path; undefined where it may. Variables that begin with our own name are ours. */
export function reservedId(id: string, builtIn: ReadonlyArray<Pick<Provider, 'id' | 'envPrefix'>>): string | undefined {
  const prefix = envPrefixOf(id);
  if (prefix === 'KEYWRIGHT' || prefix.startsWith('KEYWRIGHT_')) return 'is a name of keywright itself';
  const taken = builtIn.find((provider) => provider.id === id || provider.envPrefix === prefix);
  return taken === undefined ? undefined : `belongs to the built-in provider ${taken.id}`;
}
