import { describe, expect, it } from 'vitest';
import type { DefinitionFile } from '../../../src/model/definition-file.ts';
import { isPlainOrigin } from '../../../src/model/plain-origin.ts';
import { keyPrefixes } from '../../../src/providers/credential-kind.ts';
import { knownProviders, providerAmong, providerById, PROVIDERS, type ProviderDeps } from '../../../src/providers/registry.ts';

function world(files: readonly DefinitionFile[]): ProviderDeps & { readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const nothing = (): void => undefined;
  return {
    warnings,
    definitions: { list: async () => files, write: async () => undefined, remove: async () => 'absent' },
    output: {
      note: nothing,
      must: nothing,
      debug: nothing,
      warn: (line) => void warnings.push(line),
      stdoutIsTerminal: false,
      progress: () => ({ tick: () => undefined, end: () => undefined }),
      columns: () => undefined,
    },
  };
}

describe('the registry', () => {
  it('knows each provider by an id of its own, and names them where one is unknown', async () => {
    expect(PROVIDERS.map((provider) => provider.id)).toEqual(['memax', 'minds', 'reminix', 'agntix']);
    for (const provider of PROVIDERS) {
      expect(providerAmong(provider.id, PROVIDERS)).toBe(provider);
      expect(await providerById(provider.id, world([]))).toBe(provider);
    }
    await expect(providerById('nobody', world([]))).rejects.toThrow('No provider is called "nobody".');
  });

  it('has only providers whose address can be used as it stands', () => {
    for (const { origin, baseUrl } of PROVIDERS) expect([origin, isPlainOrigin(baseUrl)], baseUrl).toEqual(['built-in', true]);
  });

  it('has only providers whose parts fit together', () => {
    for (const { id, baseUrl, envPrefix, credentials, assumed, keys } of PROVIDERS) {
      const { looks } = credentials[0];
      const shortest = looks === 'jwt' ? 0 : typeof looks.length === 'number' ? looks.length : looks.length.min;
      expect([id, /^[a-z][a-z0-9-]*$/.test(id), /^[A-Z][A-Z0-9_]*$/.test(envPrefix), new URL(baseUrl).origin === baseUrl, shortest >= 16]).toEqual([
        id,
        true,
        true,
        true,
        true,
      ]);
      // What cannot be done here is done somewhere else, and that place must be named.
      expect(keys.create === null && !(keys.dashboard ?? '').startsWith('https:')).toBe(false);
      for (const why of Object.values(assumed)) expect(why.length).toBeGreaterThan(10);
    }
  });

  it('has no two providers whose keys could be taken for each other', () => {
    const prefixes = PROVIDERS.flatMap((provider) => keyPrefixes(provider).map((prefix) => ({ prefix, id: provider.id })));
    const mixed = prefixes.filter((one) => prefixes.some((other) => other.id !== one.id && other.prefix.startsWith(one.prefix)));
    expect(mixed).toEqual([]);
  });

  it('passes over a definition that has the name of a built-in provider, whatever stands in it', async () => {
    const deps = world([{ id: 'memax', text: '{}' }]);
    expect(await knownProviders(deps)).toEqual(PROVIDERS);
    expect(deps.warnings).toEqual([expect.stringMatching(/"memax" is passed over: this id belongs to the built-in provider memax/)]);
  });

  it('passes over a definition that cannot be understood, and says which', async () => {
    const deps = world([{ id: 'acme', text: 'SECRET-7f3a' }]);
    expect(await knownProviders(deps)).toEqual(PROVIDERS);
    expect(deps.warnings).toEqual([expect.stringMatching(/"acme".*providers remove acme/)]);
    expect(deps.warnings.join()).not.toContain('SECRET');
  });
});
