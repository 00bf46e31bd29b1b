import { variable, type Env } from '../../model/env.ts';
import { Failure } from '../../model/failure.ts';
import { isLoopback } from '../../model/loopback.ts';

/** A proxy that takes CONNECT (RFC 9110 section 9.3.6). */
export interface Proxy {
  /** Host and port, all of a proxy that is ever shown. */
  readonly host: string;
  readonly hostname: string;
  readonly port: number;
  readonly secure: boolean;
  /** The variable that named it. */
  readonly variable: string;
  /** The value of `proxy-authorization`; a function, so that no print of this object holds it. */
  readonly authorization: () => string | undefined;
}

/**
 * The proxy that a request to `url` goes through, or undefined for none. Only https is ever proxied, since plain http goes to
 * loopback alone, and loopback is never proxied. The first of https_proxy, HTTPS_PROXY, all_proxy and ALL_PROXY that is set counts,
 * unless NO_PROXY names the host. A value that cannot be used is a `usage` failure that names the variable.
 */
export function proxyFor(url: URL, env: Env): Proxy | undefined {
  if (url.protocol !== 'https:' || isLoopback(url.hostname)) return undefined;
  const name = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'].find((each) => variable(env, each) !== undefined);
  const value = name === undefined ? undefined : variable(env, name);
  if (name === undefined || value === undefined) return undefined;
  const exempt = variable(env, 'no_proxy') ?? variable(env, 'NO_PROXY') ?? '';
  return isExempt(url, exempt) ? undefined : readProxy(name, value);
}

/**
 * Whether a NO_PROXY list names the host of `url`. Entries are separated by commas or spaces. `example.com`, `.example.com` and
 * `*.example.com` mean that name and all below it (as curl reads them), `name:8443` only that port, `*` everything.
 */
function isExempt(url: URL, list: string): boolean {
  const port = url.port === '' ? '443' : url.port;
  const hostname = withoutEndDot(url.hostname);
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '*') return true;
      const match = /^(?:\*?\.)?(\[[0-9a-f:.]+\]|[^:]+|[0-9a-f:.]+)(?::([0-9]+))?$/.exec(entry);
      const name = withoutEndDot(match?.[1] ?? '');
      if (name === '' || (match?.[2] !== undefined && match[2] !== port)) return false;
      return hostname === name || hostname === `[${name}]` || hostname.endsWith(`.${name}`);
    });
}

function withoutEndDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

function readProxy(name: string, value: string): Proxy {
  // `proxy.example:3128` without a scheme is common and means http, as curl reads it.
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') throw unusable(name);
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const authorization = readAuthorization(name, url);
  return { host: `${url.hostname}:${port}`, hostname: url.hostname, port, secure, variable: name, authorization: () => authorization };
}

/** Basic credentials (RFC 7617) out of the proxy's URL. */
function readAuthorization(name: string, url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined;
  try {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
  } catch {
    throw unusable(name);
  }
}

function unusable(name: string): Failure {
  return new Failure('usage', { detail: `${name} does not name a proxy that can be used.`, hint: `Set ${name} to http://host:port or https://host:port.` });
}
