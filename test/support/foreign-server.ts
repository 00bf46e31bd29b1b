import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Configuration } from 'oidc-provider';
import { readBody, replay } from '../../src/backend/read-body.ts';
import { newSigningKey } from '../../src/backend/signing-key.ts';
import { oidcMemory } from './oidc-memory.ts';

/** How the server tells of itself. */
export type Metadata = 'rfc8414' | 'oidc' | 'none';

export interface ForeignWishes {
  readonly metadata?: Metadata;
  /** The redirect address that is registered for the one client that there is. */
  readonly redirectUri?: string;
}

/** A key as its own dialect has it; times are seconds since 1970. */
interface Credential {
  readonly ref: string;
  readonly label: string;
  readonly value: string;
  readonly hint: string;
  readonly grants: readonly string[];
  readonly made: number;
  readonly ends: number;
  readonly used: number | null;
}

/** A provider that has nothing in common with our own backend. */
export interface ForeignServer {
  /** Where its API is. */
  readonly api: string;
  /** Where one signs in: another origin, and below a path. */
  readonly issuer: string;
  /** "METHOD path" of every request so far, with the grant type of those for tokens. */
  readonly asked: string[];
  /** The scopes that were asked for, as they were written. */
  readonly scopesAsked: string[];
  /** How long access tokens live from now on. */
  tokensLive(seconds: number): void;
  stop(): Promise<void>;
}

export const FOREIGN_CLIENT = 'keywright-cli';
const MOUNT = '/tenants/acme';
const OWNER = { number: 7, mail: 'seven@acme.example' };

/**
 * Starts it: an OpenID Provider below a path, which signs in everybody unasked, with one fixed public client, PKCE required, no registration
 * and commas between scopes; and a key API of a dialect of its own at another origin.
 */
export async function startForeignServer({ metadata = 'rfc8414', redirectUri = 'http://127.0.0.1/callback' }: ForeignWishes = {}): Promise<ForeignServer> {
  const asked: string[] = [];
  const scopesAsked: string[] = [];
  const life = { seconds: 3600 };
  const signIn = createServer();
  const origin = await listening(signIn);
  const issuer = `${origin}${MOUNT}`;
  const provider = await loadProvider(issuer, redirectUri, life);
  const document = serverMetadata(issuer);
  signIn.on('request', (request: IncomingMessage, response: ServerResponse) => {
    handleSignIn(provider, { document: metadata === 'rfc8414' ? document : undefined, oidc: metadata === 'oidc', asked, scopesAsked }, request, response).catch(
      () => response.destroy(),
    );
  });
  const keys = new Map<string, Credential>();
  const api = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    handleApi(provider, keys, request, response).catch(() => response.destroy());
  });
  const apiOrigin = await listening(api);
  return {
    api: apiOrigin,
    issuer,
    asked,
    scopesAsked,
    tokensLive: (seconds) => (life.seconds = seconds),
    stop: async () => {
      await Promise.all([stopped(signIn), stopped(api)]);
    },
  };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP listener has a port');
  return `http://127.0.0.1:${address.port}`;
}

function stopped(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function loadProvider(issuer: string, redirectUri: string, life: { readonly seconds: number }): Promise<Provider> {
  const { Provider: OpenIdProvider } = await import('oidc-provider/lib/provider.js');
  const configuration: Configuration = {
    adapter: oidcMemory(),
    jwks: { keys: [{ ...newSigningKey(), alg: 'ES256', use: 'sig' }] },
    clients: [
      {
        client_id: FOREIGN_CLIENT,
        redirect_uris: [redirectUri],
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
        response_types: ['code'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    cookies: { keys: [randomBytes(16).toString('hex')] },
    scopes: ['jobs', 'credentials'],
    clientAuthMethods: ['none'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    expiresWithSession: () => false,
    clientBasedCORS: () => false,
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_ctx, { uid }) => `${MOUNT}/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: (ctx, form) => void (ctx.body = form),
        userCodeConfirmSource: (ctx, form) => void (ctx.body = form.replace('</form>', '<button type="submit" name="confirm" value="yes">Yes</button></form>')),
        successSource: (ctx) => void (ctx.body = 'The device is signed in.'),
      },
      revocation: { enabled: true, allowedPolicy: () => true },
      registration: { enabled: false },
      userinfo: { enabled: false },
      resourceIndicators: { enabled: false },
    },
    ttl: {
      AccessToken: () => life.seconds,
      RefreshToken: 86_400,
      AuthorizationCode: 60,
      DeviceCode: 600,
      Interaction: 600,
      Session: 600,
      Grant: 86_400,
      IdToken: 600,
    },
  };
  const provider = new OpenIdProvider(issuer, configuration);
  provider.silent = true;
  provider.use(async (ctx, next) => {
    await next();
    const body: unknown = ctx.body;
    if (ctx.path === '/token' && hasScope(body)) ctx.body = { ...body, scope: body.scope.replaceAll(' ', ',') };
  });
  return provider;
}

function hasScope(body: unknown): body is { readonly scope: string } {
  return typeof body === 'object' && body !== null && 'scope' in body && typeof body.scope === 'string';
}

function serverMetadata(issuer: string): unknown {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    revocation_endpoint: `${issuer}/token/revocation`,
    device_authorization_endpoint: `${issuer}/device/auth`,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
    authorization_response_iss_parameter_supported: true,
  };
}

interface Manners {
  readonly document: unknown;
  readonly oidc: boolean;
  readonly asked: string[];
  readonly scopesAsked: string[];
}

async function handleSignIn(provider: Provider, manners: Manners, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const read = await readBody(request);
  const text = read.kind === 'whole' ? read.bytes.toString('utf8') : '';
  const form = new URLSearchParams(text);
  const url = new URL(request.url ?? '/', 'http://server.test');
  const grant = form.get('grant_type');
  manners.asked.push(`${request.method} ${url.pathname}${grant === null ? '' : ` ${grant}`}`);
  if (url.pathname === `/.well-known/oauth-authorization-server${MOUNT}` && manners.document !== undefined) return send(response, 200, manners.document);
  if (url.pathname.includes('/.well-known/') && !manners.oidc) return send(response, 404, { error: 'not_found' });
  if (!url.pathname.startsWith(`${MOUNT}/`)) return send(response, 404, { error: 'not_found' });
  if (url.pathname.startsWith(`${MOUNT}/interaction/`)) return signInUnasked(provider, request, response);
  for (const words of [url.searchParams, form]) {
    const scope = words.get('scope');
    if (scope === null) continue;
    manners.scopesAsked.push(scope);
    words.set('scope', scope.replaceAll(',', ' '));
  }
  const passed = replay(request, form.toString(), { url: `${url.pathname.slice(MOUNT.length)}${url.search}` });
  await provider.callback()(Object.assign(passed, { originalUrl: `${url.pathname}${url.search}` }), response);
}

/** Whoever comes is signed in and allows everything. */
async function signInUnasked(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const accountId = String(OWNER.number);
  const grant = new provider.Grant({ accountId, clientId: String(params['client_id']) });
  grant.addOIDCScope(String(params['scope'] ?? ''));
  await provider.interactionFinished(request, response, { login: { accountId }, consent: { grantId: await grant.save() } });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

function fault(response: ServerResponse, status: number, kind: string, text: string): void {
  send(response, status, { fault: { kind, text, trace: `trace-${status}` } });
}

const now = (): number => Math.floor(Date.now() / 1000);

async function isAllowed(provider: Provider, keys: ReadonlyMap<string, Credential>, { headers }: IncomingMessage): Promise<boolean> {
  const key = headers['x-acme-key'];
  if (typeof key === 'string') return [...keys.values()].some(({ value, ends }) => value === key && (ends === 0 || ends > now()));
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  return token !== undefined && (await provider.AccessToken.find(token)) !== undefined;
}

async function handleApi(provider: Provider, keys: Map<string, Credential>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const read = await readBody(request);
  const url = new URL(request.url ?? '/', 'http://server.test');
  const what = `${request.method} ${url.pathname}`;
  if (!(await isAllowed(provider, keys, request))) return fault(response, 401, 'who_are_you', 'This credential is not known.');
  if (what === 'GET /v2/account') return send(response, 200, { account: OWNER });
  if (what === 'GET /v2/credentials') return send(response, 200, pageOf([...keys.values()], url.searchParams));
  if (what === 'POST /v2/credentials') return create(keys, read.kind === 'whole' ? read.bytes.toString('utf8') : '', response);
  const ref = /^POST \/v2\/credentials\/([a-z0-9]+)\/revoke$/.exec(what)?.[1];
  if (ref === undefined) return fault(response, 404, 'no_such_place', 'There is nothing here.');
  if (!keys.delete(ref)) return fault(response, 404, 'no_such_credential', 'There is no such credential.');
  send(response, 200, {});
}

/** Two at a time, whatever is asked for. */
function pageOf(keys: readonly Credential[], query: URLSearchParams): unknown {
  const from = Number(query.get('after') ?? 0);
  const results = keys.slice(from, from + 2).map(({ value: _hidden, ...rest }) => rest);
  return { results, more: { after: from + 2 < keys.length ? from + 2 : null } };
}

function create(keys: Map<string, Credential>, text: string, response: ServerResponse): void {
  const { label, grants = ['jobs:read', 'jobs:write'], life, kind, ...strange }: Partial<Record<string, unknown>> = JSON.parse(text);
  if (kind !== 'key' || Object.keys(strange).length > 0) return fault(response, 422, 'bad_request', 'That is not how a key is asked for.');
  const seconds = typeof life === 'object' && life !== null && 'seconds' in life ? Number(life.seconds) : 0;
  const value = `acme_${randomBytes(24).toString('base64url')}`;
  const credential: Credential = {
    ref: randomBytes(4).toString('hex'),
    label: String(label),
    value,
    hint: value.slice(0, 9),
    grants: Array.isArray(grants) ? grants.map(String) : [],
    made: now(),
    ends: seconds === 0 ? 0 : now() + seconds,
    used: null,
  };
  keys.set(credential.ref, credential);
  send(response, 201, { credential });
}
