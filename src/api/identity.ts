import type { Http } from '../model/deps.ts';
import type { Identity } from '../model/credentials.ts';
import { Failure } from '../model/failure.ts';
import type { Authority } from './authority.ts';
import { callProvider } from './call.ts';
import type { Target } from './target.ts';

/** Who the provider says the credential belongs to; `usage` where it has no such call. */
export async function askIdentity(http: Http, target: Target, authority: Authority): Promise<Identity> {
  const { identity, name } = target.provider;
  if (identity === null) throw new Failure('usage', { detail: `${name} has no call that tells who one is.` });
  return identity.read(await callProvider(http, target, authority, 'ask who you are', identity.call));
}
