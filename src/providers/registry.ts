import { Failure } from '../model/failure.ts';
import { memax } from './memax.ts';
import type { Provider } from './provider.ts';

/** Every provider that is built in, in the order in which lists show them. */
export const PROVIDERS: readonly Provider[] = [memax];

/** The provider with this id; `usage` naming the known ones where there is none. */
export function providerById(id: string): Provider {
  const found = PROVIDERS.find((provider) => provider.id === id);
  if (found !== undefined) return found;
  throw new Failure('usage', {
    detail: `No provider is called "${id}".`,
    hint: `Known providers: ${PROVIDERS.map((provider) => provider.id).join(', ')}.`,
  });
}
