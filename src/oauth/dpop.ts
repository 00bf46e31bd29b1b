import type { webcrypto } from 'node:crypto';
import { type Configuration, type DPoPHandle, fetchProtectedResource, getDPoPHandle } from 'openid-client';
import type { OAuthSession } from '../model/credentials.ts';
import type { Http, HttpReply, HttpRequest } from '../model/http.ts';
import { Failure } from '../model/failure.ts';
import { Secret } from '../model/secret.ts';
import { failureBehind } from './as-fetch.ts';
import { configurationOf } from './server.ts';

/** RFC 9449 leaves the algorithm to both sides; every server that offers DPoP knows this one. */
const ALGORITHM = 'ES256';
const KEY_TYPE = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** `usage` where the server's metadata does not offer DPoP with our algorithm (RFC 9449 section 5.1). */
export function requireDpop(config: Configuration): void {
  const offered = config.serverMetadata().dpop_signing_alg_values_supported;
  if (Array.isArray(offered) && offered.includes(ALGORITHM)) return;
  throw new Failure('usage', { detail: 'This provider does not offer tokens that are bound to a key (DPoP).', hint: 'Sign in without --dpop.' });
}

/**
 * A new private key for one session, as text for the store. It takes the way over PKCS #8, since Node 20 can wait for ever where the object that
 * it has just generated is written as a JWK: that holds the key's lock, and garbage that is collected meanwhile, the generation itself, wants it too.
 */
export async function newDpopKey(): Promise<Secret> {
  const { createPrivateKey, generateKeyPairSync } = await import('node:crypto');
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: KEY_TYPE.namedCurve,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  return new Secret(JSON.stringify(createPrivateKey({ key: privateKey, type: 'pkcs8', format: 'der' }).export({ format: 'jwk' })));
}

/** The library's handle on a stored key; it makes proofs and keeps the nonces that servers ask for. `session-ended` where the key is damaged. */
export async function dpopHandle(config: Configuration, key: Secret): Promise<DPoPHandle> {
  try {
    const jwk = readPrivateJwk(key);
    const { d: _private, ...publicJwk } = jwk;
    const [privateKey, publicKey] = await Promise.all([
      crypto.subtle.importKey('jwk', jwk, KEY_TYPE, false, ['sign']),
      crypto.subtle.importKey('jwk', publicJwk, KEY_TYPE, true, ['verify']),
    ]);
    return getDPoPHandle(config, { privateKey, publicKey });
  } catch {
    // What was thrown may quote the key, so it must not become the cause.
    throw new Failure('session-ended', { detail: 'The key that this session is bound to is damaged.', hint: 'Sign in again: keywright login.' });
  }
}

/** The members of RFC 7518 section 6.2 and no others. */
function readPrivateJwk(key: Secret): webcrypto.JsonWebKey & { readonly d: string } {
  const value: unknown = JSON.parse(key.reveal());
  const fields: Readonly<Record<string, unknown>> = typeof value === 'object' && value !== null ? { ...value } : {};
  const { x, y, d } = fields;
  if (typeof x !== 'string' || typeof y !== 'string' || typeof d !== 'string') throw new TypeError('not a private key');
  return { kty: 'EC', crv: 'P-256', x, y, d };
}

/**
 * Sends requests of an API with the token of a session and a proof for that very request (RFC 9449 section 7); one sender for all requests of
 * a command. A nonce that the server asks for is answered by sending the request once more, and is remembered for the next one.
 * Nothing is tried again beyond that, since a proof is good once. Gives the reply whatever its status.
 */
export function proofSender(dpopKey: Secret): (http: Http, session: OAuthSession, request: HttpRequest) => Promise<HttpReply> {
  let handle: Promise<DPoPHandle> | undefined;
  return (http, session, request) => send(http, session, request, (config) => (handle ??= dpopHandle(config, dpopKey)));
}

async function send(http: Http, session: OAuthSession, request: HttpRequest, handleFor: (config: Configuration) => Promise<DPoPHandle>): Promise<HttpReply> {
  let last: HttpReply | undefined;
  const recorded: Http = {
    send: async (each) => {
      last = await http.send({
        ...each,
        retry: 'never',
        ...(request.maxBytes === undefined ? {} : { maxBytes: request.maxBytes }),
        ...(request.totalMs === undefined ? {} : { totalMs: request.totalMs }),
        onInterrupt: request.onInterrupt ?? 'cuts',
      });
      return last;
    },
    close: () => http.close(),
  };
  const config = configurationOf(recorded, session);
  try {
    const handle = await handleFor(config);
    await fetchProtectedResource(config, session.accessToken.reveal(), new URL(request.url), request.method, request.body, new Headers(request.headers), {
      DPoP: handle,
    });
  } catch (thrown) {
    const ours = failureBehind(thrown);
    if (ours !== undefined) throw ours;
    // The library throws on a challenge; what it was thrown for is the reply that we have.
    if (last === undefined) throw thrown;
  }
  if (last === undefined) throw new Failure('bug', { detail: 'A request with a proof was not sent.' });
  return last;
}
