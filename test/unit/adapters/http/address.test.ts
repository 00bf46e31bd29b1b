import { describe, expect, it } from 'vitest';
import { checkedAddress } from '../../../../src/adapters/http/address.ts';

describe('checkedAddress', () => {
  it.each([
    ['https://api.example.test', 'https://api.example.test/'],
    ['http://127.1:80/x', 'http://127.0.0.1/x'],
    ['http://2130706433:8080/', 'http://127.0.0.1:8080/'],
    ['http://[::1]:9/', 'http://[::1]:9/'],
    ['HTTP://LOCALHOST:9/', 'http://localhost:9/'],
  ])('takes %s', (text, href) => expect(checkedAddress(text).href).toBe(href));
  it.each(['http://[::ffff:127.0.0.1]/', 'http://127.0.0.1.example.test/', 'ws://127.0.0.1/', 'https://@', '//api.example.test', ''])('refuses %j', (text) =>
    expect(() => checkedAddress(text)).toThrowError(/^refused: /),
  );
});
