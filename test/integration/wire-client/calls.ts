import type { Access } from '../../../src/api/access.ts';
import { createClientToken, revokeClientToken, showClientToken } from '../../../src/api/client-tokens.ts';
import { askIdentity } from '../../../src/api/identity.ts';
import { createKey, listKeys, revokeKey } from '../../../src/api/keys.ts';
import { sendRaw, type RawRequest } from '../../../src/api/raw.ts';
import type { KeyRequest } from '../../../src/model/api-key.ts';
import type { ClientTokenRequest } from '../../../src/model/client-token.ts';
import { Secret } from '../../../src/model/secret.ts';
import type { Provider } from '../../../src/providers/provider.ts';

/** A request of ours, as code above `src/api` would make it. */
export type OurCall =
  | { readonly op: 'identity' }
  | { readonly op: 'keys.create'; readonly key: Partial<KeyRequest> }
  | { readonly op: 'keys.list' }
  | { readonly op: 'keys.revoke'; readonly id: string }
  | { readonly op: 'clientTokens.create'; readonly token: Omit<Partial<ClientTokenRequest>, 'serverContext'> & { readonly serverContext?: string } }
  | { readonly op: 'clientTokens.show' }
  | { readonly op: 'clientTokens.revoke'; readonly id: string }
  /** What the command `api` sends, for what the vendor says of things that have no command of their own. */
  | { readonly op: 'raw'; readonly method: RawRequest['method']; readonly path: string; readonly json?: string };

export type Operation = Exclude<OurCall['op'], 'raw'>;

/** Where each operation stands in a definition. A provider that cannot do it has null there. */
export const OPERATIONS: Readonly<Record<Operation, (provider: Provider) => unknown>> = {
  identity: (provider) => provider.identity,
  'keys.create': (provider) => provider.keys.create,
  'keys.list': (provider) => provider.keys.list,
  'keys.revoke': (provider) => provider.keys.revoke,
  'clientTokens.create': (provider) => provider.clientTokens,
  'clientTokens.show': (provider) => provider.clientTokens,
  'clientTokens.revoke': (provider) => provider.clientTokens,
};

const KEY: KeyRequest = { name: null, scopes: [], agent: null, hubs: [], trust: null, expiresAt: null };

/** Makes the call and gives what the client read out of the answer, secrets in the open. */
export async function make(call: OurCall, access: Access, now: number): Promise<unknown> {
  switch (call.op) {
    case 'identity':
      return askIdentity(access);
    case 'keys.create': {
      const made = await createKey(access, { ...KEY, ...call.key }, now);
      return { ...made, key: made.key.reveal() };
    }
    case 'keys.list':
      return listKeys(access);
    case 'keys.revoke':
      return revokeKey(access, call.id);
    case 'clientTokens.create': {
      const { serverContext, ...more } = call.token;
      const usual = { publicMetadata: null, ttlSeconds: 3600, permissions: [] };
      const made = await createClientToken(access, { ...usual, ...more, serverContext: serverContext === undefined ? null : new Secret(serverContext) });
      return { ...made, token: made.token.reveal() };
    }
    case 'clientTokens.show':
      return showClientToken(access);
    case 'clientTokens.revoke':
      return revokeClientToken(access, call.id);
    case 'raw': {
      const body = call.json === undefined ? null : { text: call.json, type: 'application/json' };
      const { status, body: text, failure } = await sendRaw(access, { method: call.method, path: call.path, body });
      if (failure !== null) throw failure;
      return { status, body: JSON.parse(text) as unknown };
    }
  }
}
