import { createKey as create } from '../../api/keys.ts';
import { checkedFormat, FORMATS } from '../../flows/deliver/formats.ts';
import { FILE_SINKS, SINK_WORDS } from '../../flows/deliver/names.ts';
import { deliverNewKey } from '../../flows/deliver/new-key.ts';
import { readySinks } from '../../flows/deliver/ready.ts';
import { askForKey } from '../../flows/ask-for-key.ts';
import { checkedKeyRequest } from '../../flows/key-request.ts';
import { learningAccessOf } from '../../flows/known-keys.ts';
import { resolve } from '../../flows/resolve.ts';
import type { CreatedKey } from '../../model/api-key.ts';
import type { Deps } from '../../model/deps.ts';
import type { Failure } from '../../model/failure.ts';
import { ACCESS } from '../../model/failure-sets.ts';
import { plainText } from '../../render/plain-text.ts';
import { rfc3339 } from '../../render/time.ts';
import { KEY_SCOPES, TRUST_LEVELS } from '../../providers/known-words.ts';
import { command, type Invocation, type OptionsOf } from '../command.ts';

const flags = {
  scope: { takes: 'scope', many: true, choices: KEY_SCOPES, about: 'What the key may do; give it several times for several scopes' },
  expires: { takes: 'when', about: 'When it ends: a duration such as 90d or 12h, a date, or never' },
  agent: { takes: 'name', completes: 'agents', about: 'Mark the key as belonging to this agent' },
  readOnly: { about: 'Only the scopes that read' },
  hub: { takes: 'id', many: true, about: 'Confine the key to this hub; give it several times for several hubs' },
  trust: { takes: 'level', choices: TRUST_LEVELS, about: 'The trust level of the key, where the provider has such' },
  to: {
    takes: 'sink',
    many: true,
    choices: SINK_WORDS,
    path: FILE_SINKS,
    about: 'Where the key goes instead of stdout, such as env-file:.env#NAME; give it several times for several',
  },
  format: { takes: 'format', choices: FORMATS, about: 'How stdout or a file gets it: raw, env (a line for a shell) or json' },
} as const;

const args = [{ name: 'name', about: 'What to call the key; some providers allow none', required: false }] as const;

interface Made {
  readonly key: CreatedKey;
  readonly provider: string;
  /** Said on stderr where the provider counts more coarsely than was asked. */
  readonly rounded: string | null;
  /** The sinks that took the key. */
  readonly delivered: readonly string[];
  readonly verdict: Failure | undefined;
}

type CreateInvocation = Invocation<OptionsOf<typeof flags>, { readonly name: string | undefined }>;

async function run({ options, args: words, choice, json }: CreateInvocation, deps: Deps): Promise<Made> {
  const now = deps.clock.now();
  const resolution = await resolve(choice, deps);
  const { provider } = resolution.target;
  const { scope: scopes, hub: hubs, to, format, ...others } = options;
  const wishes = { ...others, name: words.name, scopes, hubs };
  // Whoever sends the key somewhere else is not sitting before it, and a program reads JSON: nobody is asked then.
  const asks = deps.prompt.canAsk && deps.output.stdoutIsTerminal && !json;
  const request = checkedKeyRequest(asks ? await askForKey(wishes, provider, deps) : wishes, provider, now);
  const sinks = await readySinks(to, checkedFormat(format), deps, { json });
  const access = await learningAccessOf(resolution, deps);
  const key = await create(access, request, now);
  // From here on the key exists: it is delivered or revoked, whatever comes.
  const { took, verdict } = await deliverNewKey(sinks, { key, provider }, access);
  // A provider that counts in days rounds 12h up; a minute of difference is only the way there.
  const later = request.expiresAt !== null && key.expiresAt !== null && Date.parse(key.expiresAt) - request.expiresAt > 60_000;
  const rounded =
    later && request.expiresAt !== null
      ? `${provider.name} counts expiry in whole days: the key ends at ${key.expiresAt}, not at ${rfc3339(request.expiresAt)}.`
      : null;
  return { key, provider: provider.id, rounded, delivered: took, verdict };
}

const isShown = ({ delivered }: Made): boolean => delivered.includes('stdout');

const withoutValue = ({ key: { key: _hidden, ...rest }, delivered }: Made): unknown => ({ ...rest, delivered });

const elsewhere = ({ delivered }: Made): string =>
  delivered
    .filter((name) => name !== 'stdout')
    .map((name) => plainText(name))
    .join(', ');

/** `auth create-key`: makes a key and hands it over once; where no sink is named, alone on stdout, so that a pipe gets the key and nothing else. */
export const createKey = command({
  path: ['auth', 'create-key'],
  group: 'Keys',
  summary: 'Create an API key, and print it once or deliver it',
  args,
  flags,
  examples: [
    ['keywright auth create-key ci-deploy --scope read --expires 90d', 'a key for a pipeline'],
    ['keywright auth create-key laptop --json', 'the key with its id, scopes and expiry'],
    ['keywright auth create-key ci --to github-secret:DEPLOY_KEY@owner/repo', 'straight into a secret of GitHub Actions, through gh'],
    ['keywright auth create-key dev --to env-file:.env#API_KEY', 'into one line of a file that git ignores'],
  ],
  failures: {
    ...ACCESS,
    'not-found': 'A program that a sink needs is not there, or the provider does not know what was named',
    'signed-out': 'You are not signed in, or the program of a sink is not',
    refused: 'The provider refused, or a sink could not take the key, which was revoked again',
    'partly-done': 'The key was made, but only some of the sinks have it',
  },
  run,
  // The sinks have printed what is to be printed.
  text: () => '',
  notes: (made, screen) => [
    `Created the key ${made.key.name === null ? 'without a name' : `"${plainText(made.key.name)}"`} (id ${made.key.id}) at ${made.provider}; scopes: ${plainText(made.key.scopes.join(', ')) || 'the usual ones'}; ${made.key.expiresAt === null ? 'it does not expire' : `it expires at ${made.key.expiresAt}`}.`,
    ...(made.rounded === null ? [] : [made.rounded]),
    ...(elsewhere(made) === '' ? [] : [`Delivered it to ${elsewhere(made)}.`]),
    ...(screen.terminal && isShown(made) ? ['The key is shown this once and cannot be shown again. Keep it now.'] : []),
  ],
  json: (made) => (isShown(made) ? undefined : withoutValue(made)),
  verdict: ({ verdict }) => verdict,
});
