import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../../../src/adapters/http/proxy.ts';

const API = new URL('https://api.example.test/v1');

describe('which variable names the proxy', () => {
  it.each([
    [{ HTTPS_PROXY: 'http://p:1', ALL_PROXY: 'http://q:2' }, 'p:1'],
    [{ https_proxy: 'http://low:1', HTTPS_PROXY: 'http://up:2' }, 'low:1'],
    [{ https_proxy: '', HTTPS_PROXY: 'http://up:2' }, 'up:2'],
    [{ ALL_PROXY: 'http://q:2' }, 'q:2'],
    [{ all_proxy: 'http://q:2' }, 'q:2'],
    [{ HTTP_PROXY: 'http://p:1', http_proxy: 'http://p:1' }, undefined],
    [{}, undefined],
  ])('%j', (env, host) => expect(proxyFor(API, env)?.host).toBe(host));
});

describe('what a proxy value may be', () => {
  it.each([
    ['http://p.example.test:3128', { host: 'p.example.test:3128', hostname: 'p.example.test', port: 3128, secure: false, variable: 'HTTPS_PROXY' }],
    ['http://p', { host: 'p:80', hostname: 'p', port: 80, secure: false, variable: 'HTTPS_PROXY' }],
    ['https://p/', { host: 'p:443', hostname: 'p', port: 443, secure: true, variable: 'HTTPS_PROXY' }],
    ['p:8080', { host: 'p:8080', hostname: 'p', port: 8080, secure: false, variable: 'HTTPS_PROXY' }],
    ['http://[::1]:8', { host: '[::1]:8', hostname: '[::1]', port: 8, secure: false, variable: 'HTTPS_PROXY' }],
  ])('%s', (value, parts) => {
    const { authorization, ...shown } = proxyFor(API, { HTTPS_PROXY: value }) ?? { authorization: () => 'none' };
    expect([shown, authorization()]).toEqual([parts, undefined]);
  });

  it.each([
    ['http://me:pa%3Ass@p:1', 'me:pa:ss'],
    ['http://me@p:1', 'me:'],
    ['http://:only@p:1', ':only'],
    ['me:gr%C3%BCn@p:1', 'me:gr\u00fcn'],
  ])('reads the credentials of %s and shows them nowhere', (value, pair) => {
    const proxy = proxyFor(API, { HTTPS_PROXY: value });
    const basic = Buffer.from(pair, 'utf8').toString('base64');
    expect(proxy?.authorization()).toBe(`Basic ${basic}`);
    expect(inspect(proxy) + JSON.stringify(proxy)).not.toContain(basic);
  });

  it.each(['socks5://p:1', 'http://', 'http://me:%ZZ@p', 'http://p:99999', '://'])('does not take %s', (value) => {
    expect(() => proxyFor(API, { HTTPS_PROXY: value })).toThrowError('usage: HTTPS_PROXY does not name a proxy that can be used.');
  });
});

describe('who never goes through a proxy', () => {
  const env = { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://p:1', ALL_PROXY: 'http://p:1' };
  it.each(['http://127.0.0.1/', 'https://127.0.0.1:8443/', 'https://localhost/', 'https://[::1]/', 'http://api.example.test/'])('%s', (url) =>
    expect(proxyFor(new URL(url), env)).toBeUndefined(),
  );
});

describe('NO_PROXY', () => {
  it.each([
    ['*', 'https://api.example.test/'],
    ['example.test', 'https://api.example.test/'],
    ['.example.test', 'https://api.example.test/'],
    ['*.example.test', 'https://api.example.test/'],
    ['api.example.test', 'https://api.example.test/'],
    ['API.Example.TEST', 'https://api.example.test/'],
    ['one.test, api.example.test ,two.test', 'https://api.example.test/'],
    ['one.test api.example.test', 'https://api.example.test/'],
    ['api.example.test:443', 'https://api.example.test/'],
    ['api.example.test:8443', 'https://api.example.test:8443/'],
    ['example.test.', 'https://api.example.test./'],
    ['192.0.2.7', 'https://192.0.2.7/'],
    ['[2001:db8::1]', 'https://[2001:db8::1]/'],
    ['2001:db8::1', 'https://[2001:db8::1]/'],
    ['[2001:db8::1]:8443', 'https://[2001:db8::1]:8443/'],
  ])('%j covers %s', (list, url) => expect(proxyFor(new URL(url), { HTTPS_PROXY: 'http://p:1', NO_PROXY: list })).toBeUndefined());

  it.each([
    ['', 'https://api.example.test/'],
    [',', 'https://api.example.test/'],
    ['ample.test', 'https://api.example.test/'],
    ['api.example.test:8443', 'https://api.example.test/'],
    ['api.example.test:443', 'https://api.example.test:8443/'],
    ['api.example.test.evil', 'https://api.example.test/'],
    ['http://api.example.test', 'https://api.example.test/'],
  ])('%j does not cover %s', (list, url) => expect(proxyFor(new URL(url), { HTTPS_PROXY: 'http://p:1', NO_PROXY: list })?.host).toBe('p:1'));

  it('is read in lower case first', () => {
    expect(proxyFor(API, { HTTPS_PROXY: 'http://p:1', no_proxy: 'other.test', NO_PROXY: '*' })?.host).toBe('p:1');
  });
});
