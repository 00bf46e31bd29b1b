import type { IncomingHttpHeaders } from 'node:http';

import { Refused, type Call } from '../routes.ts';
import type { DpopMode } from '../tuning.ts';
import { PROOF_ALGORITHM, type Proofs } from './proofs.ts';
import type { AccessTokenRow, OAuthRows } from './rows.ts';

/** Who calls with a token that is bound to a key. */
export interface BoundCaller extends AccessTokenRow {
  /** Headers that the answer must carry, such as a newer nonce. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface BoundTokens {
  /**
   * The caller behind `Authorization: DPoP ...`; undefined where the request does not carry such a token, bound or sent as if it were.
   * 401 where it does and the proof is missing or wrong, and where a bound token comes as a plain Bearer (RFC 9449 section 7).
   */
  caller(call: Pick<Call, 'headers' | 'request'>): BoundCaller | undefined;
  /** What the challenge of an ordinary 401 says beside "Bearer"; nothing where no bound tokens are known. */
  readonly challenge: string;
}

/** The tokens of one realm that are bound to keys; none where `mode` is `off`. */
export function boundTokens(mode: DpopMode, rows: OAuthRows, proofs: Proofs): BoundTokens {
  if (mode === 'off') return { caller: () => undefined, challenge: '' };
  const challenge = `DPoP algs="${PROOF_ALGORITHM}"`;
  const refuse = (error: string, why: string, more: Readonly<Record<string, string>> = {}): Refused =>
    new Refused(401, 'unauthorized', `The access token was not accepted: ${why}.`, {
      'www-authenticate': `DPoP error="${error}", error_description="${why}", algs="${PROOF_ALGORITHM}"`,
      ...more,
    });
  return {
    challenge: `, ${challenge}`,
    caller({ headers, request }) {
      const [, scheme = '', accessToken = ''] = /^(Bearer|DPoP) +([\x21-\x7e]+)$/i.exec(headers.authorization ?? '') ?? [];
      const bound = accessToken === '' ? undefined : rows.boundAccessToken(accessToken);
      if (scheme.toLowerCase() !== 'dpop') {
        if (bound === undefined) return undefined;
        throw refuse('invalid_token', 'it is bound to a key and came without a proof');
      }
      if (bound === undefined) throw refuse('invalid_token', 'it is unknown, expired or bound to no key');
      const { jkt, ...row } = bound;
      const verdict = proofs.check({
        method: request.method ?? 'GET',
        url: addressOf(headers, request.url),
        proof: oneHeader(headers['dpop']),
        accessToken,
        jkt,
      });
      if (verdict.kind === 'wrong') throw refuse('invalid_token', verdict.why);
      if (verdict.kind === 'needs-nonce') throw refuse('use_dpop_nonce', 'the proof needs the nonce of this answer', { 'dpop-nonce': verdict.nonce });
      return { ...row, headers: verdict.nonce === undefined ? {} : { 'dpop-nonce': verdict.nonce } };
    },
  };
}

function addressOf(headers: IncomingHttpHeaders, target: string | undefined): string {
  return `http://${headers.host ?? ''}${target ?? '/'}`;
}

function oneHeader(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
