import { describe, expect, it } from 'vitest';
import { credentialHeaders, fitsPattern, isJwt, isSurelyOf, keyPrefixes, kindOf } from '../../../src/providers/credential-kind.ts';
import { agntix } from '../../../src/providers/agntix.ts';
import { memax } from '../../../src/providers/memax.ts';
import { minds } from '../../../src/providers/minds.ts';
import { reminix } from '../../../src/providers/reminix.ts';

const HEX = { prefix: 'mxk_', alphabet: 'hex', length: 8 } as const;

describe('a key pattern', () => {
  it.each(['mxk_01234567', 'mxk_abcdef00'])('fits %s', (value) => {
    expect(fitsPattern(HEX, value)).toBe(true);
  });

  it.each([
    '',
    'mxk_',
    'mxk_0123456',
    'mxk_012345678',
    'mxk_ABCDEF00',
    'mxk_0123456g',
    'Mxk_01234567',
    'xmxk_01234567',
    'mxk_01234567\n',
    '\nmxk_01234567',
    'mxk_0123\n567',
    ' mxk_01234567',
  ])('does not fit %j', (value) => {
    expect(fitsPattern(HEX, value)).toBe(false);
  });

  it('knows the other alphabets', () => {
    const fits = (alphabet: 'base64url' | 'alphanumeric', value: string) => fitsPattern({ prefix: 'k_', alphabet, length: 4 }, value);
    expect([fits('base64url', 'k_aZ-_'), fits('base64url', 'k_aZ+/'), fits('alphanumeric', 'k_aZ09'), fits('alphanumeric', 'k_aZ-_')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});

/** Made up: an unsigned header, an empty payload and no signature to speak of. */
const JWT = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.c2ln`;
const body = 'a1'.repeat(16);

describe('a span of lengths', () => {
  it('holds both its ends', () => {
    const fits = (length: number) => fitsPattern({ prefix: 'k_', alphabet: 'hex', length: { min: 2, max: 4 } }, `k_${'a'.repeat(length)}`);
    expect([1, 2, 4, 5].map(fits)).toEqual([false, true, true, false]);
  });
});

describe('a JSON Web Token', () => {
  it('is three parts of which the first is an object', () => {
    expect([JWT, `${JWT}.x`, JWT.slice(2), 'eyJ', `${JWT}\n`, 'eyJhbGciOiJub25lIn0.e30.'].map(isJwt)).toEqual([true, false, false, false, false, true]);
  });
});

describe('the kind of a credential', () => {
  it.each([
    [agntix, `pk_live_${body}`, 'key'],
    [agntix, `pk_test_${body}`, 'other-key'],
    [agntix, 'pk_live_short', 'key'],
    [agntix, JWT, 'session-token'],
    [agntix, 'opaque-access-token', undefined],
    [reminix, `reminix_sk_${body}`, 'key'],
    [reminix, `reminix_pat_${body}`, 'personal-access-token'],
    [reminix, `reminix_ct_${body}`, 'client-token'],
    [memax, `mxk_${'0a'.repeat(32)}`, 'key'],
    [memax, JWT, undefined],
    [minds, 'minds_', 'key'],
  ])('of %s is told by how it looks (%#)', (provider, value, id) => {
    expect(kindOf(provider, value)?.id).toBe(id);
  });

  it("is sure only of a whole pattern with a prefix, since a bare variable may be anybody's", () => {
    expect([isSurelyOf(agntix, JWT), isSurelyOf(agntix, 'pk_live_short'), isSurelyOf(agntix, `pk_live_${body}`), isSurelyOf(minds, `mxk_${body}`)]).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });

  it('names the prefixes by which keys are found again', () => {
    expect(keyPrefixes(reminix)).toEqual(['reminix_sk_', 'reminix_pat_', 'reminix_ct_']);
    expect(keyPrefixes(agntix)).toEqual(['pk_live_', 'pk_']);
  });
});

describe('the header of a credential', () => {
  it('follows its kind, and names the project where the kind needs one', () => {
    expect(credentialHeaders(agntix, `pk_live_${body}`, null)).toEqual([['x-api-key', `pk_live_${body}`]]);
    expect(credentialHeaders(agntix, JWT, null)).toEqual([['authorization', `Bearer ${JWT}`]]);
    expect(credentialHeaders(reminix, `reminix_sk_${body}`, 'proj_1')).toEqual([['authorization', `Bearer reminix_sk_${body}`]]);
    expect(credentialHeaders(reminix, `reminix_pat_${body}`, 'proj_1')).toEqual([
      ['authorization', `Bearer reminix_pat_${body}`],
      ['x-project', 'proj_1'],
    ]);
  });

  it('is that of keys for what looks like nothing known, unless a sign-in could have given it', () => {
    expect(credentialHeaders(agntix, 'opaque', null)).toEqual([['x-api-key', 'opaque']]);
    expect(credentialHeaders(memax, 'opaque', null)).toEqual([['authorization', 'Bearer opaque']]);
    expect(credentialHeaders({ ...agntix, oauth: memax.oauth }, 'opaque', null)).toEqual([['authorization', 'Bearer opaque']]);
  });
});
