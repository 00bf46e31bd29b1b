import type { RevokeOutcome } from '../model/api-key.ts';
import type { ClientToken, ClientTokenRequest, CreatedClientToken } from '../model/client-token.ts';
import { Failure, failedWith } from '../model/failure.ts';
import { Secret } from '../model/secret.ts';
import { fitsPattern, isJwt } from '../providers/credential-kind.ts';
import type { ClientTokenOperations, CredentialKind, Provider } from '../providers/provider.ts';
import { isFields, isTooDeep } from '../providers/read.ts';
import type { Access } from './access.ts';
import { callProvider, goodBody, requestOf, sendAuthorized } from './call.ts';
import { idIn, isCredentialText, isId, withHint } from './made.ts';
import { type Mask, maskOf } from './mask.ts';

/** The id of the kind of credential that client tokens are, in every definition. */
const KIND = 'client-token';

const AGAIN = 'keywright auth revoke-client-token';

/** What a provider can do with client tokens; `usage` where it has none. */
export function clientTokensOf({ name, clientTokens }: Provider): ClientTokenOperations {
  if (clientTokens !== null) return clientTokens;
  throw new Failure('usage', { detail: `${name} has no client tokens.`, hint: 'Name a provider that has them: --provider <id>' });
}

/** An id that can stand in an address as one segment; `usage` otherwise. Checked before any request. */
export function checkedClientTokenId(id: string): string {
  if (isId(id)) return id;
  throw new Failure('usage', { detail: 'This cannot be the id of a client token.', hint: 'Take the id that "keywright auth create-client-token" told.' });
}

/** How client tokens of this provider look; undefined where its definition does not say. */
function looksOf(provider: Provider): CredentialKind['looks'] | undefined {
  return provider.credentials.find(({ id }) => id === KIND)?.looks;
}

/** Whether a value is a client token of this provider, as far as anybody can tell by its looks. */
export function isClientToken(provider: Provider, token: Secret): boolean {
  const value = token.reveal();
  const looks = looksOf(provider);
  if (!isCredentialText(value)) return false;
  return looks === undefined || (looks === 'jwt' ? isJwt(value) : fitsPattern(looks, value));
}

/** Every text and number inside of a parsed value. */
function leavesOf(value: unknown): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}

/** Hides the values of a server context, which a server might repeat when it refuses them. */
function contextMask(context: Secret | null): Mask {
  const leaves = context === null ? [] : leavesOf(JSON.parse(context.reveal()));
  return maskOf(leaves.map((leaf) => new Secret(leaf)));
}

/** The failure for a token that was made and that nobody may have: it is revoked again where its id is known. */
async function undone(access: Access, id: string | undefined, failure: Failure, span: string): Promise<Failure> {
  if (id === undefined) return withHint(failure, failure.detail, `If a client token was made, it ends by itself after ${span}.`);
  const outcome = await revokeClientToken(access, id).catch(() => null);
  if (outcome?.kind === 'revoked') return withHint(failure, `${failure.detail} The client token ${id} was made, and was revoked again.`, '');
  return withHint(failure, `${failure.detail} The client token ${id} was made and could not be revoked again.`, `Revoke it: ${AGAIN} ${id}`);
}

/**
 * Makes a client token. Nothing of the server context comes back in a failure or a warning, whatever the server repeats. A token that
 * cannot be read, or does not look like one of this provider, is `unexpected-answer` and is revoked again.
 */
export async function createClientToken(access: Access, request: ClientTokenRequest): Promise<CreatedClientToken> {
  const { provider } = access.target;
  const { create } = clientTokensOf(provider);
  const span = `${request.ttlSeconds} s`;
  const mask = contextMask(request.serverContext);
  const silent: Access = { ...access, heard: (text) => access.heard(mask.text(text)) };
  const answered = await sendAuthorized(silent, requestOf(create.call(request))).catch((thrown: unknown) => {
    if (!failedWith(thrown, 'timed-out', 'unreachable')) throw thrown;
    throw withHint(thrown, thrown.detail, `If the request got through, a client token may have been made; it ends by itself after ${span}.`);
  });
  const { status, headers, body: text } = answered.reply;
  const good = status >= 200 && status <= 299;
  const reply = good ? answered.reply : { status, headers: masked(headers, mask), body: mask.body(text) };
  let id: string | undefined;
  try {
    const body = goodBody(silent, 'create the client token', { ...answered, reply });
    id = idIn(body);
    const made = create.read(body);
    if (isClientToken(provider, made.token)) return made;
    throw new Failure('unexpected-answer', {
      detail: `What ${provider.name} gave does not look like a client token of ${provider.name}.`,
      hint: 'Check the API address.',
    });
  } catch (thrown) {
    throw good && failedWith(thrown, 'unexpected-answer') ? await undone(silent, id, thrown, span) : thrown;
  }
}

const masked = (headers: Readonly<Record<string, string>>, mask: Mask): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, mask.text(value)]));

/** What a client token says of itself. The authority of `access` is the client token. */
export async function showClientToken(access: Access): Promise<ClientToken> {
  const { show } = clientTokensOf(access.target.provider);
  const body = await callProvider(access, 'show the client token', show.call);
  // Every field of it may be missing, so that only this tells an answer from something else.
  if (isFields(body) && !isTooDeep(body)) return show.read(body);
  throw new Failure('unexpected-answer', {
    detail: 'The answer to "show a client token" is no JSON object, or is nested too deeply.',
    hint: 'The provider may have changed its API, or the address leads to something else. Check the API address.',
  });
}

/** Revokes one client token. One that is not there (any more) is `already-gone`, which is success. */
export async function revokeClientToken(access: Access, id: string): Promise<RevokeOutcome> {
  const { revoke } = clientTokensOf(access.target.provider);
  try {
    return revoke.read(id, await callProvider(access, `revoke the client token ${id}`, revoke.call(checkedClientTokenId(id))));
  } catch (thrown) {
    if (failedWith(thrown, 'not-found')) return { id, kind: 'already-gone' };
    throw thrown;
  }
}
