import { randomUUID } from 'node:crypto';

import { isObject } from '../json.ts';
import type { Organization } from '../organizations.ts';
import type { Role } from './scopes.ts';
import type { SigningKeys } from './signing-keys.ts';

/** What a session token says, once its signature, issuer and times have been checked. */
export interface Session {
  readonly userId: string;
  /** Null for a person who has chosen no organization. */
  readonly organization: { readonly id: string; readonly role: string } | null;
}

export interface SessionDraft {
  readonly userId: string;
  readonly organization: Organization | null;
  readonly role: Role;
  readonly seconds: number;
}

export interface SessionTokens {
  issue(draft: SessionDraft): Promise<string>;
  /** Undefined for a token that is not worth anything here and now. */
  read(token: string): Promise<Session | undefined>;
}

/** Session tokens as Clerk writes them, version 2: the organization is `o`, with its id, the role in it, and its slug. */
export function sessionTokens(signing: SigningKeys, issuer: string, now: () => number): SessionTokens {
  return {
    issue({ userId, organization, role, seconds }) {
      const time = Math.floor(now() / 1000);
      return signing.sign({
        v: 2,
        iss: issuer,
        sub: userId,
        sid: `sess_${randomUUID()}`,
        jti: randomUUID(),
        sts: 'active',
        iat: time,
        nbf: time,
        exp: time + seconds,
        ...(organization === null ? {} : { o: { id: organization.id, rol: role, slg: organization.slug } }),
      });
    },
    async read(token) {
      const claims = await signing.verify(token, issuer, now());
      if (typeof claims?.sub !== 'string') return undefined;
      const { o } = claims;
      const organization = isObject(o) && typeof o['id'] === 'string' ? { id: o['id'], role: typeof o['rol'] === 'string' ? o['rol'] : '' } : null;
      return { userId: claims.sub, organization };
    },
  };
}
