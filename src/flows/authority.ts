import { type Access, tellOnce } from '../api/access.ts';
import { type Authority, fixedAuthority } from '../api/authority.ts';
import type { Deps } from '../model/deps.ts';
import type { Http } from '../model/http.ts';
import { Failure } from '../model/failure.ts';
import { refuseExpired, said } from './refusal.ts';
import type { Resolution } from './resolve.ts';
import type { SessionDeps } from './session.ts';

/** How a command speaks to the provider that it decided on: one request at a time, unless `http` is another way. */
export async function accessOf(resolution: Resolution, deps: SessionDeps & Pick<Deps, 'http'>, http: Http = deps.http): Promise<Access> {
  const { target } = resolution;
  return { http, target, authority: await authorityOf(resolution, deps), heard: tellOnce(target.provider.name, (line) => deps.output.warn(line)) };
}

/** The authority behind a resolution: a variable's key as it is, or what the store holds, refreshed when needed. */
export async function authorityOf(resolution: Resolution, deps: SessionDeps): Promise<Authority> {
  const { target, source } = resolution;
  if (source.kind === 'stored') {
    const { storedAuthority } = await import('./stored-authority.ts');
    return storedAuthority({ target, address: source.address, record: source.record }, deps);
  }
  refuseExpired(source.key, `What ${source.name} holds`, `Set ${source.name} to a new one.`, deps);
  return fixedAuthority(
    source.key,
    (serverWords) =>
      new Failure('session-ended', {
        detail: `${target.provider.name} does not accept the key in ${source.name}${said(serverWords)}.`,
        hint: `Set ${source.name} to a valid key, or unset it and run: keywright login ${target.provider.id}`,
      }),
  );
}
