import { createKey as create } from '../../api/keys.ts';
import { accessOf } from '../../flows/authority.ts';
import { checkedKeyRequest } from '../../flows/key-request.ts';
import { resolve } from '../../flows/resolve.ts';
import type { CreatedKey } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import { plainText } from '../../render/plain-text.ts';
import { rfc3339 } from '../../render/time.ts';
import { command, type Invocation, type OptionsOf } from '../command.ts';

const flags = {
  scope: { takes: 'scope', many: true, about: 'What the key may do; give it several times for several scopes' },
  expires: { takes: 'when', about: 'When it ends: a duration such as 90d or 12h, or a date' },
  agent: { takes: 'name', about: 'Mark the key as belonging to this agent' },
  readOnly: { about: 'Only the scopes that read' },
  hub: { takes: 'id', many: true, about: 'Confine the key to this hub; give it several times for several hubs' },
  trust: { takes: 'level', about: 'The trust level of the key, where the provider has such' },
} as const;

const args = [{ name: 'name', about: 'What to call the key; some providers allow none', required: false }] as const;

interface Made {
  readonly key: CreatedKey;
  readonly provider: string;
  /** Said on stderr where the provider counts more coarsely than was asked. */
  readonly rounded: string | null;
}

type CreateInvocation = Invocation<OptionsOf<typeof flags>, { readonly name: string | undefined }>;

async function run({ options, args: words, choice }: CreateInvocation, deps: Deps): Promise<Made> {
  const now = deps.clock.now();
  const resolution = await resolve(choice, deps);
  const { provider } = resolution.target;
  const { scope: scopes, hub: hubs, ...others } = options;
  const request = checkedKeyRequest({ ...others, name: words.name, scopes, hubs }, provider, now);
  const key = await create(await accessOf(resolution, deps), request, now);
  // A provider that counts in days rounds 12h up; a minute of difference is only the way there.
  const later = request.expiresAt !== null && key.expiresAt !== null && Date.parse(key.expiresAt) - request.expiresAt > 60_000;
  const rounded =
    later && request.expiresAt !== null
      ? `${provider.name} counts expiry in whole days: the key ends at ${key.expiresAt}, not at ${rfc3339(request.expiresAt)}.`
      : null;
  return { key, provider: provider.id, rounded };
}

/** `auth create-key`: makes a key and shows it this once; alone on stdout, so that a pipe gets the key and nothing else. */
export const createKey = command({
  path: ['auth', 'create-key'],
  group: 'Keys',
  summary: 'Create an API key and print it once',
  args,
  flags,
  examples: [
    ['keywright auth create-key ci-deploy --scope read --expires 90d', 'a key for a pipeline'],
    ['keywright auth create-key laptop --json', 'the key with its id, scopes and expiry'],
  ],
  run,
  text: ({ key }) => `${key.key.reveal()}\n`,
  notes: ({ key, provider, rounded }, screen) => [
    `Created the key ${key.name === null ? 'without a name' : `"${plainText(key.name)}"`} (id ${key.id}) at ${provider}; scopes: ${plainText(key.scopes.join(', ')) || 'the usual ones'}; ${key.expiresAt === null ? 'it does not expire' : `it expires at ${key.expiresAt}`}.`,
    ...(rounded === null ? [] : [rounded]),
    ...(screen.terminal ? ['The key is shown this once and cannot be shown again. Keep it now.'] : []),
  ],
  json: ({ key }) => ({ ...key, key: key.key.reveal() }),
});
