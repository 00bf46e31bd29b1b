import type { Access } from '../../api/access.ts';
import { fixedAuthority } from '../../api/authority.ts';
import { Failure } from '../../model/failure.ts';
import type { GrantRecord } from '../../model/grant.ts';
import type { Http } from '../../model/http.ts';
import type { Secret } from '../../model/secret.ts';
import type { Provider } from '../../providers/provider.ts';
import { proveKey } from '../rotate/proving.ts';

/** Where the provider of a grant answers. A record that names a server of another origin than its key belongs to leads nowhere. */
function baseUrlOf({ mcpUrl, origin }: GrantRecord, provider: Provider): string {
  if (mcpUrl === null) return origin;
  if (!URL.canParse(mcpUrl) || new URL(mcpUrl).origin !== origin)
    throw new Failure('refused', { detail: 'The record of the grant names a server of another origin than its key belongs to; nothing was sent.' });
  const path = provider.mcp?.path ?? '';
  return path !== '' && mcpUrl.endsWith(path) ? mcpUrl.slice(0, -path.length) : origin;
}

/** Shows the key of a grant to its provider, so that nobody needs to be signed in. What leaves it open is a failure. */
export async function proveGrant(record: GrantRecord, key: Secret, provider: Provider, http: Http): Promise<'accepted' | 'rejected'> {
  const authority = fixedAuthority(key, (detail) => new Failure('session-ended', { detail }));
  const target = { provider, origin: record.origin, baseUrl: baseUrlOf(record, provider), project: null };
  const access: Access = { http, target, authority, heard: () => undefined };
  return proveKey(key, access);
}
