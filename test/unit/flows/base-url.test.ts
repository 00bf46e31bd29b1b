import { describe, expect, it } from 'vitest';
import { checkedBaseUrl } from '../../../src/flows/base-url.ts';

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
