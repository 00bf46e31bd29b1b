import { describe, expect, it } from 'vitest';
import { browserAddress } from '../../../src/oauth/address.ts';

describe('an address for the browser', () => {
  it.each([
    ['https://api.example.test/authorize?a=b&c=d', 'https://api.example.test/authorize?a=b&c=d'],
    ['HTTPS://API.Example.test:443/x', 'https://api.example.test/x'],
    ['http://127.0.0.1:49152/callback', 'http://127.0.0.1:49152/callback'],
    ['http://localhost:1/x', 'http://localhost:1/x'],
    ['http://[::1]:1/x', 'http://[::1]:1/x'],
    ['https://api.example.test/a"b<c>`d?e="f\'', 'https://api.example.test/a%22b%3Cc%3E%60d?e=%22f%27'],
    ['https://b\u00fccher.example/\u00fc', 'https://xn--bcher-kva.example/%C3%BC'],
  ])('%j is opened as %s', (text, address) => {
    expect(browserAddress(text, 'address')).toBe(address);
  });

  it.each([
    ['', 'is not an address'],
    ['authorize', 'is not an address'],
    ['//api.example.test', 'is not an address'],
    [' https://api.example.test', 'is not an address'],
    ['https://api.example.test/a b', 'is not an address'],
    ['https://api.example.test/\n', 'is not an address'],
    ['ht\ttps://api.example.test/', 'is not an address'],
    ['https://api.example.test/\u0000', 'is not an address'],
    ['https://api.example.test/\u009b31m', 'is not an address'],
    ['https://api.example.test/\u202e', 'is not an address'],
    ['https://', 'is not an address'],
    ['http://api.example.test/', 'is neither https nor on this machine'],
    ['http://127.0.0.1.evil.example/', 'is neither https nor on this machine'],
    ['http://localhost.evil.example/', 'is neither https nor on this machine'],
    ['file:///etc/passwd', 'is neither https nor on this machine'],
    ['javascript:alert(1)', 'is neither https nor on this machine'],
    ['data:text/html,x', 'is neither https nor on this machine'],
    ['ms-settings:x', 'is neither https nor on this machine'],
    ['ftp://127.0.0.1/', 'is neither https nor on this machine'],
    ['https://user@api.example.test/', 'carries a user name'],
    ['https://:password@api.example.test/', 'carries a user name'],
    ['https://api.example.test@evil.example/', 'carries a user name'],
  ])('%j is not opened and not shown', (text, why) => {
    expect(() => browserAddress(text, 'address of the provider')).toThrow(`unexpected-answer: The address of the provider ${why}, so it was not opened.`);
  });
});
