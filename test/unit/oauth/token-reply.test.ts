import { describe, expect, it } from 'vitest';
import type { HttpReply } from '../../../src/model/http.ts';
import { forgivingTokenReply } from '../../../src/oauth/token-reply.ts';

const replyOf = (body: string, status = 200, headers: HttpReply['headers'] = {}): HttpReply => ({ status, headers, body });

/** What the OAuth library gets to see of a token reply with these fields. */
function reread(fields: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(forgivingTokenReply(replyOf(JSON.stringify({ access_token: 'at', token_type: 'Bearer', refresh_token: 'rt', ...fields }))).body);
}

const PLAIN = { access_token: 'at', token_type: 'bearer', refresh_token: 'rt' };

describe('scopes with commas between them', () => {
  const scopeOf = (scope: string, separator: ' ' | ','): unknown => {
    const reply = forgivingTokenReply(replyOf(JSON.stringify({ access_token: 'at', scope })), separator);
    const { scope: read }: { scope?: unknown } = JSON.parse(reply.body);
    return read;
  };

  it('get spaces where the server is known to write commas, and nowhere else', () => {
    expect([scopeOf('a,b c', ','), scopeOf('a,b c', ' ')]).toEqual(['a b c', 'a,b c']);
  });
});

describe('a token reply', () => {
  it.each<[unknown, number | undefined]>([
    [3600, 3600],
    ['3600', 3600],
    [' 3600 ', 3600],
    ['59.9', 59],
    [1.5, 1],
    [315_360_000, 315_360_000],
    [315_360_001, undefined],
    [1e15, undefined],
    ['1e3', undefined],
    ['Infinity', undefined],
    ['0x10', undefined],
    [0, undefined],
    [0.5, undefined],
    [-1, undefined],
    ['-3600', undefined],
    ['', undefined],
    ['soon', undefined],
    ['NaN', undefined],
    [null, undefined],
    [true, undefined],
    [[3600], undefined],
    [{ seconds: 3600 }, undefined],
  ])('with the life %j says %j', (said, seconds) => {
    expect(reread({ expires_in: said })).toEqual({ ...PLAIN, ...(seconds === undefined ? {} : { expires_in: seconds }) });
  });

  it('with a number that no JSON parser can hold says no life', () => {
    expect(JSON.parse(forgivingTokenReply(replyOf('{"access_token":"at","expires_in":1e999}')).body)).toEqual({ access_token: 'at', token_type: 'bearer' });
  });

  it.each<[unknown, string]>([
    ['Bearer', 'bearer'],
    ['DPoP', 'dpop'],
    ['dpop', 'dpop'],
    ['mac', 'bearer'],
    [undefined, 'bearer'],
    [7, 'bearer'],
  ])('of the type %j is of the type %s', (said, type) => {
    expect(reread({ token_type: said })).toEqual({ ...PLAIN, token_type: type });
  });

  it('loses what is not text and what nobody asked for, and keeps the rest', () => {
    expect(reread({ refresh_token: 7, scope: ['a', 'b'], id_token: 'not.a.jwt', extra: {} })).toEqual({ access_token: 'at', token_type: 'bearer' });
    expect(reread({ refresh_token: '', scope: 'a b' })).toEqual({ access_token: 'at', token_type: 'bearer', scope: 'a b' });
    expect(reread({ refresh_token: null })).toEqual({ access_token: 'at', token_type: 'bearer' });
  });

  it.each(['a b', 'a\nb', 'a\u001b[31m', 'a\u007f', '\u00e4', ''])('with the token %j loses it', (unfit) => {
    expect(reread({ refresh_token: unfit })).toEqual({ access_token: 'at', token_type: 'bearer' });
    expect(Object.keys(Object(reread({ access_token: unfit })))).not.toContain('access_token');
  });

  it.each([['not JSON'], ['[1]'], ['"text"'], ['null'], ['{"access_token":7}'], ['{"refresh_token":"rt"}'], ['']])(
    'that is none (%s) stays as it is',
    (body) => {
      const reply = replyOf(body, 200, { 'www-authenticate': 'Bearer' });
      expect(forgivingTokenReply(reply)).toEqual(reply);
    },
  );
});

describe('a refusal', () => {
  it('by an error in the body stands without the challenge in the head', () => {
    const body = JSON.stringify({ error: 'invalid_client' });
    expect(forgivingTokenReply(replyOf(body, 401, { 'www-authenticate': 'Basic realm="x"', date: 'now' }))).toEqual(replyOf(body, 401, { date: 'now' }));
  });

  it('by a challenge alone stays as it is', () => {
    const reply = replyOf('<html>', 401, { 'www-authenticate': 'Basic realm="x"' });
    expect(forgivingTokenReply(reply)).toEqual(reply);
  });
});
