import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { exportSPKI, importJWK, SignJWT, UnsecuredJWT, type JWTHeaderParameters } from 'jose';
import { describe, expect, it } from 'vitest';

import { ask, backends, textAt, valueAt, type Answer } from './running.ts';

const AGENTS = '/v1/chat/agents';
const KEYS = '/v1/chat/api-keys';

const desk = (origin: string, body: Readonly<Record<string, unknown>>) => ask(origin, '/dashboard', { method: 'POST', body });

async function session(origin: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  return textAt((await desk(origin, { make: 'session-token', ...more })).json, 'token');
}

const rotate = async (origin: string): Promise<string> => textAt((await desk(origin, { make: 'rotate-signing-key' })).json, 'kid');
const published = async (origin: string): Promise<unknown> => valueAt((await ask(origin, '/.well-known/jwks.json')).json, 'keys');

const refused: Partial<Answer> = { status: 401, json: { error: { code: 'unauthorized', message: expect.any(String), requestId: expect.any(String) } } };

interface Parts {
  readonly header: JWTHeaderParameters;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The token without its signature, to be signed in another way. */
function partsOf(token: string): Parts {
  const [header, payload]: unknown[] = token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
  return { header: { alg: textAt(header, 'alg'), kid: textAt(header, 'kid') }, payload: { ...Object(payload) } };
}

describe('session tokens of agntix', () => {
  const start = backends('agntix');

  it('say who somebody is and in which organization, as Clerk writes it', async () => {
    const { realm } = await start({ clock: () => Date.parse('2027-01-31T12:00:00.000Z') });
    const { header, payload } = partsOf(await session(realm.origin, { expires_in: 60, organization: true }));
    expect(header.alg).toBe('ES256');
    expect(payload).toMatchObject({
      v: 2,
      iss: realm.origin,
      sub: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: 1_801_396_800,
      exp: 1_801_396_860,
      o: { id: expect.stringMatching(/^org_/), rol: 'admin', slg: 'demo' },
    });
    const found = await published(realm.origin);
    expect(found).toMatchObject([{ kid: header.kid, alg: 'ES256', use: 'sig', kty: 'EC' }]);
    // Of a private key nothing may be published (RFC 7518 section 6.2.2).
    expect(Object.keys(Object(valueAt(found, 0))).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('stand for the organization: they see and make the same keys', async () => {
    const { realm } = await start();
    const bearer = await session(realm.origin);
    const made = await ask(realm.origin, KEYS, { method: 'POST', bearer, body: { name: 'by session', scopes: ['agents:read'] } });
    const headers = { 'x-api-key': textAt(made.json, 'key') };
    expect((await ask(realm.origin, AGENTS, { headers })).status).toBe(200);
    for (const by of [{ bearer }, { headers }]) expect((await ask(realm.origin, KEYS, by)).json).toMatchObject({ data: [{ name: 'by session' }] });
  });

  it('have the rights of their role, and make no key with more', async () => {
    const { realm } = await start();
    const bearer = await session(realm.origin, { role: 'member' });
    expect((await ask(realm.origin, AGENTS, { bearer })).status).toBe(200);
    const make = (scopes: readonly string[]) => ask(realm.origin, KEYS, { method: 'POST', bearer, body: { name: 'x', scopes } });
    expect((await make(['chat:write'])).status).toBe(403);
    expect((await make(['chat:read'])).status).toBe(201);
  });

  it('are refused once they have expired', async () => {
    const { realm } = await start({ clock: () => Date.parse('2027-01-31T12:00:00.000Z') });
    const bearer = await session(realm.origin, { expires_in: 60 });
    realm.advanceClock(59_999);
    expect((await ask(realm.origin, AGENTS, { bearer })).status).toBe(200);
    realm.advanceClock(1);
    expect(await ask(realm.origin, AGENTS, { bearer })).toMatchObject(refused);
  });

  it('are refused without an organization', async () => {
    const { realm } = await start();
    const answer = await ask(realm.origin, AGENTS, { bearer: await session(realm.origin, { organization: false }) });
    expect(answer).toMatchObject(refused);
    expect(textAt(answer.json, 'error', 'message')).toContain('organization');
  });

  it('are refused with another word in them, or in the signature', async () => {
    const { realm } = await start();
    const token = await session(realm.origin, { organization: false });
    const [header = '', payload = '', signature = ''] = token.split('.');
    const own = partsOf(await session(realm.origin)).payload;
    const changed = Buffer.from(JSON.stringify(own)).toString('base64url');
    const turned = signature.slice(0, 20) + (signature[20] === 'A' ? 'B' : 'A') + signature.slice(21);
    for (const bearer of [`${header}.${changed}.${signature}`, `${header}.${payload}.${turned}`, `${header}.${changed}.`, `${header}.${changed}`]) {
      expect(await ask(realm.origin, AGENTS, { bearer })).toMatchObject(refused);
    }
  });

  it('are refused with the signature of somebody else, by whatever id the key goes', async () => {
    const { realm } = await start();
    const { header, payload } = partsOf(await session(realm.origin));
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    // The second one brings its own key along (RFC 7515 section 4.1.3), which nobody may believe.
    for (const extra of [{}, { jwk: publicKey.export({ format: 'jwk' }) }]) {
      const bearer = await new SignJWT(payload).setProtectedHeader({ ...header, ...extra }).sign(privateKey);
      expect(await ask(realm.origin, AGENTS, { bearer })).toMatchObject(refused);
    }
  });

  it('are refused unsigned (alg: none)', async () => {
    const { realm } = await start();
    const { header, payload } = partsOf(await session(realm.origin));
    const bare = new UnsecuredJWT(payload).encode();
    const named = Buffer.from(JSON.stringify({ alg: 'none', kid: header.kid })).toString('base64url');
    for (const bearer of [bare, `${named}.${bare.split('.')[1]}.`]) expect(await ask(realm.origin, AGENTS, { bearer })).toMatchObject(refused);
  });

  it('are refused where the public key was taken for a secret (HS256)', async () => {
    const { realm } = await start();
    const { header, payload } = partsOf(await session(realm.origin));
    const jwk = { ...Object(valueAt(await published(realm.origin), 0)) };
    const publicKey = await importJWK(jwk, 'ES256', { extractable: true });
    if (publicKey instanceof Uint8Array) throw new Error('a public key is no secret');
    for (const secret of [await exportSPKI(publicKey), JSON.stringify(jwk), textAt(jwk, 'x')]) {
      const bearer = await new SignJWT(payload).setProtectedHeader({ ...header, alg: 'HS256' }).sign(Buffer.from(secret));
      expect(await ask(realm.origin, AGENTS, { bearer })).toMatchObject(refused);
    }
  });

  it('are refused by another issuer, even one with the same key and the same people', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'keywright-backend-'));
    try {
      const first = await start({}, { dataDir });
      const bearer = await session(first.realm.origin);
      const keys = await published(first.realm.origin);
      await first.backend.stop();
      const second = await start({}, { dataDir, port: 0 });
      expect(second.realm.origin).not.toBe(first.realm.origin);
      expect(await published(second.realm.origin)).toEqual(keys);
      expect(await ask(second.realm.origin, AGENTS, { bearer })).toMatchObject(refused);
      await second.backend.stop();
      const third = await start({}, { dataDir, port: Number(new URL(first.realm.origin).port) });
      expect((await ask(third.realm.origin, AGENTS, { bearer })).status).toBe(200);
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });

  it.each(['x', 'eyJ', 'eyJ.eyJ.x', 'eyJhbGciOiJFUzI1NiJ9.e30.', 'eyJhbGciOiJFUzI1NiJ9.bm90IGpzb24.AAAA', '..', `eyJ${'a'.repeat(8000)}`])(
    'are not what %j is',
    async (bearer) => {
      const { realm } = await start();
      expect(await ask(realm.origin, AGENTS, { bearer })).toMatchObject(refused);
    },
  );
});

describe('the signing keys of agntix', () => {
  const start = backends('agntix');

  it('stay good for one rotation, and are gone with the second', async () => {
    const { realm } = await start();
    const { origin } = realm;
    const status = async (bearer: string) => (await ask(origin, AGENTS, { bearer })).status;
    const oldest = await session(origin);
    const second = await rotate(origin);
    const newer = await session(origin);
    expect(partsOf(newer).header.kid).toBe(second);
    expect(await published(origin)).toMatchObject([{ kid: second }, { kid: partsOf(oldest).header.kid }]);
    expect([await status(oldest), await status(newer)]).toEqual([200, 200]);
    const third = await rotate(origin);
    expect(await published(origin)).toMatchObject([{ kid: third }, { kid: second }]);
    expect([await status(oldest), await status(newer), await status(await session(origin))]).toEqual([401, 200, 200]);
  });

  it('are one key for everybody who asks at the same time for the first', async () => {
    const { realm } = await start();
    const [keys, ...tokens] = await Promise.all([published(realm.origin), session(realm.origin), session(realm.origin)]);
    expect(keys).toHaveLength(1);
    expect(new Set(tokens.map((token) => partsOf(token).header.kid))).toEqual(new Set([textAt(keys, 0, 'kid')]));
  });
});
