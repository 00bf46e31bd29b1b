import type { LocalRealm } from '../../src/backend/start.ts';
import { ask, type Ask, signIn, textAt, valueAt } from '../integration/backend/running.ts';

/** A key as the backend itself shows it, in the words of all realms. */
export interface SeenKey {
  readonly id: string;
  readonly name: string;
  readonly raw: unknown;
}

export interface OwnedKey {
  readonly id: string;
  readonly key: string;
}

/** Somebody who has keys at a realm, and looks at them with a credential that no test uses otherwise. */
export interface KeyOwner {
  make(name: string, more?: Readonly<Record<string, unknown>>): Promise<OwnedKey>;
  list(): Promise<readonly SeenKey[]>;
  /** The keys whose name is `base`, with or without the tag of a rotation. */
  named(base: string): Promise<readonly SeenKey[]>;
  revoke(id: string): Promise<void>;
  /** Whether the realm accepts a key. */
  works(key: string): Promise<boolean>;
}

interface Dialect {
  readonly keys: string;
  readonly me: string;
  readonly header: (credential: string) => Pick<Ask, 'bearer' | 'headers'>;
  /** Where what was made, or the list, stands in a reply. */
  readonly inside: readonly string[];
  readonly usual: Readonly<Record<string, unknown>>;
}

const bearer = (credential: string): Pick<Ask, 'bearer'> => ({ bearer: credential });

const DIALECTS: Readonly<Record<string, Dialect>> = {
  memax: { keys: '/v1/auth/api-keys', me: '/v1/auth/me', header: bearer, inside: ['data'], usual: {} },
  minds: { keys: '/api/v1/api-keys', me: '/api/v1/auth/me', header: bearer, inside: [], usual: {} },
  agntix: {
    keys: '/v1/chat/api-keys',
    me: '/v1/chat/agents',
    header: (credential) => ({ headers: { 'x-api-key': credential } }),
    inside: [],
    usual: { scopes: ['chat:read', 'chat:write', 'agents:read'] },
  },
};

/** Realms without a sign-in give their first key at the dashboard. */
async function looker(realm: LocalRealm, email: string): Promise<string> {
  if (realm.id === 'memax') return (await signIn(realm.origin, { email })).accessToken;
  const scopes = realm.id === 'agntix' ? { scopes: ['chat:read', 'chat:write', 'agents:read'] } : {};
  const made = await ask(realm.origin, '/dashboard', { method: 'POST', body: { make: 'key', name: `looker ${email}`, ...scopes } });
  return textAt(made.json, 'key');
}

export async function keyOwner(realm: LocalRealm, email: string): Promise<KeyOwner> {
  const dialect = DIALECTS[realm.id];
  if (dialect === undefined) throw new Error(`no keys can be had at ${realm.id}`);
  const { keys, me, header, inside, usual } = dialect;
  const own = header(await looker(realm, email));
  const list = async (): Promise<readonly SeenKey[]> => {
    const { json } = await ask(realm.origin, realm.id === 'agntix' ? `${keys}?limit=100` : keys, own);
    const found = valueAt(json, ...(realm.id === 'agntix' ? ['data'] : inside));
    if (!Array.isArray(found)) throw new Error(`no list of keys in ${JSON.stringify(json)}`);
    return found.map((raw: unknown) => ({ id: textAt(raw, 'id'), name: String(valueAt(raw, 'name') ?? ''), raw }));
  };
  return {
    make: async (name, more = {}) => {
      const { json } = await ask(realm.origin, keys, { method: 'POST', ...own, body: { name, ...usual, ...more } });
      return { id: textAt(json, ...inside, 'id'), key: textAt(json, ...inside, 'key') };
    },
    list,
    named: async (base) => (await list()).filter(({ name }) => name.replace(/~[a-z0-9]{4}$/, '') === base),
    revoke: async (id) => void (await ask(realm.origin, `${keys}/${id}`, { method: 'DELETE', ...own })),
    works: async (key) => (await ask(realm.origin, me, header(key))).status !== 401,
  };
}
