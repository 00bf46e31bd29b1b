import { randomBytes } from 'node:crypto';

import type { GrantRecord } from '../../src/model/grant.ts';
import { grantAccount } from '../../src/model/grant.ts';
import type { CredentialStore } from '../../src/model/credential-store.ts';
import { Secret } from '../../src/model/secret.ts';
import { makeKey, quickToken } from '../integration/backend/running.ts';

export interface MadeGrant {
  readonly record: GrantRecord;
  readonly key: string;
  /** A token of the person, who can end the grant. */
  readonly bearer: string;
}

/** A grant for the MCP server of a backend's realm, with a key of its own there; it is not kept anywhere yet. */
export async function makeGrant(origin: string, scopes: readonly string[] = ['read', 'write'], changes: Partial<GrantRecord> = {}): Promise<MadeGrant> {
  const bearer = await quickToken(origin);
  const { id, key } = await makeKey(origin, bearer, { name: 'agent', scopes });
  return { bearer, key, record: { ...recordAt(origin), scopes, keyId: id, ...changes } };
}

/** A record without a key, for a server that is none of the backend's. */
export function recordAt(origin: string): GrantRecord {
  return {
    id: randomBytes(6).toString('hex'),
    agent: 'test-agent',
    device: 'test-device',
    provider: 'memax',
    origin,
    mcpUrl: `${origin}/mcp`,
    scopes: ['read', 'write'],
    keyId: 'key-1',
    keyName: 'agent',
    store: 'keychain',
    agentKnownTo: 'server',
    renew: 'not-allowed',
    expiresAt: null,
    createdAt: '2027-01-01T00:00:00.000Z',
    lastUsedAt: null,
    wired: [],
  };
}

/** Keeps the key of a grant where the bridge looks for it. */
export async function keepKey(store: Pick<CredentialStore, 'write'>, { origin, id }: GrantRecord, key: string): Promise<void> {
  await store.write({ origin, account: grantAccount(id) }, { kind: 'key', key: new Secret(key), obtainedAt: 0 });
}
