import type { Deps } from '../../model/deps.ts';
import type { GrantRecord } from '../../model/grant.ts';
import { checkedPart, deviceOf, type GrantWish } from '../grants/create.ts';
import { checkedKeyRequest } from '../key-request.ts';
import type { Resolution } from '../resolve.ts';
import { chosenStore } from '../stored.ts';

/** What was asked for on the command line, for every client alike. */
export interface AskedTerms {
  readonly scopes: readonly string[];
  readonly expires: string | undefined;
  readonly device: string | undefined;
  readonly renew: boolean;
}

/** What each client's grant will be; only the agent differs. */
export interface Terms extends Omit<GrantWish, 'agent' | 'wired'> {
  readonly store: GrantRecord['store'];
  /** Whether the scopes were named, so that a grant with others is not what was asked for. */
  readonly scopesNamed: boolean;
}

const USUAL_LIFE = '30d';

/** Checks what was asked of the grants before anything is done. The least scopes that the provider's MCP server needs, and 30 days, unless it is said. */
export async function grantTerms(asked: AskedTerms, { target, source }: Resolution, deps: Pick<Deps, 'env' | 'system' | 'clock'>): Promise<Terms> {
  const { provider } = target;
  const takes = provider.keys.create?.takes;
  const usual = takes === undefined || takes.scopes === null ? [] : (provider.mcp?.scopes ?? takes.readOnly ?? []);
  const wishes = {
    name: 'agent',
    scopes: asked.scopes.length > 0 ? asked.scopes : usual,
    readOnly: false,
    expires: asked.expires ?? (takes?.expiry === 'none' ? undefined : USUAL_LIFE),
    agent: undefined,
    hubs: [],
    trust: undefined,
  };
  const { scopes, expiresAt } = checkedKeyRequest(wishes, provider, deps.clock.now());
  return {
    device: asked.device === undefined ? deviceOf(await deps.system.hostname()) : checkedPart(asked.device, 'The name of a device'),
    scopes,
    expiresAt,
    renew: asked.renew ? 'allowed' : 'not-allowed',
    account: source.kind === 'stored' ? source.address.account : null,
    preview: source.kind === 'variable' ? source.key.preview() : null,
    store: (source.kind === 'stored' ? source.record?.store : undefined) ?? chosenStore(undefined, deps.env),
    scopesNamed: asked.scopes.length > 0,
  };
}
