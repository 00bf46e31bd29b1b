/** The provider that requests are measured against: it answers from memory, as late as it is told, so that its own work counts for little. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';

const MADE_AT = '2026-01-02T03:04:05Z';

/** What it tells of a key that is made; everybody gets the same. */
const MADE_KEY = JSON.stringify({
  data: {
    id: 'key-made',
    name: 'made',
    key: `mxk_${'0123456789abcdef'.repeat(4)}`,
    prefix: 'mxk_0123',
    scopes: ['read'],
    agent_name: 'bench',
    expires_at: '2099-01-01T00:00:00Z',
    created_at: MADE_AT,
  },
});

/** What the server tells of a key in each of the dialects. */
const keyOf = {
  memax: (number) => ({
    id: `key-${number}`,
    name: `many ${number}`,
    prefix: 'mxk_0123',
    scopes: ['read'],
    expires_at: null,
    last_used: null,
    created_at: MADE_AT,
  }),
  agntix: (number) => ({ id: `key-${number}`, name: `many ${number}`, scopes: ['chat:read'], createdAt: MADE_AT, lastUsedAt: null }),
  bolt: (number) => ({ id: `key-${number}`, title: `many ${number}`, created: MADE_AT }),
};

/** A provider by definition, whose pages hold a thousand keys. */
export const definitionOf = (origin) => ({
  id: 'bolt',
  name: 'Bolt',
  base_url: origin,
  key: { prefix: 'bolt-', alphabet: 'hex', length: 40 },
  errors: { message: 'problem' },
  identity: { path: '/me', id: 'login' },
  keys: {
    dashboard: `${origin}/keys`,
    list: {
      path: '/keys',
      items: 'items',
      fields: { id: 'id', name: 'title', created_at: 'created' },
      paging: { kind: 'cursor', cursor: 'after', size: 'take', largest: 1000, next: 'next' },
    },
    revoke: { path: '/keys/{id}' },
  },
});

export const BOLT_KEY = `bolt-${'0123456789'.repeat(4)}`;
export const AGNTIX_KEY = `pk_live_${'a1'.repeat(16)}`;

const textOfPage = (dialect, from, to) => Array.from({ length: Math.max(0, to - from) }, (_, index) => JSON.stringify(keyOf[dialect](from + index + 1))).join();

/** The bodies of pages, made once: what a server does for a page is not what is measured. */
function pagesOf(life) {
  const made = new Map();
  return (name, make) => {
    const key = `${life.keys} ${name}`;
    if (!made.has(key)) made.set(key, make());
    return made.get(key);
  };
}

function answerTo(method, url, life, page) {
  const { pathname, searchParams: asked } = new URL(url, 'http://127.0.0.1');
  if (method === 'DELETE') return '{}';
  switch (pathname) {
    case '/mcp':
      return '{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}';
    case '/v1/auth/me':
      return '{"data":{"user":{"id":"user-1","email":"person@example.com"},"hubs":[]}}';
    case '/v1/auth/api-keys':
      if (method === 'POST') return MADE_KEY;
      return page('memax', () => `{"data":[${textOfPage('memax', 0, life.keys)}]}`);
    case '/me':
      return '{"login":"bolt-person"}';
    case '/keys': {
      const [from, take] = [Number(asked.get('after') ?? 0), Number(asked.get('take') ?? 1000)];
      const to = Math.min(life.keys, from + take);
      return page(`bolt ${from} ${take}`, () => `{"items":[${textOfPage('bolt', from, to)}],"next":${to < life.keys ? `"${to}"` : 'null'}}`);
    }
    case '/v1/chat/api-keys': {
      const [number, limit] = [Number(asked.get('page') ?? 1), Number(asked.get('limit') ?? 10)];
      const pagination = { page: number, limit, total: life.keys, totalPages: Math.ceil(life.keys / limit) };
      const make = () =>
        `{"data":[${textOfPage('agntix', (number - 1) * limit, Math.min(life.keys, number * limit))}],"pagination":${JSON.stringify(pagination)}}`;
      return page(`agntix ${number} ${limit}`, make);
    }
    default:
      return undefined;
  }
}

/** Node's timers are late by up to a millisecond and a half; the last one is waited for turn by turn. */
const LATE_MS = 1.5;

function sendAt(due, send) {
  const left = due - performance.now();
  if (left <= 0) send();
  else if (left > LATE_MS) setTimeout(sendAt, left - LATE_MS, due, send);
  else setImmediate(sendAt, due, send);
}

/** Starts it. `life` decides at any time how many keys there are and how many milliseconds an answer is held back; `seen` tells of requests. */
export async function startServer({ secure = undefined } = {}) {
  const life = { keys: 20, latencyMs: 0 };
  const seen = { revoked: 0, firstRevokeAt: undefined, lastRevokeAt: undefined };
  const page = pagesOf(life);
  const handle = (request, response) => {
    const asked = performance.now();
    if (request.method === 'DELETE') seen.firstRevokeAt ??= asked;
    // Made while it is held back: its own work is no part of the latency that it is told.
    const text = answerTo(request.method, request.url, life, page);
    const body = Buffer.from(text ?? '{}', 'utf8');
    const send = () => {
      response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/json', 'content-length': body.length });
      response.end(body);
      if (request.method !== 'DELETE') return;
      seen.revoked += 1;
      seen.lastRevokeAt = performance.now();
    };
    request.resume();
    if (life.latencyMs === 0) send();
    else sendAt(asked + life.latencyMs, send);
  };
  const server = secure === undefined ? createHttp(handle) : createHttps(secure, handle);
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `${secure === undefined ? 'http' : 'https'}://127.0.0.1:${server.address().port}`,
    life,
    seen,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A certificate for 127.0.0.1 that nobody else knows, made by openssl in a folder. */
export function makeCertificate(folder) {
  const [keyFile, certFile] = [`${folder}/tls-key.pem`, `${folder}/tls-cert.pem`];
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const named = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...kind, ...named, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' });
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') };
}
