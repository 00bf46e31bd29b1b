import type { Deps } from '../model/deps.ts';
import { Failure, isFailure } from '../model/failure.ts';
import { agntix } from './agntix.ts';
import { reservedId } from './definition-names.ts';
import { memax } from './memax.ts';
import { minds } from './minds.ts';
import type { Provider } from './provider.ts';
import { reminix } from './reminix.ts';

/** Every provider that is built in, in the order in which lists show them. */
export const PROVIDERS: readonly Provider[] = [memax, minds, reminix, agntix];

/** What is needed to know every provider. */
export type ProviderDeps = Pick<Deps, 'definitions' | 'output'>;

/**
 * Every provider that is known here: the built-in ones, then those of the person's own definition files. A file that cannot be
 * understood, or whose name is taken, is passed over and warned of. Nothing of the readers of definitions is loaded where there are none.
 */
export async function knownProviders({ definitions, output }: ProviderDeps): Promise<readonly Provider[]> {
  const files = await definitions.list();
  if (files.length === 0) return PROVIDERS;
  const { readDefinition } = await import('./definition.ts');
  const own = files.flatMap((file) => {
    const reserved = reservedId(file.id, PROVIDERS);
    if (reserved !== undefined) {
      output.warn(`The definition of "${file.id}" is passed over: this id ${reserved}. Delete the file ${file.id}.json in the folder of definitions.`);
      return [];
    }
    try {
      return [readDefinition(file.text, file.id)];
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      output.warn(`The definition of "${file.id}" is passed over: ${thrown.detail} Remove it: keywright providers remove ${file.id}`);
      return [];
    }
  });
  return [...PROVIDERS, ...own];
}

/** The one of `providers` with this id; `usage` naming them where there is none. */
export function providerAmong(id: string, providers: readonly Provider[]): Provider {
  const found = providers.find((provider) => provider.id === id);
  if (found !== undefined) return found;
  throw new Failure('usage', {
    detail: `No provider is called "${id}".`,
    hint: `Known providers: ${providers.map((provider) => provider.id).join(', ')}. Add your own with: keywright providers add <file>`,
  });
}

/** The provider with this id, whether built in or the person's own. */
export async function providerById(id: string, deps: ProviderDeps): Promise<Provider> {
  return providerAmong(id, PROVIDERS.some((provider) => provider.id === id) ? PROVIDERS : await knownProviders(deps));
}
