import { accessOf } from '../../flows/authority.ts';
import { confirmBinding } from '../../flows/binding-trust.ts';
import { checkedPart, createGrant as create, deviceOf } from '../../flows/grants/create.ts';
import { askForScopes } from '../../flows/ask-for-key.ts';
import { checkedKeyRequest } from '../../flows/key-request.ts';
import { resolve } from '../../flows/resolve.ts';
import { chosenStore } from '../../flows/stored.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { ACCESS } from '../../model/failure-sets.ts';
import type { GrantRecord } from '../../model/grant.ts';
import { plainText } from '../../render/plain-text.ts';
import { KEY_SCOPES } from '../../providers/known-words.ts';
import { command, type Invocation, type OptionsOf } from '../command.ts';

const flags = {
  agent: { takes: 'name', completes: 'agents', about: 'The agent that gets it, such as claude-code' },
  scope: { takes: 'scope', many: true, choices: KEY_SCOPES, about: "What the agent may do; the least that the provider's MCP server needs unless it is said" },
  expires: { takes: 'when', about: 'When it ends, such as 8h or 30d; 30d unless it is said' },
  device: { takes: 'name', about: 'The name of this machine; its host name unless it is said' },
  renew: { about: 'Let the bridge renew it when it is near its end' },
} as const;

const USUAL_LIFE = '30d';

function askForAgent({ prompt, interrupted }: Deps): Promise<string> {
  if (prompt.canAsk) return prompt.text('Which agent gets the grant, such as claude-code?', interrupted);
  throw new Failure('needs-answer', { detail: 'It was not said which agent gets the grant.', hint: 'Such as: --agent claude-code' });
}

async function run({ options, choice }: Invocation<OptionsOf<typeof flags>, object>, deps: Deps): Promise<GrantRecord> {
  const agent = checkedPart(options.agent ?? (await askForAgent(deps)), 'The name of an agent');
  const device = options.device === undefined ? deviceOf(await deps.system.hostname()) : checkedPart(options.device, 'The name of a device');
  const resolution = await resolve(choice, deps);
  await confirmBinding(resolution.binding, 'make a grant', deps);
  const { provider } = resolution.target;
  const takes = provider.keys.create?.takes;
  const expires = options.expires ?? (takes?.expiry === 'none' ? undefined : USUAL_LIFE);
  const usual = takes === undefined || takes.scopes === null ? [] : (provider.mcp?.scopes ?? takes.readOnly ?? []);
  // Somebody who was asked for the agent has not thought of the scopes either; whoever named it gets the least that does.
  const asks = options.agent === undefined && options.scope.length === 0 && takes !== undefined && takes.scopes !== null && takes.scopes.length > 0;
  const asked = asks ? await askForScopes(`What may ${agent} do?`, takes.scopes ?? [], usual, deps) : options.scope;
  const wish = {
    name: agent,
    scopes: asked.length > 0 ? asked : usual,
    readOnly: false,
    expires,
    agent: undefined,
    hubs: [],
    trust: undefined,
  };
  const { scopes, expiresAt } = checkedKeyRequest(wish, provider, deps.clock.now());
  const { source } = resolution;
  const store = (source.kind === 'stored' ? source.record?.store : undefined) ?? chosenStore(undefined, deps.env);
  const account = source.kind === 'stored' ? source.address.account : null;
  const preview = source.kind === 'variable' ? source.key.preview() : null;
  return create(
    { agent, device, scopes, expiresAt, renew: options.renew ? 'allowed' : 'not-allowed', store, account, preview },
    await accessOf(resolution, deps),
    deps,
  );
}

/** `auth create-grant`: a narrow key for an agent, kept in the store; it is never printed. */
export const createGrant = command({
  path: ['auth', 'create-grant'],
  group: 'Agents',
  summary: 'Give an agent a narrow, expiring grant of its own',
  args: [],
  flags,
  examples: [
    ['keywright auth create-grant --agent claude-code', 'with the least scopes that do, for 30 days'],
    ['keywright auth create-grant --agent cursor --scope read --expires 8h', 'for a day of reading'],
  ],
  failures: {
    ...ACCESS,
    'needs-answer': 'It was not said for which agent, or it cannot be told which provider is meant',
    'partly-done': 'The key was made but could not be kept, nor revoked again',
  },
  run,
  text: ({ id }) => `${id}\n`,
  notes: ({ agent, device, provider, scopes, expiresAt, agentKnownTo }) => [
    `Granted ${agent} on ${plainText(device)} access to ${provider}; scopes: ${plainText(scopes.join(', ')) || 'all that a key may'}; ${expiresAt === null ? 'it does not expire, so revoke it in time' : `it ends at ${expiresAt}`}.`,
    ...(agentKnownTo === 'us' ? [`${provider} does not know agents: which key is whose is known here only.`] : []),
  ],
});
