import { describe, expect, it } from 'vitest';
import { checkedRawPath } from '../../../src/api/raw-path.ts';
import type { Target } from '../../../src/api/target.ts';
import { failedWith } from '../../../src/model/failure.ts';
import { PROVIDERS, providerAmong } from '../../../src/providers/registry.ts';

const provider = providerAmong('memax', PROVIDERS);
const plain: Target = { provider, baseUrl: 'https://api.example.test', origin: 'https://api.example.test', project: null };
const below: Target = { provider, baseUrl: 'https://api.example.test/base/v2', origin: 'https://api.example.test', project: null };
const local: Target = { provider, baseUrl: 'http://127.0.0.1:8080', origin: 'http://127.0.0.1:8080', project: null };

/** The detail of the refusal, or what was let through. */
function refusalOf(text: string, target: Target = plain): string {
  try {
    return `let through: ${checkedRawPath(text, target)}`;
  } catch (thrown) {
    return failedWith(thrown, 'refused') ? thrown.detail : `another failure: ${String(thrown)}`;
  }
}

describe('a path below the API address', () => {
  it.each([
    ['/v1/x', '/v1/x', '/base/v2/v1/x'],
    ['v1/x', '/v1/x', '/base/v2/v1/x'],
    ['/', '/', '/base/v2/'],
    ['/v1/x?a=1&b=/../c%0a', '/v1/x?a=1&b=/../c%0a', '/base/v2/v1/x?a=1&b=/../c%0a'],
    ['?a=1', '/?a=1', '/base/v2/?a=1'],
    ['/v1/x?next=https://other.test/', '/v1/x?next=https://other.test/', '/base/v2/v1/x?next=https://other.test/'],
    ['/v1/things:search', '/v1/things:search', '/base/v2/v1/things:search'],
    ['@other.test/x', '/@other.test/x', '/base/v2/@other.test/x'],
    ['.other.test', '/.other.test', '/base/v2/.other.test'],
    ['/projects/a%2Fb/x%20y', '/projects/a%2Fb/x%20y', '/base/v2/projects/a%2Fb/x%20y'],
    ['/caf\u00e9/%E2%80%A6', '/caf%C3%A9/%E2%80%A6', '/base/v2/caf%C3%A9/%E2%80%A6'],
    ['/v1/...', '/v1/...', '/base/v2/v1/...'],
    ['/100%25', '/100%25', '/base/v2/100%25'],
  ])('%s', (text, path, deeper) => {
    expect([checkedRawPath(text, plain), checkedRawPath(text, below)]).toEqual([path, deeper]);
  });
});

describe('a whole address', () => {
  it.each([
    ['https://api.example.test/v1/x?a=1', '/v1/x?a=1'],
    ['HTTPS://API.Example.Test:443/v1/x', '/v1/x'],
    ['https://api.example.test', '/'],
  ])('%s is of this origin', (text, path) => {
    expect([checkedRawPath(text, plain), checkedRawPath(text, below)]).toEqual([path, path]);
  });

  it.each([
    'https://other.test/v1/x',
    'https://api.example.test.other.test/',
    'https://api.example.test:8443/',
    'http://api.example.test/',
    'https://api.example.tes/',
    'https://\u0430pi.example.test/',
  ])('%s is of another', (text) => {
    expect(refusalOf(text)).toBe('Nothing was sent: the address is not one of https://api.example.test, and the credential is for no other origin.');
  });

  it.each([
    ['http://127.0.0.1:8081/', 'another port'],
    ['http://localhost:8080/', 'another name'],
    ['http://127.0.0.1/', 'no port'],
  ])('%s is refused on this machine too: %s', (text) => {
    expect(refusalOf(text, local)).toContain('is not one of http://127.0.0.1:8080');
  });

  it.each([
    'https://person:SECRET-7f3a@api.example.test/',
    'https://@api.example.test/',
    'https://SECRET-7f3a@api.example.test/x?y',
    'https://api.example.test@other.test/',
  ])('%s has a user name, and is not repeated', (text) => {
    expect(refusalOf(text)).toBe('Nothing was sent: the address has a user name in it.');
  });

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ftp://api.example.test/',
    'https:/api.example.test/',
    'https:api.example.test',
    'https:///api.example.test/',
    'things:search',
    'http://',
  ])('%s is no address', (text) => {
    expect(refusalOf(text)).toContain('this is neither a path nor an address');
  });
});

describe('what leads elsewhere', () => {
  it.each([
    ['', 'the path is empty'],
    ['//other.test/x', 'two slashes'],
    ['//', 'two slashes'],
    ['\\\\other.test\\x', 'a backslash'],
    ['/\\other.test', 'a backslash'],
    ['/v1\\..\\x', 'a backslash'],
    [' /v1', 'a space'],
    ['/v1/a b', 'a space'],
    ['/v1\n/x', 'a control character'],
    ['/v1\r\nHost: other.test', 'a control character'],
    ['/v1\t', 'a control character'],
    ['/v1\u0000', 'a control character'],
    ['/v1\u0085x', 'a control character'],
    ['/v1\u2028x', 'a space'],
    ['/v1#x', 'a fragment'],
    ['/..', 'leads elsewhere'],
    ['..', 'leads elsewhere'],
    ['/v1/../x', 'leads elsewhere'],
    ['/v1/./x', 'leads elsewhere'],
    ['/v1/..', 'leads elsewhere'],
    ['/v1/%2e%2e/x', 'leads elsewhere'],
    ['/v1/.%2E/x', 'leads elsewhere'],
    ['/v1/%252e%252e/x', 'leads elsewhere'],
    ['/v1/%25252e./x', 'leads elsewhere'],
    ['/v1/..%2fx', 'leads elsewhere'],
    ['/v1/%2e%2e%2f%2e%2e%2fx', 'leads elsewhere'],
    ['/v1/..%5cx', 'leads elsewhere'],
    ['/v1/..;/x', 'leads elsewhere'],
    ['/v1/..%3ba=b/x', 'leads elsewhere'],
    ['/v1/..?x', 'leads elsewhere'],
    ['https://api.example.test/v1/../x', 'leads elsewhere'],
    ['https://api.example.test/%2e%2e/x', 'leads elsewhere'],
    ['/v1/a%5cb', 'an encoded backslash or control character'],
    ['/v1/a%00b', 'an encoded backslash or control character'],
    ['/v1/a%0d%0ab', 'an encoded backslash or control character'],
    ['/v1/a%250a', 'an encoded backslash or control character'],
    ['/v1/a%7f', 'an encoded backslash or control character'],
    ['/v1/%c0%ae%c0%ae/x', 'bytes that are no UTF-8'],
    ['/v1/%25c0%25ae/x', 'bytes that are no UTF-8'],
    ['/v1/%ff', 'bytes that are no UTF-8'],
    ['/v1/%zz', 'a percent sign that encodes nothing'],
    ['/v1/%', 'a percent sign that encodes nothing'],
    [`/v1/%${'25'.repeat(12)}41`, 'encoded over and over'],
  ])('%j is refused', (text, why) => {
    expect(refusalOf(text)).toMatch(/^Nothing was sent: /);
    expect(refusalOf(text, below)).toContain(why);
  });
});
