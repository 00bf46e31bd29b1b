import type { HttpReply, HttpRequest } from '../../../src/model/http.ts';
import { makeWorld, type Result, type World, type WorldWishes } from '../../support/world.ts';

/** A command that asks a provider, and what a sound provider answers. */
export interface Asking {
  readonly words: readonly string[];
  readonly method: HttpRequest['method'];
  /** Below the provider's own address. */
  readonly path: string;
  /** A whole answer; `text` stands wherever a server may write what it likes. Undefined for an answer without a body. */
  readonly body: (text: string) => unknown;
  /** The fields that must be there in the right form, as paths with dots. Whatever else is wrong in any other is for the person to see. */
  readonly strict: readonly string[];
  /** What is piped in, or typed where nothing shows it. */
  readonly input?: string;
  /** The value that is shown this once. */
  readonly makes?: { readonly field: string; readonly kind: 'key' | 'client-token'; readonly undo: string };
}

export interface Vendor {
  readonly id: string;
  readonly name: string;
  readonly origin: string;
  /** What leads to a credential. */
  readonly env: Readonly<Record<string, string>>;
  /** The credential itself. */
  readonly credential: string;
  /** An error as it words them. */
  readonly error: (text: string) => unknown;
  readonly warningHeader: string | null;
  readonly asking: Readonly<Record<string, Asking>>;
  /** What it answers when it takes back what it made. */
  readonly undone: unknown;
}

const TIME = '2026-03-01T12:00:00Z';

const KEYS = {
  memax: `mxk_${'5a'.repeat(32)}`,
  minds: `minds_${'5a'.repeat(24)}`,
  reminix: `reminix_sk_${'Zy5'.repeat(12)}`,
  client: `reminix_ct_${'Zy5'.repeat(12)}`,
  agntix: `pk_live_${'Zy5'.repeat(12)}`,
} as const;

/** Another value of the same kind, for what is made new. */
export const NEW = {
  memax: `mxk_${'b7'.repeat(32)}`,
  minds: `minds_${'b7'.repeat(24)}`,
  reminix: `reminix_ct_${'Qr7'.repeat(12)}`,
  agntix: `pk_live_${'Qr7'.repeat(12)}`,
} as const;

export const VENDORS: readonly Vendor[] = [
  {
    id: 'memax',
    name: 'Memax',
    origin: 'https://api.memax.app',
    env: { MEMAX_API_KEY: KEYS.memax },
    credential: KEYS.memax,
    error: (text) => ({ error: { code: text, message: text } }),
    warningHeader: 'x-memax-warning',
    undone: { data: { revoked: true, skipped: [] } },
    asking: {
      whoami: {
        words: ['whoami'],
        method: 'GET',
        path: '/v1/auth/me',
        body: (text) => ({
          data: { user: { id: text, email: text, display_name: text, name: text }, hubs: [{ hub: { id: 'hub_1', name: text, hub_type: text }, role: text }] },
        }),
        strict: [
          'data',
          'data.user',
          'data.user.id',
          'data.user.email',
          'data.user.display_name',
          'data.user.name',
          'data.hubs',
          'data.hubs.0',
          'data.hubs.0.hub',
          'data.hubs.0.hub.id',
          'data.hubs.0.hub.name',
          'data.hubs.0.role',
        ],
      },
      list: {
        words: ['auth', 'list-keys'],
        method: 'GET',
        path: '/v1/auth/api-keys',
        body: (text) => ({
          data: [
            {
              id: 'key_1',
              name: text,
              prefix: text,
              scopes: [text],
              default_permissions: [text],
              hub_ids: [text],
              trust_level: text,
              agent_name: text,
              expires_at: TIME,
              last_used: TIME,
              created_at: TIME,
            },
          ],
        }),
        strict: [
          'data',
          ...[
            '',
            '.id',
            '.name',
            '.prefix',
            '.scopes',
            '.scopes.0',
            '.hub_ids',
            '.hub_ids.0',
            '.trust_level',
            '.agent_name',
            '.expires_at',
            '.last_used',
            '.created_at',
          ].map((field) => `data.0${field}`),
        ],
      },
      create: {
        words: ['auth', 'create-key', 'ci', '--scope', 'read', '--expires', '90d'],
        method: 'POST',
        path: '/v1/auth/api-keys',
        body: (text) => ({
          data: {
            id: 'key_1',
            name: text,
            key: NEW.memax,
            prefix: text,
            default_permissions: [text],
            hub_ids: [text],
            trust_level: text,
            agent_name: text,
            expires_at: TIME,
            created_at: TIME,
          },
        }),
        strict: [
          'data',
          ...[
            'id',
            'name',
            'key',
            'prefix',
            'default_permissions',
            'default_permissions.0',
            'hub_ids',
            'hub_ids.0',
            'trust_level',
            'agent_name',
            'expires_at',
            'created_at',
          ].map((field) => `data.${field}`),
        ],
        makes: { field: 'data.key', kind: 'key', undo: '/v1/auth/api-keys/key_1' },
      },
      revoke: {
        words: ['auth', 'revoke-key', 'key_1', '--self'],
        method: 'DELETE',
        path: '/v1/auth/api-keys/key_1',
        body: (text) => ({ data: { revoked: false, skipped: [{ id: text, reason: text }] } }),
        strict: ['data', 'data.revoked', 'data.skipped', 'data.skipped.0', 'data.skipped.0.id', 'data.skipped.0.reason'],
      },
    },
  },
  {
    id: 'minds',
    name: 'Minds',
    origin: 'https://getminds.ai',
    env: { MINDS_API_KEY: KEYS.minds },
    credential: KEYS.minds,
    error: (text) => ({ statusCode: 400, statusMessage: text, message: text }),
    warningHeader: null,
    undone: undefined,
    asking: {
      whoami: { words: ['whoami'], method: 'GET', path: '/api/v1/auth/me', body: (text) => ({ id: text }), strict: ['id'] },
      list: {
        words: ['auth', 'list-keys'],
        method: 'GET',
        path: '/api/v1/api-keys',
        body: (text) => [{ id: 'key_1', name: text, createdAt: TIME, lastUsedAt: TIME }],
        strict: ['0', '0.id', '0.name', '0.createdAt', '0.lastUsedAt'],
      },
      create: {
        words: ['auth', 'create-key', 'ci'],
        method: 'POST',
        path: '/api/v1/api-keys',
        body: (text) => ({ id: 'key_1', name: text, key: NEW.minds, createdAt: TIME }),
        strict: ['id', 'name', 'key', 'createdAt'],
        makes: { field: 'key', kind: 'key', undo: '/api/v1/api-keys/key_1' },
      },
      revoke: { words: ['auth', 'revoke-key', 'key_1', '--self'], method: 'DELETE', path: '/api/v1/api-keys/key_1', body: () => undefined, strict: [] },
    },
  },
  {
    id: 'reminix',
    name: 'Reminix',
    origin: 'https://api.reminix.com',
    env: { REMINIX_API_KEY: KEYS.reminix },
    credential: KEYS.reminix,
    error: (text) => ({ error: { code: text, message: text } }),
    warningHeader: null,
    undone: undefined,
    asking: {
      whoami: { words: ['whoami'], method: 'GET', path: '/v1/project', body: (text) => ({ id: text, name: text }), strict: ['id', 'name'] },
      'create a client token': {
        words: ['auth', 'create-client-token'],
        method: 'POST',
        path: '/v1/client-tokens',
        body: () => ({ token: NEW.reminix, id: 'ct_1', expiresAt: TIME }),
        strict: ['token', 'id', 'expiresAt'],
        makes: { field: 'token', kind: 'client-token', undo: '/v1/client-tokens/ct_1' },
      },
      'show a client token': {
        words: ['auth', 'show-client-token', '--provider', 'reminix'],
        method: 'GET',
        path: '/client/token',
        body: (text) => ({ projectId: text, publicMetadata: { [text]: text, deep: { [text]: [text] } } }),
        strict: ['projectId', 'publicMetadata'],
        input: KEYS.client,
      },
      'revoke a client token': {
        words: ['auth', 'revoke-client-token', 'ct_1'],
        method: 'DELETE',
        path: '/v1/client-tokens/ct_1',
        body: () => undefined,
        strict: [],
      },
    },
  },
  {
    id: 'agntix',
    name: 'Agntix',
    origin: 'https://api.agntix.ai',
    env: { AGNTIX_API_KEY: KEYS.agntix },
    credential: KEYS.agntix,
    error: (text) => ({ error: { code: text, message: text, requestId: text } }),
    warningHeader: null,
    undone: undefined,
    asking: {
      whoami: { words: ['whoami'], method: 'GET', path: '/v1/chat/agents', body: (text) => ({ data: [{ name: text }] }), strict: [] },
      list: {
        words: ['auth', 'list-keys'],
        method: 'GET',
        path: '/v1/chat/api-keys?page=1&limit=100',
        body: (text) => ({
          data: [{ id: 'key_1', name: text, scopes: [text], createdAt: TIME, lastUsedAt: TIME }],
          pagination: { page: 1, limit: 100, total: 1, totalPages: 1 },
        }),
        strict: [
          'data',
          ...['', '.id', '.name', '.scopes', '.scopes.0', '.createdAt', '.lastUsedAt'].map((field) => `data.0${field}`),
          'pagination',
          'pagination.totalPages',
        ],
      },
      create: {
        words: ['auth', 'create-key', 'ci', '--scope', 'chat:read'],
        method: 'POST',
        path: '/v1/chat/api-keys',
        body: (text) => ({ id: 'key_1', name: text, scopes: [text], key: NEW.agntix, createdAt: TIME }),
        strict: ['id', 'name', 'scopes', 'scopes.0', 'key', 'createdAt'],
        makes: { field: 'key', kind: 'key', undo: '/v1/chat/api-keys/key_1' },
      },
      revoke: { words: ['auth', 'revoke-key', 'key_1', '--self'], method: 'DELETE', path: '/v1/chat/api-keys/key_1', body: () => undefined, strict: [] },
    },
  },
];

/** Every command of every vendor, to be tried one by one. */
export const ASKED = VENDORS.flatMap((vendor) => Object.entries(vendor.asking).map(([what, asking]) => ({ vendor, asking, title: `${vendor.id}: ${what}` })));

/** An answer as it comes over the wire. A text is taken as the body itself. */
export function reply(body: unknown, more: { readonly status?: number; readonly headers?: HttpReply['headers'] } = {}): HttpReply {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return { status: more.status ?? (body === undefined ? 204 : 200), headers: { 'content-type': 'application/json', ...more.headers }, body: text };
}

export interface Scene {
  readonly world: World;
  /** Runs the command with one more word or none. */
  readonly run: (...more: readonly string[]) => Promise<Result>;
  /** Requests beside the one that the command is about. */
  readonly others: () => readonly string[];
}

/** A world in which this vendor gives this answer to this command, and takes back what it made. */
export async function attacked(vendor: Vendor, asking: Asking, answer: HttpReply, wishes: WorldWishes = {}): Promise<Scene> {
  const others: string[] = [];
  const elsewhere = (request: HttpRequest): HttpReply => {
    if (request.method === asking.method && request.url === `${vendor.origin}${asking.path}`) return answer;
    others.push(`${request.method} ${request.url}`);
    return reply(vendor.undone);
  };
  const { input } = asking;
  const brought = input === undefined ? {} : wishes.terminal === true ? { answers: Array.from({ length: 9 }, () => input) } : { stdin: input };
  const world = await makeWorld({ env: vendor.env, elsewhere, ...brought, ...wishes });
  return { world, run: (...more) => world.run(...asking.words, ...more), others: () => others };
}

/** What a terminal obeys, or what hides or reorders what stands around it. Ends of line and tabs are how results are written. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
export const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;
