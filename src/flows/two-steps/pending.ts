import type { Http } from '../../model/http.ts';
import { Failure } from '../../model/failure.ts';
import { Secret } from '../../model/secret.ts';
import type { ExpectedRedirect } from '../../oauth/authorization.ts';
import { configurationOf, type PinnedServer } from '../../oauth/server.ts';
import type { ProviderOAuth } from '../../providers/provider.ts';

/** A sign-in between its two steps: all that the second one needs, since nothing else connects them. */
export interface PendingSignIn {
  readonly provider: string;
  readonly origin: string;
  readonly baseUrl: string;
  readonly account: string;
  readonly scopes: readonly string[];
  readonly scopeSeparator: ProviderOAuth['scopeSeparator'];
  readonly server: PinnedServer;
  readonly dpopKey: Secret | null;
  /** Unix milliseconds. */
  readonly expiresAt: number;
  readonly way: PendingRedirect | PendingDevice;
}

export interface PendingRedirect {
  readonly kind: 'redirect';
  readonly state: Secret;
  readonly codeVerifier: Secret;
  readonly redirectUri: string;
  /** Whether the server promised to name itself in the redirect (RFC 9207). */
  readonly namesItself: boolean;
}

export interface PendingDevice {
  readonly kind: 'device';
  readonly deviceCode: Secret;
  readonly intervalMs: number;
  /** Unix milliseconds: before then the server must not be asked, whichever process would. */
  readonly askAgainAt: number;
}

/** What the redirect of a pending sign-in is checked against. */
export function expectedRedirect(pending: PendingSignIn, way: PendingRedirect, http: Http): ExpectedRedirect {
  return {
    state: way.state.reveal(),
    codeVerifier: way.codeVerifier.reveal(),
    redirectUri: way.redirectUri,
    scopes: pending.scopes,
    scopeSeparator: pending.scopeSeparator,
    config: configurationOf(http, pending.server, undefined, way.namesItself),
    dpopKey: pending.dpopKey,
  };
}

/** A change that an older keywright would misread gets the next number. */
const FORMAT = 1;

/** The text of a pending sign-in for `SecretNotes`. */
export function encodePending(pending: PendingSignIn): Secret {
  const { way, dpopKey, ...rest } = pending;
  const secrets =
    way.kind === 'redirect' ? { ...way, state: way.state.reveal(), codeVerifier: way.codeVerifier.reveal() } : { ...way, deviceCode: way.deviceCode.reveal() };
  return new Secret(JSON.stringify({ v: FORMAT, ...rest, dpopKey: dpopKey === null ? null : dpopKey.reveal(), way: secrets }));
}

/** Reads what `encodePending` wrote. Anything else is `unexpected-answer`, and is never quoted. */
export function decodePending(text: Secret): PendingSignIn {
  const fields = fieldsIn(parse(text));
  if (fields['v'] !== FORMAT) throw damaged();
  const server = fieldsIn(fields['server']);
  const dpopKey = textOrNull(fields['dpopKey']);
  return {
    provider: textIn(fields['provider']),
    origin: textIn(fields['origin']),
    baseUrl: textIn(fields['baseUrl']),
    account: textIn(fields['account']),
    scopes: textsIn(fields['scopes']),
    // A sign-in that was begun before there was a choice has the usual one.
    scopeSeparator: fields['scopeSeparator'] === ',' ? ',' : ' ',
    server: {
      issuer: textIn(server['issuer']),
      clientId: textIn(server['clientId']),
      tokenEndpoint: textIn(server['tokenEndpoint']),
      revocationEndpoint: textOrNull(server['revocationEndpoint']),
    },
    dpopKey: dpopKey === null ? null : new Secret(dpopKey),
    expiresAt: numberIn(fields['expiresAt']),
    way: decodeWay(fieldsIn(fields['way'])),
  };
}

function decodeWay(way: Fields): PendingRedirect | PendingDevice {
  if (way['kind'] === 'device') {
    return {
      kind: 'device',
      deviceCode: new Secret(textIn(way['deviceCode'])),
      intervalMs: numberIn(way['intervalMs']),
      askAgainAt: numberIn(way['askAgainAt']),
    };
  }
  if (way['kind'] !== 'redirect') throw damaged();
  return {
    kind: 'redirect',
    state: new Secret(textIn(way['state'])),
    codeVerifier: new Secret(textIn(way['codeVerifier'])),
    redirectUri: textIn(way['redirectUri']),
    namesItself: way['namesItself'] === true,
  };
}

type Fields = Readonly<Record<string, unknown>>;

function parse(text: Secret): unknown {
  try {
    return JSON.parse(text.reveal());
  } catch {
    // The parser's message quotes the text, so it must not become the cause.
    throw damaged();
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsIn(value: unknown): Fields {
  if (isFields(value)) return value;
  throw damaged();
}

function textIn(value: unknown): string {
  if (typeof value === 'string') return value;
  throw damaged();
}

function textOrNull(value: unknown): string | null {
  return value === null ? null : textIn(value);
}

function textsIn(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value;
  throw damaged();
}

function numberIn(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw damaged();
}

function damaged(): Failure {
  return new Failure('unexpected-answer', { detail: 'The sign-in that was begun is damaged, or was begun by another keywright.', hint: 'Begin it again.' });
}
