import { Failure } from '../model/failure.ts';
import type { Provider } from './provider.ts';

/** Reads a definition file that was stored under `id`. `usage` naming the first mistake. */
export function readDefinition(_text: string, id: string): Provider {
  throw new Failure('usage', { detail: `The definition of ${id} cannot be read by this version.` });
}
