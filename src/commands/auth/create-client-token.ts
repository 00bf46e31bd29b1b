import { clientTokensOf, createClientToken as create } from '../../api/client-tokens.ts';
import { accessOf } from '../../flows/authority.ts';
import { checkedClientTokenRequest } from '../../flows/client-token-request.ts';
import { stdoutMask } from '../../flows/deliver/mask.ts';
import { resolve } from '../../flows/resolve.ts';
import type { CreatedClientToken } from '../../model/client-token.ts';
import type { Deps } from '../../model/deps.ts';
import { ACCESS } from '../../model/failure-sets.ts';
import { PERMISSIONS } from '../../providers/known-words.ts';
import { command, PROJECT_FLAG, type Invocation, type OptionsOf } from '../command.ts';

const flags = {
  public: { takes: 'key=value', many: true, about: 'What whoever holds the token may read; numbers, true, false and null are typed' },
  server: { takes: '@file', path: ['@'], about: 'What only the server may read: a JSON object in a file (@file.json) or on standard input (-)' },
  ttl: { takes: 'span', about: 'How long it lives, such as 90s, 15m or 24h' },
  permission: { takes: 'name', many: true, choices: PERMISSIONS, about: 'What the token may do; give it several times for several' },
  project: PROJECT_FLAG,
} as const;

interface Made {
  readonly made: CreatedClientToken;
  readonly provider: string;
}

async function run({ options, choice }: Invocation<OptionsOf<typeof flags>, object>, deps: Deps): Promise<Made> {
  const resolution = await resolve({ ...choice, project: options.project }, deps);
  const { provider } = resolution.target;
  const request = await checkedClientTokenRequest(options, provider, clientTokensOf(provider), deps);
  const mask = stdoutMask(deps, 'No token was made.');
  const made = await create(await accessOf(resolution, deps), request);
  mask(made.token);
  return { made, provider: provider.id };
}

/** `auth create-client-token`: makes a short-lived token for a browser or an app; alone on stdout, so that a pipe gets the token and nothing else. */
export const createClientToken = command({
  path: ['auth', 'create-client-token'],
  group: 'Keys',
  summary: 'Create a short-lived token for a browser or an app, and print it once',
  args: [],
  flags,
  examples: [
    ['keywright auth create-client-token --public userId=42 --ttl 15m', 'a token that says who its user is'],
    ['keywright auth create-client-token --server @context.json --permission agents:invoke', 'with what only the server may read'],
  ],
  failures: ACCESS,
  run,
  text: ({ made }) => `${made.token.reveal()}\n`,
  notes: ({ made, provider }, screen) => [
    `Created the client token ${made.id} at ${provider}; ${made.expiresAt === null ? 'when it ends was not told' : `it ends at ${made.expiresAt}`}.`,
    ...(screen.terminal ? ['The token is shown this once and cannot be shown again.'] : []),
  ],
  json: ({ made }) => ({ id: made.id, token: made.token.reveal(), expiresAt: made.expiresAt }),
});
