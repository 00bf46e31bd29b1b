import { Failure } from '../../model/failure.ts';
import type { DeliverDeps, ReadySink, SinkFormat } from './sink.ts';

/**
 * Reads sink names and checks each, before any key is made. No names mean stdout. A name that is no sink's, or that comes twice, is `usage`;
 * a sink that cannot take a key now is `refused`, `not-found` or `signed-out`, naming it. Nothing is changed.
 * `form` is what stdout prints: `json` in place of `format` where the command was called with `--json`.
 */
export async function readySinks(_names: readonly string[], _format: SinkFormat | undefined, _deps: DeliverDeps, _asked?: { readonly json: boolean }): Promise<readonly ReadySink[]> {
  throw new Failure('bug', { detail: 'Not there yet.' });
}
