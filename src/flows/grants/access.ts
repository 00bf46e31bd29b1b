import type { Access } from '../../api/access.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import type { GrantRecord } from '../../model/grant.ts';
import { accessOf } from '../authority.ts';
import { confirmBinding } from '../binding-trust.ts';
import { resolve } from '../resolve.ts';

/** Which account may end a grant: the one that was named, else the one that made it where it is still signed in, else what commands use. */
async function accountFor({ origin, account }: Pick<GrantRecord, 'origin' | 'account'>, named: string | undefined, deps: Deps): Promise<string | undefined> {
  if (named !== undefined || account === undefined || account === null) return named;
  return (await deps.accounts.find({ origin, account })) === undefined ? undefined : account;
}

/** The access to the provider of a grant, at the address where it was made and by the account that made it. `usage` where commands go elsewhere now. */
export async function accessToGrant(grant: Pick<GrantRecord, 'provider' | 'origin' | 'account'>, named: string | undefined, deps: Deps): Promise<Access> {
  const { provider, origin } = grant;
  const resolution = await resolve({ provider, account: await accountFor(grant, named, deps) }, deps);
  if (resolution.target.origin !== origin)
    throw new Failure('usage', {
      detail: `The grant belongs to ${origin}, and commands go to ${resolution.target.origin} now.`,
      hint: `Set ${resolution.target.provider.envPrefix}_API_URL as it was when the grant was made.`,
    });
  await confirmBinding(resolution.binding, 'revoke grants', deps);
  return accessOf(resolution, deps);
}
