import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkedBaseUrl } from '../../../src/flows/base-url.ts';
import { isPlainOrigin } from '../../../src/model/plain-origin.ts';

describe('an API address', () => {
  it.each([
    ['https://api.example.test', 'https://api.example.test/'],
    ['https://api.example.test/base', 'https://api.example.test/base'],
    ['http://127.0.0.1:1', 'http://127.0.0.1:1/'],
    ['http://127.9.9.9:1', 'http://127.9.9.9:1/'],
    ['http://0x7f000001:1', 'http://127.0.0.1:1/'],
    ['http://[::1]:1', 'http://[::1]:1/'],
    ['http://localhost', 'http://localhost/'],
  ])('%s may be used', (text, href) => {
    expect(checkedBaseUrl(text, 'X').href).toBe(href);
  });

  it.each([
    ['http://10.0.0.1', 'refused'],
    ['http://0.0.0.0', 'refused'],
    ['http://localhost.example.test', 'refused'],
    ['http://[::ffff:10.0.0.1]', 'refused'],
    ['ws://127.0.0.1', 'usage'],
    ['javascript:1', 'usage'],
    ['127.0.0.1:80', 'usage'],
    ['https://a\tb', 'usage'],
    ['https://u:SECRET-7f3a@x', 'usage'],
    ['https://x?SECRET-7f3a', 'usage'],
    ['https://x#SECRET-7f3a', 'usage'],
  ])('%s may not', (text, code) => {
    expect(() => checkedBaseUrl(text, 'MEMAX_API_URL')).toThrow(new RegExp(`^${code}: MEMAX_API_URL (?!.*SECRET)`));
  });
});

/** Hosts and ports near to what is plain, most of them on the other side. */
const host = fc.oneof(
  fc.array(fc.stringMatching(/^[a-z0-9-]{1,5}$/), { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.')),
  fc.array(fc.stringMatching(/^[a-z][a-z0-9-]{0,3}[a-z]$/), { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.')),
  fc.constantFrom('127.0.0.1', 'localhost', '127.0.0.2', '127.1', 'xn--bcher-kva.example', 'a..b', '1.2.3', '0x7f.1', 'example.test'),
);
const address = fc
  .tuple(
    fc.constantFrom('https://', 'http://', 'HTTPS://', 'https:/'),
    host,
    fc.oneof(
      fc.constant(''),
      fc.integer({ min: 0, max: 99_999 }).map((port) => `:${port}`),
    ),
    fc.constantFrom('', '', '', '/', '?', '#', '/a', ' ', '\n'),
  )
  .map((parts) => parts.join(''));

describe('an address that is told to be plain without a URL being made of it', () => {
  it('is one that a URL would write in the same way, and that may be used', () => {
    let plain = 0;
    fc.assert(
      fc.property(address, (text) => {
        if (!isPlainOrigin(text)) return;
        plain += 1;
        const url = checkedBaseUrl(text, 'X');
        expect([url.origin, url.href]).toEqual([text, `${text}/`]);
      }),
      { numRuns: 20_000 },
    );
    expect(plain).toBeGreaterThan(100);
  });

  it.each(['https://api.memax.app', 'https://a-b.example.test', 'http://127.0.0.1:8080', 'http://localhost:65535'])('is %s', (text) => {
    expect(isPlainOrigin(text)).toBe(true);
  });

  it.each([
    'http://127.0.0.1:65536',
    'http://127.0.0.1:80',
    'http://example.test:8080',
    'https://1.2.3',
    'https://xn--bcher-kva.example',
    'https://a',
    'https://a.test/',
    'https://a.test\n',
  ])('is not %j', (text) => {
    expect(isPlainOrigin(text)).toBe(false);
  });
});
