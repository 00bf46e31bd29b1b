import { bearerOf } from '../bearer.ts';
import type { Keys } from '../keys.ts';
import { Refused, type Call, type Reply } from '../routes.ts';
import { CLIENT_TOKEN_PREFIX, type ClientToken, type ClientTokens } from './client-tokens.ts';
import { forbidden, invalid } from './errors.ts';
import type { Project, Projects } from './projects.ts';
import type { RateWindows } from './rate-windows.ts';

/** Who calls. */
type Caller =
  | { readonly kind: 'key'; readonly id: string; readonly projectId: string }
  | { readonly kind: 'personal-access-token'; readonly id: string; readonly userId: string }
  | { readonly kind: 'client-token'; readonly id: string; readonly token: ClientToken };

export interface Doors {
  /** Keys of projects, and personal access tokens. */
  readonly keys: Keys;
  readonly clientTokens: ClientTokens;
  readonly projects: Projects;
  readonly rates: RateWindows;
}

export const KEY_PREFIX = 'reminix_sk_';
export const PERSONAL_PREFIX = 'reminix_pat_';

const PROJECT_HEADER = 'x-project';
/** Whoever brings no valid credential shares one window. */
const NOBODY = 'nobody';

type Handler = (call: Call) => Reply;

/** Runs for keys and personal access tokens, with the project that they work in; a client token gets 403. */
export function forProject(doors: Doors, handle: (call: Call, project: Project) => Reply): Handler {
  return counted(doors, (call, found) => {
    const caller = known(found);
    if (caller.kind === 'client-token') throw forbidden('A client token reaches /client/token and /client/agents only.');
    return handle(call, caller.kind === 'key' ? projectOfKey(doors, caller.projectId) : projectOfHeader(doors, call, caller.userId));
  });
}

/** Runs for client tokens that may do `permission` (null: all of them); anything stronger gets 403, since it does not belong in a browser. */
export function forClient(doors: Doors, permission: string | null, handle: (call: Call, token: ClientToken) => Reply): Handler {
  return counted(doors, (call, found) => {
    const caller = known(found);
    if (caller.kind !== 'client-token') throw forbidden('Paths below /client take client tokens only.');
    if (permission !== null && !caller.token.permissions.includes(permission)) {
      throw forbidden(`This client token lacks ${permission}.`, { 'www-authenticate': `Bearer error="insufficient_scope", scope="${permission}"` });
    }
    return handle(call, caller.token);
  });
}

/** What no other route takes: a client token is told that it may not, anybody else that nothing is there. */
export function elsewhere(doors: Doors): Handler {
  return counted(doors, (_call, caller) => {
    if (caller?.kind === 'client-token') throw forbidden('A client token reaches /client/token and /client/agents only.');
    throw new Refused(404, 'not_found', 'There is nothing at this path that takes this method.');
  });
}

/** Counts the request, and puts how the credential stands on every answer, refusals included. */
function counted(doors: Doors, handle: (call: Call, caller: Caller | undefined) => Reply): Handler {
  return (call) => {
    const caller = findCaller(doors, call.headers);
    const { kind, headers, secondsLeft } = doors.rates.count(caller?.id ?? NOBODY);
    if (kind === 'over') throw new Refused(429, 'rate_limited', 'Too many requests.', { ...headers, 'retry-after': String(secondsLeft) });
    try {
      const reply = handle(call, caller);
      return { ...reply, headers: { ...headers, ...reply.headers } };
    } catch (thrown) {
      throw thrown instanceof Refused ? new Refused(thrown.status, thrown.code, thrown.message, { ...headers, ...thrown.headers }) : thrown;
    }
  };
}

function known(caller: Caller | undefined): Caller {
  // RFC 9110 section 15.5.2 wants the challenge.
  if (caller === undefined) throw new Refused(401, 'unauthorized', 'The token is missing, unknown, revoked or expired.', { 'www-authenticate': 'Bearer' });
  return caller;
}

function findCaller(doors: Doors, headers: Call['headers']): Caller | undefined {
  const credential = bearerOf(headers);
  if (credential === undefined) return undefined;
  if (credential.startsWith(CLIENT_TOKEN_PREFIX)) {
    const token = doors.clientTokens.use(credential);
    return token === undefined ? undefined : { kind: 'client-token', id: token.id, token };
  }
  const key = doors.keys.use(credential);
  if (key === undefined) return undefined;
  return credential.startsWith(KEY_PREFIX)
    ? { kind: 'key', id: key.id, projectId: key.ownerId }
    : { kind: 'personal-access-token', id: key.id, userId: key.ownerId };
}

/** A key belongs to its project, whoever made it: it goes on when that person leaves. */
function projectOfKey(doors: Doors, id: string): Project {
  const project = doors.projects.find(id);
  if (project === undefined) throw new TypeError('a key has no project');
  return project;
}

function projectOfHeader(doors: Doors, call: Call, userId: string): Project {
  const id = call.headers[PROJECT_HEADER];
  if (typeof id !== 'string' || id === '') throw invalid('A personal access token needs the header X-Project.');
  const project = doors.projects.ofMember(userId, id);
  // The same for a project that there is not, so that nobody can find out which there are.
  if (project === undefined) throw forbidden('You are not a member of that project.');
  return project;
}
