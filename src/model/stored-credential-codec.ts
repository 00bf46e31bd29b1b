import type { StoredCredential } from './credentials.ts';
import { Failure } from './failure.ts';
import { Secret } from './secret.ts';

/**
 * The text of a credential inside a store: JSON with a format number `v` and snake_case names.
 *
 * A change that an older keywright would misread gets the next number. A field that it may overlook does not: what is
 * unknown inside a known format is tolerated, and left out of what is given back.
 * JSON also escapes NUL and lone surrogates, which some keychains cut off or replace (see `adapters/keychain/native.ts`).
 */
const FORMAT = 1;

type Fields = Readonly<Record<string, unknown>>;

/** The text to store. A time that is not a number is a `bug`: it would be unreadable later. */
export function encodeCredential(credential: StoredCredential): string {
  assertTime(credential.obtainedAt, 'obtainedAt');
  if (credential.kind === 'key') {
    return JSON.stringify({ v: FORMAT, kind: 'key', key: credential.key.reveal(), obtained_at: credential.obtainedAt });
  }
  if (credential.expiresAt !== null) assertTime(credential.expiresAt, 'expiresAt');
  return JSON.stringify({
    v: FORMAT,
    kind: 'oauth',
    issuer: credential.issuer,
    client_id: credential.clientId,
    token_endpoint: credential.tokenEndpoint,
    revocation_endpoint: credential.revocationEndpoint,
    access_token: credential.accessToken.reveal(),
    refresh_token: credential.refreshToken === null ? null : credential.refreshToken.reveal(),
    expires_at: credential.expiresAt,
    scopes: credential.scopes,
    obtained_at: credential.obtainedAt,
    ...(credential.dpopKey === undefined ? {} : { dpop_key: credential.dpopKey.reveal() }),
  });
}

/**
 * Reads what `encodeCredential` wrote. Anything else is `unexpected-answer`: the detail names the format number or the field,
 * and never quotes the entry, for it may hold a secret. An entry of a newer keywright is told apart from a damaged one.
 */
export function decodeCredential(text: string): StoredCredential {
  const fields = readFields(text);
  checkFormat(fields['v']);
  const kind = fields['kind'];
  if (kind === 'key') return { kind, key: new Secret(readText(fields, 'key')), obtainedAt: readTime(fields, 'obtained_at') };
  if (kind !== 'oauth') throw damaged('its kind is not one that format 1 knows');
  const refreshToken = readTextOrNull(fields, 'refresh_token');
  return {
    kind,
    issuer: readText(fields, 'issuer'),
    clientId: readText(fields, 'client_id'),
    tokenEndpoint: readText(fields, 'token_endpoint'),
    revocationEndpoint: readTextOrNull(fields, 'revocation_endpoint'),
    accessToken: new Secret(readText(fields, 'access_token')),
    refreshToken: refreshToken === null ? null : new Secret(refreshToken),
    expiresAt: fields['expires_at'] === null ? null : readTime(fields, 'expires_at'),
    scopes: readTexts(fields, 'scopes'),
    obtainedAt: readTime(fields, 'obtained_at'),
    ...(fields['dpop_key'] === undefined ? {} : { dpopKey: new Secret(readText(fields, 'dpop_key')) }),
  };
}

function readFields(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, so it must not become the cause.
    throw damaged('it is not JSON');
  }
  if (!isFields(value)) throw damaged('it is not a JSON object');
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkFormat(format: unknown): void {
  if (format === FORMAT) return;
  if (typeof format === 'number' && Number.isSafeInteger(format) && format > FORMAT) {
    throw new Failure('unexpected-answer', {
      detail: `The stored credential was written by a newer keywright (format ${format}; this one reads format ${FORMAT}).`,
      hint: 'Update keywright, or sign in again with this one.',
    });
  }
  throw damaged('it has no format number');
}

function readText(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw damaged(`the field ${name} is not text`);
  return value;
}

function readTextOrNull(fields: Fields, name: string): string | null {
  return fields[name] === null ? null : readText(fields, name);
}

function readTexts(fields: Fields, name: string): readonly string[] {
  const value = fields[name];
  if (!Array.isArray(value) || !value.every((item): item is string => typeof item === 'string')) throw damaged(`the field ${name} is not a list of texts`);
  return value;
}

function readTime(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw damaged(`the field ${name} is not a time`);
  return value;
}

function assertTime(value: number, name: string): void {
  if (!Number.isFinite(value)) throw new Failure('bug', { detail: `A credential with ${name} ${value} was about to be stored.` });
}

function damaged(why: string): Failure {
  return new Failure('unexpected-answer', { detail: `The stored credential is damaged: ${why}.`, hint: 'Sign in again: keywright login.' });
}
