import type { Access } from '../api/access.ts';
import type { Deps } from '../model/deps.ts';
import type { Http } from '../model/http.ts';
import { accessOf } from './authority.ts';
import type { Resolution } from './resolve.ts';
import type { SessionDeps } from './session.ts';

/**
 * As `accessOf`, and what the command learns of keys by the way is remembered for completion: which exist, and which do so no more. With a
 * credential from a variable nothing is remembered, since such a command leaves no state behind.
 */
export async function learningAccessOf(resolution: Resolution, deps: SessionDeps & Pick<Deps, 'http' | 'knownKeys'>, http: Http = deps.http): Promise<Access> {
  const access = await accessOf(resolution, deps, http);
  const { source, target } = resolution;
  if (source.kind !== 'stored') return access;
  const owner = { provider: target.provider.id, origin: target.origin, account: source.address.account };
  return { ...access, learned: (news) => deps.knownKeys.tell(owner, news) };
}
