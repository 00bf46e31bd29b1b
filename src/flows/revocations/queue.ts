import type { CredentialAddress, OAuthSession, StoreName } from '../../model/credentials.ts';
import type { Deps } from '../../model/deps.ts';
import { DAY_MS } from '../../model/duration.ts';
import { isFailure } from '../../model/failure.ts';
import { encodeRevocation, type QueuedRevocation, type TokenKind } from '../../model/revocation.ts';

/** How long a token waits to be revoked at most. Nobody's refresh token is expected to live unused for longer. */
export const GIVE_UP_MS = 30 * DAY_MS;

/** The first pause; whoever is offline now is likely to be so for a moment. */
const FIRST_PAUSE_MS = 60_000;

/** Whose token it is. */
export interface RevocationOwner {
  readonly provider: string;
  readonly address: CredentialAddress;
  /** Where the credential lies or lay; what waits lies beside it. */
  readonly store: StoreName;
}

export type QueueOutcome =
  | { readonly kind: 'queued' }
  /** It has ended by itself, so there is nothing to revoke. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'not-kept'; readonly why: string };

type QueueDeps = Pick<Deps, 'notes' | 'revocations' | 'clock' | 'random' | 'output'>;

/**
 * Keeps a token that could not be revoked, so that later commands try again (`retryRevocations`). The token goes into a store
 * and nowhere else; what the state folder gets is no secret. The record comes first: a record without a note is dropped
 * at the next try, a note without a record would lie there unseen. Never throws for what a store or a folder does.
 */
export async function queueRevocation(owner: RevocationOwner, session: OAuthSession, kind: TokenKind, deps: QueueDeps): Promise<QueueOutcome> {
  const token = kind === 'refresh_token' ? session.refreshToken : session.accessToken;
  const now = deps.clock.now();
  const tokenEndsAt = kind === 'access_token' ? session.expiresAt : null;
  if (tokenEndsAt !== null && tokenEndsAt <= now) return { kind: 'expired' };
  if (token === null || session.revocationEndpoint === null) return { kind: 'not-kept', why: 'there is nothing that could be tried again' };
  const name = `revoke-${deps.random.token(12)}`;
  const record: QueuedRevocation = {
    name,
    store: owner.store,
    provider: owner.provider,
    origin: owner.address.origin,
    account: owner.address.account,
    kind,
    queuedAt: now,
    tokenEndsAt,
    nextTryAt: now + FIRST_PAUSE_MS,
    tries: 0,
  };
  const pending = { token, kind, issuer: session.issuer, clientId: session.clientId, revocationEndpoint: session.revocationEndpoint };
  try {
    const notes = await deps.notes(owner.store);
    await deps.revocations.write(record);
    await notes.write(name, encodeRevocation(pending), Math.min(tokenEndsAt ?? Infinity, now + GIVE_UP_MS));
    return { kind: 'queued' };
  } catch (thrown) {
    await deps.revocations.delete(name).catch(() => deps.output.debug('the record of a revocation that was not kept stays behind'));
    return { kind: 'not-kept', why: isFailure(thrown) ? thrown.detail : 'unknown' };
  }
}

/** When the next try is due after `tries` that did not work. */
export function pauseAfter(tries: number): number {
  const PAUSES = [FIRST_PAUSE_MS, 5 * 60_000, 30 * 60_000, 2 * 3_600_000, 12 * 3_600_000];
  return PAUSES[tries] ?? DAY_MS;
}
