import { Failure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';
import { isJwt } from '../providers/credential-kind.ts';
import { isFields, textIn, valueAt } from '../providers/read.ts';
import { rfc3339 } from '../render/time.ts';

/** What a token says of itself (RFC 7519 section 4.1). Nothing of it is verified: that is the server's part. Times are RFC 3339 in UTC. */
export interface TokenClaims {
  readonly subject: string | null;
  readonly email: string | null;
  readonly organization: string | null;
  readonly issuer: string | null;
  readonly expiresAt: string | null;
}

/** Clerk's session tokens name the organization as `o.id` in their present version and `org_id` in the one before. */
const ORGANIZATION = [['o', 'id'], ['org_id']] as const;

/** Seconds since 1970 that are a date which can be written; RFC 3339 ends with the year 9999. */
const LAST_SECOND = 253_402_300_799;

function payloadOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** The claims of a credential that is a JSON Web Token; undefined for any other. */
export function readClaims(secret: Secret): TokenClaims | undefined {
  const token = secret.reveal();
  const payload = isJwt(token) ? payloadOf(token) : undefined;
  if (!isFields(payload)) return undefined;
  const seconds = valueAt(payload, ['exp']);
  return {
    subject: textIn(payload, ['sub']),
    email: textIn(payload, ['email']),
    organization: ORGANIZATION.map((path) => textIn(payload, path)).find((text) => text !== null) ?? null,
    issuer: textIn(payload, ['iss']),
    expiresAt: typeof seconds === 'number' && seconds >= 0 && seconds <= LAST_SECOND ? rfc3339(seconds * 1000) : null,
  };
}

/** The failure for a token that says itself that its time is over; undefined for any other credential. `now` is Unix milliseconds. */
export function expiredToken(secret: Secret, now: number, whence: string, hint: string): Failure | undefined {
  const expiresAt = readClaims(secret)?.expiresAt ?? null;
  if (expiresAt === null || Date.parse(expiresAt) > now) return undefined;
  return new Failure('session-ended', { detail: `${whence} is a token that expired at ${expiresAt}; nothing was sent.`, hint });
}
