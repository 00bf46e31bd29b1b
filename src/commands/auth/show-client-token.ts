import { tellOnce } from '../../api/access.ts';
import { fixedAuthority } from '../../api/authority.ts';
import { clientTokensOf, isClientToken, showClientToken as show } from '../../api/client-tokens.ts';
import { readBroughtSecret, refuseStrayAddress } from '../../flows/brought-secret.ts';
import { chooseProvider, chooseTarget } from '../../flows/resolve.ts';
import type { ClientToken } from '../../model/client-token.ts';
import type { Deps } from '../../model/deps.ts';
import { Failure } from '../../model/failure.ts';
import { ACCESS } from '../../model/failure-sets.ts';
import { asItIs } from '../../render/json.ts';
import { listing } from '../../render/listing.ts';
import type { Column } from '../../render/table.ts';
import { command, type Invocation, type Screen } from '../command.ts';

const EXAMPLE = 'keywright auth show-client-token < token.txt';

async function run({ choice }: Invocation<object, object>, deps: Deps): Promise<ClientToken> {
  const provider = await chooseProvider(choice.provider, deps);
  clientTokensOf(provider);
  const { target } = chooseTarget(provider, deps.env);
  refuseStrayAddress(provider, deps.env, 'client token');
  const token = await readBroughtSecret({ question: `Client token of ${provider.id}:`, thing: 'client token', example: EXAMPLE }, deps);
  if (!isClientToken(provider, token)) {
    throw new Failure('usage', {
      detail: `What came in does not look like a client token of ${provider.name}. Nothing was sent.`,
      hint: 'Give a token that "keywright auth create-client-token" made; of a key, ask: keywright whoami',
    });
  }
  const ended = (words: string): Failure =>
    new Failure('session-ended', {
      detail: `${provider.name} does not accept this client token${words === '' ? '' : ` (it says: ${words})`}.`,
      hint: 'It may have expired or been revoked. Make a new one: keywright auth create-client-token',
    });
  const heard = tellOnce(provider.name, (line) => deps.output.warn(line));
  return show({ http: deps.http, target, authority: fixedAuthority(token, ended), heard });
}

interface Row {
  readonly name: string;
  readonly value: string;
}

const COLUMNS: ReadonlyArray<Column<Row>> = [
  { title: 'NAME', cell: (row) => row.name },
  { title: 'VALUE', cell: (row) => row.value, longest: 160 },
];

function text({ projectId, publicMetadata }: ClientToken, screen: Screen): string {
  const inWords = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  const rows = [
    { name: 'project', value: projectId ?? '' },
    ...Object.entries(publicMetadata ?? {}).map(([name, value]) => ({ name: `public.${name}`, value: inWords(value) })),
  ];
  return listing(COLUMNS, rows, screen);
}

/** `auth show-client-token`: what a client token says of itself to whoever holds it. The token comes in by a pipe or a hidden prompt. */
export const showClientToken = command({
  path: ['auth', 'show-client-token'],
  group: 'Keys',
  summary: 'Show what a client token says of itself',
  args: [],
  flags: {},
  examples: [
    [EXAMPLE, 'its project and its public part'],
    ['keywright auth show-client-token', 'the same; the token is asked for, and not shown while it is typed'],
  ],
  failures: { ...ACCESS, 'session-ended': 'The provider does not accept the client token' },
  run,
  text,
  json: ({ projectId, publicMetadata }) => ({ projectId, publicMetadata: asItIs(publicMetadata) }),
});
