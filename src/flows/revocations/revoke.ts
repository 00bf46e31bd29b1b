import type { OAuthSession } from '../../model/credentials.ts';
import type { Deps } from '../../model/deps.ts';
import type { TokenKind } from '../../model/revocation.ts';
import { queueRevocation, type RevocationOwner } from './queue.ts';

/**
 * What became of one token of a session. `queued`: it could not be revoked now, and later commands try again. `expired`: it
 * could not be revoked and has ended by itself. `failed`: it stays valid, and nothing is tried again; `why` says what stood in the way.
 */
export interface SessionTokenOutcome {
  readonly token: TokenKind;
  readonly outcome: 'revoked' | 'not-offered' | 'queued' | 'expired' | 'failed';
  readonly why: string | null;
}

export type RevokeDeps = Pick<Deps, 'bulkHttp' | 'notes' | 'revocations' | 'clock' | 'random' | 'output'>;

/** Revokes what a session holds, and queues what cannot be revoked now but may be later. Never throws for what the server, a store or a folder does. */
export async function revokeOrQueue(owner: RevocationOwner, session: OAuthSession, deps: RevokeDeps): Promise<readonly SessionTokenOutcome[]> {
  const { revokeSession } = await import('../../oauth/token-endpoint.ts');
  const done: SessionTokenOutcome[] = [];
  for (const { token, outcome } of await revokeSession(await deps.bulkHttp(), session)) {
    switch (outcome.kind) {
      case 'revoked':
      case 'not-offered':
        done.push({ token, outcome: outcome.kind, why: null });
        break;
      case 'refused':
        done.push({ token, outcome: 'failed', why: outcome.why });
        break;
      case 'failed': {
        const queued = await queueRevocation(owner, session, token, deps);
        if (queued.kind === 'not-kept') deps.output.debug(`the ${token} could not be kept for a later try: ${queued.why}`);
        done.push({ token, outcome: queued.kind === 'not-kept' ? 'failed' : queued.kind, why: outcome.why });
      }
    }
  }
  return done;
}
