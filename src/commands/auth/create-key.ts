import { createKey as create } from '../../api/keys.ts';
import { authorityOf } from '../../flows/authority.ts';
import { resolve } from '../../flows/resolve.ts';
import type { CreatedKey } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import { parseExpiry } from '../../model/duration.ts';
import { Failure } from '../../model/failure.ts';
import { plainText } from '../../render/plain-text.ts';
import { rfc3339 } from '../../render/time.ts';
import { command, type Invocation, type OptionsOf } from '../command.ts';

const flags = {
  scope: { takes: 'scope', many: true, about: 'What the key may do; give it several times for several scopes' },
  expires: { takes: 'when', about: 'When it ends: a duration such as 90d or 12h, or a date' },
  agent: { takes: 'name', about: 'Mark the key as belonging to this agent' },
} as const;

const args = [{ name: 'name', about: 'What to call the key, 1 to 100 characters', required: true }] as const;

interface Made {
  readonly key: CreatedKey;
  readonly provider: string;
  /** Said on stderr where the provider counts more coarsely than was asked. */
  readonly rounded: string | null;
}

const NAME_MAX = 100;

function checkedName(name: string, what: string): string {
  const trimmed = name.trim();
  const length = Array.from(trimmed).length;
  if (length >= 1 && length <= NAME_MAX && !/\p{Cc}/u.test(trimmed)) return trimmed;
  throw new Failure('usage', {
    detail: `${what} has 1 to ${NAME_MAX} characters and no line ends; this one has ${length}.`,
    hint: 'Such as: keywright auth create-key ci-deploy',
  });
}

function checkedScope(scope: string): string {
  // RFC 6749 section 3.3 lists the characters that a scope may have.
  if (/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(scope)) return scope;
  throw new Failure('usage', { detail: 'A scope is one word.', hint: 'Give --scope several times for several scopes.' });
}

async function run({ options, args: words, choice }: Invocation<OptionsOf<typeof flags>, { readonly name: string }>, deps: Deps): Promise<Made> {
  const now = deps.clock.now();
  const request = {
    name: checkedName(words.name, 'The name of a key'),
    scopes: options.scope.map(checkedScope),
    agent: options.agent === undefined ? null : checkedName(options.agent, 'The name of an agent'),
    expiresAt: options.expires === undefined ? null : parseExpiry(options.expires, '--expires', now),
  };
  const resolution = await resolve(choice, deps);
  const { provider } = resolution.target;
  if (request.expiresAt !== null && provider.keys.create?.expiry === 'none') {
    throw new Failure('usage', { detail: `Keys of ${provider.name} do not expire.`, hint: 'Leave --expires out, and rotate or revoke the key in time.' });
  }
  const key = await create(deps.http, resolution.target, await authorityOf(resolution, deps), request, now);
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
    `Created the key "${plainText(key.name ?? '')}" (id ${key.id}) at ${provider}; scopes: ${plainText(key.scopes.join(', ')) || 'the usual ones'}; ${key.expiresAt === null ? 'it does not expire' : `it expires at ${key.expiresAt}`}.`,
    ...(rounded === null ? [] : [rounded]),
    ...(screen.terminal ? ['The key is shown this once and cannot be shown again. Keep it now.'] : []),
  ],
  json: ({ key }) => ({ ...key, key: key.key.reveal() }),
});
