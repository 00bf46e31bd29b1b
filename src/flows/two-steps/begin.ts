import { Secret } from '../../model/secret.ts';
import type { Deps } from '../../model/deps.ts';
import type { KeyOwner } from '../../model/known-keys.ts';
import { advertisesIssuer, beginAuthorization } from '../../oauth/authorization.ts';
import { listenOnLoopback } from '../../oauth/loopback.ts';
import { issuerOfServer, pinnedServer, prepareClient } from '../../oauth/server.ts';
import { rfc3339 } from '../../render/time.ts';
import { askForCode, type Wishes } from '../device-sign-in.ts';
import type { SignInPlace } from '../finish-sign-in.ts';
import { serverOf } from '../issuer.ts';
import { newId, nextCommand, noteName } from './names.ts';
import { encodePending, type PendingRedirect, type PendingSignIn } from './pending.ts';

/*
 * A sign-in in two commands, for programs without a terminal: the first gives an address and ends, the second takes what
 * came of it. Between them everything lies in the store, and only a random id goes by way of the command line.
 */

/** How long an address waits for its redirect. A program has to find a person first; their code itself lives for a minute or ten. */
const REDIRECT_LIMIT_MS = 15 * 60_000;

type BeginDeps = Pick<Deps, 'clock' | 'random' | 'output' | 'oauthHttp' | 'notes' | 'knownKeys'>;

/** What the first step tells. */
export interface BegunSignIn {
  /** Where the person goes; with the code in it where the server allows that. */
  readonly url: string;
  /** What the person types there, or compares; null where they come back with an address instead. */
  readonly code: string | null;
  /** RFC 3339. */
  readonly expiresAt: string;
  /** The command line of the second step. */
  readonly next: string;
  /** What the person must know before they open the address; null where there is nothing. */
  readonly warning: string | null;
}

/** The first step. `way` is how the person answers: by a code on any device, or with the address that their browser ends at. */
export async function beginSignIn(place: SignInPlace, wishes: Wishes, way: 'device' | 'redirect', deps: BeginDeps): Promise<BegunSignIn> {
  serverOf(place.target);
  await place.store.probe();
  const begun = way === 'device' ? await beginByCode(place, wishes, deps) : await beginByRedirect(place, wishes, deps);
  const id = newId(deps);
  const notes = await deps.notes(place.store.name);
  await notes.write(noteName(id), encodePending(begun.pending), begun.pending.expiresAt);
  deps.knownKeys.tell(ownerOf(begun.pending), { kind: 'begun', signIn: { id, endsAt: begun.pending.expiresAt } });
  return {
    url: begun.url,
    code: begun.userCode,
    expiresAt: rfc3339(begun.pending.expiresAt),
    next: nextCommand(place.target.provider.id, id, notes),
    warning: begun.warning,
  };
}

function ownerOf({ provider, origin, account }: PendingSignIn): KeyOwner {
  return { provider, origin, account };
}

interface Begun {
  readonly url: string;
  readonly userCode: string | null;
  readonly warning: string | null;
  readonly pending: PendingSignIn;
}

function common({ target, address }: SignInPlace, { scopes }: Wishes) {
  return {
    provider: target.provider.id,
    origin: target.origin,
    baseUrl: target.baseUrl,
    account: address.account,
    scopes,
    scopeSeparator: serverOf(target).scopeSeparator,
  };
}

async function beginByCode(place: SignInPlace, wishes: Wishes, deps: BeginDeps): Promise<Begun> {
  const { authorization, server, dpopKey } = await askForCode(place.target, wishes, deps);
  const { address, fullAddress, userCode, deviceCode, intervalMs, expiresAt, strangeHost } = authorization;
  const warning =
    strangeHost === null
      ? null
      : `The address leads to ${strangeHost}, not to ${issuerOfServer(serverOf(place.target)).host}. Open it only if you know it to belong to ${place.target.provider.name}.`;
  if (warning !== null) deps.output.warn(warning);
  const way = { kind: 'device', deviceCode, intervalMs, askAgainAt: deps.clock.now() + intervalMs } as const;
  return { url: fullAddress ?? address, userCode, warning, pending: { ...common(place, wishes), server, dpopKey, expiresAt, way } };
}

async function beginByRedirect(place: SignInPlace, wishes: Wishes, deps: BeginDeps): Promise<Begun> {
  // Nobody will listen at this address: a person brings what arrives there. Whoever takes the port meanwhile learns a code that is
  // worth nothing without the verifier (RFC 7636). Bound once, it is at least nobody's now.
  const server = serverOf(place.target);
  const { client, scopeSeparator } = server;
  const listener = await listenOnLoopback(client.kind === 'fixed' ? (client.port ?? 0) : 0);
  await listener.close();
  const { redirectUri } = listener;
  const http = await deps.oauthHttp();
  const config = await prepareClient(http, server, { kind: 'redirect', redirectUri }, wishes.scopes);
  const authorization = await beginAuthorization(config, { redirectUri, ...wishes, scopeSeparator }, deps.random);
  const { state, codeVerifier, dpopKey } = authorization;
  const way: PendingRedirect = {
    kind: 'redirect',
    state: new Secret(state),
    codeVerifier: new Secret(codeVerifier),
    redirectUri,
    namesItself: advertisesIssuer(authorization),
  };
  const expiresAt = deps.clock.now() + REDIRECT_LIMIT_MS;
  return {
    url: authorization.address,
    userCode: null,
    warning: null,
    pending: { ...common(place, wishes), server: pinnedServer(config), dpopKey, expiresAt, way },
  };
}
