import { expiredToken } from '../api/jwt.ts';
import type { Deps } from '../model/deps.ts';
import type { Secret } from '../model/secret.ts';

/** What a server says of its reason, to stand behind ours. */
export const said = (serverWords: string): string => (serverWords === '' ? '' : ` (it says: ${serverWords})`);

/** A token that says itself that it is over need not be shown to anybody to learn it. */
export function refuseExpired(token: Secret, whence: string, hint: string, deps: Pick<Deps, 'clock'>): void {
  const expired = expiredToken(token, deps.clock.now(), whence, hint);
  if (expired !== undefined) throw expired;
}
