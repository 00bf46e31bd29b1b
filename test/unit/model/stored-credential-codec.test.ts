import { describe, expect, it } from 'vitest';
import type { OAuthSession, StoredCredential, StoredKey } from '../../../src/model/credentials.ts';
import { isFailure } from '../../../src/model/failure.ts';
import { Secret } from '../../../src/model/secret.ts';
import { decodeCredential, encodeCredential } from '../../../src/model/stored-credential-codec.ts';

const MARK = 'SECRET-7f3a';

function session(changes: Partial<OAuthSession> = {}): OAuthSession {
  return {
    kind: 'oauth',
    issuer: 'https://id.example',
    clientId: 'cli',
    tokenEndpoint: 'https://id.example/token',
    revocationEndpoint: 'https://id.example/revoke',
    accessToken: new Secret(`${MARK}-access`),
    refreshToken: new Secret(`${MARK}-refresh`),
    expiresAt: 1_700_000_000_000,
    scopes: ['read', 'write'],
    obtainedAt: 1_699_999_000_000,
    ...changes,
  };
}

function key(value: string): StoredKey {
  return { kind: 'key', key: new Secret(value), obtainedAt: 12 };
}

/** Secrets compare equal whatever they hold, since their value is private: this shows it. */
function bare(credential: StoredCredential): unknown {
  if (credential.kind === 'key') return { ...credential, key: credential.key.reveal() };
  return { ...credential, accessToken: credential.accessToken.reveal(), refreshToken: credential.refreshToken?.reveal() ?? null };
}

/** What decoding this text failed with, as one line. */
function failureOf(text: string): string {
  try {
    decodeCredential(text);
  } catch (thrown) {
    if (isFailure(thrown)) return `${thrown.message} / ${thrown.hint ?? ''} / ${String(thrown.cause ?? '')}`;
    throw thrown;
  }
  return 'decoded';
}

describe('the text of a stored credential', () => {
  it.each([
    ['a session', session()],
    ['a session with nothing optional', session({ revocationEndpoint: null, refreshToken: null, expiresAt: null, scopes: [] })],
    ['a key', key(`${MARK}-key`)],
    ['a key with unicode, quotes, line ends and NUL', key('g\u00fcn "\u{1f511}" \\ \n \u0000 end')],
    ['a key with a lone surrogate', key('a\ud800b')],
  ])('brings back %s', (_name, credential) => {
    expect(bare(decodeCredential(encodeCredential(credential)))).toEqual(bare(credential));
  });

  it('is this JSON, which a later version must still read', () => {
    expect(JSON.parse(encodeCredential(session()))).toEqual({
      v: 1,
      kind: 'oauth',
      issuer: 'https://id.example',
      client_id: 'cli',
      token_endpoint: 'https://id.example/token',
      revocation_endpoint: 'https://id.example/revoke',
      access_token: `${MARK}-access`,
      refresh_token: `${MARK}-refresh`,
      expires_at: 1_700_000_000_000,
      scopes: ['read', 'write'],
      obtained_at: 1_699_999_000_000,
    });
    expect(JSON.parse(encodeCredential(key('k')))).toEqual({ v: 1, kind: 'key', key: 'k', obtained_at: 12 });
  });

  it('never holds a raw NUL or a lone surrogate, which keychains do not keep', () => {
    expect(encodeCredential(key('a\u0000b\ud800c'))).toBe('{"v":1,"kind":"key","key":"a\\u0000b\\ud800c","obtained_at":12}');
  });

  it('tolerates fields that it does not know, and leaves them out', () => {
    expect(bare(decodeCredential('{"v":1,"kind":"key","key":"k","obtained_at":12,"colour":"red"}'))).toEqual({ kind: 'key', key: 'k', obtainedAt: 12 });
  });

  it('refuses to write a time that is not a number', () => {
    expect(() => encodeCredential({ ...key('k'), obtainedAt: Number.NaN })).toThrow('bug: A credential with obtainedAt NaN');
    expect(() => encodeCredential(session({ expiresAt: Number.POSITIVE_INFINITY }))).toThrow('bug: A credential with expiresAt Infinity');
  });

  it('tells an entry of a newer keywright by its format number', () => {
    expect(failureOf(`{"v":7,"kind":"key","key":"${MARK}"}`)).toContain(
      'unexpected-answer: The stored credential was written by a newer keywright (format 7; this one reads format 1).',
    );
  });

  const good: Record<string, unknown> = JSON.parse(encodeCredential(session()));
  const damaged: ReadonlyArray<readonly [string, string, string]> = [
    ['no JSON', `${MARK} {`, 'it is not JSON'],
    ['a cut entry', encodeCredential(session()).slice(0, -9), 'it is not JSON'],
    ['empty', '', 'it is not JSON'],
    ['null', 'null', 'it is not a JSON object'],
    ['a list', `["${MARK}"]`, 'it is not a JSON object'],
    ['no format', `{"kind":"key","key":"${MARK}","obtained_at":1}`, 'it has no format number'],
    ['format as text', `{"v":"2","kind":"key","key":"${MARK}","obtained_at":1}`, 'it has no format number'],
    ['another kind', `{"v":1,"kind":"${MARK}"}`, 'its kind is not one that format 1 knows'],
    ['key without its key', '{"v":1,"kind":"key","obtained_at":1}', 'the field key is not text'],
    ['key without a time', `{"v":1,"kind":"key","key":"${MARK}"}`, 'the field obtained_at is not a time'],
    ...['issuer', 'client_id', 'token_endpoint', 'revocation_endpoint', 'access_token', 'refresh_token'].map(
      (name) => [`session with a wrong ${name}`, JSON.stringify({ ...good, [name]: [MARK] }), `the field ${name} is not text`] as const,
    ),
    ...['issuer', 'client_id', 'token_endpoint', 'access_token'].map(
      (name) => [`session with null as ${name}`, JSON.stringify({ ...good, [name]: null }), `the field ${name} is not text`] as const,
    ),
    ...['expires_at', 'obtained_at'].map(
      (name) => [`session with a wrong ${name}`, JSON.stringify({ ...good, [name]: MARK }), `the field ${name} is not a time`] as const,
    ),
    ['scopes as text', JSON.stringify({ ...good, scopes: MARK }), 'the field scopes is not a list of texts'],
    ['a scope that is no text', JSON.stringify({ ...good, scopes: [MARK, 1] }), 'the field scopes is not a list of texts'],
  ];
  it.each(damaged)('calls it damaged, quoting nothing: %s', (_name, text, why) => {
    const told = failureOf(text);
    expect(told).toContain(`unexpected-answer: The stored credential is damaged: ${why}.`);
    expect(told).not.toContain(MARK);
  });
});
