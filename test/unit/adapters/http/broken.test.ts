import { describe, expect, it } from 'vitest';
import { brokenConnection } from '../../../../src/adapters/http/broken.ts';

function coded(code: string, rest: object = {}): Error {
  return Object.assign(new Error('SECRET-7f3a'), { code, ...rest });
}

describe('brokenConnection', () => {
  it.each([
    [coded('ENOTFOUND'), 'the name is not known (ENOTFOUND)', 'useless'],
    [coded('EAI_AGAIN'), 'the name could not be looked up (EAI_AGAIN)', 'may-help'],
    [coded('CERT_HAS_EXPIRED'), 'its certificate has expired (CERT_HAS_EXPIRED)', 'useless'],
    [coded('CERT_REVOKED'), 'its certificate is not accepted (CERT_REVOKED)', 'useless'],
    [coded('ERR_SSL_WRONG_VERSION_NUMBER'), 'no secure connection came about (ERR_SSL_WRONG_VERSION_NUMBER)', 'useless'],
    [coded('UND_ERR_SOCKET'), 'the connection was cut (ECONNRESET)', 'may-help'],
    [new AggregateError([coded('ENETUNREACH'), coded('ECONNREFUSED')], 'several addresses'), 'there is no network (ENETUNREACH)', 'may-help'],
    [new Error('outer', { cause: coded('EPIPE') }), 'the connection was cut (EPIPE)', 'may-help'],
    [coded('SECRET-7f3a with spaces'), 'the connection failed (no code)', 'may-help'],
    ['SECRET-7f3a', 'the connection failed (no code)', 'may-help'],
  ] as const)('says what %o means, and never its message', (error, words, again) => {
    const broken = brokenConnection(error, 'api.example.test');
    expect([broken.failure.code, broken.failure.detail, broken.again]).toEqual(['unreachable', `api.example.test: ${words}.`, again]);
    expect(broken.failure.cause).toBeUndefined();
  });

  it('names NODE_EXTRA_CA_CERTS for certificates only', () => {
    expect(brokenConnection(coded('CERT_HAS_EXPIRED'), 'h').failure.hint).toContain('NODE_EXTRA_CA_CERTS');
    expect(brokenConnection(coded('ECONNREFUSED'), 'h').failure.hint).not.toContain('NODE_EXTRA_CA_CERTS');
  });

  it('keeps what is broken already', () => {
    const broken = brokenConnection(coded('EPIPE'), 'h');
    expect(brokenConnection(broken, 'other')).toBe(broken);
  });
});
