import type { OAuthSession } from '../model/credentials.ts';

/** RFC 6749 names no margin; a minute covers a slow request and a clock that is a little off. */
export const REFRESH_EARLY_MS = 60_000;

/**
 * Whether the access token has expired or is about to. A token whose end is unknown is used until the provider refuses it.
 * One that was obtained in the future tells that the clock was set back since, and with it that its end cannot be trusted.
 */
export function isStale(session: OAuthSession, now: number): boolean {
  if (session.expiresAt === null) return false;
  return session.expiresAt - REFRESH_EARLY_MS <= now || session.obtainedAt - REFRESH_EARLY_MS > now;
}
