import { createHash, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { BackendTuning } from '../../../src/backend/tuning.ts';
import { signInAs } from '../../support/person.ts';
import { ask, authorization, backends, REDIRECT_URI, register, signIn, textAt, valueAt, type Answer } from './running.ts';

type Changes = Readonly<Record<string, unknown>>;

interface Key {
  /** A proof for one request (RFC 9449 section 4.2), with some of its claims or its header changed. */
  prove(method: string, url: string, claims?: Changes, header?: Changes): string;
}

function newKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    prove: (method, url, claims = {}, header = {}) =>
      jwt(privateKey, { typ: 'dpop+jwt', alg: 'ES256', jwk: publicKey.export({ format: 'jwk' }), ...header }, proofClaims(method, url, claims)),
  };
}

function proofClaims(method: string, url: string, claims: Changes): Changes {
  return { htm: method, htu: url, iat: Math.floor(Date.now() / 1000), jti: randomUUID(), ...claims };
}

function jwt(key: KeyObject, header: Changes, claims: Changes): string {
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

const athOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

describe('tokens that are bound to a key (RFC 9449)', () => {
  const start = backends();

  interface Bound {
    readonly origin: string;
    readonly me: string;
    readonly key: Key;
    readonly clientId: string;
    readonly accessToken: string;
    readonly refreshToken: string;
    /** Sends the token by the DPoP scheme with this proof. */
    send(proof: string | undefined): Promise<Answer>;
    /** A good proof for `GET /v1/auth/me`, or one with changes. */
    proof(claims?: Changes, header?: Changes): string;
  }

  /** Sends a form to the token endpoint with a proof, and once more where a nonce is asked for. */
  async function tokenRequest(origin: string, key: Key, form: Readonly<Record<string, string>>): Promise<Answer> {
    const send = (claims: Changes) =>
      ask(origin, '/oauth/token', { method: 'POST', headers: { dpop: key.prove('POST', `${origin}/oauth/token`, claims) }, body: new URLSearchParams(form) });
    const first = await send({});
    return valueAt(first.json, 'error') === 'use_dpop_nonce' ? send({ nonce: first.headers['dpop-nonce'] }) : first;
  }

  async function bound(tuning: BackendTuning = {}): Promise<Bound> {
    return signInWith((await start({ dpop: 'on', ...tuning })).realm.origin, newKey());
  }

  async function signInWith(origin: string, key: Key): Promise<Bound> {
    const clientId = await register(origin);
    const { url, verifier } = authorization(origin, clientId);
    const code = new URL(await signInAs(url, { decision: 'allow' })).searchParams.get('code') ?? '';
    const { json } = await tokenRequest(origin, key, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      client_id: clientId,
      code_verifier: verifier,
    });
    expect(textAt(json, 'token_type')).toBe('DPoP');
    const accessToken = textAt(json, 'access_token');
    const me = `${origin}/v1/auth/me`;
    return {
      origin,
      me,
      key,
      clientId,
      accessToken,
      refreshToken: textAt(json, 'refresh_token'),
      send: (proof) => ask(origin, '/v1/auth/me', { headers: { authorization: `DPoP ${accessToken}`, ...(proof === undefined ? {} : { dpop: proof }) } }),
      proof: (claims = {}, header = {}) => key.prove('GET', me, { ath: athOf(accessToken), ...claims }, header),
    };
  }

  it('are offered in the metadata, given for a proof, and work with a new proof each time', async () => {
    const { origin, send, proof } = await bound();
    const metadata = (await ask(origin, '/.well-known/oauth-authorization-server')).json;
    expect(valueAt(metadata, 'dpop_signing_alg_values_supported')).toEqual(['ES256']);
    expect(textAt((await send(proof())).json, 'data', 'user', 'email')).toBe('demo@keywright.test');
    expect((await send(proof())).status).toBe(200);
  });

  it('are worth nothing as plain bearer tokens', async () => {
    const { origin, accessToken } = await bound();
    const answer = await ask(origin, '/v1/auth/me', { bearer: accessToken });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^DPoP error="invalid_token", error_description="it is bound to a key and came without a proof"/);
  });

  it('are worth nothing with the proof of another key', async () => {
    const { me, accessToken, send } = await bound();
    const answer = await send(newKey().prove('GET', me, { ath: athOf(accessToken) }));
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      401,
      'DPoP error="invalid_token", error_description="the token is bound to another key", algs="ES256"',
    ]);
  });

  it.each<[string, Changes, Changes]>([
    ['htm is not the method', { htm: 'POST' }, {}],
    ['htu is not the address', { htu: 'http://127.0.0.1:1/v1/auth/me' }, {}],
    ['htu is not the address', { htu: 'no address' }, {}],
    ['ath is not the hash of the token', { ath: athOf('another token') }, {}],
    ['ath is not the hash of the token', { ath: undefined }, {}],
    ['iat is not now', { iat: Math.floor(Date.now() / 1000) - 3600 }, {}],
    ['iat is not now', { iat: Math.floor(Date.now() / 1000) + 3600 }, {}],
    ['iat is not now', { iat: 'now' }, {}],
    ['jti is missing', { jti: '' }, {}],
    ['the proof is of another type or algorithm', {}, { typ: 'JWT' }],
    ['the proof is of another type or algorithm', {}, { alg: 'none' }],
    ['the proof carries no public key of P-256', {}, { jwk: { kty: 'oct', k: 'c2VjcmV0' } }],
    ['the key of the proof is none', {}, { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } }],
  ])('need a proof that fits: %s (%j, %j)', async (why, claims, header) => {
    const { send, proof } = await bound();
    const answer = await send(proof(claims, header));
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(`DPoP error="invalid_token", error_description="${why}", algs="ES256"`);
  });

  it.each(['', 'x', 'a.b.c', `${Buffer.from('{}').toString('base64url')}.e30.AA`])('need a proof at all: %j', async (proof) => {
    const { send } = await bound();
    expect((await send(proof)).status).toBe(401);
    expect((await send(undefined)).headers['www-authenticate']).toContain('there is no proof');
  });

  it('need a signature by the key that the proof names', async () => {
    const { send, proof } = await bound();
    const [header = '', claims = ''] = proof().split('.');
    const [, , signature = ''] = proof().split('.');
    expect((await send(`${header}.${claims}.${signature}`)).headers['www-authenticate']).toContain('the signature of the proof is wrong');
  });

  it('take a proof once', async () => {
    const { send, proof } = await bound();
    const once = proof();
    expect([(await send(once)).status, (await send(once)).status]).toEqual([200, 401]);
    expect((await send(proof())).status).toBe(200);
  });

  it('may be proved with the query and fragment left out of the address only', async () => {
    const { me, send, proof, accessToken, key } = await bound();
    expect((await send(proof({ htu: `${me}?x=1#y` }))).status).toBe(200);
    expect((await send(key.prove('GET', `${me}/more`, { ath: athOf(accessToken) }))).status).toBe(401);
  });

  it('are refreshed with a proof of the same key only', async () => {
    const { origin, key, clientId, refreshToken } = await bound();
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId };
    expect((await ask(origin, '/oauth/token', { method: 'POST', body: new URLSearchParams(form) })).json).toMatchObject({ error: 'invalid_grant' });
    expect((await tokenRequest(origin, newKey(), form)).json).toMatchObject({ error: 'invalid_grant' });
    expect(await tokenRequest(origin, key, form)).toMatchObject({ status: 200, json: { token_type: 'DPoP' } });
  });

  it('leave ordinary tokens as they are, which the DPoP scheme does not take', async () => {
    const { origin, key } = await bound();
    const { accessToken } = await signIn(origin);
    expect((await ask(origin, '/v1/auth/me', { bearer: accessToken })).status).toBe(200);
    const dpop = key.prove('GET', `${origin}/v1/auth/me`, { ath: athOf(accessToken) });
    const answer = await ask(origin, '/v1/auth/me', { headers: { authorization: `DPoP ${accessToken}`, dpop } });
    expect(answer.headers['www-authenticate']).toContain('it is unknown, expired or bound to no key');
    const nothing = await ask(origin, '/v1/auth/me');
    expect(nothing.headers['www-authenticate']).toBe(`Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource", DPoP algs="ES256"`);
  });

  it('need a nonce where nonces are required, at both endpoints, and take it again', async () => {
    const { origin, send, proof } = await bound({ dpop: 'nonce-required' });
    const challenged = await send(proof());
    expect(challenged.status).toBe(401);
    expect(challenged.headers['www-authenticate']).toMatch(/^DPoP error="use_dpop_nonce"/);
    const nonce = challenged.headers['dpop-nonce'];
    expect((await send(proof({ nonce }))).status).toBe(200);
    expect((await send(proof({ nonce }))).status).toBe(200);
    expect((await send(proof({ nonce: 'made up' }))).headers['dpop-nonce']).toBe(nonce);
    const token = await ask(origin, '/oauth/token', {
      method: 'POST',
      headers: { dpop: newKey().prove('POST', `${origin}/oauth/token`) },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x', client_id: await register(origin) }),
    });
    expect([token.status, valueAt(token.json, 'error'), token.headers['dpop-nonce']?.length]).toEqual([400, 'use_dpop_nonce', 43]);
  });

  it('give out a newer nonce with an answer, and take one for three minutes', async () => {
    let time = Math.floor(Date.now() / 60_000) * 60_000;
    const { send, proof } = await bound({ dpop: 'nonce-required', clock: () => time });
    const now = () => ({ iat: time / 1000 });
    const nonce = (await send(proof(now()))).headers['dpop-nonce'];
    expect((await send(proof({ ...now(), nonce }))).headers['dpop-nonce']).toBeUndefined();
    time += 120_000;
    const later = await send(proof({ ...now(), nonce }));
    expect([later.status, later.headers['dpop-nonce']?.length]).toEqual([200, 43]);
    time += 60_000;
    expect((await send(proof({ ...now(), nonce }))).headers['www-authenticate']).toContain('use_dpop_nonce');
  });

  it('are worth nothing by themselves at a server that has forgotten about proofs', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'kw-dpop-'));
    const { realm, backend } = await start({ dpop: 'on' }, { dataDir });
    const key = newKey();
    const { accessToken } = await signInWith(realm.origin, key);
    await backend.stop();
    const { origin } = (await start({}, { dataDir })).realm;
    expect((await ask(origin, '/v1/auth/me', { bearer: accessToken })).status).toBe(401);
    await rm(dataDir, { recursive: true, force: true });
  });

  it('are not there unless they are switched on', async () => {
    const { origin } = (await start()).realm;
    const metadata = (await ask(origin, '/.well-known/oauth-authorization-server')).json;
    expect(Object.keys(Object(metadata))).not.toContain('dpop_signing_alg_values_supported');
    const key = newKey();
    const clientId = await register(origin);
    const { url, verifier } = authorization(origin, clientId);
    const code = new URL(await signInAs(url, { decision: 'allow' })).searchParams.get('code') ?? '';
    const { json } = await tokenRequest(origin, key, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      client_id: clientId,
      code_verifier: verifier,
    });
    expect(textAt(json, 'token_type')).toBe('Bearer');
    const answer = await ask(origin, '/v1/auth/me', { headers: { authorization: `DPoP ${textAt(json, 'access_token')}` } });
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource"`]);
  });
});
