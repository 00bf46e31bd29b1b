import { createPrivateKey, generateKeyPairSync } from 'node:crypto';

/** A private key of ES256 as RFC 7518 section 6.2 writes it, without a name or a use. */
export interface SigningKey {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly d: string;
}

/**
 * Makes a key. It takes the way over DER, since Node 20 can wait for ever where the object that it has just generated is written as a JWK: that
 * holds the key's lock, and garbage that is collected meanwhile, the generation itself, wants it too.
 */
export function newSigningKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  const { x, y, d } = createPrivateKey({ key: privateKey, type: 'pkcs8', format: 'der' }).export({ format: 'jwk' });
  if (x === undefined || y === undefined || d === undefined) throw new TypeError('a key was made without its numbers');
  return { kty: 'EC', crv: 'P-256', x, y, d };
}
