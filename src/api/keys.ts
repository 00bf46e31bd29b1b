import type { ApiKey, CreatedKey, KeyRequest, RevokeOutcome } from '../model/api-key.ts';
import { Failure, failedWith, isFailure } from '../model/failure.ts';
import { isKeyOf } from '../providers/credential-kind.ts';
import type { Provider } from '../providers/provider.ts';
import type { Access } from './access.ts';
import { callProvider } from './call.ts';
import { idIn, isCredentialText, isId, withHint } from './made.ts';
import { pagesOf, type Wanted } from './pages.ts';

/** The `usage` failure for what a provider has no call for. */
function cannot(provider: Provider, what: string): Failure {
  return new Failure('usage', {
    detail: `${provider.name} has no API to ${what} keys.`,
    ...(provider.keys.dashboard === null ? {} : { hint: `Keys are managed at ${provider.keys.dashboard}` }),
  });
}

/** An id that can stand in an address as one segment; `usage` otherwise. Checked before any request. */
export function checkedKeyId(id: string): string {
  if (isId(id)) return id;
  throw new Failure('usage', { detail: `"${id}" cannot be the id of a key.`, hint: 'Take the id from the first column of "keywright auth list-keys".' });
}

const MAYBE_MADE = 'If the request got through, a key may have been made; look for it with: keywright auth list-keys';

/** The failure for a key that was made while its reply cannot be read: nobody can use it, so it is revoked where its id can be made out. */
async function unreadable(access: Access, body: unknown, failure: Failure): Promise<Failure> {
  const id = idIn(body);
  if (id === undefined || access.target.provider.keys.revoke === null) return withHint(failure, failure.detail, MAYBE_MADE);
  const undone = await revokeKey(access, id).catch(() => null);
  if (undone?.kind === 'revoked') return withHint(failure, `${failure.detail} The key ${id} was made, and was revoked again.`, '');
  return withHint(failure, `${failure.detail} The key ${id} was made and could not be revoked again.`, `Revoke it: keywright auth revoke-key ${id}`);
}

/**
 * Makes a key. Where the reply cannot be read, or never came, the failure says what became of the key as far as that is known.
 * A reply whose key does not fit the provider's pattern is `unexpected-answer`: nothing may take it.
 * The key that was made is then revoked again, so that no unknown key stays behind.
 */
export async function createKey(access: Access, request: KeyRequest, now: number): Promise<CreatedKey> {
  const { provider } = access.target;
  if (provider.keys.create === null) throw cannot(provider, 'create');
  const body = await callProvider(access, 'create the key', provider.keys.create.call(request, now)).catch((thrown: unknown) => {
    throw failedWith(thrown, 'timed-out', 'unreachable') ? withHint(thrown, thrown.detail, MAYBE_MADE) : thrown;
  });
  let created: CreatedKey;
  try {
    created = provider.keys.create.read(body, request);
  } catch (thrown) {
    throw failedWith(thrown, 'unexpected-answer') ? await unreadable(access, body, thrown) : thrown;
  }
  const value = created.key.reveal();
  if (isCredentialText(value) && isKeyOf(provider, value)) {
    access.learned?.({ kind: 'seen', keys: [created] });
    return created;
  }
  const undone = await revokeKey(access, created.id).catch(() => null);
  throw new Failure('unexpected-answer', {
    detail: `${provider.name} made the key ${created.id}, but its value does not look like a key of ${provider.name}. ${undone?.kind === 'revoked' ? 'It was revoked again.' : 'It could not be revoked again.'}`,
    hint: undone?.kind === 'revoked' ? 'Check the API address.' : `Revoke it: keywright auth revoke-key ${created.id}`,
  });
}

/** The keys page by page, in the provider's order. Nothing is kept of a page that was given. */
export async function* keyPages(access: Access, wanted: Wanted = 'some'): AsyncGenerator<readonly ApiKey[]> {
  const { provider } = access.target;
  const { list } = provider.keys;
  if (list === null) throw cannot(provider, 'list');
  for await (const body of pagesOf(access, 'list the keys', list.call, list.paging, wanted)) {
    const keys = list.read(body);
    access.learned?.({ kind: 'seen', keys });
    yield keys;
  }
  access.learned?.({ kind: 'all-seen' });
}

/** All keys, in the provider's order. */
export async function listKeys(access: Access): Promise<readonly ApiKey[]> {
  const pages: Array<readonly ApiKey[]> = [];
  for await (const page of keyPages(access, 'all')) pages.push(page);
  return pages.flat();
}

/** `usage` where the provider has no call to revoke a key; to be asked before anybody is asked anything. */
export function demandRevoke(provider: Provider): NonNullable<Provider['keys']['revoke']> {
  if (provider.keys.revoke === null) throw cannot(provider, 'revoke');
  return provider.keys.revoke;
}

/** Revokes one key. A key that is not there (any more) is `already-gone`, which is success. */
export async function revokeKey(access: Access, id: string): Promise<RevokeOutcome> {
  const revoke = demandRevoke(access.target.provider);
  try {
    const outcome = revoke.read(id, await callProvider(access, `revoke the key ${id}`, revoke.call(checkedKeyId(id))));
    if (outcome.kind !== 'failed') access.learned?.({ kind: 'gone', id });
    return outcome;
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.code !== 'not-found') throw thrown;
    access.learned?.({ kind: 'gone', id });
    return { id, kind: 'already-gone' };
  }
}
