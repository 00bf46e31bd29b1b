import { createHash, createHmac, createPublicKey, randomBytes, verify } from 'node:crypto';

import type { Database } from '../database.ts';
import { sha256 } from '../hash.ts';
import { isObject, parseJson, type JsonObject } from '../json.ts';
import type { OAuthRows } from './rows.ts';

/** The one algorithm for proofs that this server names in its metadata. */
export const PROOF_ALGORITHM = 'ES256';

/** How old, or how far ahead, a proof may be: as much as oidc-provider allows at the token endpoint. */
const PROOF_WINDOW_MS = 300_000;

/** A nonce is good for the minute that it was made in and the two after it. */
const NONCE_STEP_MS = 60_000;
const NONCE_STEPS = 3;

export interface ProvedRequest {
  readonly method: string;
  /** As the client wrote it, without query and fragment. */
  readonly url: string;
  /** The `DPoP` header; undefined where there was none. */
  readonly proof: string | undefined;
  readonly accessToken: string;
  /** The thumbprint of the key that the token is bound to. */
  readonly jkt: string;
}

export type ProofVerdict =
  /** `nonce`: a newer one that the client should use from now on. */
  | { readonly kind: 'proved'; readonly nonce: string | undefined }
  | { readonly kind: 'wrong'; readonly why: string }
  | { readonly kind: 'needs-nonce'; readonly nonce: string };

export interface Proofs {
  /** Checks the proof of a request for a resource (RFC 9449 sections 4.3 and 7). A proof is good once. */
  check(request: ProvedRequest): ProofVerdict;
}

interface ProofsSettings {
  readonly database: Database;
  readonly rows: OAuthRows;
  /** The clock that no test moves on: proofs are made by clients of the same machine, and oidc-provider asks the system as well. */
  readonly now: () => number;
  readonly nonces: 'none' | 'required';
}

export function proofs({ database, rows, now, nonces }: ProofsSettings): Proofs {
  let secret: string | undefined;
  const nonceOf = (step: number): string => {
    secret ??= String(rows.kept('proof-nonce-secret', () => randomBytes(32).toString('base64url')));
    return createHmac('sha256', secret).update(`proof nonce ${step}`).digest('base64url');
  };
  const isFirst = (proof: string): boolean => {
    const time = now();
    database.run('delete from proofs where expires_at <= ?', time);
    return database.run('insert or ignore into proofs (hash, expires_at) values (?, ?)', sha256(proof), time + 2 * PROOF_WINDOW_MS) === 1;
  };
  return {
    check(request) {
      const read = readProof(request.proof);
      if (read.kind === 'unreadable') return { kind: 'wrong', why: read.why };
      const { claims, thumbprint } = read;
      const misfit = misfitOf(claims, thumbprint, request);
      if (misfit !== undefined) return { kind: 'wrong', why: misfit };
      const step = Math.floor(now() / NONCE_STEP_MS);
      const newest = nonceOf(step);
      if (nonces === 'required') {
        const good = Array.from({ length: NONCE_STEPS }, (_, ago) => nonceOf(step - ago));
        if (typeof claims['nonce'] !== 'string' || !good.includes(claims['nonce'])) return { kind: 'needs-nonce', nonce: newest };
      }
      if (typeof claims['iat'] !== 'number' || Math.abs(claims['iat'] * 1000 - now()) > PROOF_WINDOW_MS) return { kind: 'wrong', why: 'iat is not now' };
      if (typeof claims['jti'] !== 'string' || claims['jti'] === '') return { kind: 'wrong', why: 'jti is missing' };
      if (!isFirst(`${thumbprint} ${claims['jti']}`)) return { kind: 'wrong', why: 'the proof was used before' };
      return { kind: 'proved', nonce: nonces === 'required' && claims['nonce'] !== newest ? newest : undefined };
    },
  };
}

/** What does not fit between a proof and the request that it came with. */
function misfitOf(claims: JsonObject, thumbprint: string, request: ProvedRequest): string | undefined {
  if (thumbprint !== request.jkt) return 'the token is bound to another key';
  if (claims['htm'] !== request.method) return 'htm is not the method';
  if (typeof claims['htu'] !== 'string' || !URL.canParse(claims['htu']) || plainAddress(claims['htu']) !== plainAddress(request.url))
    return 'htu is not the address';
  if (claims['ath'] !== createHash('sha256').update(request.accessToken).digest('base64url')) return 'ath is not the hash of the token';
  return undefined;
}

/** RFC 9449 section 4.3: normalized, and without query and fragment. */
function plainAddress(text: string): string {
  const url = new URL(text);
  return url.origin + url.pathname;
}

type ReadProof = { readonly kind: 'read'; readonly claims: JsonObject; readonly thumbprint: string } | { readonly kind: 'unreadable'; readonly why: string };

/** A proof whose signature fits the key in its own header. */
function readProof(proof: string | undefined): ReadProof {
  const unreadable = (why: string): ReadProof => ({ kind: 'unreadable', why });
  if (proof === undefined) return unreadable('there is no proof');
  const [head = '', body = '', signature = '', ...more] = proof.split('.');
  const header = parsePart(head);
  const claims = parsePart(body);
  if (header === undefined || claims === undefined || signature === '' || more.length > 0) return unreadable('the proof is not one JWT');
  const { typ, alg, jwk } = header;
  if (typ !== 'dpop+jwt' || alg !== PROOF_ALGORITHM) return unreadable('the proof is of another type or algorithm');
  if (!isObject(jwk) || jwk['kty'] !== 'EC' || jwk['crv'] !== 'P-256' || 'd' in jwk) return unreadable('the proof carries no public key of P-256');
  const { x, y } = jwk;
  if (typeof x !== 'string' || typeof y !== 'string') return unreadable('the key of the proof is incomplete');
  // RFC 7638 section 3.2: these members in this order.
  const publicJwk = { crv: 'P-256', kty: 'EC', x, y };
  try {
    const key = createPublicKey({ key: publicJwk, format: 'jwk' });
    if (!verify('sha256', Buffer.from(`${head}.${body}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')))
      return unreadable('the signature of the proof is wrong');
  } catch {
    return unreadable('the key of the proof is none');
  }
  return { kind: 'read', claims, thumbprint: createHash('sha256').update(JSON.stringify(publicJwk)).digest('base64url') };
}

function parsePart(part: string): JsonObject | undefined {
  const value = parseJson(Buffer.from(part, 'base64url').toString('utf8'));
  return isObject(value) ? value : undefined;
}
