import { bearerOf } from '../bearer.ts';
import type { Keys, KeptKey } from '../keys.ts';
import type { BoundTokens } from '../oauth/bound-caller.ts';
import type { OAuthRows } from '../oauth/rows.ts';
import { PATHS } from '../oauth/settings.ts';
import { Refused, type Call, type Reply } from '../routes.ts';
import type { Tokens } from '../tokens.ts';
import type { User, Users } from '../users.ts';
import { PERMISSIONS, permissionsOfOAuth } from './permissions.ts';

/** Who calls, and what the credential allows. */
export interface Caller {
  readonly user: User;
  readonly permissions: ReadonlySet<string>;
  /** The key that was used; undefined for a person who is signed in. */
  readonly key: KeptKey | undefined;
}

export interface Doors {
  readonly origin: string;
  readonly users: Users;
  readonly keys: Keys;
  readonly tokens: Tokens;
  readonly oauth: OAuthRows;
  readonly bound: BoundTokens;
}

export const KEY_PREFIX = 'mxk_';

/** Who calls, and the headers that the answer must carry. Anybody unknown gets 401 `unauthorized`, with the place of the metadata (RFC 9728 section 5.1). */
export function identify(
  doors: Doors,
  call: Call,
  metadata: string = PATHS.protectedResource,
): { readonly caller: Caller; readonly headers: Reply['headers'] } {
  const bound = doors.bound.caller(call);
  const caller = bound === undefined ? findCaller(doors, bearerOf(call.headers)) : known(doors, bound.userId, permissionsOfOAuth(bound.scopes), undefined);
  if (caller === undefined) {
    throw new Refused(401, 'unauthorized', 'A valid API key or access token is needed.', {
      'www-authenticate': `Bearer resource_metadata="${doors.origin}${metadata}"${doors.bound.challenge}`,
    });
  }
  return { caller, headers: bound?.headers ?? {} };
}

/** A handler that runs for a known caller only. */
export function forCaller(doors: Doors, handle: (call: Call, caller: Caller) => Reply): (call: Call) => Reply {
  return (call) => {
    const { caller, headers } = identify(doors, call);
    const reply = handle(call, caller);
    return { ...reply, headers: { ...headers, ...reply.headers } };
  };
}

/** 403 `forbidden`, naming what is missing (RFC 6750 section 3.1), unless the caller has all of `needed`. */
export function demand(caller: Caller, needed: readonly string[]): void {
  const missing = needed.filter((permission) => !caller.permissions.has(permission));
  if (missing.length === 0) return;
  const scope = missing.join(' ');
  throw new Refused(403, 'forbidden', `This credential lacks ${missing.join(', ')}.`, {
    'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"`,
  });
}

function findCaller(doors: Doors, credential: string | undefined): Caller | undefined {
  if (credential === undefined) return undefined;
  if (credential.startsWith(KEY_PREFIX)) {
    const key = doors.keys.use(credential);
    return key === undefined ? undefined : known(doors, key.ownerId, key.permissions, key);
  }
  const granted = doors.oauth.accessToken(credential);
  if (granted !== undefined) return known(doors, granted.userId, permissionsOfOAuth(granted.scopes), undefined);
  const exchanged = doors.tokens.read('exchange-access', credential);
  return exchanged === undefined ? undefined : known(doors, exchanged, PERMISSIONS, undefined);
}

function known(doors: Doors, userId: string, permissions: readonly string[], key: KeptKey | undefined): Caller | undefined {
  const user = doors.users.find(userId);
  return user === undefined ? undefined : { user, permissions: new Set(permissions), key };
}
