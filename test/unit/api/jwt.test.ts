import { describe, expect, it } from 'vitest';
import { expiredToken, readClaims } from '../../../src/api/jwt.ts';
import { Secret } from '../../../src/model/secret.ts';
import { jwtOf } from '../../support/tokens.ts';

const NOW = Date.parse('2026-07-01T00:00:00Z');
const NOW_SECONDS = NOW / 1000;
const NO_CLAIMS = { subject: null, email: null, organization: null, issuer: null, expiresAt: null };

const claimsOf = (payload: unknown): unknown => readClaims(new Secret(jwtOf(payload)));
const expiredAt = (exp: unknown): string | undefined => expiredToken(new Secret(jwtOf({ exp })), NOW, 'What came in', 'Get a new one.')?.detail;

describe('what a token says of itself', () => {
  it('is whose it is, of which organization, by whom and until when', () => {
    expect(claimsOf({ sub: 'user_1', email: 'ada@keywright.test', iss: 'https://clerk.test', exp: NOW_SECONDS, o: { id: 'org_1' }, other: 1 })).toEqual({
      subject: 'user_1',
      email: 'ada@keywright.test',
      organization: 'org_1',
      issuer: 'https://clerk.test',
      expiresAt: '2026-07-01T00:00:00.000Z',
    });
  });

  it.each<[unknown, string | null]>([
    [{ o: { id: 'org_new' }, org_id: 'org_old' }, 'org_new'],
    [{ org_id: 'org_old' }, 'org_old'],
    [{ o: {}, org_id: 'org_old' }, 'org_old'],
    [{ o: 'org', org_id: '' }, null],
  ])('names the organization of %j as %s', (payload, organization) => {
    expect(claimsOf(payload)).toEqual({ ...NO_CLAIMS, organization });
  });

  it.each([[{}], [{ sub: 7, email: null, iss: [], o: { id: {} }, exp: 'soon' }], [{ sub: '', email: '' }]])(
    'is nothing where it says nothing that counts: %j',
    (payload) => {
      expect(claimsOf(payload)).toEqual(NO_CLAIMS);
    },
  );

  it('is not looked for beyond its own fields', () => {
    expect(readClaims(new Secret(jwtOf('{"__proto__":{"sub":"u1"},"constructor":{"id":"x"}}')))).toEqual(NO_CLAIMS);
  });

  it.each<[string, string]>([
    ['a key', `mxk_${'0'.repeat(64)}`],
    ['two parts', jwtOf({ sub: 'u1' }).split('.').slice(0, 2).join('.')],
    ['four parts', `${jwtOf({ sub: 'u1' })}.more`],
    ['no payload', jwtOf({ sub: 'u1' }).replace(/\.[^.]*\./, '..')],
    ['a payload that is no JSON', jwtOf('{"sub":')],
    ['a payload that is no UTF-8', jwtOf(Buffer.from([0x7b, 0xff, 0xfe]))],
    ['a payload that is a list', jwtOf(['sub'])],
    ['a payload that is text', jwtOf('"sub"')],
    ['a payload that is null', jwtOf(null)],
    ['characters of plain base64', jwtOf({ sub: 'u1' }).replace('.', '+/=.')],
    ['a line end behind it', `${jwtOf({ sub: 'u1' })}\n`],
    ['nothing', ''],
  ])('is undefined for %s', (_title, token) => {
    expect(readClaims(new Secret(token))).toBeUndefined();
    expect(expiredToken(new Secret(token), Number.MAX_SAFE_INTEGER, 'It', 'Hint.')).toBeUndefined();
  });
});

describe('a token that has expired', () => {
  it('is refused from the very second on', () => {
    const why = 'What came in is a token that expired at 2026-07-01T00:00:00.000Z; nothing was sent.';
    expect([expiredAt(NOW_SECONDS + 1), expiredAt(NOW_SECONDS), expiredAt(0)]).toEqual([undefined, why, why.replace('2026-07-01', '1970-01-01')]);
    expect(expiredToken(new Secret(jwtOf({ exp: 1 })), NOW, 'What came in', 'Get a new one.')).toMatchObject({ code: 'session-ended', hint: 'Get a new one.' });
  });

  it('may count fractions of a second (RFC 7519 section 2)', () => {
    expect(expiredAt(NOW_SECONDS - 0.5)).toContain('expired at 2026-06-30T23:59:59.500Z');
    expect(expiredAt(NOW_SECONDS + 0.5)).toBeUndefined();
  });

  it.each([
    ['the last second that RFC 3339 can write', 253_402_300_799, '9999-12-31T23:59:59.000Z'],
    ['a second later', 253_402_300_800, null],
    ['the last day of the year 275760 that a date can be', 8_640_000_000_000, null],
    ['a number without end', '1e999', null],
    ['text', '"1"', null],
    ['nothing', 'null', null],
  ])('is not one where its end is %s', (_title, exp, expiresAt) => {
    const secret = new Secret(jwtOf(`{"exp":${exp}}`));
    expect(readClaims(secret)?.expiresAt).toBe(expiresAt);
    expect(expiredToken(secret, NOW, 'It', 'Hint.')).toBeUndefined();
  });
});
