import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';

import { afterEach } from 'vitest';

import { startBackend, type LocalBackend, type LocalRealm } from '../../../src/backend/start.ts';
import type { BackendTuning } from '../../../src/backend/tuning.ts';
import { signInAs } from '../../support/person.ts';

export const REDIRECT_URI = 'http://127.0.0.1:49152/callback';

/** Starts backends of one realm that end with the test that started them. */
export function backends(
  id = 'memax',
): (
  tuning?: BackendTuning,
  at?: { readonly dataDir?: string; readonly port?: number },
) => Promise<{ readonly backend: LocalBackend; readonly realm: LocalRealm }> {
  const running: LocalBackend[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((backend) => backend.stop()));
  });
  return async (tuning = {}, at = {}) => {
    const backend = await startBackend({ realms: [id], dataDir: at.dataDir, port: at.port ?? 0 }, tuning);
    running.push(backend);
    return { backend, realm: backend.realm(id) };
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON, or undefined. */
  readonly json: unknown;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly bearer?: string;
  /** Sent as JSON unless it is text or a form. */
  readonly body?: unknown;
}

/** One plain request, nothing followed, nothing retried, the path sent exactly as it is written. */
export function ask(origin: string, path: string, { method = 'GET', headers = {}, bearer, body }: Ask = {}): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  const form = body instanceof URLSearchParams;
  const text = body === undefined ? undefined : form || typeof body === 'string' ? String(body) : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        method,
        path,
        // A connection of its own: one that is kept from a backend that has stopped would fail the first request to the next.
        agent: false,
        headers: {
          ...(text === undefined
            ? {}
            : { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const got = Buffer.concat(chunks).toString('utf8');
          const flat = Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
          );
          resolve({ status: response.statusCode ?? 0, headers: flat, text: got, json: parse(got) });
        });
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The text at `path` inside a JSON value; throws where there is none. */
export function textAt(value: unknown, ...path: ReadonlyArray<string | number>): string {
  const found = valueAt(value, ...path);
  if (typeof found !== 'string') throw new Error(`no text at ${path.join('.')} in ${JSON.stringify(value)}`);
  return found;
}

export function valueAt(value: unknown, ...path: ReadonlyArray<string | number>): unknown {
  let found: unknown = value;
  for (const step of path) found = typeof found === 'object' && found !== null ? Reflect.get(found, step) : undefined;
  return found;
}

export interface SignedIn {
  readonly clientId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

export async function register(origin: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const registered = await ask(origin, '/oauth/register', { method: 'POST', body: { client_name: 'Keywright', redirect_uris: [REDIRECT_URI], ...more } });
  return textAt(registered.json, 'client_id');
}

export interface Authorization {
  readonly url: URL;
  readonly verifier: string;
}

export function authorization(origin: string, clientId: string, more: Readonly<Record<string, string>> = {}): Authorization {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL('/oauth/authorize', origin);
  url.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    state: 'the-state',
    scope: 'memax:read memax:write',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  }).toString();
  return { url, verifier };
}

export function spendCode(origin: string, clientId: string, location: string, verifier: string): Promise<Answer> {
  const code = new URL(location).searchParams.get('code') ?? '';
  const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, client_id: clientId, code_verifier: verifier });
  return ask(origin, '/oauth/token', { method: 'POST', body });
}

export function refresh(origin: string, clientId: string, refreshToken: string): Promise<Answer> {
  return ask(origin, '/oauth/token', {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId }),
  });
}

/** Registers, signs in through the pages and changes the code. */
export async function signIn(origin: string, wishes: { readonly scope?: string; readonly email?: string } = {}): Promise<SignedIn> {
  const clientId = await register(origin);
  const { url, verifier } = authorization(origin, clientId, wishes.scope === undefined ? {} : { scope: wishes.scope });
  const location = await signInAs(url, { decision: 'allow', ...(wishes.email === undefined ? {} : { email: wishes.email }) });
  const { json } = await spendCode(origin, clientId, location, verifier);
  return { clientId, accessToken: textAt(json, 'access_token'), refreshToken: textAt(json, 'refresh_token') };
}

/** An access token by the quick way of the vendor's own CLI, for tests that are about something else. */
export async function quickToken(origin: string): Promise<string> {
  const begun = await ask(origin, `/v1/auth/github?redirect_uri=${encodeURIComponent(REDIRECT_URI)}`);
  const code = new URL(begun.headers['location'] ?? '').searchParams.get('code');
  const { json } = await ask(origin, '/v1/auth/exchange', { method: 'POST', body: { code } });
  return textAt(json, 'data', 'access_token');
}

export interface MadeKey {
  readonly id: string;
  readonly key: string;
}

export async function makeKey(origin: string, bearer: string, request: Readonly<Record<string, unknown>> = {}): Promise<MadeKey> {
  const { json } = await ask(origin, '/v1/auth/api-keys', { method: 'POST', bearer, body: { name: 'test', ...request } });
  return { id: textAt(json, 'data', 'id'), key: textAt(json, 'data', 'key') };
}
