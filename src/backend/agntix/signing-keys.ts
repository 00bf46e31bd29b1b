import type { JSONWebKeySet, JWK, JWTPayload } from 'jose';

import { isObject } from '../json.ts';
import { newSigningKey } from '../signing-key.ts';
import type { State } from '../state.ts';

/** The keys that session tokens are signed with. */
export interface SigningKeys {
  /** The public halves as RFC 7517 writes them, the newest first. */
  published(): Promise<JSONWebKeySet>;
  sign(claims: JWTPayload): Promise<string>;
  /**
   * The claims of a token that a published key has signed for `issuer` and that is valid at `time` (Unix milliseconds); undefined for
   * any other. The algorithm is ours to choose, not the token's (RFC 8725 section 3.1): neither `none` nor a public key as an HMAC's secret counts.
   */
  verify(token: string, issuer: string, time: number): Promise<JWTPayload | undefined>;
  /** Signs with a new key from now on. The one before stays published, so that its tokens live to their end; any older one goes. Gives the new key's id. */
  rotate(): Promise<string>;
}

/** The real issuer signs with RS256. To a client that is all the same, and an RSA key takes up to a second to make. */
const ALGORITHM = 'ES256';

const STATE = 'session-signing-keys';

interface Ring {
  /** With its private half. */
  readonly signing: JWK;
  /** Public halves only. */
  readonly published: readonly [JWK, ...JWK[]];
}

/** Kept in `state`; the first key is made when it is needed for the first time, and the library loaded then. */
export function signingKeys(state: State): SigningKeys {
  let latest: Promise<Ring> | undefined;
  const ring = (): Promise<Ring> => (latest ??= keptRing(state));
  return {
    published: async () => ({ keys: [...(await ring()).published] }),
    async sign(claims) {
      const { SignJWT, importJWK } = await import('jose');
      const { signing } = await ring();
      return new SignJWT(claims)
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', ...(signing.kid === undefined ? {} : { kid: signing.kid }) })
        .sign(await importJWK(signing, ALGORITHM));
    },
    async verify(token, issuer, time) {
      const { createLocalJWKSet, errors, jwtVerify } = await import('jose');
      const { published } = await ring();
      try {
        const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [...published] }), {
          algorithms: [ALGORITHM],
          issuer,
          requiredClaims: ['sub', 'exp'],
          currentDate: new Date(time),
        });
        return payload;
      } catch (thrown) {
        if (thrown instanceof errors.JOSEError) return undefined;
        throw thrown;
      }
    },
    async rotate() {
      const before = ring();
      latest = before.then(({ published: [newest] }) => newRing(state, [newest]));
      const next = latest;
      try {
        return (await next).signing.kid ?? '';
      } catch (thrown) {
        latest = before;
        throw thrown;
      }
    },
  };
}

function keptRing(state: State): Promise<Ring> {
  const kept = state.read(STATE);
  if (kept === undefined) return newRing(state, []);
  if (!isRing(kept)) throw new TypeError('the kept signing keys cannot be read');
  return Promise.resolve(kept);
}

async function newRing(state: State, older: readonly JWK[]): Promise<Ring> {
  const { calculateJwkThumbprint } = await import('jose');
  const { d, ...bare } = newSigningKey();
  const names = { kid: await calculateJwkThumbprint(bare), alg: ALGORITHM, use: 'sig' };
  const ring: Ring = { signing: { ...bare, d, ...names }, published: [{ ...bare, ...names }, ...older] };
  state.write(STATE, ring);
  return ring;
}

function isRing(value: unknown): value is Ring {
  return isObject(value) && isJwk(value['signing']) && Array.isArray(value['published']) && value['published'].length > 0 && value['published'].every(isJwk);
}

function isJwk(value: unknown): value is JWK {
  return isObject(value) && value['kty'] === 'EC' && typeof value['x'] === 'string';
}
