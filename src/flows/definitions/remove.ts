import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { PROVIDERS } from '../../providers/registry.ts';
import { plainText } from '../../render/plain-text.ts';

/** An account that stays stored although its provider is gone. */
export interface LeftAccount {
  readonly origin: string;
  readonly account: string;
}

function notThere(id: string): Failure {
  return new Failure('not-found', { detail: `There is no definition of "${plainText(id, 60)}".`, hint: 'See which there are: keywright providers list' });
}

/**
 * Removes an own definition, whether it can be read or not. `refused` while somebody is signed in there, unless `force`: then the accounts
 * that stay behind are given. A built-in provider is `usage`, an unknown one `not-found`.
 */
export async function removeDefinition(id: string, force: boolean, deps: Pick<Deps, 'definitions' | 'accounts'>): Promise<readonly LeftAccount[]> {
  if (PROVIDERS.some((provider) => provider.id === id))
    throw new Failure('usage', { detail: `${id} is built in and cannot be removed.`, hint: 'Only your own definitions can be.' });
  if (!(await deps.definitions.list()).some((file) => file.id === id)) throw notThere(id);
  const left = (await deps.accounts.list()).filter((record) => record.provider === id).map(({ origin, account }) => ({ origin, account }));
  if (left.length > 0 && !force) {
    throw new Failure('refused', {
      detail: `Somebody is signed in to ${id} (${left.map(({ account }) => account).join(', ')}); without its definition nobody could sign out. Nothing was removed.`,
      hint: `Sign out first: ${left.map(({ account }) => `keywright logout ${id} --account ${account}`).join('; ')}   (or remove it all the same with --force)`,
    });
  }
  if ((await deps.definitions.remove(id)) === 'absent') throw notThere(id);
  return left;
}
