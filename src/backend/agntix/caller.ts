import { bearerOf } from '../bearer.ts';
import type { Keys } from '../keys.ts';
import type { Organization, Organizations } from '../organizations.ts';
import { Refused, type Call, type Reply } from '../routes.ts';
import type { Users } from '../users.ts';
import { scopesOfRole } from './scopes.ts';
import type { SessionTokens } from './session-tokens.ts';

/** For which organization somebody calls, and what the credential allows. */
export interface Caller {
  readonly organization: Organization;
  readonly scopes: ReadonlySet<string>;
}

export interface Doors {
  readonly keys: Keys;
  readonly sessions: SessionTokens;
  readonly users: Users;
  readonly organizations: Organizations;
}

const KEY_HEADER = 'x-api-key';

/** A handler that runs for a known caller only. Anybody else gets 401, and so does a person who belongs to no organization. */
export function forCaller(doors: Doors, handle: (call: Call, caller: Caller) => Reply): (call: Call) => Promise<Reply> {
  return async (call) => {
    const key = call.headers[KEY_HEADER];
    return handle(call, key === undefined ? await callerOfSession(doors, bearerOf(call.headers)) : callerOfKey(doors, String(key)));
  };
}

/** 403 unless the caller has all of `needed`. */
export function demand(caller: Caller, needed: readonly string[]): void {
  const missing = needed.filter((scope) => !caller.scopes.has(scope));
  if (missing.length > 0) throw new Refused(403, 'forbidden', `This credential lacks ${missing.join(', ')}.`);
}

function callerOfKey({ keys, organizations }: Doors, value: string): Caller {
  const key = keys.use(value);
  const organization = key === undefined ? undefined : organizations.find(key.ownerId);
  if (key === undefined || organization === undefined) throw unauthorized('The API key is not valid.');
  return { organization, scopes: new Set(key.permissions) };
}

/** A key has no place in `Authorization`: only a session token counts there. */
async function callerOfSession({ sessions, users, organizations }: Doors, token: string | undefined): Promise<Caller> {
  if (token === undefined) throw unauthorized('Send an API key as x-api-key, or a session token as Authorization: Bearer.');
  const session = await sessions.read(token);
  if (session === undefined || users.find(session.userId) === undefined) throw unauthorized('The session token is not valid.');
  const organization = session.organization === null ? undefined : organizations.find(session.organization.id);
  if (session.organization === null || organization === undefined) throw unauthorized('The session token belongs to no organization.');
  return { organization, scopes: new Set(scopesOfRole(session.organization.role)) };
}

function unauthorized(message: string): Refused {
  return new Refused(401, 'unauthorized', message);
}
