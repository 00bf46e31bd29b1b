import { describe, expect, it } from 'vitest';
import { maskOf } from '../../../src/api/mask.ts';
import { Secret } from '../../../src/model/secret.ts';

const mask = maskOf([new Secret('abc/def+"g"=='), new Secret('SECRET-7f3a')]);

describe('a mask', () => {
  it.each([
    ['Bearer SECRET-7f3a, twice: SECRET-7f3a', 'Bearer [secret], twice: [secret]'],
    ['x=abc%2Fdef%2B%22g%22%3D%3D', 'x=[secret]'],
    ['{"a":"abc/def+\\"g\\"=="}', '{"a":"[secret]"}'],
    ['{"a":"abc\\/def+\\"g\\"=="}', '{"a":"[secret]"}'],
    ['secret-7f3a and SECRET-7f3', 'secret-7f3a and SECRET-7f3'],
    ['', ''],
  ])('hides values in %s', (text, shown) => {
    expect([mask.text(text), mask.body(text)]).toEqual([shown, shown]);
  });

  it('leaves a body alone in which there is nothing to hide', () => {
    const body = '{ "n": 12345678901234567890,\n "t": "\\u00e9\\n" }';
    expect(mask.body(body)).toBe(body);
  });

  it('finds a value that is spelled with escapes', () => {
    expect(mask.body('{"SECRET\\u002d7f3a":["\\u0053ECRET-7f3a"],"n":1}')).toBe('{"[secret]":["[secret]"],"n":1}');
    expect(mask.body('no JSON \\u0053ECRET-7f3a')).toBe('no JSON \\u0053ECRET-7f3a');
  });

  it('reaches every string of a parsed body', () => {
    expect(mask.json({ a: ['x SECRET-7f3a', { 'SECRET-7f3a': null }], b: 1, c: true })).toEqual({ a: ['x [secret]', { '[secret]': null }], b: 1, c: true });
    expect(maskOf([new Secret('4711')]).json({ a: 4711, b: 5 })).toEqual({ a: '[secret]', b: 5 });
  });

  it('hides a short value where it stands alone, and an empty one nowhere', () => {
    const short = maskOf([new Secret('ab'), new Secret(''), new Secret('$&')]);
    expect(short.text('ab "ab" cab abc (ab) $& x$&')).toBe('[secret] "[secret]" cab abc ([secret]) [secret] x$&');
  });

  it('hides the longer of two values that begin alike', () => {
    expect(maskOf([new Secret('12345'), new Secret('1234567')]).text('1234567 12345')).toBe('[secret] [secret]');
  });

  it('is not thrown off by half a surrogate pair', () => {
    expect(maskOf([new Secret('abcd\ud800')]).text('x abcd\ud800 y')).toBe('x [secret] y');
  });
});
